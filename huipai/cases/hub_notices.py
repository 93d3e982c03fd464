"""What is told of the hub's and the units' steps. To a unit never a word about who reported it.

Params hold the name of the unit, which is an office and not a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Question, Transition, UnitRequest, WorkOrder
from huipai.cases.queries import own
from huipai.cases.rules import hearing
from huipai.cases.step_words import NOT_FILED
from huipai.cases.whom import (
    Teller,
    Telling,
    answer_by,
    because,
    day_of,
    hub,
    leads_of,
    moment_of,
    of_a_part,
    of_unit,
    over,
    promised,
    reporters,
    reporters_of_a_part_too,
    said_together,
    unit_name,
)
from huipai.cases.words import Action, Actor
from huipai.grid import queries as grid
from huipai.grid.models import Unit
from huipai.journal.models import Entry
from huipai.notices.words import Wording, Writer
from huipai.people.words import Role

# Kinds of notices beside those that are called like their fact.
REWORK = "order.rework"
NEW_ORDER = "order.new"
PRESSED = "order.pressed"
WORKER_PRESSED = "case.worker_pressed"
UNREAD_AT_THE_HUB = "order.unread_at_the_hub"
BACK_AT_THE_HUB = "case.back_at_the_hub"
UNIT_GONE = "case.unit_gone"
UNIT_EMPTY = "case.unit_empty"
STILL_THERE = "order.still_there"
WAITS_FOR_THE_HUB = "case.waits_for_the_hub"
DECIDED = "order.decided"
NOT_ASKED_ANY_MORE = "case.not_asked_any_more"


# --- Reporters.
def _reporters_of_the_unit(entry: Entry, case: Case, now: datetime) -> Telling:
    return reporters(entry, case, now, **_of_the_unit_until(entry, case, now))


def _reporters_who_wait(entry: Entry, case: Case, now: datetime) -> Telling:
    return reporters_of_a_part_too(entry, case, now, **_of_the_unit_until(entry, case, now))


def _reporters_of_more_time(entry: Entry, case: Case, now: datetime) -> Telling:
    """With the unit's new day where the promise was broken before: that does not move."""
    until = own.more_time_until(case)
    more = {"granted": int(until.timestamp())} if until is not None else {}
    return reporters_of_a_part_too(entry, case, now, **_of_the_unit_until(entry, case, now), **more)


def _of_the_unit_until(entry: Entry, case: Case, now: datetime) -> dict[str, object]:
    reason = {"reason": entry.facts["reason"]} if "reason" in entry.facts else {}
    return {"unit": unit_name(entry), **promised(case, now), **reason}


def _the_other_reporters(entry: Entry, case: Case, now: datetime) -> Telling:
    """A neighbour who reported it too asked for the review."""
    return Telling(reporters(entry, case, now).to, hearing.LOOKED_AT_AGAIN, {"code": case.code})


def _reporters_with_the_reason(entry: Entry, case: Case, now: datetime) -> Telling:
    return reporters_of_a_part_too(entry, case, now, reason=str(entry.facts.get("reason", "")))


def _reporters_of_the_rest(entry: Entry, case: Case, now: datetime) -> Telling:
    return reporters_of_a_part_too(
        entry, case, now, until=entry.facts["until"], reason=str(entry.facts.get("reason", ""))
    )


def _who_can_answer(entry: Entry, case: Case, now: datetime) -> Telling:
    """Any of them answers, also what is asked about a part."""
    return Telling(reporters_of_a_part_too(entry, case, now).to, entry.what, {"code": case.code})


# --- Units.
def of_the_unit(entry: Entry, case: Case, now: datetime) -> Telling:
    """The check failed or the reporter disputed: who handled it for the unit, else the unit."""
    order = WorkOrder.objects.live().leading().filter(case=case).first()
    if order is None:
        return Telling([], REWORK, {})
    return Telling(_handlers(order, now), REWORK, {"order": str(order.id)})


def who_works_on_it(entry: Entry, case: Case, now: datetime) -> Telling:
    """Somebody said that it is still there: who handles it for the unit, else the unit, while there is work in it."""
    order = WorkOrder.objects.in_work().leading().filter(case=case).select_related("unit").first()
    to = _handlers(order, now) if order else []
    return Telling(to, STILL_THERE, {"order": str(order.id)} if order else {})


