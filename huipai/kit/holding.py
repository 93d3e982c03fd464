"""Waiting for each other over something that is no row yet."""

from __future__ import annotations

from django.db import connection


def hold(key: str) -> None:
    """Until the transaction ends, whoever holds the same key in this database waits here.

    Keys are hashed to 64 bits: two different ones may meet, which costs a wait and nothing else.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
