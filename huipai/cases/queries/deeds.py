"""Reading good deeds: one's own, those that wait for a coordinator, and what is published of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from huipai.cases.deed_words import MAYBE_ONE_DAYS, MAYBE_ONE_METRES, MOST_MAYBE_ONE, DeedState
from huipai.cases.models import DeedStep, GoodDeed
from huipai.cases.queries import within
from huipai.grid import queries as grid
from huipai.kit.coordinates import Point, distance_m, metres_per_degree
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


@dataclass(frozen=True)
class MaybeOne:
    """Another telling of what may be the same deed."""

    deed: GoodDeed
    metres: float
    is_same_doer: bool
    # Whether whoever verifies looks after it; of the others they read what neighbours read.
    is_looked_after: bool


def maybe_one(deed: GoodDeed, doer: Person | None, person: Person, at: datetime) -> list[MaybeOne]:
    """What was told or published about the same days near this deed, or of the same doer; the likeliest first.

    Of what is not public, only what this coordinator looks after.
    """
    days, here = timedelta(days=MAYBE_ONE_DAYS), Point(deed.lng, deed.lat)
    east, north = metres_per_degree(deed.lat)
    near = Q(
        lng__range=(deed.lng - MAYBE_ONE_METRES / east, deed.lng + MAYBE_ONE_METRES / east),
        lat__range=(deed.lat - MAYBE_ONE_METRES / north, deed.lat + MAYBE_ONE_METRES / north),
    )
    mine = set(looked_after_by(person, at).filter(_about(deed, days)).values_list("id", flat=True))
    others = (
        GoodDeed.objects.filter(_about(deed, days))
        .filter(near | Q(doer=doer) if doer else near)
        .filter(Q(state=DeedState.PUBLISHED) | Q(state=DeedState.REPORTED, id__in=mine))
        .exclude(pk=deed.pk)
        .select_related("node")
    )
    found = [
        MaybeOne(
            deed=one, metres=distance_m(here, Point(one.lng, one.lat)),
            is_same_doer=doer is not None and one.doer_id == doer.id, is_looked_after=one.id in mine,
        )
        for one in others
    ]  # fmt: skip
    likely = [one for one in found if one.is_same_doer or one.metres <= MAYBE_ONE_METRES]
    return sorted(likely, key=lambda one: (not one.is_same_doer, one.metres, one.deed.id))[:MOST_MAYBE_ONE]


def _about(deed: GoodDeed, days: timedelta) -> Q:
    return Q(reported_at__range=(deed.reported_at - days, deed.reported_at + days))


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
