"""What a slip tells its holder besides the steps: what waits for their word, and what was found about their report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise

from huipai.cases import policies, telling_own, telling_words
from huipai.cases.commands import filing
from huipai.cases.finding_words import FindingState
from huipai.cases.models import Confirmation, Finding, Question, Slip
from huipai.cases.order_words import DAYS_TO_REVIEW
from huipai.cases.policies.at_counter import has_own_pages
from huipai.cases.queries import additions, findings, own


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
    may_add: bool
    has_seen_it: bool
    text: str
    place: str
    is_guessed: bool

    @property
    def is_for_a_word(self) -> bool:
        return bool(self.question or self.confirmation or self.may_appeal or self.may_review)


def waits_for(slip: Slip, now: datetime) -> Waits | None:
    """Nothing for who has an account: it stands on their own pages."""
    if has_own_pages(slip.reporter, now):
        return None
    case = slip.report.case
    question, finding = own.open_question(case), findings.of_report(slip.report_id)
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
        additions.is_in_hand(case) and bool(policies.may_add(slip.reporter, case)),
        additions.has_seen_it(slip.reporter, case, now),
        telling_words.heard_by_staff(case, slip.report.text),
        telling_words.heard_by_staff(case, slip.report.address),
        case.is_guessed,
    )
