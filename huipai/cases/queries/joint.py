"""Reading joint tasks: the desk those of its part of the grid, units those to which they are called."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from huipai.cases.joint_words import CallState, JointAction
from huipai.cases.models import Case, JointCase, JointStep, JointTask, UnitCall
from huipai.cases.models.joint import JointTaskQuerySet
from huipai.cases.rules import joint as rules
from huipai.cases.rules import machine
from huipai.cases.rules.numbers import number_in
from huipai.cases.words import Action, State
from huipai.grid import queries as grid
from huipai.grid.models import Assignment, GridNode, Unit
from huipai.grid.words import UNIT_ROLES
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.people.words import Role

GOING, OVER = "", "over"
# Who sees the joint tasks of the part of the tree they are assigned to.
ROLES_WITH_A_VIEW = (Role.COORDINATOR, Role.DISPATCHER, Role.LEADER)
# On which something can still be done together.
WHISTLABLE = tuple(state for state in State if machine.allows(state, Action.URGE))
BESIDE = 8


def visible_to(person: Person, at: datetime) -> JointTaskQuerySet:
    """The joint tasks `person` may see."""
    called = Exists(_calls_of(person, at).filter(task=OuterRef("pk")))
    return JointTask.objects.filter(_within(_viewed(person, at)) | Q(called))


def _viewed(person: Person, at: datetime) -> list[GridNode]:
    held = grid.roles_of(person, at)
    return [one.node for one in held if one.role in ROLES_WITH_A_VIEW and one.node is not None]


def _within(nodes: list[GridNode]) -> Q:
    inside = Q()
    for node in nodes:
        inside |= Q(path__startswith=node.path)
    return Q(node__in=GridNode.objects.filter(inside)) if nodes else Q(pk__in=[])


def _calls_of(person: Person, at: datetime) -> QuerySet[UnitCall]:
    return UnitCall.objects.filter(unit__in=[unit.pk for unit in grid.units_of(person, at)])


@dataclass(frozen=True)
class Reading:
    """How far somebody reads of a task: up to when, and whether their unit has left it; all of it where no time is."""

    until: datetime | None
    has_left: bool


def reading(person: Person, task: JointTask, at: datetime) -> Reading:
    """The desk reads all; a unit until the task is over; one that has declined what was there when it did."""
    if JointTask.objects.filter(_within(_viewed(person, at)), pk=task.pk).exists():
        return Reading(None, has_left=False)
    if _in_it(person, at).filter(task=task).exists():
        return Reading(task.ended_at, has_left=False)
    declined = JointStep.objects.filter(task=task, action=JointAction.DECLINE, unit__in=grid.units_of(person, at))
    last = declined.order_by("-position").values_list("happened_at", flat=True).first()
    return Reading(last or task.whistled_at, has_left=True)


def left_by(person: Person, tasks: Collection[JointTask], at: datetime) -> set[UUID]:
    """Those of these tasks that somebody reads only as one that has left."""
    stays = _within(_viewed(person, at)) | _is_in(person, at)
    seen = JointTask.objects.filter(stays, pk__in=[task.pk for task in tasks])
    return {task.pk for task in tasks} - set(seen.values_list("pk", flat=True))


def _goes_on_for(person: Person, at: datetime) -> Q:
    """What somebody looks after until it is over; what their unit has not left until there is a result."""
    return _within(_viewed(person, at)) & Q(ended_at=None) | _is_to_be_done(person, at)


def _is_to_be_done(person: Person, at: datetime) -> Q:
    """What somebody's unit is called to, where one can still come and say what one has done."""
    return _is_in(person, at) & Q(state__in=rules.BEFORE_A_RESULT)


def _is_in(person: Person, at: datetime) -> Q:
    return Q(Exists(_in_it(person, at).filter(task=OuterRef("pk"))))


def _in_it(person: Person, at: datetime) -> QuerySet[UnitCall]:
    return _calls_of(person, at).exclude(state=CallState.DECLINED)


