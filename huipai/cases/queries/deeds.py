"""Reading good deeds: one's own, those that wait for a coordinator, and what is published of one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from huipai.cases.deed_words import DeedState
from huipai.cases.models import DeedStep, GoodDeed
from huipai.cases.queries import within
from huipai.grid import queries as grid
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.people.words import Role
from huipai.rulebook import queries as rulebook
from huipai.rulebook.models import PointItem
from huipai.rulebook.words import Port


def of(person: Person) -> QuerySet[GoodDeed]:
    """What somebody told, and what is told of them once it is published."""
    told_of = Q(doer=person, state__in=(DeedState.PUBLISHED, DeedState.TAKEN_DOWN, DeedState.WITHDRAWN))
    return GoodDeed.objects.filter(Q(reporter=person) | told_of).select_related("node").order_by("-id")


def own(person: Person, deed_id: UUID) -> GoodDeed | None:
    return of(person).filter(pk=deed_id).first()


def looked_after_by(person: Person, at: datetime) -> QuerySet[GoodDeed]:
    """Deeds of this coordinator's communities; never one that they told or did."""
    nodes = [held.node for held in grid.roles_of(person, at) if held.role == Role.COORDINATOR and held.node]
    here = GoodDeed.objects.filter(within(nodes)).exclude(reporter=person)
    return here.filter(Q(doer=None) | ~Q(doer=person.id)).select_related("node", "reporter", "doer")


def waiting_for(person: Person, at: datetime) -> QuerySet[GoodDeed]:
    """What waits to be verified, the oldest first."""
    return looked_after_by(person, at).filter(state=DeedState.REPORTED).order_by("id")


def decided_near(person: Person, at: datetime) -> QuerySet[GoodDeed]:
    return looked_after_by(person, at).exclude(state=DeedState.REPORTED).order_by("-id")


def is_coordinator(person: Person, at: datetime) -> bool:
    return grid.has_role(person, Role.COORDINATOR, at)


def steps_of(deed: GoodDeed) -> QuerySet[DeedStep]:
    return deed.steps.order_by("position")


def story_of(deed_id: UUID) -> str:
    """What neighbours read of a published deed; nothing of any other."""
    story = GoodDeed.objects.filter(pk=deed_id, state=DeedState.PUBLISHED).values_list("public_text", flat=True).first()
    return story or ""


def items_at(at: datetime) -> list[PointItem]:
    """By which items a doer could be thanked: those of the ox in force then that are not claimed and reviewed."""
    version = rulebook.in_force(at)
    items = rulebook.by_port(version)[Port.OX] if version is not None else []
    return [item for item in items if item.is_recorded_by_itself and item.counts_on(local_date(at))]
