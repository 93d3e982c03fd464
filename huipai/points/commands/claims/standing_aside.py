"""A reviewer says that somebody is too close to be judged by them; their claims are not offered any more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from huipai.journal import commands as journal
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.points import policies
from huipai.points.models import Claim, Conflict
from huipai.points.words import ClaimFact


@transaction.atomic
def stand_aside(*, reviewer: Person, claim_id: UUID, now: datetime) -> Conflict:
    """From now on nothing of this claimant comes to this reviewer; said twice is once."""
    policies.may_enter_reviews(reviewer, now).require()
    claim = Claim.objects.filter(pk=claim_id).exclude(claimant=reviewer).first()
    if claim is None:
        raise NotVisible
    Claim.objects.filter(pk=claim_id, leased_by=reviewer).update(leased_by=None, leased_until=None)
    standing = Conflict.objects.filter(reviewer=reviewer, person_id=claim.claimant_id, ended_at=None)
    try:
        with transaction.atomic():
            conflict, made = standing.get_or_create(
                defaults={"reviewer": reviewer, "person_id": claim.claimant_id, "declared_at": now}
            )
    except IntegrityError:
        conflict, made = standing.get(), False
    if made:
        _tell(ClaimFact.CONFLICT_DECLARED, conflict, reviewer, now)
    return conflict


@transaction.atomic
def stand_by_again(*, reviewer: Person, conflict_id: UUID, now: datetime) -> Conflict:
    """Take such a word back."""
    conflict = (
        Conflict.objects.select_for_update(of=("self",), no_key=True).filter(pk=conflict_id, reviewer=reviewer).first()
    )
    if conflict is None:
        raise NotVisible
    if conflict.ended_at is None:
        conflict.ended_at = now
        conflict.save(update_fields=["ended_at"])
        _tell(ClaimFact.CONFLICT_ENDED, conflict, reviewer, now)
    return conflict


def _tell(fact: ClaimFact, conflict: Conflict, reviewer: Person, now: datetime) -> None:
    journal.record(
        what=fact, subject=f"conflict:{conflict.id}", actor_id=reviewer.id, now=now,
        facts={"person": str(conflict.person_id)},
    )  # fmt: skip
