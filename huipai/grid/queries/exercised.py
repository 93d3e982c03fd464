"""What somebody may act as, in planned statements: each door of a page asks it, and nearly each command."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import Model

from huipai.grid.models import Assignment, GridNode, Unit
from huipai.kit import hot
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import street_in_force

_M = TypeVar("_M", bound=Model)


def _away(whose: str) -> str:
    return f"""EXISTS (SELECT FROM grid_absence AS away
                   WHERE away.street_id = %(street)s AND away.person_id = {whose} AND away.valid_from <= %(at)s
                     AND (away.valid_until IS NULL OR away.valid_until > %(at)s))"""


# Of `held`: in force, and their own or one that they stand in for while its holder is away and they are not (ruling 4).
EXERCISED: Final = f"""held.street_id = %(street)s
  AND held.valid_from <= %(at)s AND (held.valid_until IS NULL OR held.valid_until > %(at)s)
  AND (held.person_id = %(person)s
       OR held.deputy_id = %(person)s AND {_away("held.person_id")} AND NOT {_away("%(person)s::uuid")})"""

_ANYWHERE = f"""
SELECT EXISTS (SELECT FROM grid_assignment AS held WHERE held.role = %(role)s AND {EXERCISED})
"""
_AT_ONE_OF = f"""
SELECT EXISTS (SELECT FROM grid_assignment AS held
               WHERE held.role = %(role)s AND held.node_id = ANY(%(nodes)s::uuid[]) AND {EXERCISED})
"""

# What is fetched with an assignment, under its name there.
_BESIDE: Final[dict[str, type[Model]]] = {"person": Person, "deputy": Person, "node": GridNode, "unit": Unit}


def exercised_by(person: Person, at: datetime) -> tuple[Assignment, ...]:
    """Their own assignments and those that they stand in for, each with whom and what it is about and with who is
    away; by role, then the longest-standing first."""
    rows = hot.rows(_statement(), {"street": street_in_force(), "person": person.pk, "at": at})
    return tuple(_read(row) for row in rows)


def exercises(person: Person, role: Role, at: datetime) -> bool:
    """Whether somebody may act as `role` anywhere."""
    return bool(hot.rows(_ANYWHERE, _asked(person, role, at))[0][0])


def exercises_at(person: Person, role: Role, at: datetime, nodes: Collection[UUID]) -> bool:
    """Whether somebody may act as `role` by an assignment to one of `nodes`."""
    return bool(hot.rows(_AT_ONE_OF, {**_asked(person, role, at), "nodes": list(nodes)})[0][0])


def _asked(person: Person, role: Role, at: datetime) -> dict[str, object]:
    return {"street": street_in_force(), "person": person.pk, "role": role.value, "at": at}


@cache
def _columns(model: type[Model]) -> tuple[str, ...]:
    return tuple(str(field.column) for field in model._meta.concrete_fields)


@cache
def _names(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


@cache
def _converted(model: type[Model]) -> tuple[tuple[int, Any], ...]:
    """Fields whose value is another than what the database says, and where they stand."""
    fields = model._meta.concrete_fields
    return tuple((position, field) for position, field in enumerate(fields) if hasattr(field, "from_db_value"))


@cache
def _statement() -> str:
    shown = [f"held.{column}" for column in _columns(Assignment)]
    shown += [f"{name}.{column}" for name, model in _BESIDE.items() for column in _columns(model)]
    beside = "".join(
        f"LEFT JOIN {model._meta.db_table} AS {name} ON {name}.street_id = %(street)s AND {name}.id = held.{name}_id\n"
        for name, model in _BESIDE.items()
    )
    return f"""
SELECT {_away("held.person_id")}, {_away("held.deputy_id")}, {", ".join(shown)}
FROM grid_assignment AS held
{beside}WHERE {EXERCISED}
ORDER BY held.role, held.valid_from, held.id
"""


def _read(row: Sequence[Any]) -> Assignment:
    holder_is_away, deputy_is_away, *values = row
    held = _take(Assignment, values)
    held.__dict__.update(holder_is_away=holder_is_away, deputy_is_away=deputy_is_away)
    for name, model in _BESIDE.items():
        beside = _take(model, values)
        held._state.fields_cache[name] = beside if beside.pk is not None else None
    return held


def _take(model: type[_M], values: list[Any]) -> _M:
    """An instance of the first values; they are gone from the list afterwards."""
    width = len(_names(model))
    taken, values[:] = values[:width], values[width:]
    for position, field in _converted(model):
        taken[position] = field.from_db_value(taken[position], None, connection)
    return model.from_db(connection.alias, _names(model), taken)
