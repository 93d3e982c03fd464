"""Points by hand, as their desk reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from huipai.people.models import Person
from huipai.points import rules
from huipai.points.models import Correction, Grant, Posting
from huipai.points.words import EARNED, CorrectionState, GrantState


def grants(*, waiting: bool) -> QuerySet[Grant]:
    """Those that wait for a second person, oldest first; or those that are decided, newest first."""
    was_reversed = Exists(Posting.objects.filter(reverses=OuterRef("posting")))
    found = Grant.objects.select_related("person", "item", "proposed_by", "decided_by").annotate(
        was_reversed=was_reversed
    )
    if waiting:
        return found.filter(state=GrantState.PROPOSED).order_by("proposed_at", "id")
    return found.exclude(state=GrantState.PROPOSED).order_by("-decided_at", "-id")


def is_granted(person: Person, paper_number: str) -> bool:
    """Whether points were given or are proposed on this paper, however its number was written at the time."""
    living = Grant.objects.exclude(state__in=[GrantState.DECLINED, GrantState.WITHDRAWN])
    return living.filter(person=person, paper_number__iexact=paper_number).exists()


def was_asked_back(person: Person, paper_number: str) -> bool:
    """Whether the points of this paper were taken back for good: asked back, and no appeal open or upheld."""
    taken = Correction.objects.filter(state__in=[CorrectionState.APPROVED, CorrectionState.DISMISSED])
    given = Grant.objects.filter(person=person, paper_number__iexact=paper_number, state=GrantState.APPROVED)
    return given.filter(posting__in=taken.values("posting")).exists()


@dataclass(frozen=True, slots=True)
class Beside:
    """A proposed grant beside its item: what one deed brings, what a month may bring, and what the month has brought.

    The caps bind it as they bind an award: one that says `is_more` was proposed when there was room yet.
    """

    once: int
    month_cap: int | None
    already: int
    is_more: bool


def beside(grants: Sequence[Grant]) -> list[Beside]:
    """What each of these is beside its item, in their order; one question however many."""
    months = [rules.local_month(grant.done_at) for grant in grants]
    if not months:
        return []
    posted = Posting.objects.filter(
        kind__in=EARNED, reversed_by=None, person__in={grant.person_id for grant in grants},
        item_code__in={grant.item.code for grant in grants}, received_at__gte=min(month.begin for month in months),
        received_at__lt=max(month.end for month in months),
    ).values_list("person", "item_code", "received_at", "points")  # fmt: skip
    rows, found = list(posted), []
    for grant, month in zip(grants, months, strict=True):
        item, whose = grant.item, (grant.person_id, grant.item.code)
        already = sum(
            points for who, code, at, points in rows if (who, code) == whose and month.begin <= at < month.end
        )
        is_more = grant.points > item.points or (item.month_cap or already + grant.points) < already + grant.points
        found.append(Beside(item.points, item.month_cap, already, is_more))
    return found
