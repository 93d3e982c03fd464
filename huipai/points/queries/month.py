"""What a month brought, by award and by hand, to people and to households, and what was left unpaid or still waits."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from django.db import connection

from huipai.grid.queries import EXERCISED
from huipai.grid.words import TIES_LAST
from huipai.people.words import SENSITIVE_IDENTITIES, IdentityKind
from huipai.points.queries.deeds import given_back_for
from huipai.points.rules import microseconds
from huipai.points.rules.trying import Deed, Room, Stay
from huipai.points.words import EARNED, LOCAL_ZONE, ClaimState, GrantReason, Why
from huipai.streets.current import street_in_force

# Before anything was decided.
_FIRST: Final = datetime(1, 1, 1, tzinfo=UTC)
# One group each: the first kind of this order that somebody was on that day; "other" for everybody else.
# What a household got is told as a group of its own.
GROUPS: Final = (*(kind for kind in IdentityKind if kind not in SENSITIVE_IDENTITIES), "other")

# What people had reviewed and a limit or its earners left without points: other rules might have paid it.
LEFT_UNPAID: Final = tuple(
    why.value
    for why in (
        Why.NOT_AN_EARNER, Why.UNDER_14, Why.DAY_CAP, Why.MONTH_CAP, Why.HOUSEHOLD_DAY_CAP, Why.HOUSEHOLD_CAP,
        Why.COOLDOWN, Why.TOO_LITTLE,
    )
)  # fmt: skip
# What nobody has decided yet, or what may still be objected to: it is paid later, or not at all.
WAITING: Final = tuple(
    state.value
    for state in (
        ClaimState.SUBMITTED, ClaimState.AUTO_CHECKED, ClaimState.SECOND_REVIEW, ClaimState.APPEALED,
        ClaimState.REVIEWED, ClaimState.PUBLICISED, ClaimState.OBJECTION,
    )
)  # fmt: skip
# When what was posted took room no longer: it was taken back, or another family began to live in its home.
_UNTIL: Final = """least(back.posted_at, (
    SELECT min(next.began_at) FROM grid_family AS next WHERE next.street_id = {posting}.street_id
        AND next.household_id = {posting}.household_id AND next.began_at > {posting}.posted_at))"""
_OF_THE_MONTH: Final = f"""
SELECT a.id, a.received_at, a.person_id, a.household_id, a.item_code, a.points, a.measured, a.subject,
       CASE a.kind WHEN 'grant' THEN i.points END AS most, a.posted_at AS decided_at, false AS is_unpaid,
       {_UNTIL.format(posting="a")} AS until, back.id IS NOT NULL AS is_taken_back,
       a.reason = '{GrantReason.APPEAL_UPHELD.value}' AS is_given_back
FROM points_posting AS a
JOIN rulebook_pointitem AS i ON i.street_id = a.street_id AND i.id = a.item_id
LEFT JOIN points_posting AS back ON back.street_id = a.street_id AND back.reverses_id = a.id
WHERE a.street_id = %(street)s AND a.kind = ANY(%(earned)s::text[])
    AND a.received_at >= %(begins)s AND a.received_at < %(ends)s
UNION ALL
SELECT c.id, c.received_at, c.claimant_id, NULL, c.item_code, 0, c.measured, NULL, NULL,
       (SELECT max(step.happened_at) FROM points_claimstep AS step
        WHERE step.street_id = %(street)s AND step.claim_id = c.id), true, NULL, false, false
FROM points_claim AS c
WHERE c.street_id = %(street)s AND c.state = 'rejected' AND c.reason = ANY(%(unpaid)s::text[])
    AND c.received_at >= %(begins)s AND c.received_at < %(ends)s
"""
# What was earned before by an item with a pause reaches into the month; what the family of a home was thanked for,
# however long ago.
_BEFORE: Final = f"""
SELECT coalesce(p.person_id, p.household_id), p.item_code, p.received_at, p.subject, p.person_id IS NULL, p.posted_at,
       {_UNTIL.format(posting="p")}
FROM points_posting AS p
LEFT JOIN points_posting AS back ON back.street_id = p.street_id AND back.reverses_id = p.id
WHERE p.street_id = %(street)s AND p.kind = ANY(%(earned)s::text[]) AND p.item_code = ANY(%(codes)s::text[])
    AND p.received_at < %(begins)s AND (p.person_id IS NULL OR p.received_at > %(since)s)
