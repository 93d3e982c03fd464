"""What people are told about a case: whom each fact concerns, and in which words.

Nobody is congratulated on a refusal, and nothing is called done that somebody still has to look at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.cases import acting_notices, adding_notices, ended_notices, finding_notices, hub_notices
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Confirmation, Report
from huipai.cases.rules import hearing
from huipai.cases.step_words import WHERE_ELSE
from huipai.cases.whom import (
    Teller,
    Telling,
    answer_by,
    community,
    moment_of,
    promised,
    reporters,
    unchecked,
    unit_name,
    with_unchecked,
)
from huipai.cases.words import ReportState, State
from huipai.journal.models import Entry
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer

# A follower that comes to run later than this, after a long standstill, stays silent: the page says how it stands.
NEWS_FOR = timedelta(days=7)


@transaction.atomic
def tell(*, entry_id: UUID, now: datetime) -> None:
    """Tell whom an entry about a case concerns, once however often this runs.

    The case is held meanwhile: its next step is taken before this or after it, so that one of the two sees the other.
    """
    entry = Entry.objects.get(pk=entry_id)
    if now - entry.happened_at > NEWS_FOR:
        return
    case = case_of(entry)
    for telling in _tellings(entry, case, now):
        to = [person_id for person_id in telling.to if person_id != entry.actor_id]
        if not to:
            continue
        if entry.what == Fact.REASSIGNED and entry.actor_id is None:
            _tell_of_all_that_passed(entry, case, replace(telling, to=to))
        elif telling.kind in hearing.REPORTERS_STEPS:
            tell_the_step(entry, case, replace(telling, to=to), hearing.REPORTERS_STEPS)
        else:
            notices.tell(
                person_ids=to, kind=telling.kind, subject=case.subject, cause=f"entry:{entry.id}",
                now=entry.happened_at, params=telling.params,
            )  # fmt: skip
    ended_notices.overtake(entry, case, now)


def _tell_of_all_that_passed(entry: Entry, case: Case, telling: Telling) -> None:
    """What one colleague leaves at one time comes to the next as one notice, with its number."""
    notices.tell_together(
        person_ids=telling.to, kind=telling.kind, subject=case.subject, now=entry.happened_at,
        cause=f"passed:{entry.facts['before']}:{entry.happened_at.timestamp()}:{telling.kind}",
        within=hearing.A_MOMENT, code=case.code,
    )  # fmt: skip


def case_of(entry: Entry) -> Case:
    """The case of an entry, held until the transaction ends."""
    held = Case.objects.select_for_update(of=("self",), no_key=True).select_related("merged_into", "node")
    return held.get(pk=UUID(entry.subject.removeprefix("case:")))


def tell_the_step(entry: Entry, case: Case, telling: Telling, steps: Mapping[str, Fact]) -> None:
    """Tell a step in place of what was told a moment before; nothing where the next of these steps came a moment later.

    `steps`: the kinds of notice that these people are told steps by, and the fact of each.
    """
    soon_after = Entry.objects.filter(
        subject=entry.subject, what__in=set(steps.values()), happened_at__gte=entry.happened_at,
        happened_at__lt=entry.happened_at + hearing.A_MOMENT,
    )  # fmt: skip
    if any((next.happened_at, next.id) > (entry.happened_at, entry.id) for next in soon_after):
        return
    notices.tell_the_latest(
        person_ids=telling.to, kind=telling.kind, subject=case.subject, cause=f"entry:{entry.id}",
        now=entry.happened_at, within=hearing.A_MOMENT, instead_of=steps, told_of=_merged_with(entry, case),
        params=telling.params,
    )  # fmt: skip


def _merged_with(entry: Entry, case: Case) -> list[str]:
    """Of a merge, what else came to the case that goes on: whose two reports come there at once reads of it once."""
    into = case.merged_into if entry.what == Fact.MERGED else None
    return [one.subject for one in into.merged.all()] if into is not None else []


def merged_a_moment_later(entry: Entry, case: Case) -> list[Entry]:
    """What came to the same case a moment after this merge, which is told in its place."""
    until = entry.happened_at + hearing.A_MOMENT
    found = Entry.objects.filter(
        what=Fact.MERGED, subject__in=_merged_with(entry, case), happened_at__gte=entry.happened_at,
        happened_at__lt=until,
    )  # fmt: skip
    return [one for one in found if (one.happened_at, one.id) > (entry.happened_at, entry.id)]


# --- Whom a fact concerns.
def _of_the_acceptance(entry: Entry, case: Case, now: datetime) -> Telling:
    return reporters(entry, case, now, **promised(case, now))


def _of_the_new_date(entry: Entry, case: Case, now: datetime) -> Telling:
    """Who was promised a date once the calendar would be known; nobody where it only dates a unit's order."""
    before = entry.facts.get("due_before")
    if before is None or case.due_at is None or case.ended_at is not None:
        return Telling([], entry.what, {})
    return reporters(entry, case, now, **promised(case, now), is_moved=bool(before))


