"""What a slip tells its holder besides the steps: what waits for their word, and what was found about their report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise

from huipai.cases import policies, telling_own, telling_words
from huipai.cases.commands import filing
from huipai.cases.finding_words import FindingState
from huipai.cases.models import Case, Confirmation, Finding, Note, Question, Slip
from huipai.cases.order_words import DAYS_TO_REVIEW
from huipai.cases.policies.at_counter import has_own_pages
from huipai.cases.queries import additions, findings, own
from huipai.cases.words import Audience, Outcome


@dataclass(frozen=True)
class Waits:
    """For the word of somebody who has no pages of their own; nobody's name or number stands in the words."""

    question: Question | None
    asked: str
    confirmation: Confirmation | None
    finding: Finding | None
    grounds: str
    answer: str
    may_appeal: bool
    may_review: bool
    review_until: datetime | None
    why: str | Promise
    may_correct: bool
    may_withdraw: bool
    has_only_joined: bool
    may_add: bool
    has_seen_it: bool
    text: str
    place: str
    is_guessed: bool

    @property
    def is_for_a_word(self) -> bool:
        return bool(self.question or self.confirmation or self.may_appeal or self.may_review)


@dataclass(frozen=True)
class SlipPart:
    """What was split off from the case of a slip: where it stands, why it was refused, what waits for a word."""

    case: Case
    why: str | Promise
    waits: Waits | None


def parts_of(slip: Slip, now: datetime) -> list[SlipPart]:
    """The parts of its case, the first that was split off first."""
    parts = slip.report.case.parts.select_related("case_type", "node").order_by("reported_at", "id")
    return [SlipPart(part, _why(part), waits_for(slip, part, now)) for part in parts]


def _why(part: Case) -> str | Promise:
    """The ground of a refusal and where else to turn, or the words with which it was taken out of the books."""
    if part.outcome not in (Outcome.DECLINED, Outcome.NOT_FILED, Outcome.VOIDED):
        return ""
    last = part.transitions.order_by("-position").first()
    told = Note.objects.filter(transition=last, audience=Audience.PUBLIC).values_list("text", flat=True).first()
    return telling_own.why_refused(part) or telling_words.heard_by_staff(part, told or "")


def waits_for(slip: Slip, case: Case, now: datetime) -> Waits | None:
    """Of the case of the slip or of a part. Nothing for who has an account: it stands on their own pages; nothing for
    who has been forgotten."""
    if (
        slip.reporter.erased_at is not None
        or has_own_pages(slip.reporter, now)
        or not policies.is_reporter_of(slip.reporter, case)
    ):
        return None
    finding = findings.of_report(slip.report_id) if case.id == slip.report.case_id else None
    question = own.question_to(slip.reporter, case)
    return Waits(
        question,
        telling_words.heard_by_staff(case, question.text) if question else "",
        own.confirmation_of(case, slip.reporter),
        finding,
        telling_words.heard_by_staff(case, finding.grounds) if finding else "",
        telling_words.heard_by_staff(case, finding.answer) if finding else "",
        finding is not None and finding.state == FindingState.FOUND and finding.appeal_until > now,
        filing.is_reviewable(case, now) and bool(policies.may_ask_review(slip.reporter, case)),
        case.ended_at + timedelta(days=DAYS_TO_REVIEW) if case.ended_at else None,
        telling_own.why_refused(case),
        policies.may_correct(slip.reporter, case),
        policies.may_withdraw(slip.reporter, case),
        policies.has_only_joined(slip.reporter, case),
        additions.is_in_hand(case) and bool(policies.may_add(slip.reporter, case)),
        additions.has_seen_it(slip.reporter, case, now),
        telling_words.heard_by_staff(case, slip.report.text),
        telling_words.heard_by_staff(case, slip.report.address),
        case.is_guessed,
    )