def _handlers(order: WorkOrder, now: datetime) -> list[UUID]:
    there = of_unit(order.unit_id, now)
    return [order.handler_id] if order.handler_id in there and order.handler_id is not None else there


def _unit_of_the_order(kind: str, entry: Entry, case: Case, now: datetime) -> Telling:
    order = _order(entry)
    return Telling(of_unit(order.unit_id, now), kind, {"order": str(order.id)}) if order else Telling([], kind, {})


def _leads_of_the_order(entry: Entry, case: Case, now: datetime) -> Telling:
    order = _order(entry)
    to = leads_of(order.unit_id, now) if order else []
    return Telling(to, entry.what, {"order": str(order.id)} if order else {})


def _helpers_and_all(entry: Entry, case: Case, now: datetime) -> Telling:
    """Whoever is pressed: the unit that leads, or the worker who has it."""
    order = WorkOrder.objects.live().leading().filter(case=case).first()
    if order is not None:
        to = leads_of(order.unit_id, now) if entry.what == Fact.SUPERVISED else _handlers(order, now)
        return Telling(to, PRESSED, {"order": str(order.id), "fact": entry.what})
    if case.worker_id is not None:
        return Telling([case.worker_id], WORKER_PRESSED, {"code": case.code})
    return Telling(hub(case, now), WAITS_FOR_THE_HUB, {"code": case.code})


def _who_asked_for_time(entry: Entry, case: Case, now: datetime) -> Telling:
    order = _order(entry) or WorkOrder.objects.live().leading().filter(case=case).first()
    asked = UnitRequest.objects.filter(case=case, order=order).order_by("-asked_at", "-id").first()
    if order is None or asked is None:
        return Telling([], DECIDED, {})
    to = [asked.asked_by_id] if asked.asked_by_id in of_unit(order.unit_id, now) else of_unit(order.unit_id, now)
    return Telling(to, DECIDED, {"order": str(order.id), "fact": entry.what})


def _who_asked_the_reporter(entry: Entry, case: Case, now: datetime) -> Telling:
    """Who asked; while they are away, or have to do with it no more, whoever has the work now."""
    question = Question.objects.select_related("order").filter(pk=UUID(str(entry.facts["question"]))).first()
    if question is None:
        return Telling([], entry.what, {})
    order = question.order
    if order is not None and order.ended_at is not None:
        order = WorkOrder.objects.live().leading().filter(case=case).first()
    if order is not None:
        there = of_unit(order.unit_id, now)
        to = [question.asked_by_id] if question.asked_by_id in there else _handlers(order, now)
        return Telling(to, entry.what, {"order": str(order.id)})
    return Telling(_of_the_place(question, case, now), entry.what, {"code": case.code})


def _who_asked_if_another_took_it_back(entry: Entry, case: Case, now: datetime) -> Telling:
    told = _who_asked_the_reporter(entry, case, now)
    return Telling([id for id in told.to if id != entry.actor_id], NOT_ASKED_ANY_MORE, told.params)


_ASKED_AS: Mapping[str, Role] = {
    Actor.WORKER: Role.GRID_WORKER, Actor.COORDINATOR: Role.COORDINATOR, Actor.DISPATCHER: Role.DISPATCHER,
    Actor.UNIT: Role.DISPATCHER,
}  # fmt: skip


def _of_the_place(question: Question, case: Case, now: datetime) -> list[UUID]:
    """Who asked if they still look after it, else who has it in hand now, else whoever attends in the same part."""
    there = over(case.node, (Role.GRID_WORKER, Role.COORDINATOR, Role.DISPATCHER), now)
    if case.worker is not None and not grid.is_away(case.worker, now):
        there.append(case.worker.id)
    if question.asked_by_id in there:
        return [question.asked_by_id]
    if question.part == Actor.WORKER and case.worker_id in there:
        return [case.worker_id]
    return over(case.node, (_ASKED_AS[question.part],), now) or hub(case, now)


# --- Workers and the hub.
def _who_looks(entry: Entry, case: Case, now: datetime) -> Telling:
    return Telling([UUID(str(entry.facts["worker"]))], entry.what, {"code": case.code})


