"""Indexing again what was written without its triggers."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.db import connection, transaction

from huipai.streets.current import street_in_force

_AT_ONCE = 5_000
_MORE = """
WITH missing AS (
    SELECT one.id FROM cases_case AS one
    WHERE one.street_id = %(street)s AND one.id > %(after)s AND NOT EXISTS (
        SELECT FROM cases_searchable AS kept WHERE kept.street_id = %(street)s AND kept.id = one.id)
    ORDER BY one.id LIMIT %(most)s
), done AS MATERIALIZED (
    SELECT missing.id, cases_keep_searchable(%(street)s, missing.id) FROM missing
)
SELECT (SELECT count(*) FROM done), (SELECT id FROM missing ORDER BY id DESC LIMIT 1)
"""


def index_the_rest() -> Iterator[int]:
    """Make every case of the street in force findable; after some thousands each, how many were not until then."""
    done, after = 0, UUID(int=0)
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_MORE, {"street": street_in_force(), "after": after, "most": _AT_ONCE})
            [(count, last)] = cursor.fetchall()
        if not count:
            return
        done, after = done + int(count), last
        yield done
