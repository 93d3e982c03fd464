"""One case told to the hub: whom to send, by when, what lies near, and what can be decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from huipai.cases import (
    policies,
    queries,
    telling,
    telling_belonging,
    telling_findings,
    telling_joint,
    telling_stages,
    telling_steps,
    telling_words,
)
from huipai.cases.commands import splitting, timing
from huipai.cases.models import Case, WorkOrder
from huipai.cases.order_words import OrderAction, OrderState, Part, Stage
from huipai.cases.policies import joint as joint_policies
from huipai.cases.policies import merging
from huipai.cases.queries import checking, hub, joint, merged, orders, removals, retention, said
from huipai.cases.rules import lateness, machine, whereabouts
from huipai.cases.rules import orders as order_rules
from huipai.cases.rules.orders import IN_WORK
from huipai.cases.rules.stages import AT_THE_UNIT, STAGE_OF
from huipai.cases.telling_orders import CHIP_OF
from huipai.cases.words import Action, Moment, State
from huipai.grid import queries as grid
from huipai.grid.models import Unit
from huipai.kit.masking import masked
from huipai.people.models import Person
from huipai.photos import grants
from huipai.workdays.words import Span

_WHY: dict[str, str | Promise] = {
    hub.NAMED: _("这一类归它"),
    hub.NEAREST: _("这一片归它"),
    hub.FALLBACK: _("兜底，谁也不接就归它"),
    hub.OTHER: "",
}


def row(one: hub.Queued, viewer: Person, now: datetime, *, href: str, names: Collection[str]) -> dict[str, object]:
    """The row of the queue, for the macro `case_row`."""
    return {
        "id": one.code,
        "href": href,
        "title": one.type_name,
        "place": masked(f"{one.address} · {one.node_name}" if one.address else one.node_name, names),
        "state": one.state,
        "word": State(one.state).told,
        "src": grants.thumb_url(one.photo_id, viewer=viewer, now=now) if one.photo_id else None,
        "alt": one.type_name,
        "due_at": one.due_at,
        "now": now if lateness.is_told(one.state, bool(one.is_late)) else None,
        "lng": one.lng,
        "lat": one.lat,
    }


def can_be_sent(one: hub.Queued) -> bool:
    """Whether a row can be sent together with others: what a unit has is taken back first, what came back too often
    needs a ruling of its own, and nobody sends what is answered for."""
    state = State(one.state)
    return (
        one.unit_name is None
        and not one.needs_ruling
        and (machine.allows(state, Action.FILE) or machine.allows(state, Action.DISPATCH))
    )


def near(case: Case) -> list[Case]:
    """What lies near a case that is still open."""
    return list(hub.near(case)) if not case.ended_at else []


def panel(case: Case, near: Sequence[Case], viewer: Person, now: datetime) -> dict[str, object]:
    """Everything the middle and the right of the desk say of one case, and of what lies near."""
    seen = telling.photos(case, viewer, now)
    heard, came = said.by_reporters(case), list(merged.into(case))
    return {
        "case": case,
        **telling_words.for_staff(case, heard),
        "photos": [
            *seen[Moment.BEFORE], *seen[Moment.AFTER], *seen[Moment.DISPUTE], *seen[Moment.CHECK],
            *seen[Moment.VISIT],
        ],
        "steps": telling_joint.weave_for_staff(telling_steps.timeline(case, heard.names, came, viewer=viewer), case),
        **telling_joint.doors(case, viewer, now),
        "is_running": merged.is_told(case),
        "near": near,
        **_allowed(case, came, near, viewer, now),
        "belonging": telling_belonging.at_the_desk(case, viewer, now),
        **_work(case, heard.names, viewer, now),
    }  # fmt: skip


def _allowed(
    case: Case, came: Sequence[Case], near: Sequence[Case], viewer: Person, now: datetime
) -> dict[str, object]:
    """What this person may do with it; what they may act as is asked of the database once."""
    with grid.roles_at_hand(viewer, now):
        decisions = may(case, came, viewer, now)
        return {
            "may": decisions,
            "merges": _older_ones(case, near, viewer, now) if decisions["merge"] else [],
            "may_unmask": bool(policies.may_unmask(viewer, case, now)),
            **telling_findings.beside(case, viewer, now),
        }


def _older_ones(case: Case, near: Sequence[Case], viewer: Person, now: datetime) -> list[UUID]:
    """Those nearby that this case can be made part of, the nearest in time first."""
    before = [other for other in near if merging.younger_first(case, other) == (case, other)]
    return [older.id for _younger, older in merging.offered(viewer, case, before, now)]


def _work(case: Case, names: Collection[str], viewer: Person, now: datetime) -> dict[str, object]:
    """Orders, requests, questions and limits; in none of their words who reported."""
    limits, asked, question = timing.limits_of(case.type_then), orders.open_request(case), orders.open_question(case)
    return {
        "orders": _orders(hub.orders_of(case), viewer, now),
        "asked": asked,
        "asked_text": masked(asked.text, names) if asked else "",
        "question": question,
        "question_text": masked(question.text, names) if question else "",
        "desk_stage": _stage_of_the_desk(case, limits),
        "limits": _limits(case, limits, now),
        "removal": removals.of(case) if case.state == State.VOIDED else None,
        "brief": queries.what_was_split_off(case),
    }


def offers(case: Case, known: Sequence[Unit], now: datetime) -> list[dict[str, object]]:
    """Units as radio cards: the suggested first, the rest behind a fold."""
    return [
        {
            "value": str(one.unit.pk),
            "title": one.unit.name,
            "hint": _("，").join(part for part in (str(_WHY[one.why]), _load(one.load)) if part),
        }
        for one in hub.offers(case, known, now)
    ]


def _load(count: int) -> str:
    return ngettext("手上 %(num)s 件", "手上 %(num)s 件", count) % {"num": count}


def may(case: Case, came: Iterable[Case], viewer: Person, now: datetime) -> dict[str, bool]:
    """Which decisions there are, with what was merged into it; the commands ask the same questions again."""
    sends = bool(policies.may_dispatch(viewer, case, now))
    sorts = bool(policies.may_sort(viewer, case, now))
    free = case.unit_id is None

    def can(action: Action) -> bool:
        return machine.allows(case.state, action)

    # Of a whole and its parts the command asks.
    spoke = policies.took_down(viewer, case)
    was_taken_on = any(one.responded_at or one.number for one in (case, *came))
    ends = not spoke and (not was_taken_on or bool(policies.may_end_unsolved(viewer, case)))
    # What nobody has looked at, and nothing came to, was refused by nobody.
    is_new = case.state == State.REPORTED and not came
    anew = is_new or policies.looks_anew(viewer, case)
    refuses = sends and ends and anew
    used_up = case.state == State.RETURNED and case.returns >= case.type_then.max_returns
    can_send = sends and free and (can(Action.FILE) or can(Action.DISPATCH))
    return {
        "dispatch": can_send and not used_up,
        "rule": can_send and (case.returns > 0),
        "file": sends and free and can(Action.FILE),
        "not_file": refuses and can(Action.NOT_FILE),
        "void": refuses and can(Action.VOID),
        "remove": sends and case.state == State.VOIDED and _may_be_removed(case, now),
        "verify": sorts and can(Action.VERIFY),
        "hand_up": free and sorts and can(Action.HAND_UP) and not sends,
        "decline": can(Action.DECLINE) and (ends if sorts else bool(policies.may_decline(viewer, case, now))) and anew,
        # Whoever may sort may write beside the steps and print; only who may not is asked about again.
        "note": (sorts or bool(policies.may_note(viewer, case, now))) and not retention.is_gone(case),
        "print": sorts or bool(policies.may_print(viewer, case, now)),
        # The hub of its place, which did not report it.
        "hold": sends,
        "place": sorts and case.is_guessed and not case.ended_at,
        "ask": sorts and can(Action.ASK) and not spoke,
        "unask": sorts and can(Action.TAKE_BACK_QUESTION),
        "urge": sorts and can(Action.URGE) and not (free and case.worker_id is None),
        "supervise": sends and can(Action.SUPERVISE),
        "draw": sends and _may_draw(case),
        "help": sends and not free and case.state in whereabouts.WITH_A_UNIT,
        "decide": sends and case.state == State.EXTENSION_PENDING,
        "suspend": sends and can(Action.SUSPEND) and not lateness.has_passed(case.due_at, now),
        "take_up": sends and case.state == State.SUSPENDED,
        "send_back": sends and splitting.may_be_sent_back(case),
        "split": sends and can(Action.SPLIT) and case.parent_id is None,
        "retype": can(Action.RETYPE) and bool(policies.may_retype(viewer, case, now)),
        "merge": sorts and can(Action.MERGE) and case.parent_id is None,
        "tie": sorts and not case.ended_at,
        # Who sorts and is not of the hub alone coordinates; the command asks once more.
        "whistle": sorts and case.state in joint.WHISTLABLE and joint_policies.coordinates(viewer, case, now),
    }


def _may_draw(case: Case) -> bool:
    """Whether nobody could be drawn, or nobody knows until when whoever was has time."""
    if case.state == State.CHECKING:
        return checking.undated_look_at(case) is not None
    return case.state == State.RESPONDED


def _may_be_removed(case: Case, now: datetime) -> bool:
    is_waiting = removals.voided_as_unlawful(case) is not None and removals.is_due(case, now)
    return is_waiting and removals.of(case) is None


def _orders(found: Iterable[WorkOrder], viewer: Person, now: datetime) -> list[dict[str, object]]:
    given = list(found)
    came_late = merged.orders_late_into(given)
    return [
        {**_order(one, one.id in came_late), "may_recall": _is_out(one) and _may_take_back(one, viewer, now)}
        for one in given
    ]


def _is_out(one: WorkOrder) -> bool:
    return order_rules.allows(one.state, OrderAction.RECALL) and one.state != OrderState.RESPONDED


def _may_take_back(one: WorkOrder, viewer: Person, now: datetime) -> bool:
    return bool(policies.may_decide_on_time_of(viewer, one, now))


def _order(one: WorkOrder, came_late: bool) -> dict[str, object]:
    state, word = CHIP_OF[one.state]
    return {
        "id": one.id,
        "unit": one.unit.name,
        "is_lead": one.part == Part.LEAD,
        "is_ruled": one.is_ruled,
        "chip": state,
        "word": word,
        "due_at": one.due_at,
        "is_in_work": one.state in IN_WORK,
        "is_running": lateness.order_is_told(one.state, one.case.state, came_late),
        "read_at": one.read_at,
        "handler": one.handler.name if one.handler else "",
        "named": one.named.name if one.named else "",
    }


def _stage_of_the_desk(case: Case, limits: Mapping[Stage, Span]) -> dict[str, object] | None:
    """受理, 立案, 派单: until when the desk itself has time."""
    stage = STAGE_OF.get(State(case.state))
    limit = limits.get(stage) if stage else None
    if stage is None or limit is None:
        return None
    began = queries.entered_at(case)
    return {"word": Stage(stage).label, "due_at": timing.until(began, limit)}


def _limits(case: Case, limits: Mapping[Stage, Span], now: datetime) -> list[dict[str, object]]:
    """What the unit is held to, from the dispatch on; from now where it is not sent yet."""
    first = WorkOrder.objects.live().leading().filter(case=case).first()
    begins = first.clock_started_at if first else now
    marked = {row["stage"]: row for row in telling_stages.rows(case, orders.lead_of(case), limits, now)}
    return [
        {
            "word": Stage(stage).label,
            "span": limits[stage].words,
            "due_at": first.due_at if first and stage == Stage.HANDLE else timing.until(begins, limits[stage]),
            "marked": marked.get(stage.value),
        }
        for stage in AT_THE_UNIT
        if stage in limits
    ]
