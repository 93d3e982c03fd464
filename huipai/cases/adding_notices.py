"""What is told of what a reporter adds: to whoever has it in hand, and never by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.cases import hub_notices
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case
from huipai.cases.rules import whereabouts
from huipai.cases.whom import Teller, Telling, community, hub
from huipai.journal.models import Entry
from huipai.notices.words import Wording, Writer

TO_A_UNIT = "order.added"


def _who_has_it(entry: Entry, case: Case, now: datetime) -> Telling:
    """The unit, the worker, the hub while it looks for one, or the community's queue."""
    if case.unit_id is not None:
        return replace(hub_notices.of_the_unit(entry, case, now), kind=TO_A_UNIT)
    at = {"code": case.code}
    if case.worker_id is not None:
        return Telling([case.worker_id], entry.what, at)
    is_at_the_hub = case.state in whereabouts.AT_THE_HUB
    return Telling(hub(case, now) if is_at_the_hub else community(case, now), entry.what, at)


TELLERS: dict[str, tuple[Teller, ...]] = {Fact.ADDED: (_who_has_it,)}


def _added(page: str, key: str, _subject: str, params: Mapping[str, object]) -> Wording:
    title: str | Promise = _("上报人补充了")
    return Wording(title, _("新说的话和照片在里面，时间照原来的算"), reverse_lazy(page, args=[str(params[key])]))


def _of_a_case(subject: str, params: Mapping[str, object]) -> Wording:
    return _added("cases:detail", "code", subject, params)


def _of_an_order(subject: str, params: Mapping[str, object]) -> Wording:
    return _added("cases:order", "order", subject, params)


WORDINGS: dict[str, Writer] = {Fact.ADDED: _of_a_case, TO_A_UNIT: _of_an_order}
