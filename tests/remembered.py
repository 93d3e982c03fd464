"""A world that tests begin with, built once by a process and put back as it was for whoever else asks.

Building one takes some 400 statements of the ORM, putting its rows back one COPY a table. Then neither keys nor
triggers are asked: they were when it was built.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import connection, transaction

T = TypeVar("T")


@dataclass(frozen=True)
class _World:
    made: Any
    # By table what COPY gave.
    rows: dict[str, bytes]


_worlds: dict[str, _World] = {}


@dataclass(frozen=True)
class _Part:
    made: UUID
    street: UUID
    # By table what COPY gave.
    rows: dict[str, bytes]


_parts: dict[str, _Part] = {}


def remembered(build: Callable[[], T]) -> T:
    """What `build` makes of an empty database, with its rows; known again by the name of `build`.

    In a transaction of the caller's, or in one of its own. What was made is the caller's to change: it is a copy.
    """
    name = f"{build.__module__}.{build.__qualname__}"
    with transaction.atomic():
        # Asked past Django: the guard over statements wants a street in each, and these are of the database as a whole.
        database = connection.connection
        if not may_put_back(database):
            return build()
        if name in _worlds:
            return cast(T, _put_back(database, _worlds[name]))
        before = written(database)
        made = build()
        rows = {table: copied(database, table) for table in written(database) - before}
        _worlds[name] = _World(deepcopy(made), rows)
        return made


def remembered_beside(name: str, street: UUID, build: Callable[[], UUID]) -> UUID:
    """The id of what `build` writes into a street beside what lies there; known again by `name`, in any street.

    For a part that neither reads nor changes what was there before: the caller knows that, and the first time a row
    that `build` changed or took away is found out.
    """
    with transaction.atomic():
        database = connection.connection
        if not may_put_back(database):
            return build()
        if name in _parts:
            part = _parts[name]
            write(database, {table: _moved(rows, part.street, street) for table, rows in part.rows.items()})
            return part.made
        made, rows = added(build)
        _parts[name] = _Part(made, street, rows)
        return made


def added(build: Callable[[], T]) -> tuple[T, dict[str, bytes]]:
    """What `build` makes, and by table what it wrote; it may neither change nor take away what was there before."""
    database = connection.connection
    before = _lines(database)
    made = build()
    after = _lines(database)
    assert all(after[table] >= lines for table, lines in before.items()), "it changed what was there before"
    new = {table: lines - before[table] for table, lines in after.items() if lines != before[table]}
    return made, {table: b"".join(lines) for table, lines in new.items()}


def _moved(rows: bytes, from_street: UUID, to_street: UUID) -> bytes:
    return rows.replace(str(from_street).encode(), str(to_street).encode())


def _lines(database: Any) -> defaultdict[str, set[bytes]]:
    """By table its rows as COPY gives them; none for a table that holds nothing."""
    held = {table: set(copied(database, table).splitlines(keepends=True)) for table in written(database)}
    return defaultdict(set, held)


def _put_back(database: Any, world: _World) -> Any:
    write(database, world.rows)
    return deepcopy(world.made)


def write(database: Any, rows: dict[str, bytes]) -> None:
    """Put rows into their tables, in the transaction that is going on, and ask neither keys nor triggers."""
    database.execute("SET LOCAL session_replication_role = replica")
    for table, lines in rows.items():
        with database.cursor().copy(f"COPY {table} FROM STDIN") as into:
            into.write(lines)
    database.execute("SET LOCAL session_replication_role = origin")


def may_put_back(database: Any) -> bool:
    """Whether the tests' role may pass keys and triggers."""
    (may,) = database.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')").fetchone()
    return bool(may)


def written(database: Any) -> set[str]:
    """The tables that hold anything."""
    found = database.execute(
        "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    holding = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for (table,) in found)
    return {table for (table,) in database.execute(holding)}


def copied(database: Any, table: str) -> bytes:
    with database.cursor().copy(f"COPY {table} TO STDOUT") as out:
        return b"".join(bytes(piece) for piece in out)
