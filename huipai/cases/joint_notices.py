"""What people are told about joint tasks: units that they are called, the community who comes, reporters the result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.cases import along
from huipai.cases.fact_words import JointFact
from huipai.cases.joint_words import CallState
from huipai.cases.models import Case, JointCase, JointTask, UnitCall
from huipai.cases.notices import NEWS_FOR
from huipai.cases.telling_joint import met
from huipai.cases.whom import (
    Telling,
    hub,
    leads_of,
    of_a_part,
    of_unit,
    over,
    reporters,
    reporters_of_a_part_too,
    said_together,
)
from huipai.grid.models import Unit
from huipai.journal.models import Entry
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer
from huipai.people.words import Role

# Kinds of notices beside those that are called like their fact.
CALLED_TO, ABSENT_AT_UNIT, OVER, NOT_NEEDED = (
    "joint.called_to", "joint.absent_at_unit", "joint.over", "joint.not_needed",
)  # fmt: skip
# To reporters and to who follows it is about their case: who stopped that is not rung for this either.
FOR_REPORTERS, RESULT_FOR_REPORTERS, END_FOR_REPORTERS = "case.whistled", "case.joint_result", "case.joint_end"
FOR_FOLLOWERS, RESULT_FOR_FOLLOWERS, END_FOR_FOLLOWERS = "along.whistled", "along.joint_result", "along.joint_end"
ENVOY_GONE, ENVOY_GONE_AT_UNIT = "joint.envoy_gone", "joint.envoy_gone_at_unit"

_Tellers = Callable[[Entry, JointTask, datetime], list[Telling]]


def tell(*, entry_id: UUID, now: datetime) -> None:
    """Tell whom an entry about a joint task concerns, once however often this runs."""
    entry = Entry.objects.get(pk=entry_id)
    task = JointTask.objects.select_related("node").get(pk=UUID(entry.subject.removeprefix("joint:")))
    if now - entry.happened_at > NEWS_FOR:
        return
    for number, telling in enumerate(_TELLERS[entry.what](entry, task, now)):
        to = [person_id for person_id in dict.fromkeys(telling.to) if person_id != entry.actor_id]
        if to:
            notices.tell(
                person_ids=to, kind=telling.kind, subject=telling.subject or task.subject,
                cause=f"entry:{entry.id}:{number}", now=entry.happened_at, params=telling.params,
            )  # fmt: skip
    _overtake(entry, now)


def _overtake(entry: Entry, now: datetime) -> None:
    """What this fact, or one that happened since, puts an end to rings nobody any more; a follower may come late.

    A unit that has said who comes, or that it does not, is asked no more; whoever is replaced need not come.
    """
    since = Entry.objects.filter(subject=entry.subject, happened_at__gte=entry.happened_at)
    for one in since.filter(what__in=(*_OVERTAKES, JointFact.MUSTERED, JointFact.DECLINED)):
        overtake = partial(notices.overtake, subject=one.subject, now=one.happened_at)
        if one.what in _OVERTAKES:
            overtake(kinds=_OVERTAKES[one.what])
            continue
        of_them = of_unit(UUID(str(one.facts["unit"])), now)
        overtake(kinds=_TO_ANSWER, person_ids=of_them)
        if replaced := one.facts.get("instead_of"):
            overtake(kinds=(NAMED, JointFact.CONVENED), person_ids=[UUID(str(replaced))])


# --- Whom a fact concerns.
def _params(entry: Entry, task: JointTask) -> dict[str, object]:
    id = entry.facts.get("unit")
    name = Unit.objects.filter(pk=UUID(str(id))).values_list("name", flat=True).first() if id else ""
    return {"task": str(task.id), "unit": name or ""}


def _hub_of(task: JointTask, now: datetime) -> list[UUID]:
    first = JointCase.objects.filter(task=task).select_related("case__node").order_by("position").first()
    return hub(first.case, now) if first is not None else []


def _units_in(task: JointTask, now: datetime, *states: CallState) -> list[UUID]:
    called = UnitCall.objects.filter(task=task, state__in=states).values_list("unit_id", flat=True)
    return [person for unit_id in called for person in of_unit(unit_id, now)]


def _whistlers(task: JointTask, now: datetime) -> list[UUID]:
    """Whoever whistled; while they are away, or no more of the community, who attends to it."""
    there = over(task.node, (Role.COORDINATOR,), now)
    return [task.whistled_by_id] if task.whistled_by_id in there else there or _hub_of(task, now)


def _envoys(task: JointTask, now: datetime) -> list[UUID]:
    """Who comes for each unit; while they are away, or of it no more, whoever acts for it, as somebody has to come."""
    told: list[UUID] = []
    for unit_id, envoy_id in UnitCall.objects.filter(task=task, envoy__isnull=False).values_list("unit", "envoy"):
        there = of_unit(unit_id, now)
        told += [envoy_id] if envoy_id in there else there
    return told


def _reporters(entry: Entry, task: JointTask, kind: str, **more: object) -> list[Telling]:
    """Whoever hears of a case that was in the task when it happened; each is led to it.

    Of a part whose whole is not in it, that is everybody who reported the whole.
    """
    cases = _cases_in(entry, task)
    ids = {case.pk for case in cases}
    told = []
    for case in cases:
        tell_of = reporters if case.parent_id in ids else reporters_of_a_part_too
        told.append(replace(tell_of(entry, case, entry.happened_at, **more), kind=kind, subject=case.subject))
    return told


def _followers(entry: Entry, task: JointTask, kind: str, **more: object) -> list[Telling]:
    """Who follows a case that neighbours may see: that several come, and what came of it, as its page says too."""
    return [
        Telling(along.followers_of_shown(entry, case), kind, {"code": case.code, **more}, case.subject)
        for case in _cases_in(entry, task)
    ]


def _cases_in(entry: Entry, task: JointTask) -> list[Case]:
    """Those that were in the task when it happened."""
    in_it = JointCase.objects.filter(Q(ended_at=None) | Q(ended_at__gte=entry.happened_at), task=task)
    return [link.case for link in in_it.select_related("case").order_by("position")]


def _of_the_whistle(entry: Entry, task: JointTask, now: datetime) -> list[Telling]:
    params = _params(entry, task)
    return [
        Telling(_units_in(task, now, *CallState), CALLED_TO, params),
        Telling(_hub_of(task, now), entry.what, params),
        *_reporters(entry, task, FOR_REPORTERS),
        *_followers(entry, task, FOR_FOLLOWERS),
    ]


def _of_the_unit(entry: Entry, task: JointTask, now: datetime) -> list[Telling]:
    return [Telling(of_unit(UUID(str(entry.facts["unit"])), now), CALLED_TO, _params(entry, task))]


def _of_the_muster(entry: Entry, task: JointTask, now: datetime) -> list[Telling]:
    been = task.visited_at is not None and task.visited_at < entry.happened_at
    params = {**_params(entry, task), "agreed": task.visit_at is not None, "been": been}
    envoy, before = UUID(str(entry.facts["envoy"])), entry.facts.get("instead_of")
    return [
        Telling(_whistlers(task, now), entry.what, {**params, "another": before is not None}),
        Telling([envoy], NAMED, params),
        Telling([UUID(str(before))] if before else [], NOT_NAMED, params),
    ]


def _whistler(entry: Entry, task: JointTask, now: datetime) -> list[Telling]:
    return [Telling(_whistlers(task, now), entry.what, _params(entry, task))]


def _whistler_and_hub(entry: Entry, task: JointTask, now: datetime) -> list[Telling]:
    return [Telling([*_whistlers(task, now), *_hub_of(task, now)], entry.what, _params(entry, task))]


def _of_the_absence(entry: Entry, task: JointTask, now: datetime) -> list[Telling]:
    lead = Telling(leads_of(UUID(str(entry.facts["unit"])), now), ABSENT_AT_UNIT, _params(entry, task))
    return [lead, *_whistler_and_hub(entry, task, now)]


def _still_waited_for(entry: Entry, task: JointTask, now: datetime) -> list[Telling]:
    to = _units_in(task, now, CallState.CALLED, CallState.ABSENT)
    return [Telling(to, entry.what, _params(entry, task))]


def _of_the_day(entry: Entry, task: JointTask, now: datetime) -> list[Telling]:
    return [
        Telling(
            [*_envoys(task, now), *_whistlers(task, now)], entry.what,
            {**_params(entry, task), "at": entry.facts["at"]},
        )
    ]  # fmt: skip


def _of_the_visit(entry: Entry, task: JointTask, now: datetime) -> list[Telling]:
    """Whoever was named and was not there: the hour that was agreed on may still be to come."""
    named = UnitCall.objects.filter(task=task, envoy__isnull=False, came=False).values_list("unit_id", "envoy_id")
    waits = task.visit_at is not None and task.visit_at > entry.happened_at
    return [
        Telling(
            [envoy_id] if envoy_id in (there := of_unit(unit_id, now)) else there,
            entry.what,
            {**_params(entry, task), "waits": waits},
        )
        for unit_id, envoy_id in named
    ]


def _of_the_result(entry: Entry, task: JointTask, now: datetime) -> list[Telling]:
    to = [*_envoys(task, now), *_whistlers(task, now), *_hub_of(task, now)]
    params = _params(entry, task)
    return [
        Telling(to, entry.what, params),
        Telling(_units_in(task, now, CallState.RELEASED), NOT_NEEDED, params),
        *_reporters(entry, task, RESULT_FOR_REPORTERS),
        *_followers(entry, task, RESULT_FOR_FOLLOWERS),
    ]


def _of_the_rating(entry: Entry, task: JointTask, now: datetime) -> list[Telling]:
    rated = UnitCall.objects.filter(task=task, came__isnull=False).values_list("unit_id", flat=True)
    return [Telling(leads_of(unit_id, now), entry.what, _params(entry, task)) for unit_id in rated]


def _of_the_end(entry: Entry, task: JointTask, now: datetime) -> list[Telling]:
    to = [*_units_in(task, now, CallState.RELEASED), *_envoys(task, now), *_whistlers(task, now), *_hub_of(task, now)]
    to_all = Telling(to, OVER, {**_params(entry, task), "fact": entry.what})
    # What ended with its cases is told of each of them by itself.
    is_of_the_cases = entry.what == JointFact.CALLED_OFF and entry.actor_id is None
    if is_of_the_cases:
        return [to_all]
    return [
        to_all,
        *_reporters(entry, task, END_FOR_REPORTERS, fact=entry.what),
        *_followers(entry, task, END_FOR_FOLLOWERS, fact=entry.what),
    ]


NAMED, NOT_NAMED = "joint.named", "joint.not_named"
_TELLERS: dict[str, _Tellers] = {
    JointFact.WHISTLED: _of_the_whistle,
    JointFact.CALLED: _of_the_unit,
    JointFact.MUSTERED: _of_the_muster,
    JointFact.DECLINED: _whistler,
    JointFact.ABSENT: _of_the_absence,
    JointFact.FELL_BACK: _whistler_and_hub,
    JointFact.URGED: _still_waited_for,
    JointFact.CONVENED: _of_the_day,
    JointFact.VISITED: _of_the_visit,
    JointFact.PART_REPORTED: _whistler,
    JointFact.RESOLVED: _of_the_result,
    JointFact.RATED: _of_the_rating,
    JointFact.UNRESOLVED: _of_the_end,
    JointFact.CALLED_OFF: _of_the_end,
}
TOLD = tuple(_TELLERS)

# By fact, what was told before and asks nobody to come any more.
_TO_COME = (CALLED_TO, ABSENT_AT_UNIT, JointFact.URGED, NAMED, JointFact.CONVENED, ENVOY_GONE, ENVOY_GONE_AT_UNIT)
_TO_ANSWER = (CALLED_TO, ABSENT_AT_UNIT, JointFact.URGED)
_OVERTAKES: Mapping[str, tuple[str, ...]] = {
    JointFact.CONVENED: (JointFact.CONVENED,),
    JointFact.VISITED: (NAMED, JointFact.CONVENED, ENVOY_GONE, ENVOY_GONE_AT_UNIT),
    **dict.fromkeys((JointFact.RESOLVED, JointFact.UNRESOLVED, JointFact.CALLED_OFF), _TO_COME),
}


def tell_of_an_envoy_who_is_gone(*, entry_id: UUID, person_id: UUID, now: datetime) -> None:
    """Follows an absence or the end of an appointment: whoever else is of the unit names another, the whistler knows.

    Told of each unit for which they were named and have not come yet; once however often this runs.
    """
    entry = Entry.objects.get(pk=entry_id)
    named = UnitCall.objects.filter(
        envoy=person_id, state=CallState.MUSTERED, task__visited_at=None, task__ended_at=None
    )
    for call in named.select_related("task__node", "unit").order_by("id"):
        there = of_unit(call.unit_id, now)
        if person_id in there:
            continue
        for number, (to, kind) in enumerate(((there, ENVOY_GONE_AT_UNIT), (_whistlers(call.task, now), ENVOY_GONE))):
            notices.tell(
                person_ids=[id for id in dict.fromkeys(to) if id != person_id], kind=kind, subject=call.task.subject,
                cause=f"entry:{entry.id}:{call.id}:{number}", now=entry.happened_at,
                params={"task": str(call.task_id), "unit": call.unit.name},
            )  # fmt: skip


# --- In which words.
def _page(params: Mapping[str, object]) -> str | Promise:
    return reverse_lazy("cases:joint_task", args=[str(params["task"])])


def _plain(title: Promise, text: str | Promise, _subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(title, text, _page(params))


def _with_the_unit(title: Promise, text: str | Promise, _subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(title % {"unit": params["unit"]}, text, _page(params))


def _of_a_case(title: Promise, text: str | Promise, _subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(title, said_together(of_a_part(params), str(text)), _case_page(params))


def _for_neighbours(title: Promise, text: str | Promise, _subject: str, params: Mapping[str, object]) -> Wording:
    return Wording(title, text, reverse_lazy("cases:public", args=[str(params["code"])]))


def _case_page(params: Mapping[str, object]) -> str | Promise:
    return reverse_lazy("cases:detail", args=[str(params["code"])])


def _convened(_subject: str, params: Mapping[str, object]) -> Wording:
    at = met(datetime.fromtimestamp(int(str(params["at"])), UTC))
    return Wording(_("约好 %(at)s 一起到现场") % {"at": at}, _("在哪里碰头写在里面"), _page(params))


def _visited(_subject: str, params: Mapping[str, object]) -> Wording:
    text = _("约的时间不用再去，办了什么，在里面写一句") if params["waits"] else _("办了什么，在里面写一句")
    return Wording(_("一起办的 1 件，现场已经看过了"), text, _page(params))


def _mustered(_subject: str, params: Mapping[str, object]) -> Wording:
    if params.get("another"):
        return Wording(_("%(unit)s换了一位来") % {"unit": params["unit"]}, _("谁来，写在里面"), _page(params))
    title = _("%(unit)s报到了") % {"unit": params["unit"]}
    if params.get("been"):
        return Wording(title, _("现场已经看过，它办了什么，等它写一句"), _page(params))
    return Wording(
        title, _("时间和地点约过了，在里面") if params.get("agreed") else _("约个时间一起到现场"), _page(params)
    )


def _named(_subject: str, params: Mapping[str, object]) -> Wording:
    if params.get("been"):
        return Wording(_("单位请您办一起办的 1 件"), _("现场已经看过，在里面写一句办了什么"), _page(params))
    return Wording(_("单位请您去一起办 1 件"), _("时间和地点写在里面"), _page(params))


def _ended(_subject: str, params: Mapping[str, object]) -> Wording:
    is_off = params["fact"] == JointFact.CALLED_OFF
    title = _("您报的事，不用几家一起办了") if is_off else _("您报的事，几家一起办没有办成")
    return Wording(title, said_together(of_a_part(params), str(_("照原来的接着办"))), _case_page(params))


def _ended_for_neighbours(_subject: str, params: Mapping[str, object]) -> Wording:
    is_off = params["fact"] == JointFact.CALLED_OFF
    title = _("您跟着的事，不用几家一起办了") if is_off else _("您跟着的事，几家一起办没有办成")
    return _for_neighbours(title, _("照原来的接着办"), _subject, params)


def _over(_subject: str, params: Mapping[str, object]) -> Wording:
    if params["fact"] == JointFact.CALLED_OFF:
        return Wording(_("撤哨了，不用再来"), _("为什么写在里面"), _page(params))
    return Wording(_("这次吹哨没有办成"), _("案子照原来的接着办"), _page(params))


WORDINGS: dict[str, Writer] = {
    CALLED_TO: partial(_plain, _("社区吹哨，请你们来一起办"), _("先报到：谁来，里面点一下")),
    JointFact.WHISTLED: partial(_plain, _("社区吹了一次哨"), _("看看谁报到了，没人来要接手")),
    FOR_REPORTERS: partial(_of_a_case, _("您报的事，社区请了几家单位一起来办"), _("有结果会告诉您")),
    JointFact.MUSTERED: _mustered,
    NOT_NAMED: partial(_plain, _("换了一位同事去一起办，您不用去了"), _("有话要交代，跟同事说一声")),
    END_FOR_REPORTERS: _ended,
    NAMED: _named,
    JointFact.DECLINED: partial(_with_the_unit, _("%(unit)s说来不了"), _("理由写在里面，可以再叫一家")),
    JointFact.ABSENT: partial(_with_the_unit, _("%(unit)s没有按时报到"), _("打个电话，或者再叫一家")),
    ABSENT_AT_UNIT: partial(_plain, _("社区吹的哨，你们还没有报到"), _("现在报到也行，会写明过了时限")),
    JointFact.FELL_BACK: partial(_plain, _("没有单位报到，联动中心接手"), _("再叫单位，或者写明原因收尾")),
    JointFact.URGED: partial(_plain, _("社区催你们报到"), _("谁来，里面点一下；来不了说一句")),
    JointFact.CONVENED: _convened,
    JointFact.VISITED: _visited,
    JointFact.PART_REPORTED: partial(_with_the_unit, _("%(unit)s说了办什么"), _("几家都说了，就能写结果")),
    JointFact.RESOLVED: partial(_plain, _("一起办的事有结果了"), _("结果写在里面")),
    NOT_NEEDED: partial(_plain, _("一起办的事有结果了，你们不用来了"), _("结果写在里面")),
    ENVOY_GONE: partial(_with_the_unit, _("%(unit)s说好来的那位不在岗了"), _("等他们换一位，或者打个电话")),
    ENVOY_GONE_AT_UNIT: partial(_plain, _("说好去一起办的同事不在岗了"), _("在里面换一位去")),
    RESULT_FOR_REPORTERS: partial(_of_a_case, _("几家一起办您报的事，有结果了"), _("结果写在里面，还会请人去核查")),
    FOR_FOLLOWERS: partial(_for_neighbours, _("您跟着的事，社区请了几家单位一起来办"), _("有结果会告诉您")),
    END_FOR_FOLLOWERS: _ended_for_neighbours,
    RESULT_FOR_FOLLOWERS: partial(
        _for_neighbours, _("您跟着的事，几家一起办有结果了"), _("结果写在里面，还会请人去核查")
    ),
    JointFact.RATED: partial(_plain, _("社区评了你们这次到场"), _("评的是单位，不评个人")),
    OVER: _over,
}