def shelf(person: Person, view: str, typed: str, at: datetime) -> JointTaskQuerySet:
    """What goes on, by when it needs somebody; what is over, or for one's unit has its result or is left, the latest
    first. Of that, where something is typed, what it finds."""
    found = visible_to(person, at).filter(_fits(typed)).select_related("node").prefetch_related(
        Prefetch("calls", queryset=UnitCall.objects.select_related("unit").order_by("unit__code")),
        Prefetch("cases", queryset=JointCase.objects.select_related("case__case_type").order_by("position")),
    )  # fmt: skip
    goes_on = _goes_on_for(person, at)
    if view == OVER:
        return found.exclude(pk__in=JointTask.objects.filter(goes_on).values("pk")).order_by(
            F("ended_at").desc(nulls_first=True), "-id"
        )
    return found.filter(goes_on).order_by("wait_until", "id")


def _fits(typed: str) -> Q:
    """The code or number of one of its cases, a part of a unit's name or of the place's: not words somebody wrote, by
    pieces of which what is struck out in them could be guessed."""
    wanted, number = typed.strip(), number_in(typed)
    if not wanted:
        return Q()
    case = Q(case__code__iexact=wanted) if number is None else Q(case__code__iexact=wanted) | Q(case__number=number)
    about = Exists(JointCase.objects.filter(case, task=OuterRef("pk")))
    called = Exists(UnitCall.objects.filter(task=OuterRef("pk"), unit__name__icontains=wanted))
    return Q(about) | Q(called) | Q(node__name__icontains=wanted)


def count_for_units(person: Person, at: datetime) -> int:
    """How many one's own units are called to that have no result yet, and have not said that they cannot come."""
    return JointTask.objects.filter(_is_to_be_done(person, at)).count()


def by_id(person: Person, task_id: UUID, at: datetime) -> JointTask:
    """The joint task, if the person may see it; otherwise it does not exist."""
    task = visible_to(person, at).select_related("node", "whistled_by").filter(pk=task_id).first()
    if task is None:
        raise NotVisible
    return task


def calls_of(task: JointTask) -> list[UnitCall]:
    """Every unit that was called, in the fixed order of their codes, with what the community thinks of its part."""
    called = UnitCall.objects.filter(task=task).select_related("unit", "envoy", "task").prefetch_related("ratings")
    return list(called.order_by("unit__code"))


def cases_of(task: JointTask) -> list[Case]:
    links = JointCase.objects.filter(task=task).order_by("position")
    return [link.case for link in links.select_related("case__case_type", "case__node", "case__reporter", "case__unit")]


def steps_of(task: JointTask) -> list[JointStep]:
    """Oldest first."""
    return list(JointStep.objects.filter(task=task).select_related("unit", "task").order_by("position"))


def steps_about(case_id: UUID) -> list[JointStep]:
    """Every step of what was whistled on a case, and on what was merged into it, as long as those were in it; oldest
    first."""
    return _in_order(JointCase.objects.filter(Q(case=case_id) | Q(case__merged_into=case_id)))


def steps_in_public_about(case_id: UUID) -> list[JointStep]:
    """The same, of a case that neighbours read: of what was merged into it only where they read that too."""
    shown = Q(case__merged_into=case_id, case__is_public=True)
    return _in_order(JointCase.objects.filter(Q(case=case_id) | shown))


def _in_order(links: QuerySet[JointCase]) -> list[JointStep]:
    found = _steps_of(links).select_related("unit", "task")
    return list(found.order_by("happened_at", "task_id", "position"))


def _steps_of(links: QuerySet[JointCase]) -> QuerySet[JointStep]:
    in_it = links.filter(Q(ended_at=None) | Q(ended_at__gte=OuterRef("happened_at")), task=OuterRef("task"))
    return JointStep.objects.filter(Exists(in_it), task__in=links.values("task"))


def last_said(task: JointTask) -> set[UUID]:
    """The last step in which each unit said what it did, and the last in which it said why it cannot come."""
    said = task.steps.filter(action__in=(JointAction.REPORT_PART, JointAction.DECLINE))
    return set(said.order_by("unit", "action", "-position").distinct("unit", "action").values_list("pk", flat=True))


