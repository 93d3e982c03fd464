"""Joint tasks: the list, one of them for everybody in it, whistling, and what each part can do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huipai.cases import queries, telling_joint, telling_joint_written, telling_words
from huipai.cases.commands.joint import ending, mustering, visiting, whistling
from huipai.cases.joint_words import HOURS_TO_MUSTER, MOST_CASES, USUAL_HOURS_TO_MUSTER, CallState
from huipai.cases.models import Case, JointTask, UnitCall
from huipai.cases.pages.forms_again import Sent, errors_of, photos_of, uploaded
from huipai.cases.policies import entering, joint
from huipai.cases.queries import joint as joint_read
from huipai.cases.rules import joint as rules
from huipai.cases.words import Actor
from huipai.grid import queries as grid
from huipai.kit import clock
from huipai.kit.paging import Page, page_of
from huipai.kit.render import render
from huipai.kit.verdict import NotAllowed, NotVisible, Refused
from huipai.kit.written import written
from huipai.people.http import SignedInRequest, signed_in

PAGE = 30
MOST_TYPED = 40
_CHINA = ZoneInfo("Asia/Shanghai")


@require_GET
@signed_in
def tasks(request: SignedInRequest) -> HttpResponse:
    """What goes on, by when it needs somebody; what is over."""
    now = clock.now()
    entering.may_enter_joint(request.person, now).require()
    view = joint_read.OVER if request.GET.get("view") == joint_read.OVER else joint_read.GOING
    typed = request.GET.get("q", "").replace("\0", "").strip()[:MOST_TYPED]
    page: Page[JointTask] = page_of(
        joint_read.shelf(request.person, view, typed, now), request.GET.get("page"), size=PAGE
    )  # fmt: skip
    names = queries.reporters_names([link.case.code for task in page.items for link in task.cases.all()])
    left = joint_read.left_by(request.person, page.items, now)
    units = {unit.pk for unit in grid.units_of(request.person, now)}
    context = {
        "page": page, "view": view, "typed": typed, "now": now,
        "rows": [
            telling_joint.row_of_left(task, names, units) if task.pk in left else telling_joint.row(task, names)
            for task in page.items
        ],
        "is_unit": not entering.may_enter_desk(request.person, now),
    }  # fmt: skip
    return render(request, "cases/joint_tasks.jinja", context)


@require_GET
@signed_in
def task(request: SignedInRequest, task_id: UUID) -> HttpResponse:
    now = clock.now()
    return _show(request, joint_read.by_id(request.person, task_id, now), now)


def _show(
    request: SignedInRequest, one: JointTask, now: datetime, *, refused: Refused | None = None, deed: str = "",
    sent: Sent | None = None,
) -> HttpResponse:  # fmt: skip
    """The page of a task; after a refusal with its sentence and everything that was typed."""
    calls, names = joint_read.calls_of(one), telling_joint_written.names_of(one)
    units = {unit.pk for unit in grid.units_of(request.person, now)}
    part, reading = _part(request, one, now), joint_read.reading(request.person, one, now)
    if reading.has_left:
        calls = [call for call in calls if call.unit_id in units]
    rated = [call.unit_id for call in calls if call.is_rated]
    errors = errors_of(refused) if refused else []
    told = telling_joint.Roll(names, joint_read.missed_before(one), _gone(one, calls, now))
    context = {
        **telling_joint.about(one, reading, request.person, now),
        **({"mark": telling_joint.mark_of_left(calls)} if reading.has_left else {}),
        "now": now,
        "calls": [telling_joint.call(call, told, shows_rating=part != "" or call.unit_id in units) for call in calls],
        "mine": _mine(one, calls, units, request, now),
        "part": part,
        "may": telling_joint.may(one, calls) if part else {},
        "may_rate": part == Actor.COORDINATOR and bool(joint.may_rate(request.person, rated, now)),
        "more_units": _more_units(one, calls, now) if part else [],
        "errors": errors, "has_errors": bool(errors), "wrong": dict(errors), "deed": deed, "typed": request.POST,
        "came_typed": request.POST.getlist("came"),
        # Where it has moved on, the form they were written in may be gone.
        "written": written(request.POST.dict()) if refused and refused.status == 409 else [],
        "photos": uploaded(sent.ids if sent else (), request.person, now),
    }  # fmt: skip
    return render(request, "cases/joint_task.jinja", context, status=refused.status if refused else 200)


def _gone(one: JointTask, calls: list[UnitCall], now: datetime) -> set[UUID]:
    """The calls whose envoy is away, or of the unit no more, before they have been there: another has to come."""
    if one.state not in rules.BEFORE_A_RESULT or one.visited_at is not None:
        return set()
    there = {person.pk for person in joint_read.people_of([call.unit_id for call in calls], now)}
    return {call.pk for call in calls if call.envoy_id and call.envoy_id not in there}


def _part(request: SignedInRequest, one: JointTask, now: datetime) -> str:
    """In which part of the desk somebody looks after it; '' in none."""
    try:
        return joint.part_in_joint(request.person, one, now)
    except (NotVisible, NotAllowed):
        return ""


def _mine(
    one: JointTask, calls: list[UnitCall], units: set[UUID], request: SignedInRequest, now: datetime
) -> list[dict[str, object]]:
    """What one's own units can do: name who comes, say why not, say what was done."""
    if not joint.may_muster(request.person, one, now):
        return []
    open_to_units = one.state in rules.BEFORE_A_RESULT
    found: list[dict[str, object]] = []
    for call in calls:
        if call.unit_id in units and open_to_units:
            is_here = call.state == CallState.MUSTERED
            people = joint_read.people_of([call.unit_id], now)
            found.append({
                "id": call.id, "unit": call.unit.name, "is_here": is_here,
                "may_replace": one.visited_at is None,
                "people": [
                    {"value": str(person.pk), "title": person.name or _now("没有写名字")}
                    for person in sorted(people, key=lambda person: person.pk != request.person.pk)
                ],
                "envoy": str(call.envoy_id or request.person.pk),
                "called": call.called_at.isoformat(),
                "may_decline": call.state in (CallState.CALLED, CallState.ABSENT),
                "may_report": is_here and one.state == "on_site", "part": call.part,
            })  # fmt: skip
    return found


