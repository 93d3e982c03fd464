"""What is told of findings: to the reporter in plain words with how and until when to appeal; an appeal, to another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Finding
from huipai.cases.whom import Teller, Telling, community, day_of
from huipai.journal.models import Entry
from huipai.notices.words import Wording, Writer

HEARD = "case.finding_heard"


def _finding_of(entry: Entry) -> Finding | None:
    return Finding.objects.filter(pk=UUID(str(entry.facts["finding"]))).first()


def _its_reporter(entry: Entry, case: Case, now: datetime) -> Telling:
    finding = _finding_of(entry)
    if finding is None:
        return Telling([], entry.what, {})
    params = {"finding": str(finding.id), "until": int(finding.appeal_until.timestamp())}
    return Telling([finding.reporter_id], entry.what, params)


def _who_can_hear(entry: Entry, case: Case, now: datetime) -> Telling:
    """Who looks after the place, less who found it: it is not theirs to decide again."""
    finding = _finding_of(entry)
    if finding is None:
        return Telling([], entry.what, {})
    to = [id for id in community(case, now) if id not in (finding.found_by_id, finding.reporter_id)]
    return Telling(to, entry.what, {"finding": str(finding.id)})


def _who_found_it(entry: Entry, case: Case, now: datetime) -> Telling:
    finding = _finding_of(entry)
    if finding is None:
        return Telling([], HEARD, {})
    return Telling([finding.found_by_id], HEARD, {"finding": str(finding.id)})


TELLERS: dict[str, tuple[Teller, ...]] = {
    Fact.FOUND_FALSE: (_its_reporter,),
    Fact.FINDING_APPEALED: (_who_can_hear,),
    Fact.FINDING_UPHELD: (_its_reporter, _who_found_it),
    Fact.FINDING_LIFTED: (_its_reporter, _who_found_it),
}


def _own_page(params: Mapping[str, object]) -> str | Promise:
    return reverse_lazy("cases:own_finding", args=[str(params["finding"])])


def _desk_page(params: Mapping[str, object]) -> str | Promise:
    return reverse_lazy("cases:finding", args=[str(params["finding"])])


def _found(_subject: str, params: Mapping[str, object]) -> Wording:
    day = {"day": day_of(int(str(params["until"])))}
    text = _("看到了什么写在里面。觉得不对，%(day)s前可以申诉，换一个人来看") % day
    return Wording(_("您报的一件事被认定为不属实"), text, _own_page(params))


def _to_the_reporter(title: Promise, text: Promise, _subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(title, text, _own_page(params))


def _to_the_desk(title: Promise, text: Promise, _subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(title, text, _desk_page(params))


WORDINGS: dict[str, Writer] = {
    Fact.FOUND_FALSE: _found,
    Fact.FINDING_APPEALED: partial(_to_the_desk, _("有 1 件不属实认定申诉了"), _("请没认定过的人看，十天没有看就撤销")),
    Fact.FINDING_UPHELD: partial(_to_the_reporter, _("您的申诉看过了，认定没有改"), _("另一个人看的，理由写在里面")),
    Fact.FINDING_LIFTED: partial(_to_the_reporter, _("不属实的认定撤销了"), _("已经划去，对您没有影响")),
    HEARD: partial(_to_the_desk, _("您认定的一件有了结果"), _("结果和理由写在里面")),
}
