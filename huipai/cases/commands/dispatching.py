"""Sending a case to units: dispatch, helpers, ruling, recall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies, queries
from huipai.cases.commands import filing, orders, saying, standing, stepping, timing
from huipai.cases.commands.bundling import NothingTicked
from huipai.cases.commands.handling import WordsMissing
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, OrderStep, WorkOrder
from huipai.cases.order_words import OrderAction, Part
from huipai.cases.queries import hub
from huipai.cases.rules import machine, whereabouts
from huipai.cases.words import Action, Actor, Audience, State
from huipai.grid import queries as grid
from huipai.grid.models import Unit
from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible, Refused
from huipai.people.models import Person


class NoUnit(Invalid):
    code = "no_unit"
    default_reason = _("选一家单位")


class UnitHasIt(Moved):
    code = "unit_has_it"
    default_reason = _("这家单位手里已经有这一件")


class NotItsPlace(Invalid):
    """The unit looks after another part of the street; the desk does not offer it."""

    code = "not_its_place"
    default_reason = _("这家单位不管这一带，选一家管这里的；该它管却选不到，请管理员改它的负责范围")


class NobodyAtTheUnit(Invalid):
    """Everybody left it; the desk does not offer it."""

    code = "nobody_at_the_unit"
    default_reason = _("这家单位现在没有经办人，先选别家；该它办，请管理员给它补人")


class RulingNeeded(NotAllowed):
    code = "ruling_needed"
    default_reason = _("退单次数用完了，要裁定给一家单位，裁定后不能再退")


@transaction.atomic
def dispatch(
    *, case_id: UUID, unit_id: UUID, actor: Person, brief: str, now: datetime, helper_ids: tuple[UUID, ...] = ()
) -> WorkOrder:
    """Send a case to the unit that leads, and to those that help; files it first where that is still to be done.

    The unit's clock begins now. Refused: what a unit still has (recall it first), and what came back too often (it
    needs a ruling). The same again is once.
    """
    case = _for_the_hub(case_id, actor, now)
    known = _sent_just_so(case, unit_id, actor, brief)
    if known is not None and _helpers_of(case) == set(helper_ids) - {unit_id}:
        return known
    if case.state == State.RETURNED and case.returns >= case.type_then.max_returns:
        raise RulingNeeded
    _make_ready(case, actor=actor, now=now)
    sent = _send(case, _unit_for(case, unit_id, now), Part.LEAD, actor=actor, brief=brief, now=now)
    stepping.take(
        case, Action.DISPATCH, part=Actor.DISPATCHER, actor=actor, now=now, fact=Fact.DISPATCHED, unit=sent.order.unit,
        order=sent,
    )  # fmt: skip
    for helper_id in dict.fromkeys(helper_ids):
        if helper_id != unit_id:
            _send_to_helper(case, helper_id, actor=actor, brief=brief, now=now)
    return sent.order


@transaction.atomic
def rule(*, case_id: UUID, unit_id: UUID, actor: Person, text: str, now: datetime) -> WorkOrder:
    """Decide who has to do it, with a reason. It ends the circle: who is named cannot send it back.

    The same again is once.
    """
    case = _for_the_hub(case_id, actor, now)
    known = _sent_just_so(case, unit_id, actor, text)
    if known is not None and stepping.is_repeat(case, Action.RULE, actor=actor, text=text):
        return known
    if not as_seen(text):
        raise WordsMissing(_("写明裁定的依据，单位看得到"), field="text")
    _make_ready(case, actor=actor, now=now)
    sent = _send(case, _unit_for(case, unit_id, now), Part.LEAD, actor=actor, brief=text, now=now, is_ruled=True)
    stepping.take(
        case, Action.RULE, part=Actor.DISPATCHER, actor=actor, now=now, fact=Fact.RULED, unit=sent.order.unit,
        order=sent, words=stepping.Words(text, Audience.INTERNAL),
    )  # fmt: skip
    return sent.order


@transaction.atomic
def add_helper(*, case_id: UUID, unit_id: UUID, actor: Person, brief: str, now: datetime) -> WorkOrder:
    """Ask one more unit to help with a case that another leads. The same again is once."""
    case = _for_the_hub(case_id, actor, now)
    known = _live(case, unit_id, Part.HELPER).filter(sent_by=actor, brief=as_seen(brief)).first()
    if known is not None:
        return known
    if orders.lead_of(case) is None or case.state not in whereabouts.WITH_A_UNIT:
        raise machine.NotNow
    return _send_to_helper(case, unit_id, actor=actor, brief=brief, now=now)


@transaction.atomic
def recall(*, order_id: UUID, actor: Person, text: str, now: datetime) -> Case:
    """Take an order back from its unit: a helper's alone, the leading one's together with the case. Twice is once."""
    order, case = locked_order(order_id)
    policies.may_dispatch(actor, case, now).require()
    policies.may_decide_on_time_of(actor, order, now).require()
    if _took_back(order, actor) and (
        order.part == Part.HELPER or stepping.is_repeat(case, Action.RECALL, actor=actor, text=text)
    ):
        return case
    recall_locked(case, order, part=Actor.DISPATCHER, actor=actor, text=text, now=now)
    return case


def _took_back(order: WorkOrder, actor: Person) -> bool:
    last = order.steps.order_by("-position").first()
    return last is not None and (last.action, last.actor_id) == (OrderAction.RECALL, actor.id)


def recall_locked(case: Case, order: WorkOrder, *, part: Actor, actor: Person | None, text: str, now: datetime) -> None:
    """Recall an order of a locked case."""
    step = orders.take(order, OrderAction.RECALL, part=part, actor=actor, now=now)
    if order.part == Part.LEAD:
        orders.drop_request(case, now)
        case.unit, case.handler, case.wait_until = None, None, None
        stepping.take(
            case, Action.RECALL, part=part, actor=actor, now=now, fact=Fact.RECALLED, unit=order.unit,
            order=step, words=stepping.Words(text, Audience.INTERNAL),
        )  # fmt: skip
    else:
        tell_of_order(case, step, Fact.ORDER_RECALLED, actor=actor, now=now)


def tell_of_order(case: Case, step: OrderStep, fact: Fact, *, actor: Person | None, now: datetime) -> None:
    """A step of an order that does not move its case."""
    order = step.order
    journal.record(
        what=fact, subject=case.subject, actor_id=actor.id if actor else None, now=now,
        facts={
            "order": str(order.id), "unit": str(order.unit_id), "part": order.part,
            **standing.of_case(case), "orders": [standing.of_order_step(step)],
        },
    )  # fmt: skip


def locked_order(order_id: UUID) -> tuple[WorkOrder, Case]:
    """An order with its case locked; whatever moves either waits."""
    case_id = WorkOrder.objects.filter(pk=order_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotVisible
    case = stepping.locked(case_id)
    return WorkOrder.objects.select_related("unit").get(pk=order_id), case


def _for_the_hub(case_id: UUID, actor: Person, now: datetime) -> Case:
    case = stepping.locked(case_id)
    policies.may_dispatch(actor, case, now).require()
    return case


def _live(case: Case, unit_id: UUID, part: Part) -> QuerySet[WorkOrder]:
    return WorkOrder.objects.live().select_related("unit").filter(case=case, unit=unit_id, part=part)


def _sent_just_so(case: Case, unit_id: UUID, actor: Person, brief: str) -> WorkOrder | None:
    """The order by which the unit leads the case, if this person sent it with these words."""
    return _live(case, unit_id, Part.LEAD).filter(sent_by=actor, brief=as_seen(brief)).first()


def _helpers_of(case: Case) -> set[UUID]:
    return set(WorkOrder.objects.live().filter(case=case, part=Part.HELPER).values_list("unit", flat=True))


def _make_ready(case: Case, *, actor: Person, now: datetime) -> None:
    """Bring a case to where it can be sent: filed where it is not. Whoever was faster has sent it already."""
    filing.require_no_unit(case)
    if machine.allows(case.state, Action.FILE):
        filing.file_locked(case, actor=actor, now=now)


def _send_to_helper(case: Case, unit_id: UUID, *, actor: Person, brief: str, now: datetime) -> WorkOrder:
    sent = _send(case, _unit_for(case, unit_id, now), Part.HELPER, actor=actor, brief=brief, now=now)
    tell_of_order(case, sent, Fact.ORDER_SENT, actor=actor, now=now)
    return sent.order


def _send(
    case: Case, unit: Unit, part: Part, *, actor: Person, brief: str, now: datetime, is_ruled: bool = False
) -> OrderStep:
    if WorkOrder.objects.live().filter(case=case, unit=unit).exists():
        raise UnitHasIt(field="unit")
    order = WorkOrder(
        case=case, unit=unit, part=part, is_ruled=is_ruled or _was_ruled(case, unit, part),
        brief=saying.within(brief), sent_by=actor, sent_at=now,
        clock_started_at=_began_with(case, unit) or now,
    )  # fmt: skip
    timing.set_due_of_order(order, case)
    order.alarm_at = timing.alarm_of(order, case)
    order.save(force_insert=True)
    if part == Part.LEAD:
        case.unit = unit
    return orders.begin(order, actor=actor, now=now)


def _was_ruled(case: Case, unit: Unit, part: Part) -> bool:
    """Whether it was ruled that the unit does this matter, on a case that was merged in while the unit had it so."""
    return part == Part.LEAD and _ruled_until_merged(case).filter(unit=unit).exists()


def _ruled_until_merged(case: Case) -> QuerySet[WorkOrder]:
    """What the hub took back before it was merged was ruled no more."""
    return WorkOrder.objects.leading().filter(case__merged_into=case, is_ruled=True, ended_at=F("case__ended_at"))


def keep_rulings(case: Case) -> None:
    """A unit that has a locked case, and has to do what was merged into it, cannot send it back."""
    ruled = _ruled_until_merged(case).values("unit")
    WorkOrder.objects.live().leading().filter(case=case, unit__in=ruled).update(is_ruled=True)


def _began_with(case: Case, unit: Unit) -> datetime | None:
    """When the unit's clock began with its first order on this matter, also on a case that was merged in since."""
    orders_before = WorkOrder.objects.filter(Q(case=case) | Q(case__merged_into=case), unit=unit)
    return orders_before.aggregate(began=Min("clock_started_at"))["began"]  # type: ignore[no-any-return]