def _hub(kind: str, entry: Entry, case: Case, now: datetime) -> Telling:
    return Telling(hub(case, now), kind or entry.what, {"code": case.code, "unit": unit_name(entry)})


def _hub_if_the_unit_is_gone(entry: Entry, case: Case, now: datetime) -> Telling:
    """Who recalls knows it; what the system took back from a unit that closed or emptied has to be sent again."""
    to = hub(case, now) if entry.actor_id is None else []
    is_empty = Unit.objects.filter(pk=UUID(str(entry.facts["unit"])), is_active=True).exists()
    return Telling(to, UNIT_EMPTY if is_empty else UNIT_GONE, {"code": case.code, "unit": unit_name(entry)})


def _reviewers(entry: Entry, case: Case, now: datetime) -> Telling:
    """The hub; who refused it themselves hears of it only where nobody else is there, to take it on after all."""
    refusals = Transition.objects.filter(case=case, action__in=(Action.DECLINE, Action.NOT_FILE, Action.VOID))
    refused = set(refusals.values_list("actor_id", flat=True))
    there = hub(case, now)
    return Telling([id for id in there if id not in refused] or there, entry.what, {"code": case.code})


def _urged_by_the_reporter(entry: Entry, case: Case, now: datetime) -> Telling:
    """The hub hears when it was the reporter who pressed."""
    last = Transition.objects.filter(case=case, action=Action.URGE, happened_at=entry.happened_at).first()
    is_theirs = last is not None and last.part == Actor.REPORTER
    return Telling(hub(case, now) if is_theirs else [], entry.what, {"code": case.code})


def _order(entry: Entry) -> WorkOrder | None:
    id = entry.facts.get("order")
    return WorkOrder.objects.filter(pk=UUID(str(id))).first() if id else None


TELLERS: dict[str, tuple[Teller, ...]] = {
    Fact.VERIFY_ASKED: (_who_looks,),
    Fact.HANDED_UP: (partial(_hub, WAITS_FOR_THE_HUB),),
    Fact.VOUCHED: (partial(_hub, WAITS_FOR_THE_HUB),),
    Fact.VERIFY_LAPSED: (partial(_hub, WAITS_FOR_THE_HUB),),
    Fact.REVIEW_ASKED: (_reviewers, _the_other_reporters),
    Fact.FILED: (_reporters_of_the_unit,),
    Fact.NOT_FILED: (_reporters_with_the_reason,),
    Fact.VOIDED: (_reporters_with_the_reason,),
    Fact.REMOVAL_DUE: (partial(_hub, ""),),
    Fact.UNLAWFUL_REMOVED: (reporters,),
    Fact.DISPATCHED: (_reporters_of_the_unit, partial(_unit_of_the_order, NEW_ORDER)),
    Fact.SIGNED: (_reporters_of_the_unit,),
    Fact.RULED: (_reporters_of_the_unit, partial(_unit_of_the_order, NEW_ORDER)),
    Fact.ORDER_SENT: (partial(_unit_of_the_order, NEW_ORDER),),
    Fact.ORDER_RECALLED: (partial(_unit_of_the_order, Fact.ORDER_RECALLED),),
    Fact.ORDER_PASSED_ON: (partial(_unit_of_the_order, Fact.ORDER_PASSED_ON),),
    Fact.RECALLED: (partial(_unit_of_the_order, Fact.ORDER_RECALLED), _hub_if_the_unit_is_gone),
    Fact.ORDER_UNREAD: (_leads_of_the_order, partial(_hub, UNREAD_AT_THE_HUB)),
    Fact.RETURNED: (_reporters_of_the_unit, partial(_hub, BACK_AT_THE_HUB)),
    Fact.ORDER_RETURNED: (partial(_hub, BACK_AT_THE_HUB),),
    Fact.EXTENSION_ASKED: (partial(_hub, ""),),
    Fact.EXTENSION_GRANTED: (_reporters_of_more_time, _who_asked_for_time),
    Fact.EXTENSION_REFUSED: (_who_asked_for_time,),
    Fact.EXTENSION_LAPSED: (_who_asked_for_time,),
    Fact.SUSPENDED: (_reporters_of_the_rest, _who_asked_for_time),
    Fact.UNSUSPENDED: (_reporters_who_wait, _who_asked_for_time),
    Fact.QUESTION_ASKED: (_who_can_answer,),
    Fact.QUESTION_ANSWERED: (_who_asked_the_reporter,),
    Fact.QUESTION_LAPSED: (_who_asked_the_reporter,),
    Fact.QUESTION_TAKEN_BACK: (_who_can_answer, _who_asked_if_another_took_it_back),
    Fact.URGED: (_helpers_and_all, _urged_by_the_reporter),
    Fact.SUPERVISED: (_helpers_and_all,),
}


