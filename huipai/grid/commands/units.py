"""Units: created, renamed, closed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from huipai.grid import policies
from huipai.grid.commands.duty import end_all_of
from huipai.grid.commands.refusals import UnitIsClosed, explained
from huipai.grid.commands.telling import tell
from huipai.grid.models import Assignment, GridNode, Unit
from huipai.grid.words import Fact, UnitKind
from huipai.kit.lines import as_seen
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person


@transaction.atomic
def create_unit(
    *, code: str, name: str, kind: UnitKind, actor: Person | None, now: datetime, node: GridNode | None = None
) -> Unit:
    """A body that work orders may be sent to. Its code is never given twice."""
    if actor is not None:
        policies.may_keep_tree(actor, now).require()
    unit = Unit(code=code, name=as_seen(name), kind=kind, node=node)
    with explained():
        unit.save(force_insert=True)
    tell(Fact.UNIT_CREATED, f"unit:{unit.pk}", actor, now, kind=str(kind), node=str(node.pk) if node else None)
    return unit


@transaction.atomic
def rename_unit(*, unit_id: UUID, name: str, actor: Person | None, now: datetime) -> Unit:
    """The same unit under a new name."""
    unit, name = _for_change(unit_id, actor, now), as_seen(name)
    if unit.name != name:
        unit.name = name
        unit.save(update_fields=["name"])
        tell(Fact.UNIT_RENAMED, f"unit:{unit.pk}", actor, now)
    return unit


@transaction.atomic
def close_unit(*, unit_id: UUID, actor: Person | None, now: datetime) -> Unit:
    """No work comes to it any more; its people's assignments end now."""
    unit = _for_change(unit_id, actor, now)
    unit.is_active = False
    unit.save(update_fields=["is_active"])
    end_all_of(Assignment.objects.filter(unit=unit), at=now, actor=actor, now=now)
    tell(Fact.UNIT_CLOSED, f"unit:{unit.pk}", actor, now)
    return unit


def _for_change(unit_id: UUID, actor: Person | None, now: datetime) -> Unit:
    unit = Unit.objects.select_for_update(of=("self",), no_key=True).filter(pk=unit_id).first()
    if unit is None:
        raise NotVisible
    if actor is not None:
        policies.may_keep_tree(actor, now).require()
    if not unit.is_active:
        raise UnitIsClosed
    return unit