def _more_units(one: JointTask, calls: list[UnitCall], now: datetime) -> list[tuple[str, str]]:
    """Who can still be called, or again: not who is waited for or has come."""
    taken = {call.unit_id for call in calls if call.state in (CallState.CALLED, CallState.MUSTERED)}
    return [(str(unit.pk), unit.name) for unit in joint_read.units_to_call(one.node, now) if unit.pk not in taken]


@require_http_methods(["GET", "POST"])
@signed_in
def whistle(request: SignedInRequest, code: str) -> HttpResponse:
    """Call units together on a case: what to look at, who, how soon, and which other cases are the same matter."""
    now = clock.now()
    case = queries.by_code(request.person, code, now)
    joint.may_whistle(request.person, case, now).require()
    chosen, along = request.POST.getlist("unit"), request.POST.getlist("case")
    units, ticked = joint_read.units_to_call(case.node, now), _ticked(request, case, along, now)
    others = list(dict.fromkeys([*ticked, *joint_read.beside(case, now)]))
    hours = request.POST.get("hours", str(USUAL_HOURS_TO_MUSTER))
    refused: Refused | None = None
    if request.method == "POST":
        try:
            done = whistling.whistle(
                case_ids=[case.id, *(other.id for other in ticked)],
                unit_ids=_ids(chosen), actor=request.person,
                matter=request.POST.get("text", ""), hours=int(hours) if hours in _HOURS else 0, now=now,
            )  # fmt: skip
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, _now("哨吹出去了，报到的时限开始算"))
            return redirect("cases:joint_task", task_id=done.id)
    errors = errors_of(refused) if refused else []
    context = {
        "case": case, "place": telling_words.place_of(case), "now": now, "text": request.POST.get("text", ""),
        "units": units, "chosen": chosen, "others": others, "along": along, "hours": hours,
        "all_hours": [
            {"value": str(one), "title": _now("%(num)s 个工作时内报到") % {"num": one}} for one in HOURS_TO_MUSTER
        ],
        "going": joint_read.going_on(case),
        "errors": errors, "has_errors": bool(errors), "wrong": dict(errors),
    }  # fmt: skip
    return render(request, "cases/joint_whistle.jinja", context, status=refused.status if refused else 200)


def _ticked(request: SignedInRequest, case: Case, along: list[str], now: datetime) -> list[Case]:
    """The other cases of the form, also one that is offered no more: none is left out unsaid."""
    seen = queries.visible_to(request.person, now).exclude(pk=case.pk).filter(code__in=along[: MOST_CASES - 1])
    return list(seen.select_related("case_type", "node").order_by("id"))


def _ids(chosen: list[str]) -> list[UUID]:
    """Units as they were chosen; what is no id is no unit."""
    found = []
    for one in chosen:
        with suppress(ValueError):
            found.append(UUID(one))
    return found


_HOURS = tuple(str(one) for one in HOURS_TO_MUSTER)