def _of_the_close(entry: Entry, case: Case, now: datetime) -> Telling:
    return reporters(entry, case, now, **unchecked(case))


def _of_the_refusal(entry: Entry, case: Case, now: datetime) -> Telling:
    return reporters(entry, case, now, reason=str(entry.facts.get("reason", "")))


def _of_the_merge(entry: Entry, case: Case, now: datetime) -> Telling:
    """Whose reports moved; they are led to the case that goes on, and read how far that is."""
    into, asked = _asked_by_the_merge(entry, case)
    to = [person_id for person_id in _moved(entry, case) if person_id not in asked]
    return Telling(to, entry.what, {"code": into.code, "state": str(into.state)})


def _of_the_merge_who_are_asked(entry: Entry, case: Case, now: datetime) -> Telling:
    """Whose word is waited for at once: what goes on is done and checked already."""
    into, asked = _asked_by_the_merge(entry, case)
    to = [person_id for person_id in _moved(entry, case) if person_id in asked]
    until = max(asked.values()) if asked else now
    return Telling(to, entry.what, {"code": into.code, "until": int(until.timestamp())})


def _moved(entry: Entry, case: Case) -> list[UUID]:
    """Whose reports moved by this merge, less those who read of the next one."""
    later = {person for one in merged_a_moment_later(entry, case) for person in _reporters_moved_by(one)}
    return [person for person in _reporters_moved_by(entry) if person not in later]


def _reporters_moved_by(entry: Entry) -> list[UUID]:
    moved = Report.objects.filter(pk__in=[UUID(str(id)) for id in entry.facts["reports"]])
    return list(moved.values_list("reporter_id", flat=True))


def _asked_by_the_merge(entry: Entry, case: Case) -> tuple[Case, dict[UUID, datetime]]:
    """What goes on, and whose word it waits for, until when."""
    into = case.merged_into
    assert into is not None
    open_questions = Confirmation.objects.filter(case=into, round=into.round, answer="", case__state=State.CONFIRMING)
    return into, dict(open_questions.values_list("report__reporter_id", "until"))


def _of_the_worker(entry: Entry, case: Case, now: datetime) -> Telling:
    """Who works on it now, at a unit too; the queue's community where nobody does."""
    if case.unit_id is not None:
        return hub_notices.of_the_unit(entry, case, now)
    if case.worker_id is None:
        return Telling(community(case, now), WAITS, {"code": case.code})
    return Telling([case.worker_id], entry.what, {"code": case.code})


def _of_who_looks_after_it(entry: Entry, case: Case, now: datetime) -> Telling:
    """Whoever works on it; of what is done or lies in the queue, the community."""
    if case.worker_id is None or case.ended_at is not None:
        return Telling(community(case, now), entry.what, {"code": case.code})
    return Telling([case.worker_id], entry.what, {"code": case.code})


def _of_the_draw(entry: Entry, case: Case, now: datetime) -> Telling:
    """Who was drawn; nobody if the look has been taken or drawn anew meanwhile."""
    check = case.checks.filter(pk=UUID(str(entry.facts["check"])), result="").first()
    if check is None:
        return Telling([], entry.what, {})
    return Telling([check.checker_id], entry.what, {"check": str(check.id)})


def _of_the_hub(entry: Entry, case: Case, now: datetime) -> Telling:
    return Telling(community(case, now), entry.what, {"code": case.code})


def _of_the_others_who_were_asked(entry: Entry, case: Case, now: datetime) -> Telling:
    """Who was asked too: the question is gone, it is worked on again."""
    return Telling(reporters(entry, case, now).to, hearing.AGAIN, {"code": case.code})


def _of_the_response(entry: Entry, case: Case, now: datetime) -> Telling:
    return reporters(entry, case, now, unit=unit_name(entry))


def _of_the_rework(entry: Entry, case: Case, now: datetime) -> Telling:
    return Telling(reporters(entry, case, now).to, hearing.REDONE, {"code": case.code})


