"""Points by hand, as their desk reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from huipai.people.models import Person
from huipai.points import rules
from huipai.points.models import Correction, Grant, Posting
from huipai.points.words import CORRECTED, EARNED, CorrectionState, GrantState


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


def entered_before(grant: Grant) -> str:
    """The number under which the paper of this grant was entered before its points were asked back; empty if never."""
    base, turn = _turn_of(grant.paper_number)
    return "" if not turn else base if turn == 1 else f"{base}-C{turn - 1}"


def entered_besides(posting: Posting) -> Grant | None:
    """Another grant on the paper of this posting that pays: it waits to be decided, stands, or came back."""
    given = Grant.objects.filter(posting=posting).first()
    if given is None:
        return None
    base, _turn = _turn_of(given.paper_number)
    came_back = Exists(Correction.objects.filter(posting=OuterRef("posting"), state=CorrectionState.UPHELD))
    pays = Q(state=GrantState.PROPOSED) | Q(state=GrantState.APPROVED) & (Q(posting__reversed_by=None) | came_back)
    others = Grant.objects.filter(pays, person=given.person_id, paper_number__istartswith=base).exclude(pk=given.pk)
    return next((one for one in others.order_by("id") if _turn_of(one.paper_number)[0] == base), None)


def _turn_of(paper: str) -> tuple[str, int]:
    """The number on the paper itself, and how often it has been entered anew."""
    found = CORRECTED.search(paper)
    return (paper[: found.start()].upper(), int(found[0][2:])) if found else (paper.upper(), 0)


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
