"""Whose database this is. Demo mode works on nothing but what the demo itself has put there (ruling 28).

The mark is the comment of the database: it needs no table, so it can be read before there are any.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from huipai.cli import database
from huipai.cli.words import Trouble

SEEDING = "huipai demo: being seeded"
READY = "huipai demo: seeded"

_MODES = ("demo", "production", "test")
_MARK = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
_REAL = b"SELECT 1 FROM streets_street WHERE NOT is_demo LIMIT 1"
_DEMO = b"SELECT 1 FROM streets_street WHERE is_demo LIMIT 1"
# Held by who fills the demo; the server lets go of it when that process ends, however it ends.
_FILLING = 0x48554950
_HAS_STREETS = "SELECT to_regclass('streets_street') IS NOT NULL"


def mark() -> str | None:
    with database.connect() as connection:
        row = connection.execute(_MARK).fetchone()
    return str(row[0]) if row and row[0] is not None else None


def set_mark(words: str) -> None:
    """Remember that the demo owns this database, and how far it got."""
    with database.connect() as connection:
        row = connection.execute("SELECT quote_ident(current_database()), quote_literal(%s::text)", [words]).fetchone()
        assert row is not None
        connection.execute(f"COMMENT ON DATABASE {row[0]} IS {row[1]}".encode())


def forget_mark() -> None:
    """The database is nobody's: what was marked is not there any more."""
    if mark() is not None:
        with database.connect() as connection:
            row = connection.execute("SELECT quote_ident(current_database())").fetchone()
            assert row is not None
            connection.execute(f"COMMENT ON DATABASE {row[0]} IS NULL".encode())


def mode() -> str:
    """`demo` where nothing is said; refuses what is none, an empty line too. As the settings read it."""
    said = os.environ.get("HUIPAI_MODE", "demo")
    if said not in _MODES:
        raise Trouble(f"HUIPAI_MODE is {said!r}; it must be one of {', '.join(_MODES)}.")
    return said


def require_for_mode() -> None:
    """In demo mode, refuse a database that the demo did not seed, in test mode somebody's that is no test's, and in
    production the demo's own."""
    if mode() == "demo":
        require_ours()
    elif mode() == "test":
        _require_a_tests()
    elif mark() in (SEEDING, READY) or _holds(_DEMO):
        raise Trouble("This database belongs to the demo: everybody knows its accounts. Use another one.")


def require_ours() -> None:
    """Refuse a database that holds a street which neither the demo nor `seed` has made."""
    if mark() not in (SEEDING, READY) and _holds(_REAL):
        raise Trouble(
            "This database was not made by the demo, so demo mode does not touch it: set HUIPAI_MODE=production, or "
            "let DATABASE_URL name an empty database."
        )


def _require_a_tests() -> None:
    """Of tests everybody knows the codes as well: they work on databases of their own, or on nobody's."""
    with database.connect() as connection:
        name = connection.info.dbname
    if not name.startswith("test_") and _holds(_REAL):
        raise Trouble(
            f"The database {name} holds a real street, so test mode does not touch it: set HUIPAI_MODE=production."
        )


@contextmanager
def alone() -> Iterator[None]:
    """Inside, no other process readies this demo. Refuses while another fills it; waits while one looks it over."""
    with database.connect() as connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", [_FILLING]).fetchone()
        if not (row and row[0]):
            if mark() != READY:
                raise Trouble(
                    "The demo is being filled by another process: wait until that one says its address, then start "
                    "this once more."
                )
            connection.execute("SELECT pg_advisory_lock(%s)", [_FILLING])
        yield


def forget_half_a_seed() -> None:
    """Empty a database whose seeding was interrupted, so that it can begin again."""
    if mark() == SEEDING:
        with database.connect() as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")


def _holds(streets: bytes) -> bool:
    with database.connect() as connection:
        row = connection.execute(_HAS_STREETS).fetchone()
        return bool(row and row[0]) and connection.execute(streets).fetchone() is not None
