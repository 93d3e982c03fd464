"""Waiting for each other over something that is no row yet."""

from __future__ import annotations

from django.db import connection

from huipai.streets.current import street_in_force


def hold(kind: str, what: object) -> None:
    """Until the transaction ends, whoever holds the same thing of the same street waits here."""
    with connection.cursor() as cursor:
        key = f"cases.{kind}:{street_in_force()}:{what}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
