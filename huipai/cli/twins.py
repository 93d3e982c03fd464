"""Whether what bears the name of a trigger or a function of ours does what the migrations made it do (decision 0113).

A body is kept by PostgreSQL as it was written. What a trigger says of itself is spelled by the server, each version in
its way: so the server is given the migration's own statement on a twin of the table, and both are spelled by it. The
twins are gone before anybody could see them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from django.db import DatabaseError, connection, transaction

from huipai.cli.made import Made, Name

_THERE: Final = """
    SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid), p.proname, p.prosrc FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace
"""
_BODIES: Final = "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace"
_ON_THE_TWIN: Final = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = 'pg_temp.twin'::regclass"
# A trigger's name and its table are known; what it is stands between them and behind.
# The first of a statement names the table.
_ON: Final = re.compile(r"\sON\s+[\w.\"]+")
_COMMENT: Final = re.compile(r"--[^\n]*")
_SPELLED: Final = re.compile(r"(CREATE .*?TRIGGER) \S+ (.*?) ON \S+ (.*)", re.DOTALL)


def changed(made: Made) -> list[str]:
    """The names of triggers that are not what their migration made, or run a function that is not; and of functions
    that are not, which no trigger runs."""
    others = set(_other_functions(made.functions))
    found = _rows(_THERE)
    # Of several that bear one name a trigger runs one: that one is asked, not another with the right body.
    others |= {runs for _table, _name, _spelled, runs, body in found if _is_other(made.functions.get(runs), body)}
    runs = {(table, name): function for table, name, _spelled, function, _body in found}
    spelled = {(table, name): spelled for table, name, spelled, _runs, _body in found}
    known = {name: sql for name, sql in made.triggers.items() if name in runs}
    triggers = {name for name in known if runs[name] in others} | _unlike(known, spelled)
    run = {runs[name] for name in triggers}
    return [f"{table}.{name}" for table, name in sorted(triggers)] + [f"{name}()" for name in sorted(others - run)]


def _other_functions(made: Mapping[str, str]) -> Iterator[str]:
    """Those with another body, however it is spaced; of one that is not there, what runs it is not there either."""
    bodies = dict[str, set[str]]()
    for name, body in _rows(_BODIES):
        bodies.setdefault(name, set()).add(body)
    yield from (
        name for name, body in made.items() if name in bodies and all(_is_other(body, one) for one in bodies[name])
    )


def _is_other(made: str | None, body: str) -> bool:
    """Another body than the migrations', however it is spaced and whatever its comments say."""
    return made is not None and _COMMENT.sub("", made).split() != _COMMENT.sub("", body).split()


def _unlike(made: Mapping[Name, str], there: Mapping[Name, str]) -> set[Name]:
    """Those that are not what their migration makes when it is run here. What was dumped and restored is spelled once
    more than that, so both are then made anew from their spelling. None where nothing can be made: on a standby, or
    where we may keep nothing."""
    found = set[Name]()
    try:
        with transaction.atomic():
            for table, names in groupby(sorted(made), key=lambda name: name[0]):
                _run("DROP TABLE IF EXISTS pg_temp.twin")
                _run(f"CREATE TEMP TABLE twin (LIKE {connection.ops.quote_name(table)})")
                for name in names:
                    ours = _made_on_the_twin(made[name])
                    if ours is None or not (_what(ours) == _what(there[name]) or _is_spelled_alike(ours, there[name])):
                        found.add(name)
            transaction.set_rollback(True)
    except DatabaseError:
        return set()
    return found


def _is_spelled_alike(ours: str, theirs: str) -> bool:
    """Whether both are one once each has been made anew from how the server spells it."""
    again, restored = _made_on_the_twin(ours), _made_on_the_twin(theirs)
    return again is not None and restored is not None and _what(again) == _what(restored)


def _made_on_the_twin(statement: str) -> str | None:
    """How the server spells the trigger of a statement, made on the twin; None if it cannot be, as its function is
    gone."""
    try:
        with transaction.atomic():
            _run(_ON.sub(" ON pg_temp.twin", statement, count=1))
            ((spelled,),) = _rows(_ON_THE_TWIN)
            transaction.set_rollback(True)
    except DatabaseError:
        return None
    return str(spelled)


def _what(spelled: str) -> str:
    found = _SPELLED.fullmatch(spelled)
    return " ".join(found.groups()) if found else spelled


def _rows(query: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
