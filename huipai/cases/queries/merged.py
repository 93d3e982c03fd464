"""What was merged into a case: whoever goes on with the matter reads what was asked, answered and noted there."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Question, Report, WorkOrder
from huipai.cases.rules import lateness
from huipai.cases.words import State
from huipai.journal import queries as recorded
from huipai.journal.models import Entry
from huipai.people.models import Person


def into(case: Case) -> QuerySet[Case]:
    """The cases that were merged into this one, the first reported first; they keep what was written on them."""
    return Case.objects.filter(merged_into=case).order_by("reported_at", "id")


def into_until(case: Case, end: datetime) -> list[Case]:
    """Those that had come into it by a time, be it by way of another that came into it then."""
    return [gone for gone in into(case) if came_at(gone) <= end]


def late_into(cases: Collection[Case]) -> set[UUID]:
    """Those of these into which something was merged that was late when it came. Asked only of what is set aside."""
    resting = [case.pk for case in cases if case.state == State.SUSPENDED]
    gone = Case.objects.filter(merged_into__in=resting, due_at__lte=F("ended_at")) if resting else Case.objects.none()
    return {into for into in gone.values_list("merged_into", flat=True) if into is not None}


def orders_late_into(orders: Collection[WorkOrder]) -> set[UUID]:
    """Those of these whose unit had what was merged into their case, and was late with it when it came. Asked only of
    what is set aside."""
    resting = [order for order in orders if order.case.state == State.SUSPENDED]
    if not resting:
        return set()
    late = WorkOrder.objects.filter(
        case__merged_into__in=[order.case_id for order in resting], due_at__lte=F("case__ended_at")
    )
    found = set(late.values_list("case__merged_into", "unit"))
    return {order.pk for order in resting if (order.case_id, order.unit_id) in found}


def is_told(case: Case) -> bool:
    """`lateness.is_told` of one case, for a page about it."""
    return lateness.is_told(case.state, case.pk in late_into([case]))


def order_is_told(order: WorkOrder) -> bool:
    """`lateness.order_is_told` of one order, for a page about it."""
    return lateness.order_is_told(order.state, order.case.state, order.pk in orders_late_into([order]))


def came_at(gone: Case) -> datetime:
    """When something that was merged away came to the case that goes on with it."""
    return way_of(gone)[-1][1]


def questions_into(case: Case) -> QuerySet[Question]:
    """What the reporters of these were asked and have answered, oldest first."""
    return Question.objects.filter(case__merged_into=case).exclude(answer="").order_by("asked_at", "id")


def read_on_by(case: Case, person: Person) -> list[Case]:
    """Those of the cases merged into this one whose reporter's page was this person's: they read on what they read."""
    gone = list(into(case))
    came = came_to(case, Report.objects.filter(case=case, reporter=person)) if gone else {}
    return [one for one in gone if one.id in came or one.reporter_id == person.id]


def came_to(case: Case, reports: Iterable[Report]) -> dict[UUID, datetime]:
    """Since when one of these reports, which are this case's today, was this case's and each one's through which it
    went here: rows know the last merge, the journal knows them all; the first merges do not say which reports moved."""
    subjects = {gone.subject: gone.id for gone in into(case)}
    went = Entry.objects.filter(what=Fact.MERGED, subject__in=subjects).order_by("id") if subjects else ()
    moves = [(subjects[entry.subject], entry.happened_at, set(entry.facts.get("reports", ()))) for entry in went]
    came: dict[UUID, datetime] = {}
    for report in reports:
        since = report.received_at
        for gone, at, moved in moves:
            if str(report.id) in moved:
                came[gone] = min(since, came.get(gone, since))
                since = at
        came[report.case_id] = min(since, came.get(report.case_id, since))
    return came


def way_of(gone: Case) -> list[tuple[UUID, datetime]]:
    """Through which cases something went that was merged away, and when it came into each; the last one goes on.

    A case points at the one that goes on however often that changed; where it was on the way, the journal knows.
    """
    way: list[tuple[UUID, datetime]] = []
    at = gone
    while at.merged_into_id is not None and at.ended_at is not None:
        entry = recorded.about(at.subject).filter(what=Fact.MERGED).last()
        into = UUID(str(entry.facts["into"])) if entry is not None else at.merged_into_id
        way.append((into, at.ended_at))
        at = Case.objects.get(pk=into)
    return way