def _unit_for(case: Case, unit_id: UUID, now: datetime) -> Unit:
    """One of those that the desk offers for this case."""
    unit = Unit.objects.filter(pk=unit_id, is_active=True).first()
    if unit is None:
        raise NoUnit(field="unit")
    if not hub.reaches(unit, case):
        raise NotItsPlace(field="unit")
    if not has_somebody(unit, now):
        raise NobodyAtTheUnit(field="unit")
    return unit


def has_somebody(unit: Unit, now: datetime) -> bool:
    """Whether the unit is in service and somebody is appointed there, be they away today until a day that is known."""
    return grid.units_with_somebody(now).filter(pk=unit.pk).exists()


@dataclass(frozen=True)
class Sent:
    """What came of one case in a bulk: its order, which an earlier press may have made, or why not.

    Whoever sent it then wrote `other_words` to the unit, and not what was typed now.
    """

    case_id: UUID
    order: WorkOrder | None
    refused: Refused | None
    is_again: bool = False
    other_words: str | None = None


def dispatch_each(*, case_ids: Sequence[UUID], unit_id: UUID, actor: Person, brief: str, now: datetime) -> list[Sent]:
    """Send several cases to one unit, each for itself: what one is refused does not hold up the others.

    A part that was split off goes with the words of its split, as it does alone, before those for all of them. What the
    unit has already, because the button was pressed twice or a colleague was faster, is told as sent.
    """
    if not case_ids:
        raise NothingTicked(field="tick")
    if not Unit.objects.filter(pk=unit_id).exists():
        raise NoUnit(field="unit")
    saying.within(brief)
    came = [_dispatch_one(case_id, unit_id, actor, brief, now) for case_id in dict.fromkeys(case_ids)]
    _require_not_all_for_one_reason(came)
    return came