def about(case: Case, person: Person, at: datetime) -> list[JointTask]:
    """What was whistled on a case, and on what was merged into it, as far as somebody may see it; the latest first."""
    links = JointCase.objects.filter(Q(case=case) | Q(case__merged_into=case), task=OuterRef("pk"))
    return list(visible_to(person, at).filter(Exists(links)).order_by("-whistled_at", "-id"))


def going_on(case: Case) -> JointTask | None:
    """The joint task that goes on about a case."""
    link = JointCase.objects.filter(case=case, ended_at=None).select_related("task").first()
    return link.task if link is not None else None


def are_whistled_apart(case: Case, into: Case) -> bool:
    """Whether the first has units on the way, or still waited for, and the other has a joint task of its own."""
    one, other = going_on(case), going_on(into)
    return one is not None and other is not None and one != other and one.state in rules.BEFORE_A_RESULT


def missed_before(task: JointTask) -> dict[UUID | None, int]:
    """How often each unit had not come in time before it was called again: a later call forgives no earlier one."""
    missed: dict[UUID | None, int] = {}
    before: dict[UUID | None, int] = {}
    for unit_id, action in task.steps.order_by("position").values_list("unit_id", "action"):
        if action == JointAction.MARK_ABSENT:
            missed[unit_id] = missed.get(unit_id, 0) + 1
        elif action == JointAction.CALL:
            before[unit_id] = missed.get(unit_id, 0)
    return before


def was_there(case: Case) -> bool:
    """Whether those who were whistled for have looked at it together."""
    return _steps_of(JointCase.objects.filter(case=case)).filter(action=JointAction.VISIT).exists()


def people_of(units: Iterable[UUID], at: datetime) -> list[Person]:
    """Who acts for these units, whoever is there."""
    held = Assignment.objects.attended(at).filter(role__in=UNIT_ROLES, unit__in=list(units))
    found = {one.acting.pk: one.acting for one in held.select_related("person", "deputy").order_by("id")}
    return list(found.values())


def units_over(node: GridNode) -> list[Unit]:
    """Units that can be called to a place: those that reach over it."""
    above = [*node.ids_above(), node.pk]
    return list(Unit.objects.filter(Q(node=None) | Q(node__in=above), is_active=True).order_by("code"))


def units_to_call(node: GridNode, at: datetime) -> list[Unit]:
    """Those of them for which somebody could come now: nobody else would answer a call."""
    attended = _attended(at)
    return [unit for unit in units_over(node) if unit.pk in attended]


def nobody_in(units: Iterable[Unit], at: datetime) -> list[Unit]:
    """Those of these units for which nobody could come now."""
    attended = _attended(at)
    return [unit for unit in units if unit.pk not in attended]


def _attended(at: datetime) -> set[UUID | None]:
    return set(Assignment.objects.attended(at).filter(role__in=UNIT_ROLES).values_list("unit_id", flat=True))


def beside(case: Case, at: datetime) -> list[Case]:
    """Other cases of the same community of which nobody has whistled yet: perhaps one matter, the likeliest first."""
    community = case.node.ids_above()[1] if len(case.node.ids_above()) > 1 else case.node_id
    root = GridNode.objects.filter(pk=community).values_list("path", flat=True).first() or case.node.path
    whistled = JointCase.objects.filter(case=OuterRef("pk"), ended_at=None)
    found = Case.objects.filter(
        node__in=GridNode.objects.filter(path__startswith=root), case_type=case.case_type_id, state__in=WHISTLABLE,
        parent=None, ended_at=None,
    )  # fmt: skip
    near = found.exclude(pk=case.pk).exclude(Exists(whistled)).annotate(
        away=(F("lng") - case.lng) * (F("lng") - case.lng) + (F("lat") - case.lat) * (F("lat") - case.lat)
    )  # fmt: skip
    return list(near.select_related("case_type", "node").order_by("away", "id")[:BESIDE])
