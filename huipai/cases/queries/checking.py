"""Who may be drawn to check a case, and what somebody was drawn for."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from huipai.cases.models import (
    Case,
    Check,
    UnitCall,
    WorkOrder,
)
from huipai.cases.queries import _first_photos, involved
from huipai.cases.queries.touched import who_touched
from huipai.cases.words import DAYS_TO_CHECK_UNDATED
from huipai.grid import queries as grid
from huipai.grid.models import Assignment
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


def over(at: datetime) -> QuerySet[Check]:
    """The looks whose time is over: by the calendar or, while it is not announced, by days that everybody counts."""
    undated = Q(due_at=None, drawn_at__lte=at - timedelta(days=DAYS_TO_CHECK_UNDATED))
    return Check.objects.filter(Q(due_at__lte=at) | undated, result="")


def undated_look_at(case: Case) -> Check | None:
    """The look at a case of which nobody knows yet until when it has time."""
    return Check.objects.filter(case=case, result="", due_at=None).first()


COUNTED = "SELECT count(*) FROM cases_check WHERE street_id = %(street)s AND checker_id = %(person)s AND result = ''"


def count_checks_of(person: Person) -> int:
    """How many of them there are, in one planned statement: pages that many open ask."""
    [(count,)] = hot.rows(COUNTED, {"street": street_in_force(), "person": person.pk})
    return int(count)


def checker_pool(case: Case, at: datetime) -> list[UUID]:
    """Active checkers of the street less everybody who has a stake in the case (ruling 9).

    Not in it: who is away or cannot sign in, reporters and all who are near to them, followers, whoever touched the
    matter or has something of it in hand, the units of it and all who are near to its handlers. Who checks another part
    may: that is the same of the three.
    """
    matter = list(Case.objects.of_one_matter(case))
    ids = [one.pk for one in matter]
    who, handlers = involved.of(case), _handlers_now(case, matter)
    stake: set[UUID | None] = {*who.reporters, *who.handlers, *who.holders, *who_touched(case, matter)}
    stake |= grid.near_to([*who.reporters, *(handler.pk for handler in handlers)], at)
    units = {
        *_of_case(WorkOrder.objects.filter(case__in=ids)),
        *_of_case(UnitCall.objects.filter(task__cases__case__in=ids)),
        *(unit.pk for handler in handlers for unit in grid.units_of(handler, at)),
    }
    if units:
        stake.update(_of_the_units(units, case.reported_at, at))
    can_sign_in = {"person__account__" + key: value for key, value in _CAN_SIGN_IN.items()}
    active = grid.holders(Role.CHECKER, at).with_absences(at).filter(Q(holder_is_away=False), **can_sign_in)
    return [id for id in set(active.values_list("person_id", flat=True)) if id not in stake]


def _of_the_units(units: Collection[UUID], since: datetime, at: datetime) -> set[UUID | None]:
    """Who has been of these units since the case came in, and who stands in for them: a colleague of whoever did it."""
    not_over = Q(valid_until__isnull=True) | Q(valid_until__gt=since)
    held = Assignment.objects.filter(not_over, unit__in=units, valid_from__lte=at)
    return {id for pair in held.values_list("person_id", "deputy_id") for id in pair}


# A look would wait in vain for who has no number, or one that may be another's, or whose account is closed.
_CAN_SIGN_IN = {"phone__isnull": False, "is_active": True, "doubted_at": None}


def _of_case(held: QuerySet[WorkOrder] | QuerySet[UnitCall]) -> list[UUID]:
    """The units that have an order of the case or were called to it."""
    return list(held.values_list("unit_id", flat=True))


def _handlers_now(case: Case, matter: list[Case]) -> list[Person]:
    """The handler of the case and of everything of one matter with it, as they stand."""
    held = {one.handler_id for one in (case, *matter) if one.handler_id is not None}
    return list(Person.objects.filter(pk__in=held)) if held else []


def fresh_checkers(case: Case, at: datetime) -> list[UUID]:
    """The pool less those who were drawn in this round already."""
    drawn = set(Check.objects.filter(case=case, round=case.round).values_list("checker_id", flat=True))
    return [id for id in checker_pool(case, at) if id not in drawn]
