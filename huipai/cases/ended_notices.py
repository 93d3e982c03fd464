"""What is over: whoever had a case in hand hears it, and nobody is rung any more for what they were asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.cases import hub_notices
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, WorkOrder
from huipai.cases.order_words import OrderState
from huipai.cases.rules.whereabouts import WITH_THE_WORKER
from huipai.cases.whom import Telling, of_unit
from huipai.cases.words import State
from huipai.journal.models import Entry
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer

ORDER_OVER, WORK_OVER = "order.over", "case.work_over"

# Why there is nothing to do any more; never who said so.
_WHY: Mapping[str, Promise] = {
    Fact.VOIDED: _("这件事作废了"),
    Fact.NOT_FILED: _("这件事没有立案"),
    Fact.DECLINED: _("这件事没有受理"),
    Fact.MERGED: _("和另一件是同一件，合在一起办"),
    Fact.WITHDRAWN: _("报的人撤回了"),
    Fact.CONFIRMED: _("这件事办结了"),
    Fact.UNANSWERED: _("这件事办结了"),
    Fact.PART_DONE: _("这件事办结了"),
}
ENDS = tuple(_WHY)

# Whether it is solved, asked of whoever reported it.
_TO_BE_SEEN = (Fact.CHECK_PASSED, Fact.CHECK_SKIPPED, Fact.AGREED, Fact.MERGED)
_OF_AN_ORDER = (
    hub_notices.NEW_ORDER, hub_notices.REWORK, hub_notices.PRESSED, hub_notices.STILL_THERE, Fact.ORDER_UNREAD,
    Fact.ORDER_PASSED_ON,
)  # fmt: skip
_OF_A_CASE = (
    *_OF_AN_ORDER, hub_notices.WORKER_PRESSED, hub_notices.UNREAD_AT_THE_HUB, hub_notices.BACK_AT_THE_HUB,
    hub_notices.UNIT_GONE, hub_notices.UNIT_EMPTY, hub_notices.WAITS_FOR_THE_HUB, Fact.REVIEW_ASKED, Fact.VERIFY_ASKED,
    Fact.EXTENSION_ASKED, Fact.URGED, Fact.QUESTION_ASKED, Fact.CHECK_DRAWN, Fact.CHECK_FAILED, Fact.DISPUTED,
    Fact.PART_SENT_BACK, Fact.NO_CHECKER, *_TO_BE_SEEN,
)  # fmt: skip

_TO_BE_DECIDED = (
    hub_notices.WAITS_FOR_THE_HUB, hub_notices.BACK_AT_THE_HUB, hub_notices.UNIT_GONE, hub_notices.UNIT_EMPTY,
    Fact.REVIEW_ASKED, Fact.VERIFY_ASKED,
)  # fmt: skip
# By whoever has the work in hand. Who helps them may not have read their own order yet.
_TO_BE_DONE = (
    hub_notices.PRESSED, hub_notices.WORKER_PRESSED, hub_notices.REWORK, hub_notices.STILL_THERE, Fact.URGED,
    Fact.CHECK_FAILED, Fact.PART_SENT_BACK, Fact.DISPUTED,
)  # fmt: skip

# By fact, which of the kinds told of the case before it ask nobody for anything any more, whoever was told.
OVERTAKES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(ENDS, _OF_A_CASE),
    **dict.fromkeys((Fact.FILED, Fact.DISPATCHED, Fact.RULED), _TO_BE_DECIDED),
    **dict.fromkeys((Fact.VOUCHED, Fact.VERIFY_LAPSED), (Fact.VERIFY_ASKED,)),
    **dict.fromkeys(
        (Fact.EXTENSION_GRANTED, Fact.EXTENSION_REFUSED, Fact.EXTENSION_LAPSED, Fact.SUSPENDED), (Fact.EXTENSION_ASKED,)
    ),
    Fact.RESPONDED: _TO_BE_DONE,
    **dict.fromkeys((Fact.CHECK_PASSED, Fact.CHECK_FAILED, Fact.CHECK_LAPSED), (Fact.CHECK_DRAWN, Fact.NO_CHECKER)),
    Fact.DISPUTED: _TO_BE_SEEN,
    **dict.fromkeys((Fact.QUESTION_ANSWERED, Fact.QUESTION_LAPSED, Fact.QUESTION_TAKEN_BACK), (Fact.QUESTION_ASKED,)),
}
# The same of what one unit was told of its order alone: it is recalled, sent back or done, or a colleague has taken it
# on.
_OF_ONE_UNIT: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (Fact.RECALLED, Fact.ORDER_RECALLED, Fact.RETURNED, Fact.ORDER_RETURNED, Fact.ORDER_RESPONDED), _OF_AN_ORDER
    ),
    **dict.fromkeys((Fact.SIGNED, Fact.ORDER_SIGNED), (hub_notices.NEW_ORDER, Fact.ORDER_UNREAD)),
}
# The same of who did it alone: others are asked still.
_OF_WHO_DID_IT: Mapping[str, tuple[str, ...]] = {Fact.AGREED: _TO_BE_SEEN}
# Each of these is followed, whether or not anybody is told of it.
FOLLOWED = (*OVERTAKES, *_OF_ONE_UNIT, *_OF_WHO_DID_IT)


def overtake(entry: Entry, case: Case, now: datetime) -> None:
    """What this fact, or one that happened since, puts an end to rings nobody any more; a follower may come late.

    Nor does what was told of a case that goes on in this one.
    """
    subjects = [case.subject, *(one.subject for one in Case.objects.filter(merged_into=case))]
    since = Entry.objects.filter(subject=entry.subject, happened_at__gte=entry.happened_at)
    for over in since.filter(what__in=FOLLOWED):
        kinds, person_ids = _ended_by(over, now)
        for subject in subjects:
            notices.overtake(subject=subject, kinds=kinds, now=over.happened_at, person_ids=person_ids)


def _ended_by(over: Entry, now: datetime) -> tuple[tuple[str, ...], list[UUID] | None]:
    """Which kinds a fact puts an end to, and for whom; None is everybody."""
    if over.what in _OF_ONE_UNIT:
        return _OF_ONE_UNIT[over.what], of_unit(UUID(str(over.facts["unit"])), now)
    if over.what in _OF_WHO_DID_IT:
        return _OF_WHO_DID_IT[over.what], [over.actor_id] if over.actor_id is not None else []
    return OVERTAKES[over.what], None


def tellings(entry: Entry, case: Case, now: datetime) -> list[Telling]:
    """Each unit whose order ended with the case before it was done, and the worker who had the case; of a merge not
    whoever has in hand what goes on: for them there is as much to do."""
    if entry.what not in _WHY:
        return []
    goes_on = WorkOrder.objects.live().filter(case=case.merged_into) if case.merged_into else WorkOrder.objects.none()
    orders = WorkOrder.objects.filter(case=case, state=OrderState.RECALLED, ended_at=entry.happened_at)
    orders = orders.exclude(unit__in=goes_on.values("unit")).order_by("id")
    units = [
        Telling(of_unit(one.unit_id, now), ORDER_OVER, {"order": str(one.id), "fact": entry.what}) for one in orders
    ]
    return [*units, _worker(entry, case)]


_IN_A_WORKERS_HANDS = (*WITH_THE_WORKER, State.VERIFYING)


def _worker(entry: Entry, case: Case) -> Telling:
    worker_id = case.worker_id if entry.facts["from"] in _IN_A_WORKERS_HANDS else None
    if case.merged_into is not None and case.merged_into.worker_id == worker_id:
        worker_id = None
    return Telling([worker_id] if worker_id else [], WORK_OVER, {"code": case.code, "fact": entry.what})


def _order_over(_subject: str, params: Mapping[str, object]) -> Wording:
    page = reverse_lazy("cases:order", args=[str(params["order"])])
    return Wording(_("有 1 件工单不用再办了"), _WHY[str(params["fact"])], page)


def _work_over(_subject: str, params: Mapping[str, object]) -> Wording:
    page = reverse_lazy("cases:detail", args=[str(params["code"])])
    return Wording(_("有 1 件不用您再去了"), _WHY[str(params["fact"])], page)


WORDINGS: dict[str, Writer] = {ORDER_OVER: _order_over, WORK_OVER: _work_over}
