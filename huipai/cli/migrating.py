"""Around `migrate`: it takes as long as it takes, and of two at once the second waits and finds it done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from huipai.cli import database

_MIGRATING = 0x48554D47


@contextmanager
def in_turn() -> Iterator[None]:
    """Within the block no statement of Django's connection is stopped for taking long or for waiting, as it waits for a
    backup that reads a table; and nobody else migrates this database. The server lets go when we end, however we do."""
    database.set_up_django()
    connection = import_module("django.db").connection
    with import_module("huipai.kit.unhurried").unhurried():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        try:
            yield
        finally:
            if connection.is_usable():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])