def _require_not_all_for_one_reason(came: Sequence[Sent]) -> None:
    """What none of them could be sent for lies in the form, as a unit that serves another place: nothing was done."""
    reasons = {str(one.refused.reason) if one.refused is not None else "" for one in came}
    first = came[0].refused
    if isinstance(first, Invalid) and len(reasons) == 1:
        raise first


def _dispatch_one(case_id: UUID, unit_id: UUID, actor: Person, brief: str, now: datetime) -> Sent:
    words = "\n".join(part for part in (_of_its_split(case_id), as_seen(brief)) if part)
    try:
        order = dispatch(case_id=case_id, unit_id=unit_id, actor=actor, brief=words, now=now)
    except filing.StillWithAUnit as refusal:
        known = WorkOrder.objects.live().filter(case=case_id, unit=unit_id, part=Part.LEAD).first()
        if known is None:
            return Sent(case_id, None, refusal)
        return Sent(case_id, known, None, is_again=True, other_words=known.brief if known.brief != words else None)
    except Refused as refusal:
        return Sent(case_id, None, refusal)
    return Sent(case_id, order, None, is_again=order.sent_at < now)


def _of_its_split(case_id: UUID) -> str:
    case = Case.objects.filter(pk=case_id).first()
    return queries.what_was_split_off(case) if case is not None else ""