# --- In which words.
def _case_page(params: Mapping[str, object]) -> str | Promise:
    return reverse_lazy("cases:detail", args=[str(params["code"])])


def _order_page(params: Mapping[str, object]) -> str | Promise:
    return reverse_lazy("cases:order", args=[str(params["order"])])


def _desk(params: Mapping[str, object]) -> str | Promise:
    return format_lazy("{}?case={}", reverse_lazy("cases:desk"), str(params["code"]))


def _page(params: Mapping[str, object]) -> str | Promise:
    return _order_page(params) if "order" in params else _case_page(params)


def _longer(_subject: str, params: Mapping[str, object]) -> Wording:
    title = _("您报的事要多等几天，%(unit)s在办") % {"unit": params["unit"]}
    text = said_together(of_a_part(params), because(params), answer_by(params), _granted(params))
    return Wording(title, text, _case_page(params))


def _granted(params: Mapping[str, object]) -> str:
    if "granted" not in params:
        return ""
    return _now("现在定在 %(at)s 前办完") % {"at": moment_of(int(str(params["granted"])))}


def _with_the_unit(title: Promise, _subject: str, params: Mapping[str, object]) -> Wording:
    text = said_together(of_a_part(params), answer_by(params))
    return Wording(title % {"unit": params["unit"]}, text, _case_page(params))


def _returned(_subject: str, params: Mapping[str, object]) -> Wording:
    title = _("%(unit)s说不归它管") % {"unit": params["unit"]}
    return Wording(title, _("下一步由街道联动中心重新派，时间接着原来的算"), _case_page(params))


def _not_filed(_subject: str, params: Mapping[str, object]) -> Wording:
    text = said_together(of_a_part(params), str(NOT_FILED.get(str(params.get("reason")), "")))
    return Wording(_("您报的事这次没有立案"), text, _case_page(params))


def _voided(_subject: str, params: Mapping[str, object]) -> Wording:
    text = said_together(of_a_part(params), _now("原因写在里面，不对可以申请复核"))
    return Wording(_("您报的事作废了"), text, _case_page(params))


def _suspended(_subject: str, params: Mapping[str, object]) -> Wording:
    day = {"day": day_of(int(str(params["until"])))}
    text = said_together(of_a_part(params), _("%(day)s接着办") % day, because(params))
    return Wording(_("您报的事先放一放"), text, _case_page(params))


_DECISIONS: dict[str, Promise] = {
    Fact.EXTENSION_GRANTED: _("同意延期"),
    Fact.EXTENSION_REFUSED: _("没有同意延期，照原来的时限办"),
    Fact.EXTENSION_LAPSED: _("延期没有批下来，照原来的时限办"),
    Fact.SUSPENDED: _("同意挂账"),
    Fact.UNSUSPENDED: _("挂账到期，接着办"),
}


