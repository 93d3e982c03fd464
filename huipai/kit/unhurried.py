"""For a command line that reads everything: no page waits for its statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def unhurried() -> Iterator[None]:
    """Within the block no statement of this connection is stopped for taking long."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    try:
        yield
    finally:
        # Where the connection was lost there is nothing to take back.
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("RESET statement_timeout")