"""
_EXERCISED: Final = EXERCISED.replace("%(person)s", "p.person_id").replace("%(at)s", "p.received_at")
# What is known of each; the time after the month is no part of it.
_TOLD: Final = f"""
SELECT p.id, p.received_at, coalesce(p.person_id, p.household_id), p.item_code, p.points, p.measured,
       p.person_id IS NULL,
       (SELECT json_agg(json_build_array(home.household_id, extract(epoch FROM home.valid_from),
                                         extract(epoch FROM least(home.valid_until, %(ends)s)))
                         ORDER BY home.valid_from, home.id)
        FROM grid_residence AS home
        WHERE home.street_id = %(street)s AND home.person_id = p.person_id AND home.valid_from <= p.received_at
            AND (home.valid_until IS NULL OR home.valid_until > p.received_at - %(ties)s::interval)),
       coalesce(who.birth_year, extract(year FROM who.said_under_14_at AT TIME ZONE 'Asia/Shanghai')::int),
       EXISTS (SELECT FROM grid_assignment AS held WHERE held.role = 'part_time_member' AND {_EXERCISED}),
       CASE WHEN p.person_id IS NULL THEN 'household' ELSE coalesce((SELECT i.kind FROM people_identity AS i
                 WHERE i.street_id = %(street)s AND i.person_id = p.person_id AND i.kind = ANY(%(groups)s::text[])
                   AND i.valid_from < (%(ends)s::timestamptz AT TIME ZONE '{LOCAL_ZONE}')::date
                   AND (i.valid_until IS NULL
                        OR i.valid_until >= (%(begins)s::timestamptz AT TIME ZONE '{LOCAL_ZONE}')::date)
                 ORDER BY array_position(%(groups)s::text[], i.kind) LIMIT 1), 'other') END,
       p.subject, p.most, p.decided_at, p.is_unpaid, p.until, p.is_taken_back, p.is_given_back
FROM ({_OF_THE_MONTH}) AS p
LEFT JOIN people_person AS who ON who.street_id = %(street)s AND who.id = p.person_id
"""
DEEDS: Final = f"""
{_TOLD}
WHERE (p.decided_at, p.is_unpaid, p.id) > (%(at)s, %(unpaid_too)s, %(after)s::uuid)
ORDER BY p.decided_at, p.is_unpaid, p.id LIMIT %(limit)s
"""
WAITS: Final = """
SELECT count(*), count(DISTINCT c.claimant_id) FROM points_claim AS c
WHERE c.street_id = %(street)s AND c.state = ANY(%(waiting)s::text[])
    AND c.received_at >= %(begins)s AND c.received_at < %(ends)s
"""
HELD: Final = f"""
SELECT encode(sha256(convert_to(concat_ws(';', %(begins)s::timestamptz AT TIME ZONE 'UTC', string_agg(
    concat_ws(',', each.id, each.what), ';' ORDER BY each.id)), 'UTF8')), 'hex')
FROM (SELECT told.id, told::text AS what FROM ({_TOLD}) AS told
      UNION ALL
      SELECT c.id, 'waits' FROM points_claim AS c
      WHERE c.street_id = %(street)s AND c.state = ANY(%(waiting)s::text[])
          AND c.received_at >= %(begins)s AND c.received_at < %(ends)s) AS each
