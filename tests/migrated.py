"""A database with every migration run, which test databases are copied from.

Migrating takes seconds, copying less than one. The copy's source is named after all that goes into it, so
that a changed migration has another name and the old one is thrown away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.utils import OperationalError

PROJECT = Path(__file__).resolve().parents[1]
# What migrations are made of: themselves, the operations and fields that they import, and the packages' own migrations.
MADE_OF = (
    "huipai/*/migrations/*.py", "huipai/streets/*.py", "huipai/kit/*.py", "huipai/people/models/*.py",
    "huipai/config/settings.py", "requirements/base.txt",
)  # fmt: skip
PREFIX = "huipai_migrated_"
# Workers of one run, and runs that share a server, wait for the one that migrates.
LOCK = 0x6D696772


def name() -> str:
    """The name that a database with today's migrations has."""
    seen = hashlib.sha256()
    for pattern in MADE_OF:
        for path in sorted(PROJECT.glob(pattern)):
            seen.update(f"{path.relative_to(PROJECT)}\0".encode() + path.read_bytes())
    return f"{PREFIX}{seen.hexdigest()[:16]}"


def database() -> str:
    """The name of a database with every migration run; it is there afterwards, and nobody is connected to it."""
    wanted = name()
    with connection._nodb_cursor() as cursor:
        # The other worker migrates for longer than any page may wait.
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIX])
        there = {row[0] for row in cursor.fetchall()}
        if wanted not in there:
            building = f"{wanted}_building"
            cursor.execute(f"DROP DATABASE IF EXISTS {building}")
            cursor.execute(f"CREATE DATABASE {building}")
            with _connected_to(building):
                call_command("migrate", run_syncdb=True, verbosity=0)
            cursor.execute(f"ALTER DATABASE {building} RENAME TO {wanted}")
            for old in there:
                _drop(cursor, old)
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return wanted


def _drop(cursor: object, old: str) -> None:
    try:
        cursor.execute(f"DROP DATABASE IF EXISTS {old}")  # type: ignore[attr-defined]
    except OperationalError:  # another run of older migrations is copying it
        return


@contextmanager
def _connected_to(database: str) -> Iterator[None]:
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
