"""A joint task told: on its own page, and in a few public words among the steps of its cases. Nobody is named there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from huipai.cases import queries, telling
from huipai.cases.joint_words import CallState, JointAction, JointState
from huipai.cases.models import Case, CasePhoto, JointStep, JointTask, UnitCall
from huipai.cases.queries import given
from huipai.cases.queries import joint as joint_read
from huipai.cases.queries import orders as orders_read
from huipai.cases.queries.joint import Reading
from huipai.cases.rules import joint
from huipai.cases.telling_joint_written import Written, everything, names_among, results
from huipai.kit.masking import masked, without_names
from huipai.people.models import Person

_CHINA = ZoneInfo("Asia/Shanghai")
# Colour, icon and word of each state; the icons say the same without the colour.
CHIP_OF: Mapping[str, tuple[str, str]] = {
    JointState.WHISTLED: ("amber", "bell-ringing"),
    JointState.MUSTERING: ("violet", "users"),
    JointState.UNANSWERED: ("orange", "alert-circle"),
    JointState.ON_SITE: ("blue", "map-pin"),
    JointState.RESOLVED: ("teal", "message-check"),
    JointState.RATED: ("green", "circle-check-filled"),
    JointState.UNRATED: ("stone", "circle-check"),
    JointState.UNRESOLVED: ("stone", "info-circle"),
    JointState.CALLED_OFF: ("stone", "ban"),
}
CALL_CHIP_OF: Mapping[str, tuple[str, str]] = {
    CallState.CALLED: ("amber", "hourglass-high"),
    CallState.MUSTERED: ("teal", "circle-check"),
    CallState.ABSENT: ("orange", "alert-circle"),
    CallState.DECLINED: ("stone", "info-circle"),
    CallState.RELEASED: ("stone", "ban"),
}
# The words of a step, with and without the unit; for everybody who may see the case.
_STEPS: Mapping[str, tuple[str | Promise, str]] = {
    JointAction.WHISTLE: (_("社区吹哨，请几家单位一起来办"), "bell-ringing"),
    JointAction.MUSTER: (_("%(unit)s报到了"), "user-plus"),
    JointAction.DECLINE: (_("%(unit)s说来不了"), "info-circle"),
    JointAction.MARK_ABSENT: (_("%(unit)s没有按时报到"), "alert-circle"),
    JointAction.FALL_BACK: (_("没有单位报到，街道联动中心接手"), "arrow-up"),
    JointAction.CALL: (_("又请了%(unit)s"), "bell-ringing"),
    JointAction.URGE: (_("催了还没报到的单位"), "bell-ringing"),
    JointAction.CONVENE: (_("约好 %(at)s 一起到现场"), "calendar-time"),
    JointAction.VISIT: (_("到现场看过了"), "map-pin"),
    JointAction.REPORT_PART: (_("%(unit)s说了办什么"), "message-check"),
    JointAction.RESOLVE: (_("一起办有结果了"), "circle-check"),
    JointAction.RATE: (_("社区评了各家单位"), "clipboard-check"),
    JointAction.LAPSE_RATING: (_("社区没有评，这次吹哨收尾"), "circle-check"),
    JointAction.GIVE_UP: (_("一起看过，这次没有办成，照原来的接着办"), "info-circle"),
    JointAction.LAPSE: (_("到时候没有动静，吹哨收尾，照原来的接着办"), "info-circle"),
    JointAction.CALL_OFF: (_("不用几家一起办了，撤哨"), "ban"),
}
# What goes on between the community and the units stays with them.
_INSIDE = frozenset({
    JointAction.URGE, JointAction.RATE, JointAction.LAPSE_RATING, JointAction.REPORT_PART, JointAction.DECLINE,
})  # fmt: skip
# Of a public case neighbours read that several came and what came of it.
_FOR_NEIGHBOURS = frozenset({
    JointAction.WHISTLE, JointAction.MUSTER, JointAction.VISIT, JointAction.RESOLVE,
})  # fmt: skip


def addresses(task_ids: Collection[UUID]) -> dict[UUID, str]:
    """The page of each of these tasks."""
    return {task_id: reverse("cases:joint_task", args=[task_id]) for task_id in task_ids}


def met(at: datetime) -> str:
    """A day and an hour, as one says it when one meets."""
    local = at.astimezone(_CHINA)
    return pgettext("meeting", "%(month)s 月 %(day)s 日 %(time)s") % {
        "month": local.month, "day": local.day, "time": f"{local:%H:%M}",
    }  # fmt: skip


def _line(step: JointStep, written: Sequence[str]) -> dict[str, object]:
    words, icon = _STEPS[step.action]
    if step.action == JointAction.VISIT and _is_early(step):
        words = _("没到约好的时间就到现场看过了")
    if step.action == JointAction.GIVE_UP and step.task.visited_at is None:
        words = _("这次没有办成，照原来的接着办")
    meets = met(step.meets_at) if step.meets_at else ""
    return {
        "title": words % {"unit": step.unit.name if step.unit else "", "at": meets}, "at": step.happened_at,
        "icon": icon, "kind": "done", "text": "", "said": [{"by": "them", "text": line} for line in written],
    }  # fmt: skip


def _is_early(step: JointStep) -> bool:
    """They went before the hour on which they had agreed."""
    agreed = step.task.visit_at
    return agreed is not None and step.happened_at < agreed - timedelta(hours=1)


def _lines(steps: Iterable[JointStep], written: Written) -> list[dict[str, object]]:
    return [_line(step, written.get(step.pk, ())) for step in steps]


def timeline(task: JointTask, until: datetime | None) -> list[dict[str, object]]:
    """The steps of the task, newest first; up to a time, if one is named."""
    return _in_short(step for step in reversed(joint_read.steps_of(task)) if _by(step.happened_at, until))


def _in_short(steps: Iterable[JointStep]) -> list[dict[str, object]]:
    """Each with no more written beside it than what came of it."""
    told = list(steps)
    return _lines(told, results(told))


def _by(at: datetime | None, until: datetime | None) -> bool:
    return until is None or (at is not None and at <= until)


def weave(steps: list[dict[str, object]], case: Case) -> list[dict[str, object]]:
    """The steps of a case, newest first, with what its reporter reads of what was whistled on it between them."""
    found = joint_read.steps_about(case.id)
    return _in_time(steps, _in_short(step for step in found if step.action not in _INSIDE))


def weave_in_short(steps: list[dict[str, object]], case: Case) -> list[dict[str, object]]:
    """The same for who sees a case and is not to read what staff tell each other: every step."""
    return _in_time(steps, _in_short(joint_read.steps_about(case.id)))


def weave_for_staff(steps: list[dict[str, object]], case: Case) -> list[dict[str, object]]:
    """The same for whoever looks after it: every step, with all that was written in it."""
    found = joint_read.steps_about(case.id)
    return _in_time(steps, _lines(found, everything(found)))


def doors(case: Case, viewer: Person, now: datetime) -> dict[str, object]:
    """The page of what was whistled on a case, for who may see it: of what goes on, and of what is over."""
    tasks = joint_read.about(case, viewer, now)
    return {
        "whistled": next((task for task in tasks if task.ended_at is None), None),
        "whistled_before": [task for task in tasks if task.ended_at is not None],
    }


def weave_for_neighbours(steps: list[dict[str, object]], case_id: UUID) -> list[dict[str, object]]:
    """The same for a case that the gate has let through: that several came, and what came of it."""
    found = joint_read.steps_in_public_about(case_id)
    return _in_time(steps, _in_short(step for step in found if step.action in _FOR_NEIGHBOURS))


def _in_time(steps: list[dict[str, object]], more: list[dict[str, object]]) -> list[dict[str, object]]:
    if not more:
        return steps
    both = sorted([*reversed(steps), *more], key=lambda line: line["at"].timestamp())  # type: ignore[attr-defined]
    return list(reversed(both))


def row_of_left(task: JointTask, names: Mapping[str, Sequence[str]], units: Collection[UUID]) -> dict[str, object]:
    """The same for a unit that has left: what it was asked for, and that it left."""
    own = [call for call in task.calls.all() if call.unit_id in units]
    family, icon = CALL_CHIP_OF[own[0].state]
    return {
        **row(task, names), "family": family, "icon": icon, "word": CallState(own[0].state).label, "units": [],
        "cases": 1, "codes": [], "called": 0, "mustered": 0, "visit_at": None, "wait_until": None,
    }  # fmt: skip


def row(task: JointTask, names: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """A line of the list; `names` of who reported each of its cases, by their codes, are in no word of it."""
    family, icon = CHIP_OF[task.state]
    calls, links = list(task.calls.all()), list(task.cases.all())
    kinds = list(dict.fromkeys(link.case.case_type.name for link in links))
    return {
        "href": reverse("cases:joint_task", args=[task.id]),
        "title": _now("、").join(kinds),
        "codes": [link.case.code for link in links],
        "matter": masked(task.matter, [name for link in links for name in names.get(link.case.code, ())]),
        "place": task.node.name,
        "family": family,
        "icon": icon,
        "word": JointState(task.state).label,
        "units": [(call.unit.name, *CALL_CHIP_OF[call.state], CallState(call.state).label) for call in calls],
        "cases": len(links),
        "mustered": sum(1 for call in calls if call.state == CallState.MUSTERED),
        "called": len(calls),
        "visit_at": task.visit_at if task.state == JointState.ON_SITE and task.visited_at is None else None,
        "wait_until": task.wait_until,
    }


def _why_it_ended(task: JointTask, names: Collection[str]) -> str:
    """What was written; where nobody did, it ended with its cases."""
    if task.ending or task.state != JointState.CALLED_OFF:
        return masked(task.ending, names)
    return _now("要几家一起办的事已经了结了，各是怎么了结的，看下面每一件")


def about(task: JointTask, reading: Reading, viewer: Person, now: datetime) -> dict[str, object]:
    """What somebody who may see the task reads of it, as far as it is for them."""
    family, icon = CHIP_OF[task.state]
    cases, until = joint_read.cases_of(task), reading.until
    names = names_among(cases)
    was_visited = _by(task.visited_at, until)
    return {
        "task": task,
        "has_left": reading.has_left,
        "mark": (family, icon, JointState(task.state).label),
        "cases": [_case(case, until, viewer, now) for case in cases],
        "matter": masked(task.matter, names),
        "visit_place": "" if reading.has_left and not was_visited else masked(task.visit_place, names),
        "visit_note": masked(task.visit_note, names) if was_visited else "",
        "ending": _why_it_ended(task, names) if _by(task.ended_at, until) else "",
        "result": without_names(task.result, names) if _by(task.resolved_at, until) else "",
        "steps": timeline(task, until),
        "center": (cases[0].lng, cases[0].lat) if cases else None,
        "visit_photos": telling.as_seen(_taken_on_the_visit(task, until), viewer, now),
    }  # fmt: skip


def _taken_on_the_visit(task: JointTask, until: datetime | None) -> list[CasePhoto]:
    """What was photographed there, each picture once although every case has its own: one that has not gone, if any."""
    taken = CasePhoto.objects.filter(joint_task=task).select_related("photo").order_by("added_at", "position", "id")
    once: dict[str, CasePhoto] = {}
    for one in given.came_by(taken, until):
        known = once.get(one.photo.sha256)
        if known is None or known.photo.erased_at is not None:
            once[one.photo.sha256] = one
    return list(once.values())


def mark_of_left(calls: Collection[UnitCall]) -> tuple[str, str, str | Promise]:
    """What stands in place of the task's state for a unit that has left."""
    state = next(iter(calls)).state
    return (*CALL_CHIP_OF[state], CallState(state).label)


