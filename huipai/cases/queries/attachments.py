"""Reading attachments: each list begins with whose eyes they are for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from huipai.cases import queries
from huipai.cases.attachment_words import Eyes
from huipai.cases.models import Attachment, Case, Report, WorkOrder
from huipai.cases.words import ReportState
from huipai.grid import queries as grid
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person


def _kept() -> QuerySet[Attachment]:
    return Attachment.objects.filter(removed_at=None).select_related("case", "order__unit").order_by("id")


def for_staff(case: Case) -> list[Attachment]:
    """For those who look after the place: everything."""
    return list(_kept().filter(case=case))


def for_order(order: WorkOrder) -> list[Attachment]:
    """For the unit: what it added itself, and what the desk gave to units. Never what another unit added."""
    given = Q(order=None, eyes=Eyes.UNIT)
    return list(_kept().filter(Q(order__unit=order.unit_id) | given, case=order.case_id))


def for_reporter(case: Case) -> list[Attachment]:
    """For whoever reported it: what is addressed to them."""
    return list(_kept().filter(case=case, eyes=Eyes.REPORTER))


def opened_by(person: Person, attachment_id: UUID, at: datetime) -> Attachment:
    """The attachment, if it is for this person's eyes; otherwise it does not exist."""
    found = _kept().filter(pk=attachment_id).first()
    if found is None or not _is_for(person, found, at):
        raise NotVisible
    return found


def _is_for(person: Person, one: Attachment, at: datetime) -> bool:
    return _is_reporters(person, one) or _is_units(person, one, at) or _is_staffs(person, one, at)


def _is_reporters(person: Person, one: Attachment) -> bool:
    mine = Report.objects.filter(case=one.case_id, reporter=person).exclude(state=ReportState.WITHDRAWN)
    return one.eyes == Eyes.REPORTER and mine.exists()


def _is_units(person: Person, one: Attachment, at: datetime) -> bool:
    units = [unit.pk for unit in grid.units_of(person, at)]
    if not units:
        return False
    if one.order is not None:
        return one.order.unit_id in units
    return one.eyes == Eyes.UNIT and WorkOrder.objects.filter(case=one.case_id, unit__in=units).exists()


def _is_staffs(person: Person, one: Attachment, at: datetime) -> bool:
    """Who works in or looks after the part of the grid; not who reported it, nor who was drawn to check it."""
    if Report.objects.filter(case=one.case_id, reporter=person).exists():
        return False
    nodes = [held.node for held in grid.roles_of(person, at) if held.role in queries.ROLES_WITH_A_VIEW and held.node]
    return Case.objects.filter(Q(worker=person) | queries.within(nodes), pk=one.case_id).exists()
