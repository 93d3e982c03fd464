"""The awards of a month, with everything by which other rules would judge them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from django.db import connection

from huipai.people.words import SENSITIVE_IDENTITIES, IdentityKind
from huipai.points.rules.trying import Deed
from huipai.streets.current import street_in_force

# One group each: the first kind of this order that somebody was on that day; "other" for everybody else.
GROUPS: Final = (*(kind for kind in IdentityKind if kind not in SENSITIVE_IDENTITIES), "other")

DEEDS: Final = """
SELECT p.id, p.received_at, p.person_id, p.item_code, p.points, p.measured, home.household_id, who.birth_year,
       EXISTS (SELECT FROM grid_assignment AS a WHERE a.street_id = %(street)s AND a.person_id = p.person_id
               AND a.role = 'part_time_member' AND a.valid_from <= p.received_at
               AND (a.valid_until IS NULL OR a.valid_until > p.received_at)),
       coalesce((SELECT i.kind FROM people_identity AS i
                 WHERE i.street_id = %(street)s AND i.person_id = p.person_id AND i.kind = ANY(%(groups)s::text[])
                   AND i.valid_from <= %(ends)s::date AND (i.valid_until IS NULL OR i.valid_until >= %(begins)s::date)
                 ORDER BY array_position(%(groups)s::text[], i.kind) LIMIT 1), 'other')
FROM points_posting AS p
JOIN people_person AS who ON who.street_id = p.street_id AND who.id = p.person_id
LEFT JOIN grid_residence AS home ON home.street_id = p.street_id AND home.person_id = p.person_id
    AND home.valid_from <= p.received_at AND (home.valid_until IS NULL OR home.valid_until > p.received_at)
WHERE p.street_id = %(street)s AND p.kind = 'award' AND p.item_id IS NOT NULL AND p.person_id IS NOT NULL
    AND p.received_at >= %(begins)s AND p.received_at < %(ends)s
    AND (p.received_at, p.id) > (%(at)s, %(after)s::uuid)
    AND NOT EXISTS (SELECT FROM points_posting AS r WHERE r.street_id = p.street_id AND r.reverses_id = p.id)
ORDER BY p.received_at, p.id LIMIT %(limit)s
"""
COUNT: Final = """
SELECT count(*) FROM points_posting AS p
WHERE p.street_id = %(street)s AND p.kind = 'award' AND p.item_id IS NOT NULL AND p.person_id IS NOT NULL
    AND p.received_at >= %(begins)s AND p.received_at < %(ends)s
    AND NOT EXISTS (SELECT FROM points_posting AS r WHERE r.street_id = p.street_id AND r.reverses_id = p.id)
"""


def awards_between(begins: datetime, ends: datetime) -> int:
    """How many awards of a period still stand."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"street": street_in_force(), "begins": begins, "ends": ends})
        count: int = cursor.fetchone()[0]
    return count


def deeds_between(begins: datetime, ends: datetime, *, limit: int) -> Iterator[list[Deed]]:
    """The awards of a period that still stand, in order of receipt, so many at a time."""
    at, after = begins, UUID(int=0)
    while True:
        asked: dict[str, Any] = {
            "street": street_in_force(), "begins": begins, "ends": ends, "at": at, "after": after, "limit": limit,
            "groups": list(GROUPS),
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(DEEDS, asked)
            rows = cursor.fetchall()
        if not rows:
            return
        at, after = rows[-1][1], rows[-1][0]
        yield [_deed(row) for row in rows]


def _deed(row: tuple[Any, ...]) -> Deed:
    _id, received_at, person_id, code, points, measured, household_id, birth_year, is_member, group = row
    amounts = json.loads(measured) if isinstance(measured, str) else measured or {}
    return Deed(
        person_id=person_id, code=code, points=points, received_at=received_at,
        measured={name: Fraction(amount) for name, amount in amounts.items()},
        household_id=household_id, birth_year=birth_year, is_member=is_member, group=group,
    )  # fmt: skip
