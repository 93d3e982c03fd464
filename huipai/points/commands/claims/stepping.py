"""Taking one step of the machine: the only place where a claim changes its state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from huipai.journal import commands as journal
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.points.models import Claim, ClaimStep
from huipai.points.rules import claiming
from huipai.points.words import ClaimAction, ClaimFact, ClaimPart, ClaimState


def locked(claim_id: UUID) -> Claim:
    """The claim, held until the transaction ends; other steps on it wait."""
    claims = Claim.objects.select_for_update(of=("self",), no_key=True).select_related("item", "claimant")
    claim = claims.filter(pk=claim_id).first()
    if claim is None:
        raise NotVisible
    return claim


def take(
    claim: Claim,
    action: ClaimAction,
    *,
    part: ClaimPart,
    actor: Person | None,
    now: datetime,
    fact: ClaimFact,
    reason: str = "",
    facts: Mapping[str, object] | None = None,
) -> ClaimStep:
    """Move a locked claim along the machine: state, step and journal change together, or nothing does."""
    row = claiming.step(claim.state, action)
    assert part in row.parts, (action, part)
    last = claim.steps.order_by("-position").values_list("position", "from_state").first()
    position, came_from = last or (0, claim.state)
    before, claim.state = claim.state, row.target if row.target is not None else ClaimState(came_from)
    claim.leased_by, claim.leased_until = None, None
    claim.save()
    step = ClaimStep.objects.create(
        claim=claim, position=position + 1, action=action, from_state=before, to_state=claim.state, part=part,
        actor=actor, reason=reason, happened_at=now,
    )  # fmt: skip
    told = {"from": before, "to": claim.state, **({"reason": reason} if reason else {}), **(facts or {})}
    journal.record(
        what=fact, subject=claim.subject_of_journal, actor_id=actor.id if actor else None, now=now, facts=told
    )
    return step


def last_by(claim: Claim) -> UUID | None:
    """Who took the last step of a claim; None: the system."""
    who: UUID | None = claim.steps.order_by("-position").values_list("actor", flat=True).first()
    return who


def take_back_forgotten(claim: Claim, now: datetime) -> None:
    """Take back a locked claim of somebody who is, or has been, forgotten: nothing of it is paid."""
    claim.public_until, claim.undo_until, claim.evidence_until = None, None, None
    take(claim, ClaimAction.WITHDRAW, part=ClaimPart.CLAIMANT, actor=claim.claimant, now=now, fact=ClaimFact.WITHDRAWN)


def next_position(claim: Claim) -> int:
    """Where the next piece of evidence stands."""
    last: int | None = claim.evidence.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
