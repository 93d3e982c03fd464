"""Reading attachments: each list begins with whose eyes they are for."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from huipai.cases import queries
from huipai.cases.attachment_words import Eyes
from huipai.cases.models import Attachment, Case, Report, WorkOrder
from huipai.cases.queries import merged
from huipai.cases.words import ReportState
from huipai.grid import queries as grid
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person


def _kept() -> QuerySet[Attachment]:
    return (
        Attachment.objects.filter(removed_at=None)
        .select_related("case", "case__merged_into", "order__unit")
        .order_by("id")
    )


def for_staff(case: Case) -> list[Attachment]:
    """For those who look after the place: everything, also of what was merged into it."""
    return list(_kept().filter(Q(case=case) | Q(case__merged_into=case)))


def for_order(order: WorkOrder) -> list[Attachment]:
    """For the unit: what it added itself, and what the desk gave to units. Never what another unit added.

    Of an order that ended only what it had then.
    """
    given = Q(order=None, eyes=Eyes.UNIT)
    here, along = Q(case=order.case_id), Q(case__merged_into=order.case_id)
    rows = _kept().filter(Q(order__unit=order.unit_id) | given)
    if order.ended_at is None:
        return list(rows.filter(here | along))
    along = Q(case__in=merged.into_until(order.case, order.ended_at))
    return list(rows.filter(here | along, added_at__lte=order.ended_at))


def for_reporter(case: Case, person: Person) -> list[Attachment]:
    """For whoever reported it: what was addressed to them, also on what was merged into it, wherever they were then.

    Nobody reads what was addressed to others before they came, and nobody who took back what they reported.
    """
    here = _kept().filter(Q(case=case) | Q(case__merged_into=case), eyes=Eyes.REPORTER)
    return _addressed_to(person, case, list(here))


def _addressed_to(person: Person, case: Case, papers: list[Attachment]) -> list[Attachment]:
    """Those of these papers of a case, and of what was merged into it, that found a report of this person there."""
    if not papers:
        return []
    reports = Report.objects.about(case).filter(reporter=person).exclude(state=ReportState.WITHDRAWN)
    came = merged.came_to(case, reports)
    # The reports of a part are those of its whole.
    since = {one.id: came.get(one.case.parent_id or one.case_id) for one in papers}
    return [one for one in papers if (at := since[one.id]) is not None and at <= one.added_at]


def has_come_since(case: Case, at: datetime) -> bool:
    """Whether somebody reports it too who did not at that time."""
    there = Report.objects.about(case).exclude(state=ReportState.WITHDRAWN)
    return there.annotate(since=Coalesce("came_along_at", "received_at")).filter(since__gt=at).exists()


def opened_by(person: Person, attachment_id: UUID, at: datetime) -> Attachment:
    """The attachment, if it is for this person's eyes; otherwise it does not exist."""
    found = _kept().filter(pk=attachment_id).first()
    if found is None or not _is_for(person, found, at):
        raise NotVisible
    return found


def _is_for(person: Person, one: Attachment, at: datetime) -> bool:
    return _is_reporters(person, one) or _is_units(person, one, at) or _is_staffs(person, one, at)


def _is_reporters(person: Person, one: Attachment) -> bool:
    """With a merge the reports went along to the case that goes on."""
    return one.eyes == Eyes.REPORTER and bool(_addressed_to(person, one.case.merged_into or one.case, [one]))


def _is_units(person: Person, one: Attachment, at: datetime) -> bool:
    units = [unit.pk for unit in grid.units_of(person, at)]
    if not units:
        return False
    if one.order is not None:
        return one.order.unit_id in units
    if one.eyes != Eyes.UNIT:
        return False
    held = WorkOrder.objects.filter(case__in=_matter(one.case), unit__in=units)
    return held.filter(_had(one)).exists()


def _had(one: Attachment) -> Q:
    """Orders that live, or lived when it was there: of what was merged away, for those of the other since then."""
    was_there = Q(ended_at=None) | Q(case=one.case_id, ended_at__gte=one.added_at)
    if one.case.merged_into_id is None:
        return was_there
    return was_there | Q(case=one.case.merged_into_id, ended_at__gte=max(one.added_at, merged.came_at(one.case)))


def _matter(case: Case) -> list[UUID]:
    """The case, and the one that goes on with it where it was merged."""
    return [case.id] if case.merged_into_id is None else [case.id, case.merged_into_id]


def _is_staffs(person: Person, one: Attachment, at: datetime) -> bool:
    """Who works in or looks after the part of the grid; not who reported it, nor who was drawn to check it."""
    matter = [one.case] if one.case.merged_into is None else [one.case, one.case.merged_into]
    if Report.objects.about(*matter).filter(reporter=person).exists():
        return False
    nodes = [held.node for held in grid.roles_of(person, at) if held.role in queries.ROLES_WITH_A_VIEW and held.node]
    return Case.objects.filter(Q(worker=person) | queries.within(nodes), pk__in=_matter(one.case)).exists()
