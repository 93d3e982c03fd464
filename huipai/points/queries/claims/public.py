"""What neighbours may read of claims: masked names, no faces, nobody under 14, no small numbers, nobody ranked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from huipai.people import queries as people
from huipai.people.models import Consent, Person
from huipai.people.rules import mask_name
from huipai.people.words import ConsentPurpose
from huipai.points.models import Claim, Contest, Correction, Grant, Posting
from huipai.points.rules import Span, is_under_14
from huipai.points.words import OBJECT_FOR, SMALL_CELL, ClaimState, ContestResult, CorrectionState, GrantState
from huipai.streets.current import street_in_force

__all__ = [
    "Total", "granted_lately", "in_public", "may_be_objected", "name_in_public", "posted_lately", "thanked", "totals",
]  # fmt: skip


def in_public(at: datetime) -> QuerySet[Claim]:
    """What is shown to the neighbours now: what goes first first."""
    shown = Claim.objects.in_public().filter(public_until__gt=at)
    return shown.select_related("item__version", "claimant").order_by("public_until", "id")


def posted_lately(at: datetime) -> QuerySet[Claim]:
    """What was posted not long ago and may still be objected to: whose time ends first first."""
    posted = Claim.objects.filter(state=ClaimState.POSTED, object_until__gt=at)
    return posted.select_related("item__version", "claimant").order_by("object_until", "id")


def granted_lately(at: datetime) -> QuerySet[Grant]:
    """Points by hand that two decided on not long ago and that still stand: what goes first first.

    Shown like what was claimed, for as long as that may be objected to; what is wrong with them is asked back.
    """
    stands = ~Exists(Posting.objects.filter(reverses=OuterRef("posting")))
    given = Grant.objects.filter(stands, state=GrantState.APPROVED, decided_at__gt=at - OBJECT_FOR, decided_at__lte=at)
    return given.select_related("item__version", "person").order_by("decided_at", "id")


def may_be_objected(claim_id: UUID, at: datetime) -> Claim | None:
    """A claim against which an objection is still heard: in public, or posted not long ago."""
    heard = Q(state=ClaimState.PUBLICISED, public_until__gt=at) | Q(state=ClaimState.POSTED, object_until__gt=at)
    return Claim.objects.filter(heard, pk=claim_id).select_related("item__version", "claimant").first()


def name_in_public(person: Person, at: datetime) -> str:
    """张*, or nothing that could be a child's or nobody's name."""
    return "" if is_under_14(person.born_by, at) else mask_name(person.name)


def _stands() -> Q:
    """Of a claim that was posted: its points were not taken back, or somebody was right against that."""
    taken_back = Exists(Posting.objects.filter(reverses=OuterRef("posting")))
    asked_back = Correction.objects.filter(posting=OuterRef("posting"), state=CorrectionState.UPHELD)
    contested = Contest.objects.filter(claim=OuterRef("pk"), result=ContestResult.GRANTED)
    return Q(~taken_back) | Q(Exists(asked_back)) | Q(Exists(contested))


def thanked(span: Span) -> QuerySet[Claim]:
    """What was posted within a time, and stands, to people who have agreed to be thanked by name; what was done last
    first, and no children.

    By the day of the posting: what is done in the last days of a month is in public over its end.
    Who came with a phone has said that they are 14 or older; their year is not asked (decision 0078).
    """
    is_old_enough = Q(claimant__birth_year__lte=span.begin.year - 15) | Q(
        claimant__birth_year=None, claimant__said_under_14_at=None
    )
    agreed = Consent.objects.filter(purpose=ConsentPurpose.THANK_YOU_WALL, withdrawn_at__isnull=True)
    done = Claim.objects.filter(
        _stands(), is_old_enough, state=ClaimState.POSTED, posting__posted_at__gte=span.begin,
        posting__posted_at__lt=span.end,
        claimant__erased_at=None, claimant__in=agreed.values("person"),
    ).exclude(claimant__name="")  # fmt: skip
    return done.select_related("item", "claimant").order_by("-received_at", "-id")


def has_agreed(person: Person) -> bool:
    """Whether somebody wants to be thanked by name."""
    return people.has_consent(person, ConsentPurpose.THANK_YOU_WALL)


@dataclass(frozen=True, slots=True)
class Total:
    """What a community did through a door and what of it stands. Numbers of fewer than five people are not said."""

    community: str
    port: str
    deeds: int | None
    people: int | None


# What was posted in that time, by the community in which people lived when their deed was received; in the order of its
# code, never by number.
# Of what was taken back only where somebody was right against that, as `_stands` has it.
TOTALS = """
SELECT community.name, item.port, count(*), count(DISTINCT claim.claimant_id)
FROM points_claim AS claim
JOIN points_posting AS posting ON posting.street_id = claim.street_id AND posting.id = claim.posting_id
    AND posting.posted_at >= %(begin)s AND posting.posted_at < %(end)s
JOIN rulebook_pointitem AS item ON item.street_id = claim.street_id AND item.id = claim.item_id
JOIN grid_residence AS lives ON lives.street_id = claim.street_id AND lives.person_id = claim.claimant_id
    AND lives.valid_from <= claim.received_at
    AND (lives.valid_until IS NULL OR lives.valid_until > claim.received_at)
JOIN grid_gridnode AS home ON home.street_id = claim.street_id AND home.id = lives.household_id
JOIN grid_gridnode AS community ON community.street_id = claim.street_id AND community.level = 'community'
    AND community.id::text = split_part(home.path, '/', 2)
WHERE claim.street_id = %(street)s AND claim.state = 'posted'
    AND (NOT EXISTS (SELECT FROM points_posting AS r
                     WHERE r.street_id = claim.street_id AND r.reverses_id = claim.posting_id)
         OR EXISTS (SELECT FROM points_correction AS one WHERE one.street_id = claim.street_id
                        AND one.posting_id = claim.posting_id AND one.state = 'upheld')
         OR EXISTS (SELECT FROM points_contest AS one WHERE one.street_id = claim.street_id
                        AND one.claim_id = claim.id AND one.result = 'granted'))
GROUP BY community.code, community.name, item.port
ORDER BY community.code, item.port
"""


def totals(span: Span) -> list[Total]:
    """What of each community was posted within a time."""
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, {"street": street_in_force(), "begin": span.begin, "end": span.end})
        rows = cursor.fetchall()
    return [
        Total(name, port, *((deeds, people_count) if people_count >= SMALL_CELL else (None, None)))
        for name, port, deeds, people_count in rows
    ]