def _case(case: Case, until: datetime | None, viewer: Person, now: datetime) -> dict[str, object]:
    """A case as units may read it: what and where, and nothing of who reported it.

    For whom the task is over, nothing of where it stands since.
    """
    hidden = orders_read.names_to_hide(case)
    before = telling.by_moment(given.came_by(queries.photos_of(case), until), viewer, now)["before"]
    return {
        "code": case.code,
        "title": case.case_type.name,
        "place": telling.place(case, hidden),
        "state": case.state if until is None else "",
        "word": case.state_word,
        "src": next((one.src for one in before if one.src), None),
        "lng": case.lng,
        "lat": case.lat,
        "who": case.unit.name if until is None and case.unit is not None and not case.ended_at else "",
    }


@dataclass(frozen=True)
class Roll:
    """What is known of all calls of a task when one of them is told."""

    # Who reported, or helped to: in no word of it.
    names: Collection[str]
    missed: Mapping[UUID | None, int]
    # Calls whose envoy is not there.
    gone: Collection[UUID]


def call(one: UnitCall, roll: Roll, *, shows_rating: bool) -> dict[str, object]:
    """A unit that was called, in words: in time, late, not at all, there or not. Nobody who reported is in them."""
    family, icon = CALL_CHIP_OF[one.state]
    rating = next(iter(one.ratings.all()), None) if shows_rating else None
    return {
        "id": one.id,
        "unit": one.unit.name,
        "mark": (family, icon, CallState(one.state).label),
        "words": [without_names(str(words), roll.names) for words in _words(one, roll.missed.get(one.unit_id, 0))],
        "envoy": one.envoy.name if one.envoy else "",
        "is_gone": one.pk in roll.gone,
        "part": without_names(one.part, roll.names),
        "rating": {"stars": rating.stars, "text": without_names(rating.text, roll.names)} if rating else None,
        "is_mustered": one.state == CallState.MUSTERED,
        "is_rated": one.is_rated,
    }


