"""What goes into a table, batch by batch, and the tables that somebody has asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from huipai.cases.export_words import BATCH, MOST_ROWS
from huipai.cases.models import Case, Export, ExportFile, WorkOrder
from huipai.cases.queries import hub, orders
from huipai.cases.queries.hub import Filter
from huipai.grid.models import GridNode
from huipai.grid.words import Level
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person


def queue(person: Person, asked: Filter, at: datetime) -> hub.Queue:
    """The queue of the desk as this person sees it with this filter."""
    areas = hub.areas_of(person, at)
    ever = GridNode.objects.of_level(Level.COMMUNITY).filter(code=asked.community)
    # Today's; of a code that nobody has today the one before.
    found = ever.filter(valid_from__lte=at).order_by("-valid_from").first()
    return hub.Queue(hub.narrowed(areas, found if asked.community else None), asked, at)


def count_queue(person: Person, asked: Filter, at: datetime) -> int:
    """How many there are; one more than a table holds where there are too many."""
    return len(queue(person, asked, at)[: MOST_ROWS + 1])


def cases(person: Person, asked: Filter, at: datetime, *, most: int) -> Iterator[list[Case]]:
    """The same cases with all that a row of a table shows, a batch at a time, in the order of the queue, up to `most`.

    The record says how many were asked for: what has come since is not in the table.
    """
    codes = [one.code for one in queue(person, asked, at)[:most]]
    for start in range(0, len(codes), BATCH):
        batch = codes[start : start + BATCH]
        found = (
            Case.objects.filter(code__in=batch)
            .select_related("case_type", "node", "unit", "worker", "parent", "reporter")
            .prefetch_related(*orders.reports_along(""))
        )
        by_code = {case.code: case for case in found}
        yield [by_code[code] for code in batch if code in by_code]


def orders_of(person: Person, view: str, at: datetime) -> QuerySet[WorkOrder]:
    """The shelf of the unit's list, without its photos."""
    return orders.shelf(person, view, at).prefetch_related(None).prefetch_related(*orders.reports_along("case"))


def order_batches(person: Person, view: str, at: datetime, *, most: int) -> Iterator[list[WorkOrder]]:
    rows = orders_of(person, view, at)[:most]
    for start in range(0, most, BATCH):
        batch = list(rows[start : start + BATCH])
        if batch:
            yield batch
        if len(batch) < BATCH:
            return


def own(person: Person) -> QuerySet[Export]:
    """What somebody has asked for, latest first."""
    return Export.objects.filter(person=person).select_related("disclosure", "person").order_by("-asked_at", "-id")


def find(person: Person, export_id: UUID) -> Export:
    """One of one's own tables; another's does not exist."""
    found = own(person).filter(pk=export_id).first()
    if found is None:
        raise NotVisible
    return found


def content(export: Export) -> bytes:
    """Its bytes, while they are kept."""
    found = ExportFile.objects.filter(export=export).values_list("content", flat=True).first()
    if found is None:
        raise NotVisible
    return bytes(found)
