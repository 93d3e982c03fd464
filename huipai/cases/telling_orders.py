"""A work order told to the unit that has it. Whoever reported it does not occur in it (ruling 11)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huipai.cases import telling, telling_steps
from huipai.cases.models import Addition, Question, Transition, WorkOrder
from huipai.cases.models.case import UNCHECKED
from huipai.cases.order_words import ExtensionGround, OrderAction, OrderState, Part, ReturnGround
from huipai.cases.queries import given
from huipai.cases.queries import orders as orders_read
from huipai.cases.rules import lateness
from huipai.cases.rules.orders import IN_WORK
from huipai.cases.words import Action, State
from huipai.grid.models import Unit
from huipai.kit.masking import masked
from huipai.people.models import Person

# Chip and word of each state of an order; the chips are those of a case.
CHIP_OF: Mapping[str, tuple[str, str | Promise]] = {
    OrderState.SENT: ("dispatched", _("待签收")),
    OrderState.SIGNED: ("in_progress", _("在办")),
    OrderState.RESPONDED: ("responded", _("已反馈")),
    OrderState.DONE: ("closed", _("已办结")),
    OrderState.RETURNED: ("returned", _("已退回")),
    OrderState.RECALLED: ("voided", _("已收回")),
}
_STEPS: Mapping[str, tuple[str | Promise, str]] = {
    Action.DISPATCH: (_("街道联动中心派来"), "send"),
    Action.RULE: (_("街道联动中心裁定由本单位办"), "send"),
    Action.SIGN: (_("签收了"), "hammer"),
    Action.RESPOND: (_("反馈办好了"), "message-check"),
    Action.RETURN: (_("退回街道联动中心"), "corner-up-left"),
    Action.RECALL: (_("街道联动中心收回"), "arrow-back-up"),
    Action.ASK_EXTENSION: (_("申请多要时间"), "calendar-time"),
    Action.GRANT_EXTENSION: (_("同意延期"), "calendar-time"),
    Action.REFUSE_EXTENSION: (_("没有同意延期，照原来的时限办"), "calendar-time"),
    Action.LAPSE_EXTENSION: (_("延期没有批下来，照原来的时限办"), "calendar-time"),
    Action.SUSPEND: (_("挂账，先放一放"), "player-pause"),
    Action.UNSUSPEND: (_("接着办"), "hammer"),
    Action.FAIL_CHECK: (_("核查没通过，接着办"), "rotate-2"),
    Action.DISPUTE: (_("上报人说还没有，接着办"), "refresh"),
    Action.SEND_BACK_PART: (_("街道联动中心退回，接着办"), "refresh"),
    Action.SKIP_CHECK: (_("没有抽到核查，等上报人确认"), "eye-off"),
    Action.PASS_CHECK: (_("核查通过，等上报人确认"), "eye-check"),
    Action.CONFIRM: (_("上报人说解决了，已办结"), "circle-check-filled"),
    Action.CLOSE_UNANSWERED: (_("上报人没有答复，先办结"), "circle-check"),
    Action.URGE: (_("催办"), "bell-ringing"),
    Action.SUPERVISE: (_("督办：联动中心会盯到办完"), "flag"),
    Action.ASK: (_("问了上报人一句"), "message-question"),
    Action.ANSWER: (_("上报人回答了"), "message-check"),
    Action.LAPSE_QUESTION: (_("没有等到回答，接着办"), "message-question"),
    Action.TAKE_BACK_QUESTION: (_("收回了问上报人的那一句"), "message-question"),
}
_HELPERS_STEPS: Mapping[str, tuple[str | Promise, str]] = {
    OrderAction.SEND: (_("街道联动中心请来协办"), "send"),
    OrderAction.SIGN: _STEPS[Action.SIGN],
    OrderAction.RESPOND: _STEPS[Action.RESPOND],
    OrderAction.RETURN: _STEPS[Action.RETURN],
    OrderAction.RECALL: _STEPS[Action.RECALL],
    OrderAction.FINISH: (_("办结"), "circle-check-filled"),
}
# Whose words a unit reads: its own, the hub's to it, and what is still missing.
_WITH_WORDS = {
    Action.RULE, Action.RESPOND, Action.RETURN, Action.ASK_EXTENSION, Action.GRANT_EXTENSION, Action.REFUSE_EXTENSION,
    Action.SUSPEND, Action.FAIL_CHECK, Action.DISPUTE, Action.SEND_BACK_PART, Action.URGE, Action.SUPERVISE,
    Action.RECALL,
}  # fmt: skip
_GROUNDS: Mapping[str, str | Promise] = {
    choice.value: choice.label for words in (ReturnGround, ExtensionGround) for choice in words
}


def chip(order: WorkOrder) -> tuple[str, str | Promise]:
    """Chip and word of an order; what is set aside says so while there is something to do in it.

    A close that nobody has checked says so here too (ruling 9).
    """
    if order.state in IN_WORK and order.case.state == State.SUSPENDED:
        return "suspended", _("已暂停")
    if order.state == OrderState.DONE and order.case.chip == UNCHECKED:
        return UNCHECKED, _("已办结，未经核查")
    return CHIP_OF[order.state]


def rows(
    orders: Sequence[WorkOrder], units: Sequence[Unit], viewer: Person, now: datetime, came_late: Collection[UUID]
) -> list[dict[str, object]]:
    """The rows of a list; whoever acts for several units reads for which of them each order is."""
    told = [_row(order, viewer, now, came_late) for order in orders]
    if len(units) > 1:
        for line, order in zip(told, orders, strict=True):
            line["detail"] = order.unit.name
    return told


def _row(order: WorkOrder, viewer: Person, now: datetime, came_late: Collection[UUID]) -> dict[str, object]:
    """What the macro `case_row` takes, for a list of orders; `came_late` as `merged.orders_late_into` says."""
    case = order.case
    state, word = chip(order)
    return {
        "id": str(order.id),
        "href": reverse("cases:order", args=[order.id]),
        "title": case.case_type.name,
        "place": telling.place(case, orders_read.names_to_hide(case)) if case.address else case.node.name,
        "state": state,
        "word": word,
        "src": telling.thumb(given.first_photo(order), viewer, now),
        "alt": case.case_type.name,
        "due_at": order.due_at,
        "now": now if lateness.order_is_told(order.state, case.state, order.id in came_late) else None,
        "lng": case.lng,
        "lat": case.lat,
    }


def timeline(order: WorkOrder, names: list[str]) -> list[dict[str, object]]:
    """What happened to the order, newest first."""
    questions = orders_read.questions_of(order.case)
    steps = [_step(one, order, names, questions) for one in orders_read.steps_for_unit(order)]
    if order.part == Part.LEAD:
        steps += [_addition(one, names) for one in given.additions_to(order)]
        steps += [line for one in given.questions_into(order) for line in _carried(one, names)]
        steps.sort(key=lambda line: str(line["at"]))
    if order.part == Part.HELPER:
        steps += [
            _line(_HELPERS_STEPS[one.action], one.happened_at)
            for one in order.steps.order_by("position")
            if one.action in _HELPERS_STEPS
        ]
        steps.sort(key=lambda line: str(line["at"]))
    if steps and order.ended_at is None:
        steps[-1]["kind"] = "now"
    return list(reversed(steps))


def _step(one: Transition, order: WorkOrder, names: list[str], questions: list[Question]) -> dict[str, object]:
    line = _line(_STEPS[one.action], one.happened_at)
    line["text"] = _GROUNDS.get(one.reason, "")
    if one.action in (Action.DISPATCH, Action.RULE):
        line["said"] = [{"by": "them", "text": masked(order.brief, names)}] if order.brief else []
    elif one.action in _WITH_WORDS:
        line["said"] = [
            {"by": "you" if one.action in _OWN else "them", "text": masked(note.text, names)}
            for note in one.notes.all()
        ]
    elif one.action in (Action.ASK, Action.ANSWER):
        line["said"] = _of_the_question(one, questions, names)
    return line


def _addition(one: Addition, names: list[str]) -> dict[str, object]:
    said = [{"by": "them", "text": masked(one.text, names)}] if one.text else []
    return telling_steps.added_line(one, gettext("上报人补充了"), said)


def _carried(one: Question, names: list[str]) -> list[dict[str, object]]:
    """What was asked and answered before the case was merged into this one; of the number a unit reads nothing."""
    asked, answered = (
        _line(_STEPS[Action.ASK], one.asked_at),
        _line(_STEPS[Action.ANSWER], one.closed_at or one.asked_at),
    )
    for line, words in ((asked, one.text), (answered, one.answer)):
        line["text"] = gettext("从并进来的一件带来")
        line["said"] = [{"by": "them", "text": masked(words, names)}]
    return [asked, answered]


_OWN = {Action.RESPOND, Action.RETURN, Action.ASK_EXTENSION}


def _of_the_question(one: Transition, questions: list[Question], names: list[str]) -> list[dict[str, str]]:
    if one.action == Action.ASK:
        asked = next((question for question in questions if question.asked_at == one.happened_at), None)
        return [{"by": "you", "text": masked(asked.text, names)}] if asked else []
    answered = next((question for question in questions if question.closed_at == one.happened_at), None)
    return [{"by": "them", "text": masked(answered.answer, names)}] if answered else []


def _line(words: tuple[str | Promise, str], at: datetime) -> dict[str, object]:
    title, icon = words
    return {"title": title, "at": at, "icon": icon, "kind": "done", "text": "", "said": []}