def _words(one: UnitCall, missed: int) -> list[str | Promise]:
    """Each call by its own limit: what came of an earlier one stays said."""
    said: list[str | Promise] = []
    if missed:
        said.append(
            ngettext("先前叫过 %(num)s 次，没有按时报到", "先前叫过 %(num)s 次，没有按时报到", missed) % {"num": missed}
        )
    if one.state == CallState.CALLED:
        said.append(_now("%(at)s 前报到") % {"at": met(one.answer_by)})
    if one.mustered_at is not None:
        at = {"at": met(one.mustered_at)}
        said.append(_now("%(at)s 报到，过了时限") % at if one.is_late else _now("%(at)s 按时报到") % at)
        if one.task.visited_at is not None and one.came is None:
            said.append(_("看过现场以后才报到，不评"))
    if one.state == CallState.ABSENT:
        said.append(_now("%(at)s 前没有报到") % {"at": met(one.answer_by)})
    if one.excuse:
        was = _now("说来不了：%(why)s") if one.state == CallState.DECLINED else _now("先前说来不了：%(why)s")
        said.append(was % {"why": one.excuse})
    if one.came is not None:
        said.append(_("到了现场") if one.came else _("报到了，没有到现场"))
    return said


def may(task: JointTask, calls: list[UnitCall]) -> dict[str, bool]:
    """What the table lets the desk do now; who may is asked by policies."""
    been = task.visited_at is not None
    waited_for = any(call.state in (CallState.CALLED, CallState.ABSENT) for call in calls)
    return {
        "convene": joint.allows(task.state, JointAction.CONVENE) and not been,
        "visit": joint.allows(task.state, JointAction.VISIT) and not been,
        "resolve": joint.allows(task.state, JointAction.RESOLVE) and been,
        "rate": joint.allows(task.state, JointAction.RATE),
        "call": joint.allows(task.state, JointAction.CALL),
        "urge": joint.allows(task.state, JointAction.URGE) and waited_for,
        "give_up": joint.allows(task.state, JointAction.GIVE_UP),
        "call_off": joint.allows(task.state, JointAction.CALL_OFF),
    }
