"""Indexing again what was written without its triggers."""

from __future__ import annotations

from django.db import connection, transaction

from huipai.streets.current import street_in_force

_AT_ONCE = 5_000
_MORE = """
SELECT count(*) FROM (
    SELECT cases_keep_searchable(missing.street_id, missing.id) FROM (
        SELECT one.street_id, one.id FROM cases_case AS one
        WHERE one.street_id = %(street)s AND NOT EXISTS (
            SELECT FROM cases_searchable AS kept WHERE kept.street_id = %(street)s AND kept.id = one.id)
        LIMIT %(most)s
    ) AS missing
) AS done
"""


def index_the_rest() -> int:
    """Make every case of the street in force findable, some thousands at once; how many were not."""
    done: int = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_MORE, {"street": street_in_force(), "most": _AT_ONCE})
            [(count,)] = cursor.fetchall()
        done += int(count)
        if not count:
            return done
