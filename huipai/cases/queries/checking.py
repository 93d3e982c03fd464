"""Who may be drawn to check a case, and what somebody was drawn for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from huipai.cases.models import (
    Attachment,
    Case,
    Check,
    FindingStep,
    Follow,
    JointStep,
    Slip,
    Transition,
    UnitCall,
    WorkOrder,
)
from huipai.cases.queries import _first_photos, handlers_of, reporters_of
from huipai.grid import queries as grid
from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.kit import hot
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import street_in_force


def check_for(person: Person, check_id: UUID) -> Check | None:
    """The look with this id, if the person was drawn for it."""
    drawn = Check.objects.select_related("case", "case__case_type", "case__node")
    return drawn.filter(pk=check_id, checker=person).first()


def open_look_at(person: Person, case: Case) -> Check | None:
    """The look at this case that somebody was drawn to take and has not taken."""
    return Check.objects.filter(case=case, checker=person, result="").first()


def checks_of(person: Person) -> QuerySet[Check]:
    """The looks a person was drawn to take and has not taken, most urgent first."""
    return (
        Check.objects.filter(checker=person, result="")
        .select_related("case", "case__case_type", "case__node")
        .prefetch_related(_first_photos("case__photos"))
        .order_by("due_at", "id")
    )


COUNTED = "SELECT count(*) FROM cases_check WHERE street_id = %(street)s AND checker_id = %(person)s AND result = ''"


def count_checks_of(person: Person) -> int:
    """How many of them there are, in one planned statement: pages that many open ask."""
    [(count,)] = hot.rows(COUNTED, {"street": street_in_force(), "person": person.pk})
    return int(count)


def checker_pool(case: Case, at: datetime) -> list[UUID]:
    """Active checkers of the street less everybody who has a stake in the case (ruling 9).

    Not in it: who is away or cannot sign in, reporters and all who are near to them, followers, whoever touched the
    case or holds it, the handler's unit and all who are near to the handler.
    """
    reporters = list(reporters_of(case))
    stake = {*reporters, *_who_touched(case), case.handler_id, case.worker_id}
    stake.update(Follow.objects.filter(case=case).values_list("person_id", flat=True))
    stake |= grid.near_to([*reporters, *([case.handler_id] if case.handler_id else [])], at)
    stake |= handlers_of(case) | _whistlers_of(case)
    units = {*_of_case(WorkOrder.objects.filter(case=case)), *_of_case(UnitCall.objects.filter(task__cases__case=case))}
    if case.handler is not None:
        units.update(unit.pk for unit in grid.units_of(case.handler, at))
    if units:
        stake.update(Assignment.objects.in_force(at).filter(unit__in=units).values_list("person_id", flat=True))
    can_sign_in = {"person__account__" + key: value for key, value in _CAN_SIGN_IN.items()}
    active = grid.holders(Role.CHECKER, at).with_absences(at).filter(Q(holder_is_away=False), **can_sign_in)
    return [id for id in set(active.values_list("person_id", flat=True)) if id not in stake]


# A look would wait in vain for who has no number, or one that may be another's, or whose account is closed.
_CAN_SIGN_IN = {"phone__isnull": False, "is_active": True, "doubted_at": None}


def _of_case(held: QuerySet[WorkOrder] | QuerySet[UnitCall]) -> list[UUID]:
    """The units that have an order of the case or were called to it."""
    return list(held.values_list("unit_id", flat=True))


def _who_touched(case: Case) -> set[UUID | None]:
    """Whoever did anything about it or about what was merged into it: every step, note, look at what is sealed, paper,
    and finding; whoever took it down for somebody."""
    cases = [case, *Case.objects.filter(merged_into=case)]
    subjects = [one.subject for one in cases]
    touched = set(Entry.objects.filter(subject__in=subjects).values_list("actor_id", flat=True))
    touched.update(Transition.objects.filter(case__in=cases).values_list("actor_id", flat=True))
    touched.update(Attachment.objects.filter(case__in=cases).values_list("added_by_id", flat=True))
    touched.update(FindingStep.objects.filter(finding__case__in=cases).values_list("actor_id", flat=True))
    touched.update(Slip.objects.filter(report__case=case).values_list("taken_by_id", flat=True))
    return touched


def _whistlers_of(case: Case) -> set[UUID | None]:
    """Whoever took a step of a joint task about it."""
    steps = JointStep.objects.filter(task__cases__case=case, actor__isnull=False)
    return set(steps.values_list("actor_id", flat=True))


def fresh_checkers(case: Case, at: datetime) -> list[UUID]:
    """The pool less those who were drawn in this round already."""
    drawn = set(Check.objects.filter(case=case, round=case.round).values_list("checker_id", flat=True))
    return [id for id in checker_pool(case, at) if id not in drawn]
