"""What followers of a public case are told: each step, in words for a neighbour, and nothing of anybody in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Report
from huipai.cases.notices import NEWS_FOR
from huipai.cases.queries import neighbours
from huipai.cases.words import ReportState
from huipai.journal.models import Entry
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer


def _kind(fact: str) -> str:
    return f"along.{fact.removeprefix('case.')}"


def tell(*, entry_id: UUID, now: datetime) -> None:
    """Tell who follows the case, but for its reporters, who are told as such; nobody of what is not shown any more."""
    entry = Entry.objects.get(pk=entry_id)
    case = Case.objects.get(pk=UUID(entry.subject.removeprefix("case:")))
    if now - entry.happened_at > NEWS_FOR or not _is_or_was_public(entry, case):
        return
    # Who took their report back and follows is a follower like any other.
    reporters = (
        Report.objects.filter(case=case).exclude(state=ReportState.WITHDRAWN).values_list("reporter_id", flat=True)
    )
    left_out = {*reporters, entry.actor_id}
    followers = neighbours.followers_of(case.id).values_list("person_id", flat=True)
    to = [person_id for person_id in followers if person_id not in left_out]
    if to:
        notices.tell(
            person_ids=to, kind=_kind(entry.what), subject=case.subject, cause=f"entry:{entry.id}",
            now=entry.happened_at, params={"code": case.code},
        )  # fmt: skip


def _is_or_was_public(entry: Entry, case: Case) -> bool:
    if entry.what == Fact.DECLINED:
        return case.is_public
    return neighbours.is_shown(case.id)


_TITLES: dict[str, str | Promise] = {
    Fact.ACCEPTED: _("您跟着的事，网格员接下了"),
    Fact.DECLINED: _("您跟着的事，这次没受理"),
    Fact.RESPONDED: _("您跟着的事，说办好了"),
    Fact.CHECK_PASSED: _("您跟着的事，核查过了"),
    Fact.CHECK_FAILED: _("您跟着的事，核查没通过，返工"),
    Fact.CONFIRMED: _("您跟着的事办结了"),
    Fact.UNANSWERED: _("您跟着的事办结了"),
    Fact.DISPUTED: _("您跟着的事，还没办好，重新办"),
}
TOLD = tuple(_TITLES)


def _words(fact: str, _subject: str, params: Mapping[str, object]) -> Wording:
    if fact == Fact.DECLINED:  # not shown to neighbours any more
        return Wording(_TITLES[fact], _("看见别的不对，再拍一张"), reverse_lazy("cases:following"))
    text = _("要是还在，点一下“还在”，办的人看得到")
    return Wording(_TITLES[fact], text, reverse_lazy("cases:public", args=[str(params["code"])]))


WORDINGS: dict[str, Writer] = {_kind(fact): partial(_words, fact) for fact in _TITLES}
