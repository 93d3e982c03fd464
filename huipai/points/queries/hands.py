"""By whose hands points came: they have none in their going back."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from huipai.points.models import Appeal, Claim, Contest, Grant, Objection, Posting, Review

# Of these postings each with somebody who had a hand in it; the database knows them as `points_givers`.
Givers = Callable[[Collection[UUID]], Collection[tuple[UUID, UUID]]]

_givers: tuple[Givers, ...] = ()


def wire_givers(givers: tuple[Givers, ...]) -> None:
    """Name, once at start-up, who else knows such hands; they belong to packages above."""
    global _givers
    _givers = givers


def givers_of(posting_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """The ids of all who had a hand in how each of these postings came: who proposed, entered or judged what it is for,
    who spoke for its claimant, and who decided on what was said against it."""
    of_claims = {"claim__posting__in": posting_ids}
    found = [
        Posting.objects.filter(pk__in=posting_ids).values_list("pk", "actor_id"),
        Grant.objects.filter(posting__in=posting_ids).values_list("posting", "proposed_by"),
        Claim.objects.filter(posting__in=posting_ids).values_list("posting", "entered_by"),
        Review.objects.filter(**of_claims, undone_at=None).values_list("claim__posting", "reviewer"),
        Objection.objects.filter(**of_claims).values_list("claim__posting", "decided_by"),
        Contest.objects.filter(**of_claims).values_list("claim__posting", "decided_by", "filed_by"),
        Appeal.objects.filter(**of_claims).values_list("claim__posting", "filed_by"),
        *(known(posting_ids) for known in _givers),
    ]
    hands: dict[UUID, set[UUID]] = {posting_id: set() for posting_id in posting_ids}
    for rows in found:
        for posting_id, *who in rows:
            if posting_id is not None:
                hands[posting_id].update(hand for hand in who if hand is not None)
    return hands
