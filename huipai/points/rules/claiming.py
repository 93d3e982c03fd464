"""The life of a claim as one table of data.

Each row is an action: from which states it may be taken, where it leads and who may take it. Commands ask `step`;
property tests walk it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import Moved
from huipai.points.words import ClaimAction as Do
from huipai.points.words import ClaimPart as Part
from huipai.points.words import ClaimState as State

# Where a reviewer's word is waited for.
TO_REVIEW = frozenset({State.AUTO_CHECKED, State.SECOND_REVIEW, State.APPEALED})
# Where nothing has been paid and the claimant may still think better of it.
UNPAID = frozenset({State.DRAFT, State.SUBMITTED, State.REVIEWED, State.PUBLICISED}) | TO_REVIEW
ENDS = frozenset({State.WITHDRAWN, State.EXPIRED})


class ClaimMovedOn(Moved):
    """The claim is no longer where this action begins."""

    code = "claim_moved_on"
    default_reason = _("这条申报刚刚有了新进展，请看最新的一步")


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the machine. `target` None: back to where the last step began."""

    action: Do
    sources: frozenset[State]
    target: State | None
    parts: frozenset[Part]


def _row(action: Do, sources: frozenset[State] | set[State], target: State | None, *parts: Part) -> Step:
    return Step(action, frozenset(sources), target, frozenset(parts))


MACHINE: tuple[Step, ...] = (
    _row(Do.SUBMIT, {State.DRAFT}, State.SUBMITTED, Part.CLAIMANT),
    _row(Do.CHECK, {State.SUBMITTED}, State.AUTO_CHECKED, Part.SYSTEM),
    _row(Do.APPROVE, TO_REVIEW, State.REVIEWED, Part.REVIEWER),
    _row(Do.REFUSE, TO_REVIEW, State.REVIEWED, Part.REVIEWER),
    _row(Do.REFER, TO_REVIEW, State.REVIEWED, Part.REVIEWER),
    _row(Do.UNDO, {State.REVIEWED}, None, Part.REVIEWER),
    _row(Do.ASK_SECOND, {State.REVIEWED}, State.SECOND_REVIEW, Part.SYSTEM),
    # Once more, where an objection was upheld and its claimant was right after all.
    _row(Do.PUBLICISE, {State.REVIEWED, State.UPHELD}, State.PUBLICISED, Part.SYSTEM),
    _row(Do.REJECT, {State.REVIEWED}, State.REJECTED, Part.SYSTEM),
    _row(Do.POST, {State.PUBLICISED}, State.POSTED, Part.SYSTEM),
    # The ledger knows the caps; where one is full when the publicity ends, nothing is paid, and it says why.
    _row(Do.LEAVE_UNPAID, {State.REVIEWED, State.PUBLICISED}, State.REJECTED, Part.SYSTEM),
    _row(Do.OBJECT, {State.PUBLICISED, State.POSTED}, State.OBJECTION, Part.NEIGHBOUR),
    _row(Do.UPHOLD, {State.OBJECTION}, State.UPHELD, Part.REVIEWER),
    _row(Do.DISMISS, {State.OBJECTION}, State.PUBLICISED, Part.REVIEWER),
    _row(Do.DISMISS_POSTED, {State.OBJECTION}, State.POSTED, Part.REVIEWER),
    # The same, where its points had been posted and taken back.
    _row(Do.RESTORE, {State.UPHELD}, State.POSTED, Part.REVIEWER),
    _row(Do.APPEAL, {State.REJECTED}, State.APPEALED, Part.CLAIMANT, Part.HELPER, Part.ENTERER),
    # What an appeal shows is looked at like what the claim showed, before anybody is given it.
    _row(Do.CHECK_APPEAL, {State.APPEALED}, State.APPEALED, Part.SYSTEM),
    _row(Do.WITHDRAW, UNPAID, State.WITHDRAWN, Part.CLAIMANT, Part.HELPER, Part.ENTERER),
    _row(Do.EXPIRE, {State.DRAFT}, State.EXPIRED, Part.SYSTEM),
)
BEGINNINGS = frozenset({State.DRAFT, State.SUBMITTED})

_BY_ACTION = {row.action: row for row in MACHINE}


def step(state: str, action: Do) -> Step:
    """The row by which `action` leaves `state`; refuses with `ClaimMovedOn` where there is none."""
    row = _BY_ACTION[action]
    if state not in row.sources:
        raise ClaimMovedOn
    return row


def allows(state: str, action: Do) -> bool:
    """Whether `action` begins in `state`."""
    return state in _BY_ACTION[action].sources


def states() -> frozenset[State]:
    """Every state that a claim can be in."""
    return BEGINNINGS | {row.target for row in MACHINE if row.target is not None}