"""
COUNT: Final = f"SELECT count(*) FROM ({_OF_THE_MONTH}) AS p WHERE NOT p.is_taken_back"


@dataclass(frozen=True, slots=True)
class Incentives:
    """What a package above knows of that for which households are thanked as a whole."""

    # At which instant what was given counts within the limits, by its subject; another one than its receipt.
    counts: Callable[[Collection[str]], Mapping[str, datetime]]
    # What these reasons left without points in a period.
    unpaid: Callable[[datetime, datetime, Collection[str]], list[Deed]]
    # How many of a period are not decided for good yet, and of how many households.
    waits: Callable[[datetime, datetime], tuple[int, int]]
    # A digest of those that wait or were left without points.
    held: Callable[[datetime, datetime], str]


_incentives: tuple[Incentives, ...] = ()


def wire_incentives(incentives: tuple[Incentives, ...]) -> None:
    """Name, once at start-up, who knows the incentives of households; they belong to packages above."""
    global _incentives
    _incentives = incentives


def month_deeds(begins: datetime, ends: datetime) -> int:
    """How much of what a period brought still stands, and how many claims and incentives of it a rule left unpaid."""
    count: int = _one(COUNT, begins, ends)[0]
    return count + len(_unpaid(begins, ends))


def month_waits(begins: datetime, ends: datetime) -> tuple[int, int]:
    """How many claims and incentives of a period are not decided for good yet, and of how many people at least.

    Whoever claimed may live in a household that is thanked: the two are not added up.
    """
    counted = [_one(WAITS, begins, ends), *(known.waits(begins, ends) for known in _incentives)]
    return sum(deeds for deeds, _ in counted), max(people for _, people in counted)


def month_held(begins: datetime, ends: datetime, pauses: Mapping[str, timedelta]) -> str:
    """A digest of all that a trial of items with these pauses reads of a period, and of what waits in it.

    Another one, once anything of it is otherwise: deeds, who did them and where they lived, and what of the time before
    reaches into the period.
    """
    before = [
        f"{holder_id},{code},{microseconds(room.counts_at)},{microseconds(room.since)},{microseconds(room.until)}"
        for holder_id, code, room in earned_before(begins, pauses)
    ]
    incentives = [known.held(begins, ends) for known in _incentives]
    return sha256(";".join([_one(HELD, begins, ends)[0], *incentives, *sorted(before)]).encode()).hexdigest()


def _one(statement: str, begins: datetime, ends: datetime) -> tuple[Any, ...]:
    asked: dict[str, Any] = {
        "street": street_in_force(), "begins": begins, "ends": ends, "unpaid": list(LEFT_UNPAID),
        "waiting": list(WAITING), "earned": list(EARNED), "groups": list(GROUPS), "ties": TIES_LAST,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        row: tuple[Any, ...] = cursor.fetchone()
    return row


def deeds_between(begins: datetime, ends: datetime, *, limit: int) -> Iterator[list[Deed]]:
    """What a period brought, also what was taken back, and what was left unpaid; so many at a time.

    In the order in which the ledger decided; of what was decided at one instant what was paid comes first.
    """
    at, unpaid_too, after = _FIRST, False, UUID(int=0)
    unpaid = _unpaid(begins, ends)
    while True:
        asked: dict[str, Any] = {
            "street": street_in_force(), "begins": begins, "ends": ends, "at": at, "after": after, "limit": limit,
            "unpaid_too": unpaid_too, "groups": list(GROUPS), "unpaid": list(LEFT_UNPAID), "earned": list(EARNED),
            "ties": TIES_LAST,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(DEEDS, asked)
            rows = cursor.fetchall()
        if not rows:
            break
        at, unpaid_too, after = rows[-1][13], rows[-1][14], rows[-1][0]
        instants = _instants({row[11] for row in rows if row[6]})
        until_then = [one for one in unpaid if one.decided_at < at]
        unpaid = unpaid[len(until_then) :]
        yield sorted([*(_deed(row, instants) for row in rows), *until_then], key=lambda deed: deed.decided_at)
    if unpaid:
        yield unpaid


def earned_before(begins: datetime, pauses: Mapping[str, timedelta]) -> Iterator[tuple[UUID, str, Room]]:
    """Whose account, by which of these items, and when it takes room: all that a pause could make count still when a
    period begins, or could have before it was taken back."""
    asked: dict[str, Any] = {
        "street": street_in_force(), "earned": list(EARNED), "codes": list(pauses), "begins": begins,
        "since": begins - max(pauses.values(), default=timedelta()),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_BEFORE, asked)
        rows = cursor.fetchall()
    instants = _instants({row[3] for row in rows if row[4]})
    for holder_id, code, received_at, subject, _is_home, posted_at, until in rows:
        yield holder_id, code, Room(instants.get(subject, received_at), posted_at, until)


def _instants(subjects: Collection[str]) -> dict[str, datetime]:
    """When what these brought households counts, where that is another instant than its receipt."""
    again = given_back_for(subjects)
    deeds = {again.get(subject, subject) for subject in subjects}
    known = {deed: when for one in _incentives for deed, when in one.counts(deeds).items()}
    return {of: known[deed] for of in subjects if (deed := again.get(of, of)) in known}


def _unpaid(begins: datetime, ends: datetime) -> list[Deed]:
    unpaid = [deed for known in _incentives for deed in known.unpaid(begins, ends, LEFT_UNPAID)]
    return sorted(unpaid, key=lambda deed: deed.decided_at)


def _deed(row: tuple[Any, ...], instants: Mapping[str, datetime]) -> Deed:
    _id, received_at, holder_id, code, points, measured, is_home, homes, birth_year, is_member, group = row[:11]
    subject, most, decided_at, _is_unpaid, until, is_taken_back, is_given_back = row[11:]
    amounts = json.loads(measured) if isinstance(measured, str) else measured or {}
    return Deed(
        holder_id=holder_id, is_home=is_home, code=code, points=points, received_at=received_at,
        measured={name: Fraction(amount) for name, amount in amounts.items()},
        stays=tuple(Stay(UUID(home), begin, end) for home, begin, end in homes or ()),
        birth_year=birth_year, is_member=is_member, group=group,
        counts_at=instants.get(subject, received_at), decided_at=decided_at, most=most, until=until,
        is_taken_back=is_taken_back, is_given_back=is_given_back,
    )  # fmt: skip