def _decided(_subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(_DECISIONS[str(params["fact"])], "", _order_page(params))


def _pressed(_subject: str, params: Mapping[str, object]) -> Wording:
    if params["fact"] == Fact.SUPERVISED:
        return Wording(_("有 1 件被督办"), _("联动中心会盯到办完"), _order_page(params))
    return Wording(_("有 1 件催您办"), _("办完拍一张，有难处早点说"), _order_page(params))


def _plain(title: Promise, text: str | Promise, _subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(title, text, _page(params))


def _at_the_desk(title: Promise, text: str | Promise, _subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(title, text, _desk(params))


def _unit_at_the_desk(title: Promise, text: str | Promise, _subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(title % {"unit": params["unit"]}, text, _desk(params))


WORDINGS: dict[str, Writer] = {
    Fact.VERIFY_ASKED: partial(_plain, _("请您去核实 1 件"), _("看一眼是不是这样，拍一张")),
    Fact.REVIEW_ASKED: partial(_at_the_desk, _("有 1 件申请复核"), _("换一个人重新看，原来的时间接着算")),
    hearing.LOOKED_AT_AGAIN: partial(_plain, _("一位邻居申请了复核"), _("换一个人重新看，原来的时间接着算")),
    Fact.FILED: partial(_plain, _("您报的事立案了"), _("街道联动中心来派，派给谁会告诉您")),
    Fact.NOT_FILED: _not_filed,
    Fact.REMOVAL_DUE: partial(_at_the_desk, _("有 1 件违法内容过了复核期"), _("请没有经手作废的同事来清除")),
    Fact.UNLAWFUL_REMOVED: partial(
        _plain, _("您报的一件，内容清除了"), _("按“内容违法，不能留”作废，过了复核期；编号和经过还在")
    ),
    Fact.VOIDED: _voided,
    Fact.DISPATCHED: partial(_with_the_unit, _("您报的事派给%(unit)s去办")),
    Fact.RULED: partial(_with_the_unit, _("您报的事定下来由%(unit)s办")),
    Fact.SIGNED: partial(_with_the_unit, _("%(unit)s接下了您报的事")),
    Fact.RETURNED: _returned,
    Fact.EXTENSION_ASKED: partial(_unit_at_the_desk, _("%(unit)s想延期"), _("过了时间没批，就照原来的时限办")),
    Fact.EXTENSION_GRANTED: _longer,
    Fact.SUSPENDED: _suspended,
    Fact.UNSUSPENDED: partial(_with_the_unit, _("您报的事%(unit)s接着办了")),
    Fact.QUESTION_ASKED: partial(_plain, _("想问您一句"), _("回答了办得快，三天没回也会接着办")),
    Fact.QUESTION_ANSWERED: partial(_plain, _("上报人回答了"), _("您问的那一句有回音了")),
    Fact.QUESTION_TAKEN_BACK: partial(_plain, _("问您的那一句收回了"), _("不用回答，事情照样在办")),
    NOT_ASKED_ANY_MORE: partial(_plain, _("问上报人的一句由同事收回了"), _("还要问的，可以另问一句")),
    Fact.QUESTION_LAPSED: partial(_plain, _("没有等到回答"), _("照已经知道的接着办")),
    Fact.URGED: partial(_at_the_desk, _("上报人催了 1 件"), _("看看走到哪一步，要不要催一催")),
    Fact.ORDER_UNREAD: partial(_plain, _("有 1 件新工单还没人看"), _("请安排人签收")),
    Fact.ORDER_RECALLED: partial(_plain, _("有 1 件工单收回了"), _("不用再办，联动中心另外安排")),
    Fact.ORDER_PASSED_ON: partial(_plain, _("有 1 件工单换人办"), _("单位里接着办，时间照原来的算")),
    UNREAD_AT_THE_HUB: partial(_unit_at_the_desk, _("%(unit)s还没看工单"), _("打个电话，或者收回改派")),
    BACK_AT_THE_HUB: partial(_unit_at_the_desk, _("%(unit)s退回 1 件"), _("理由写在里面，请重新派或者裁定")),
    UNIT_EMPTY: partial(
        _unit_at_the_desk, _("%(unit)s没有经办人了，有 1 件要重新派"), _("时间接着原来的算，超时的先派")
    ),
    UNIT_GONE: partial(_unit_at_the_desk, _("%(unit)s撤了，有 1 件要重新派"), _("时间接着原来的算，超时的先派")),
    WAITS_FOR_THE_HUB: partial(_at_the_desk, _("有 1 件等联动中心"), _("看看要不要立案，派给谁")),
    NEW_ORDER: partial(_plain, _("新来 1 件工单"), _("先签收，时间从派出就开始算")),
    REWORK: partial(_plain, _("有 1 件要接着办"), _("还差什么写在里面，时间接着原来的算")),
    STILL_THERE: partial(_plain, _("有人说还在"), _("只是提醒，不改变这件事走到哪一步")),
    PRESSED: _pressed,
    WORKER_PRESSED: partial(_plain, _("有 1 件催您办"), _("办完拍一张，有难处早点说")),
    DECIDED: _decided,
}