def _of_who_kept_it_private(entry: Entry, case: Case, now: datetime) -> Telling:
    kept = Report.objects.filter(case=case, is_kept_private=True).exclude(state=ReportState.WITHDRAWN)
    return Telling(list(kept.values_list("reporter_id", flat=True)), entry.what, {"code": case.code})


WAITS = "case.waits_for_a_worker"
_TELLERS: dict[str, tuple[Teller, ...]] = {
    Fact.ACCEPTED: (_of_the_acceptance,),
    Fact.DECLINED: (_of_the_refusal,),
    Fact.DUE_RECOMPUTED: (_of_the_new_date,),
    Fact.MERGED: (_of_the_merge, _of_the_merge_who_are_asked),
    Fact.OPENED: (_of_who_kept_it_private,),
    Fact.CHECK_PASSED: (reporters,),
    Fact.CHECK_SKIPPED: (_of_the_response,),
    Fact.TOLD: (reporters,),
    Fact.PLACED: (reporters,),
    Fact.CONFIRMED: (_of_the_close,),
    Fact.UNANSWERED: (_of_the_close,),
    Fact.CHECK_DRAWN: (_of_the_draw,),
    Fact.CHECK_FAILED: (_of_the_worker, _of_the_rework),
    Fact.RESPONDED: (_of_the_response,),
    Fact.AGREED: (reporters,),
    Fact.PART_SENT_BACK: (_of_the_worker,),
    Fact.DISPUTED: (_of_the_worker, _of_the_others_who_were_asked),
    Fact.REASSIGNED: (_of_the_worker,),
    Fact.JOINED: (_of_the_worker,),
    Fact.STILL_THERE: (_of_who_looks_after_it, hub_notices.who_works_on_it),
    Fact.NO_CHECKER: (_of_the_hub,),
}
_ALL = (_TELLERS, hub_notices.TELLERS, finding_notices.TELLERS, acting_notices.TELLERS, adding_notices.TELLERS)
# Of which somebody is told, and what puts an end to it.
TELLING = tuple(dict.fromkeys(what for tellers in _ALL for what in tellers))
TOLD = tuple(dict.fromkeys((*TELLING, *ended_notices.FOLLOWED)))


def _tellings(entry: Entry, case: Case, now: datetime) -> list[Telling]:
    tellers = [teller for tellers in _ALL for teller in tellers.get(entry.what, ())]
    return [*(teller(entry, case, now) for teller in tellers), *ended_notices.tellings(entry, case, now)]


# --- In which words.
def _words(
    title: str | Promise, text: str | Promise, _subject: str, params: Mapping[str, object]
) -> Wording:  # fmt: skip
    return Wording(title, text, _case_page(params))


def _closed(title: str | Promise, text: str | Promise, subject: str, params: Mapping[str, object]) -> Wording:
    """A close without a check says so (ruling 9)."""
    return _words(with_unchecked(title, params), text, subject, params)


def _case_page(params: Mapping[str, object]) -> str | Promise:
    return reverse_lazy("cases:detail", args=[str(params["code"])])


def _passed(_subject: str, params: Mapping[str, object]) -> Wording:
    codes, text = _codes_of(params), _("时间接着原来的算")
    if len(codes) > 1:
        title = _("有 %(num)s 件事转给您接着办") % {"num": len(codes)}
        return Wording(title, text, reverse_lazy("cases:today"))
    return Wording(_("有 1 件事转给您接着办"), text, _case_page({"code": codes[0]}))


def _waits(_subject: str, params: Mapping[str, object]) -> Wording:
    codes, text = _codes_of(params), _("现在没有能接着办的人，请安排一位")
    if len(codes) > 1:
        return Wording(_("有 %(num)s 件事等人接") % {"num": len(codes)}, text, reverse_lazy("cases:desk"))
    return Wording(_("有 1 件事等人接"), text, _case_page({"code": codes[0]}))


def _codes_of(params: Mapping[str, object]) -> list[str]:
    """Those of many things; notices from before tell of one."""
    codes = params.get("codes")
    return [str(code) for code in codes] if isinstance(codes, list) else [str(params["code"])]


