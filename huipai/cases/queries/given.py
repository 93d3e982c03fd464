"""What a unit was given of a case: all that its pages show while its order lives; of one that ended, what it had then.

An order that ended is a record: who sent it back, was done with it or has it no more reads of nothing that came later.
Every door of a unit asks here, be it a page, a table, a search or a file on paper.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from huipai.cases import queries
from huipai.cases.models import Addition, CasePhoto, Question, Report, Sighting, WorkOrder
from huipai.cases.queries import additions, merged, neighbours, said
from huipai.cases.queries.said import Said
from huipai.cases.words import Moment

# What was seen together is of those who were called together; it stands on their page.
SHOWN = (Moment.BEFORE, Moment.AFTER, Moment.CHECK, Moment.DISPUTE)


def had(order: WorkOrder, at: datetime) -> bool:
    """Whether what came at that time came while the unit had the order."""
    return order.ended_at is None or at <= order.ended_at


def photos(order: WorkOrder) -> QuerySet[CasePhoto]:
    return came_by(queries.photos_of(order.case).filter(moment__in=SHOWN), order.ended_at)


def photos_of_whole(order: WorkOrder) -> QuerySet[CasePhoto]:
    """What the reporters took of what it was split off from."""
    return came_by(queries.photos_of_whole(order.case), order.ended_at)


def came_by(found: QuerySet[CasePhoto], end: datetime | None) -> QuerySet[CasePhoto]:
    """Those of these photos that were part of their case by a time, if one is named."""
    if end is None:
        return found
    came_at = Coalesce("added_at", "report__came_along_at", "report__received_at")
    return found.annotate(came_at=came_at).filter(came_at__lte=end)


def first_photo(order: WorkOrder) -> CasePhoto | None:
    """Of a row, from what the list has fetched: its photos, with their reports."""
    return next((one for one in order.case.photos.all() if one.moment in SHOWN and had(order, _came_at(one))), None)


def _came_at(one: CasePhoto) -> datetime:
    at = one.added_at or (_reported_at(one.report) if one.report else None)
    assert at is not None  # the database holds that
    return at


def _reported_at(report: Report) -> datetime:
    return report.came_along_at or report.received_at


def heard(order: WorkOrder) -> Said:
    """What its reporters wrote; the names to strike out are those of everybody, whenever they came."""
    return said.by_reporters_until(order.case, order.ended_at)


def words(order: WorkOrder) -> list[str]:
    """The same of a row whose reports are at hand."""
    return said.words_of(_reports(order))


def words_added(order: WorkOrder) -> list[str]:
    """What was added to them, of a row whose reports are at hand with their additions."""
    kept = said.additions_to(_reports(order))
    return [one.text for one in kept if one.text and had(order, one.added_at)]


def _reports(order: WorkOrder) -> list[Report]:
    return [one for one in order.case.reports.all() if had(order, _reported_at(one))]


def additions_to(order: WorkOrder) -> list[Addition]:
    return [
        one for one in additions.of(order.case)
        if had(order, one.added_at) and had(order, _reported_at(one.report))
    ]  # fmt: skip


def sightings(order: WorkOrder) -> QuerySet[Sighting]:
    found = neighbours.sightings_of(order.case)
    if order.ended_at is None:
        return found
    came = merged.into_until(order.case, order.ended_at)
    return found.filter(Q(case=order.case) | Q(case__in=came), seen_at__lte=order.ended_at)


def questions_into(order: WorkOrder) -> QuerySet[Question]:
    """What was asked and answered on cases that were merged into it."""
    found = merged.questions_into(order.case)
    return found if order.ended_at is None else found.filter(case__in=merged.into_until(order.case, order.ended_at))
