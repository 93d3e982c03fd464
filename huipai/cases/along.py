"""What followers of a public case are told: each step, in words for a neighbour, and nothing of anybody in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Report
from huipai.cases.notices import NEWS_FOR, case_of, merged_a_moment_later, tell_the_step
from huipai.cases.queries import neighbours
from huipai.cases.rules.hearing import FOLLOWERS_STEPS
from huipai.cases.whom import Telling, because, day_of, unchecked, unit_name, with_unchecked
from huipai.cases.words import ReportState
from huipai.journal.models import Entry
from huipai.notices.words import Wording, Writer

_KINDS = {fact: kind for kind, fact in FOLLOWERS_STEPS.items()}
TOLD = tuple(_KINDS)
# Ends that neighbours are not shown any more; whoever follows is told that it is one, for it was shown when they did.
_GONE = frozenset({Fact.DECLINED, Fact.NOT_FILED, Fact.VOIDED, Fact.WITHDRAWN})


@transaction.atomic
def tell(*, entry_id: UUID, now: datetime) -> None:
    """Tell who follows the case, but for its reporters, who are told as such; nobody of what is not shown any more."""
    entry = Entry.objects.get(pk=entry_id)
    if now - entry.happened_at > NEWS_FOR:
        return
    case = case_of(entry)
    telling = _of_the_merge(entry, case) if entry.what == Fact.MERGED else _of_the_step(entry, case)
    if telling.to:
        tell_the_step(entry, case, telling, FOLLOWERS_STEPS)


def _of_the_step(entry: Entry, case: Case) -> Telling:
    followers: list[UUID] = []
    if _is_or_was_public(entry, case):
        followers = list(neighbours.followers_of(case.id).values_list("person_id", flat=True))
    params = {"code": case.code, "unit": unit_name(entry), **_more(entry)}
    if entry.what in (Fact.CONFIRMED, Fact.UNANSWERED):
        params |= unchecked(case)
    return Telling(_less_reporters(followers, entry, case), _KINDS[Fact(entry.what)], params)


def _of_the_merge(entry: Entry, case: Case) -> Telling:
    """Who followed what was merged away: led to what goes on, or told that it goes on where it cannot be shown."""
    into = case.merged_into
    assert into is not None
    later = {id for one in merged_a_moment_later(entry, case) for id in one.facts.get("followers", [])}
    followed = [UUID(str(id)) for id in entry.facts.get("followers", []) if id not in later]
    params = {"code": into.code if neighbours.is_shown(into.id) else "", "is_public": into.is_public}
    return Telling(_less_reporters(followed, entry, into), _KINDS[Fact.MERGED], params)


def followers_of_shown(entry: Entry, case: Case) -> list[UUID]:
    """Who follows a case that neighbours may see, but for its reporters and who did it."""
    if not neighbours.is_shown(case.id):
        return []
    followers = list(neighbours.followers_of(case.id).values_list("person_id", flat=True))
    return _less_reporters(followers, entry, case)


def _less_reporters(people: list[UUID], entry: Entry, case: Case) -> list[UUID]:
    """Who took their report back and follows is a follower like any other."""
    reports = Report.objects.filter(case=case).exclude(state=ReportState.WITHDRAWN)
    left_out = {*reports.values_list("reporter_id", flat=True), entry.actor_id}
    return [person_id for person_id in people if person_id not in left_out]


def _is_or_was_public(entry: Entry, case: Case) -> bool:
    return case.is_public if entry.what in _GONE else neighbours.is_shown(case.id)


def _more(entry: Entry) -> dict[str, object]:
    return {key: entry.facts[key] for key in ("until", "reason") if key in entry.facts}


# --- In which words.
_STILL_THERE = _("要是还在，点一下“还在”，办的人看得到")
_ASKED = _("先等上报的人说解决没有。要是还在，点一下“还在”")
_SAID: dict[Fact, tuple[str | Promise, str | Promise]] = {
    Fact.ACCEPTED: (_("您跟着的事，网格员接下了"), ""),
    Fact.FILED: (_("您跟着的事立案了"), _("街道联动中心来派")),
    Fact.CHECK_PASSED: (_("您跟着的事，核查过了"), _ASKED),
    Fact.CHECK_SKIPPED: (_("您跟着的事，说办完了"), _("这一类只抽查，这一件没有抽到。要是还在，点一下“还在”")),
    Fact.CHECK_FAILED: (_("您跟着的事，核查没通过，返工"), ""),
    Fact.AGREED: (_("您跟着的事，一位上报人说解决了"), _("还等另一位上报人来说")),
    Fact.CONFIRMED: (_("您跟着的事办结了"), _("上报的人说解决了。要是还在，点一下“还在”")),
    Fact.UNANSWERED: (_("您跟着的事先办结了"), _("上报的人三天没有答复。要是还在，点一下“还在”")),
    Fact.DISPUTED: (_("您跟着的事，还没办好，重新办"), ""),
    Fact.REVIEW_ASKED: (_("您跟着的事，换一个人重新看"), _("上次没有办，上报的人申请了复核")),
}
_ENDED: dict[Fact, tuple[str | Promise, str | Promise]] = {
    Fact.DECLINED: (_("您跟着的事，这次没受理"), _("看见别的不对，再拍一张")),
    Fact.NOT_FILED: (_("您跟着的事，这次没有立案"), _("街道不办这一件了。情况有变化，再拍一张")),
    Fact.VOIDED: (_("您跟着的事作废了"), _("这一条不再办。要是真有这件事，再拍一张报给我们")),
    Fact.WITHDRAWN: (_("您跟着的事，上报的人撤回了"), _("这一条不再办。要是还在，再拍一张报给我们")),
}
_OF_A_UNIT: dict[Fact, str | Promise] = {
    Fact.DISPATCHED: _("您跟着的事派给%(unit)s去办"),
    Fact.SIGNED: _("%(unit)s接下了您跟着的事"),
    Fact.UNSUSPENDED: _("%(unit)s接着办您跟着的事"),
}


def _public_page(params: Mapping[str, object]) -> str | Promise:
    return reverse_lazy("cases:public", args=[str(params["code"])])


def _said(fact: Fact, _subject: str, params: Mapping[str, object]) -> Wording:
    title, text = _SAID[fact]
    return Wording(with_unchecked(title, params), text, _public_page(params))


def _ended(fact: Fact, _subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(*_ENDED[fact], reverse_lazy("cases:following"))


def _of_a_unit(fact: Fact, _subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(str(_OF_A_UNIT[fact]) % {"unit": params["unit"]}, "", _public_page(params))


def _responded(_subject: str, params: Mapping[str, object]) -> Wording:
    unit = params.get("unit")
    title = _("%(unit)s说您跟着的事办完了") % {"unit": unit} if unit else _("网格员说您跟着的事办完了")
    return Wording(title, _STILL_THERE, _public_page(params))


def _longer(_subject: str, params: Mapping[str, object]) -> Wording:
    title = _("您跟着的事要多等几天，%(unit)s在办") % {"unit": params["unit"]}
    return Wording(title, because(params), _public_page(params))


def _suspended(_subject: str, params: Mapping[str, object]) -> Wording:
    day = {"day": day_of(int(str(params["until"])))}
    return Wording(_("您跟着的事先放一放，%(day)s接着办") % day, because(params), _public_page(params))


def _merged(_subject: str, params: Mapping[str, object]) -> Wording:
    if not params["is_public"]:
        text = _("那一件不给邻居看，看不到往后的进展，您不用再跟着了")
        return Wording(_("您跟着的事并到另一件不公开的事里办了"), text, reverse_lazy("cases:following"))
    title = _("您跟着的事和另一件是同一件，合在一起办")
    if not params["code"]:
        return Wording(title, _("照片还没有放出来，放出来了就看得到"), reverse_lazy("cases:following"))
    return Wording(title, _("往后的每一步照样告诉您"), _public_page(params))


_WRITERS: dict[Fact, Writer] = {
    **{fact: partial(_said, fact) for fact in _SAID},
    **{fact: partial(_ended, fact) for fact in _ENDED},
    **{fact: partial(_of_a_unit, fact) for fact in _OF_A_UNIT},
    Fact.RESPONDED: _responded,
    Fact.EXTENSION_GRANTED: _longer,
    Fact.SUSPENDED: _suspended,
    Fact.MERGED: _merged,
}
WORDINGS: dict[str, Writer] = {_KINDS[fact]: writer for fact, writer in _WRITERS.items()}