def _accepted(_subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(_("网格员接下了您报的事"), answer_by(params), _case_page(params))


def _dated(_subject: str, params: Mapping[str, object]) -> Wording:
    is_moved = params.get("is_moved")
    title = _("放假安排变了，您报的事换了日子") if is_moved else _("放假安排公布了，您报的事有了日子")
    return Wording(title, answer_by(params), _case_page(params))


def _declined(_subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(_("您报的事这次没受理"), WHERE_ELSE.get(str(params.get("reason")), ""), _case_page(params))


_HOW_FAR: dict[str, str | Promise] = {
    State.RESPONDED: _("那一件已经办完，正在请人去看，看过再问您"),
    State.CHECKING: _("那一件已经办完，正在请人去看，看过再问您"),
    State.CONFIRMING: _("那一件已经办完，点开看看"),
    State.SUSPENDED: _("那一件先放一放，接着办的日子写在里面"),
}


def _merged(_subject: str, params: Mapping[str, object]) -> Wording:
    if "until" not in params:
        text = _HOW_FAR.get(str(params.get("state")), _("办好了照样来问您"))
        return Wording(_("和另一件是同一件，合在一起办"), text, _case_page(params))
    by = _("解决没有，%(when)s 前点一下；没有答复就先办结") % {"when": moment_of(int(str(params["until"])))}
    return Wording(_("和另一件是同一件，那件办完了，等您来看"), by, _case_page(params))


def _responded(_subject: str, params: Mapping[str, object]) -> Wording:
    unit = params.get("unit")
    title = _("%(unit)s说您报的事办完了") % {"unit": unit} if unit else _("网格员说您报的事办完了")
    return Wording(title, _("先请一位没经手的人去看，看过了来问您"), _case_page(params))


def _skipped(_subject: str, params: Mapping[str, object]) -> Wording:
    unit = params.get("unit")
    title = _("%(unit)s说办了，您来看看") % {"unit": unit} if unit else _("网格员说办了，您来看看")
    return Wording(title, _("这一类只抽查，这一件没有抽到，您的话最要紧"), _case_page(params))


def _drawn(_subject: str, params: Mapping[str, object]) -> Wording:
    page = reverse_lazy("cases:check", args=[str(params["check"])])
    return Wording(_("抽到您去核查 1 件"), _("去现场看一眼，好了没有，拍一张"), page)


WORDINGS: dict[str, Writer] = {
    Fact.ACCEPTED: _accepted,
    Fact.DECLINED: _declined,
    Fact.DUE_RECOMPUTED: _dated,
    Fact.MERGED: _merged,
    Fact.OPENED: partial(_words, _("您报的事和邻居看得到的一件合在一起办"), _("您拍的照片和写的话，邻居照样看不到")),
    Fact.CHECK_PASSED: partial(_words, _("办好了，您来看看"), _("解决没有，点一下；三天没有答复就先办结")),
    Fact.CHECK_SKIPPED: _skipped,
    Fact.PLACED: partial(_words, _("您报的事，位置定了"), _("点开看是不是那里")),
    Fact.TOLD: partial(_words, _("您报的事有一句话告诉您"), _("点开看看")),
    Fact.CONFIRMED: partial(_closed, _("您报的事办结了"), _("上报的人说解决了")),
    Fact.UNANSWERED: partial(_closed, _("三天没有答复，先办结了"), _("要是还没解决，再拍一张报给我们")),
    Fact.CHECK_DRAWN: _drawn,
    Fact.CHECK_FAILED: partial(_words, _("核查没通过，要返工"), _("还差什么，写在里面")),
    Fact.PART_SENT_BACK: partial(_words, _("联动中心把这一份退回重办"), _("还差什么，写在里面")),
    Fact.DISPUTED: partial(_words, _("上报人说还没有，重新办"), _("时间接着原来的算")),
    Fact.RESPONDED: _responded,
    Fact.AGREED: partial(_words, _("一位邻居说解决了，还等您看"), _("解决没有，点一下；三天没有答复就先办结")),
    hearing.REDONE: partial(_words, _("核查没通过，您报的事要返工"), _("办完再来问您，时间接着原来的算")),
    hearing.AGAIN: partial(_words, _("另一位邻居说还没有，重新办"), _("办完再来问您，时间接着原来的算")),
    Fact.REASSIGNED: _passed,
    Fact.NO_CHECKER: partial(_words, _("有 1 件没有抽到核查人"), _("能去看的人都经过手，请补一位核查员")),
    **hub_notices.WORDINGS,
    **finding_notices.WORDINGS,
    **acting_notices.WORDINGS,
    **adding_notices.WORDINGS,
    **ended_notices.WORDINGS,
    Fact.JOINED: partial(_words, _("又有一位邻居报了这件事"), _("新照片补进去了，帮您看得更清楚")),
    Fact.STILL_THERE: partial(_words, _("有人说还在"), _("只是提醒，不改变这件事走到哪一步")),
    WAITS: _waits,
}
