"""Who is told that a step was taken: one table of data, for every action of the machine.

A reporter, the first or one who joined, hears at least what a follower hears. Whoever is not told has a reason here: a
new action cannot be forgotten, a test walks the table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from huipai.cases.fact_words import Fact
from huipai.cases.words import Action

# Steps of one transaction, or of one minute, are one notice: the last of them.
A_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Heard:
    """The fact of a step, and the kinds of notice that tell its reporters and its followers; empty: they are not told.

    What waits for an answer of its own is never told in place of something else, nor the other way round.
    """

    fact: Fact
    reporters: str = ""
    followers: str = ""
    why_not: str = ""
    stands_alone: bool = False


def _along(fact: Fact) -> str:
    return f"along.{fact.removeprefix('case.')}"


def _both(fact: Fact, reporters: str = "") -> Heard:
    return Heard(fact, reporters or str(fact), _along(fact))


def _nobody(fact: Fact, why_not: str) -> Heard:
    return Heard(fact, why_not=why_not)


# Kinds to reporters where the fact's own tells somebody else.
REDONE = "case.being_redone"
AGAIN = "case.worked_on_again"
LOOKED_AT_AGAIN = "case.looked_at_again"

_INSIDE = "Inside; what is decided then is told."
_OTHER_HANDS = "Other hands, the same promise."
_WHO_HAS_IT = "Whoever has it in hand is told."

HEARD: dict[Action, Heard] = {
    Action.REPORT: _nobody(Fact.REPORTED, "Who sends it sees it, and nobody follows yet."),
    Action.ACCEPT: _both(Fact.ACCEPTED),
    Action.DECLINE: _both(Fact.DECLINED),
    Action.RESPOND: _both(Fact.RESPONDED),
    Action.HANDLE_ON_THE_SPOT: _both(Fact.RESPONDED),
    Action.DRAW_CHECK: _nobody(Fact.CHECK_DRAWN, "Who was drawn is told; a look is blind."),
    Action.SKIP_CHECK: _both(Fact.CHECK_SKIPPED),
    Action.LAPSE_CHECK: _nobody(Fact.CHECK_LAPSED, "Somebody else is drawn; what comes of the look is told."),
    Action.PASS_CHECK: _both(Fact.CHECK_PASSED),
    Action.FAIL_CHECK: _both(Fact.CHECK_FAILED, REDONE),
    Action.AGREE: _both(Fact.AGREED),
    Action.CONFIRM: _both(Fact.CONFIRMED),
    Action.CLOSE_UNANSWERED: _both(Fact.UNANSWERED),
    Action.DISPUTE: _both(Fact.DISPUTED, AGAIN),
    Action.MERGE: _both(Fact.MERGED),
    Action.WITHDRAW: Heard(
        Fact.WITHDRAWN, followers=_along(Fact.WITHDRAWN), why_not="It is the word of the only reporter there is."
    ),
    Action.PASS_ON: _nobody(Fact.REASSIGNED, _OTHER_HANDS),
    Action.TAKE_OVER: _nobody(Fact.REASSIGNED, _OTHER_HANDS),
    Action.HAND_UP: _nobody(Fact.HANDED_UP, _INSIDE),
    Action.VERIFY: _nobody(Fact.VERIFY_ASKED, _INSIDE),
    Action.VOUCH: _nobody(Fact.VOUCHED, _INSIDE),
    Action.LAPSE_VERIFY: _nobody(Fact.VERIFY_LAPSED, _INSIDE),
    Action.FILE: _both(Fact.FILED),
    Action.NOT_FILE: _both(Fact.NOT_FILED),
    Action.VOID: _both(Fact.VOIDED),
    Action.ASK_REVIEW: _both(Fact.REVIEW_ASKED, LOOKED_AT_AGAIN),
    Action.DISPATCH: _both(Fact.DISPATCHED),
    Action.RULE: Heard(Fact.RULED, Fact.RULED, why_not="Neighbours hear which unit takes it on, not what it took."),
    Action.SIGN: _both(Fact.SIGNED),
    Action.RETURN: Heard(Fact.RETURNED, Fact.RETURNED, why_not="Neighbours hear which unit has it next."),
    Action.RECALL: _nobody(Fact.RECALLED, "Where it goes next is told."),
    Action.ASK_EXTENSION: _nobody(Fact.EXTENSION_ASKED, "What the hub decides is told."),
    Action.GRANT_EXTENSION: _both(Fact.EXTENSION_GRANTED),
    Action.REFUSE_EXTENSION: _nobody(Fact.EXTENSION_REFUSED, "The promised day stays."),
    Action.LAPSE_EXTENSION: _nobody(Fact.EXTENSION_LAPSED, "The promised day stays."),
    Action.SUSPEND: _both(Fact.SUSPENDED),
    Action.UNSUSPEND: _both(Fact.UNSUSPENDED),
    Action.ASK: Heard(
        Fact.QUESTION_ASKED, Fact.QUESTION_ASKED, why_not="It is put to who reported it.", stands_alone=True
    ),
    Action.ANSWER: _nobody(Fact.QUESTION_ANSWERED, "Who asked is told."),
    Action.LAPSE_QUESTION: _nobody(Fact.QUESTION_LAPSED, "Who asked is told; it goes on."),
    Action.TAKE_BACK_QUESTION: Heard(
        Fact.QUESTION_TAKEN_BACK, Fact.QUESTION_TAKEN_BACK, why_not="It was put to who reported it."
    ),
    Action.URGE: _nobody(Fact.URGED, _WHO_HAS_IT),
    Action.SUPERVISE: _nobody(Fact.SUPERVISED, _WHO_HAS_IT),
    Action.SPLIT: _nobody(Fact.SPLIT, "Its reporters hear of the whole."),
    Action.RETYPE: _nobody(Fact.RETYPED, "Its day is counted from the same start; the page says it."),
    Action.SEND_BACK_PART: _nobody(Fact.PART_SENT_BACK, "Its reporters are asked about the whole."),
    Action.CLOSE_PART: _nobody(Fact.PART_DONE, "Its reporters are asked about the whole."),
}

# What was told a moment ago gives way to the next of these.
_STEPS = tuple(heard for heard in HEARD.values() if not heard.stands_alone)
REPORTERS_STEPS = {heard.reporters: heard.fact for heard in _STEPS if heard.reporters}
FOLLOWERS_STEPS = {heard.followers: heard.fact for heard in _STEPS if heard.followers}
