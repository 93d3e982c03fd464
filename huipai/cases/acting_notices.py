"""What an elder is told of what a helper did in their name: what it was, and where it says who and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.cases.fact_words import AT_THE_COUNTER, Fact
from huipai.cases.models import Case
from huipai.cases.whom import Teller, Telling
from huipai.journal.models import Entry
from huipai.notices.words import Wording, Writer

_TITLES: Mapping[str, str | Promise] = {
    Fact.REPORTED: _("您的帮手替您报了一件事"),
    Fact.JOINED: _("您的帮手替您报了一件事，邻居也报过"),
    Fact.ADDED: _("您的帮手替您补充了"),
    Fact.CORRECTED: _("您的帮手替您改了报的内容"),
    Fact.WITHDRAWN: _("您的帮手替您撤回了一件事"),
    Fact.QUESTION_ANSWERED: _("您的帮手替您回答了一句"),
    Fact.AGREED: _("您的帮手替您说：解决了"),
    Fact.CONFIRMED: _("您的帮手替您说：解决了"),
    Fact.DISPUTED: _("您的帮手替您说：还没有解决"),
    Fact.REVIEW_ASKED: _("您的帮手替您申请了复核"),
    Fact.FINDING_APPEALED: _("您的帮手替您申诉了"),
}


def _the_elder(entry: Entry, case: Case, now: datetime) -> Telling:
    params = {"code": case.code, "fact": str(entry.facts.get("fact", "")), "scope": str(entry.facts.get("scope", ""))}
    return Telling([UUID(str(entry.facts["elder"]))], entry.what, params)


TELLERS: dict[str, tuple[Teller, ...]] = {Fact.ACTED_FOR: (_the_elder,)}


def _acted(_subject: str, params: Mapping[str, object]) -> Wording:
    if params.get("scope") == AT_THE_COUNTER:
        text = _("哪一步、什么时候，点开看。不是您说的，打社区电话")
        return Wording(_("窗口凭回执，照您说的记下了一步"), text, reverse_lazy("cases:own", args=[str(params["code"])]))
    title = _TITLES.get(str(params.get("fact")), _("您的帮手替您办了一步"))
    text = _("谁办的、什么时候，点开看。不是您的意思，在“请家人代办”里收回，再打社区电话")
    return Wording(title, text, reverse_lazy("cases:own", args=[str(params["code"])]))


WORDINGS: dict[str, Writer] = {Fact.ACTED_FOR: _acted}