# --- One press on the page of a task: one command behind each.
@dataclass(frozen=True)
class Press:
    request: SignedInRequest
    task: JointTask
    now: datetime
    sent: Sent

    def text(self, name: str = "text") -> str:
        return self.request.POST.get(name, "")

    def id(self, name: str) -> UUID:
        """An id that was chosen; one that nothing has where none was."""
        try:
            return UUID(self.text(name))
        except ValueError:
            return UUID(int=0)

    def call(self) -> UUID:
        """A call of this very task."""
        found = UnitCall.objects.filter(task=self.task, pk=self.id("call")).values_list("id", flat=True).first()
        if found is None:
            raise NotVisible
        return found

    def called_at(self) -> datetime | None:
        """When the unit was called, as its page said."""
        try:
            return parse_datetime(self.text("called"))
        except ValueError:
            return None

    def when(self) -> datetime | None:
        try:
            day, hour = parse_date(self.text("day")), parse_time(self.text("time"))
        except ValueError:
            return None
        return datetime.combine(day, hour, _CHINA) if day and hour else None

    def marks(self) -> dict[UUID, ending.Mark]:
        """The stars of every unit, as far as they were given."""
        found = {}
        for call in joint_read.calls_of(self.task):
            stars = self.text(f"stars_{call.id}")
            found[call.id] = ending.Mark(int(stars) if stars in "12345" and stars else 0, self.text(f"why_{call.id}"))
        return found

    def came(self) -> list[UUID]:
        """Those who stood there; that none did is said, not left out."""
        came = self.calls("came")
        if not came and self.calls("offered") and not self.text("nobody"):
            raise visiting.WhoCame(field="came")
        return came

    def calls(self, name: str) -> list[UUID]:
        """Those of this task's that the form names."""
        chosen = set(self.request.POST.getlist(name))
        return [call.id for call in joint_read.calls_of(self.task) if str(call.id) in chosen]


def _mustered(one: JointTask) -> str | Promise:
    """What comes next for who has mustered."""
    if one.visited_at is not None:
        return _("报到了。现场已经看过，写一句本单位办了什么，社区写结果时看得到")
    return _("报到了，约好的时间和地点在这里") if one.visit_at else _("报到了，社区会约时间和地点")


Act = Callable[[Press], object]
Said = str | Promise | Callable[[JointTask], str | Promise]
DEEDS: dict[str, tuple[Act, Said]] = {
    "muster": (
        lambda p: mustering.muster(
            call_id=p.call(), envoy_id=p.id("envoy"), actor=p.request.person, now=p.now
        ),
        _mustered,
    ),
    "replacement": (
        lambda p: mustering.send_another(
            call_id=p.call(), envoy_id=p.id("envoy"), actor=p.request.person, now=p.now
        ),
        _("换人了，报到的时间不变"),
    ),
    "decline": (
        lambda p: mustering.decline(
            call_id=p.call(), called_at=p.called_at(), actor=p.request.person, text=p.text("excuse"), now=p.now
        ),
        _("告诉社区了"),
    ),
    "part": (
        lambda p: visiting.report_part(
            call_id=p.call(), actor=p.request.person, text=p.text(), photo_ids=p.sent.all(), now=p.now
        ),
        _("记下了，社区写结果时看得到"),
    ),
    "call": (
        lambda p: whistling.call(task_id=p.task.id, unit_id=p.id("unit"), actor=p.request.person, now=p.now),
        _("叫了，报到的时限从现在算"),
    ),
    "urge": (lambda p: whistling.urge(task_id=p.task.id, actor=p.request.person, now=p.now), _("催过了")),
    "day": (
        lambda p: visiting.convene(
            task_id=p.task.id, actor=p.request.person, at=p.when(), place=p.text("place"), now=p.now
        ),
        _("约好了，报到的人都会收到"),
    ),
    "visit": (
        lambda p: visiting.visit(
            task_id=p.task.id, actor=p.request.person, text=p.text(), asked_of=p.calls("offered"),
            came=p.came(), photo_ids=p.sent.all(), now=p.now,
        ),
        _("记下了，接着写结果"),
    ),
    "result": (
        lambda p: visiting.resolve(
            task_id=p.task.id, actor=p.request.person, text=p.text(), photo_ids=p.sent.all(), now=p.now
        ),
        _("结果告诉上报人和各家单位了"),
    ),
    "rating": (
        lambda p: ending.rate(task_id=p.task.id, actor=p.request.person, marks=p.marks(), now=p.now),
        _("评过了，这次吹哨收尾"),
    ),
    "giving-up": (
        lambda p: ending.give_up(task_id=p.task.id, actor=p.request.person, text=p.text("why"), now=p.now),
        _("收尾了，案子照原来的接着办"),
    ),
    "calling-off": (
        lambda p: ending.call_off(task_id=p.task.id, actor=p.request.person, text=p.text("why"), now=p.now),
        _("撤哨了，告诉了各家单位"),
    ),
}  # fmt: skip
_WITH_PHOTOS = ("part", "visit", "result")


@require_POST
@signed_in
def act(request: SignedInRequest, task_id: UUID, deed: str) -> HttpResponse:
    """One thing done to a joint task; refused, the page says why and keeps what was typed."""
    if deed not in DEEDS:
        raise Http404
    now = clock.now()
    one = joint_read.by_id(request.person, task_id, now)
    sent = Sent(())
    if deed in _WITH_PHOTOS:
        sent = photos_of(request, form_id=one.id, person=request.person, now=now)
    run, done = DEEDS[deed]
    try:
        run(Press(request, one, now, sent))
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        fresh = joint_read.by_id(request.person, task_id, now)
        return _show(request, fresh, now, refused=refusal, deed=deed, sent=sent)
    messages.success(request, str(done(one) if callable(done) else done))
    return redirect("cases:joint_task", task_id=task_id)
