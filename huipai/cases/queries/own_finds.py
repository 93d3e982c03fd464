"""Reading what workers found and mended themselves: by place and time, never by person and never counted by node."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from huipai.cases.models import Case, CaseType, FindPhoto, OwnFind
from huipai.cases.queries import own_reports, within
from huipai.grid import queries as grid
from huipai.kit.coordinates import Point, metres_per_degree
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.people.words import Role

READERS = (Role.GRID_WORKER, Role.COORDINATOR, Role.DISPATCHER, Role.LEADER)
# Over whole communities; a worker reads their own.
_OVER = READERS[1:]
MOST_NEAR = 5


def seen_by(person: Person, at: datetime) -> QuerySet[OwnFind]:
    """One's own, and those of the places one looks after; the latest first."""
    nodes = [held.node for held in grid.roles_of(person, at) if held.role in _OVER and held.node]
    pictures = FindPhoto.objects.select_related("photo").order_by("moment", "position")
    return (
        OwnFind.objects.filter(Q(worker=person) | within(nodes))
        .select_related("case_type", "node")
        .prefetch_related(Prefetch("photos", queryset=pictures))
        .order_by("-id")
    )


def one(person: Person, find_id: UUID, at: datetime) -> OwnFind:
    found = seen_by(person, at).filter(pk=find_id).first()
    if found is None:
        raise NotVisible
    return found


def reported_near(case_type: CaseType, point: Point, worker: Person) -> list[Case]:
    """Open cases of the same type within its radius that somebody else has reported."""
    per_lng, per_lat = metres_per_degree(point.lat)
    radius = float(case_type.radius_m)
    found = Case.objects.filter(
        case_type=case_type, ended_at=None, parent=None,
        lng__range=(point.lng - radius / per_lng, point.lng + radius / per_lng),
        lat__range=(point.lat - radius / per_lat, point.lat + radius / per_lat),
    ).exclude(own_reports(worker))  # fmt: skip
    return list(found.select_related("node").order_by("-reported_at")[:MOST_NEAR])
