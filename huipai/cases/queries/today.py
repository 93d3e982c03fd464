"""A worker's list of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from huipai.cases.models import Case
from huipai.cases.models.case import CLAIMABLE, CaseQuerySet
from huipai.cases.queries import _first_photos, _nodes_of, bundles, checking, own_reports, taken_down_by, within
from huipai.cases.today_statement import TODAY
from huipai.kit import hot
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import street_in_force


def today_of(person: Person, at: datetime) -> CaseQuerySet:
    """What waits for a worker: theirs, and what lies unclaimed in their nodes; overdue first (ruling 14).

    Without what they reported or took down themselves: it is another's to handle (ruling 11)."""
    mine = Q(worker=person)
    nodes = _nodes_of(person, (Role.GRID_WORKER,), at)
    unclaimed = Q(worker=None, unit=None, state__in=CLAIMABLE) & within(nodes)
    return (
        Case.objects.in_hand()
        .filter(mine | unclaimed)
        .exclude(own_reports(person))
        .exclude(taken_down_by(person))
        .select_related("case_type", "node")
        .prefetch_related(_first_photos("photos"))
        .most_urgent_first()
    )


@dataclass(frozen=True, slots=True)
class InHand:
    """What a row of a worker's list shows of a case."""

    code: str
    state: str
    address: str
    due_at: datetime | None
    lng: float
    lat: float
    type_name: str
    node_name: str
    # Of the first photo, while it has a thumbnail.
    photo_id: UUID | None
    # To strike out of what is shown.
    reporters: list[str]
    # Theirs; of what is not, nobody has it.
    is_taken_on: bool
    # Somebody has said that it is done, of this case or of what was merged into it.
    was_handled: bool


class Today:
    """`today_of` as rows, cut before they are fetched; fetched by one planned statement. Empty for who is no worker."""

    def __init__(self, person: Person, at: datetime) -> None:
        self._asked = {
            "street": street_in_force(), "person": person.pk, "role": Role.GRID_WORKER.value, "at": at,
        }  # fmt: skip

    def __getitem__(self, cut: slice) -> list[InHand]:
        start, until = cut.start or 0, cut.stop
        rows = hot.rows(TODAY, {**self._asked, "start": start, "until": until, "size": until - start})
        return [InHand(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Beside:
    """What is told above a worker's list."""

    # Looks that they were drawn to take.
    checks: int
    # The latest of what they ticked together offline of which they have not read what came of it.
    bundle: bundles.NotSeen | None


_BESIDE = f"""
SELECT ({checking.COUNTED}), latest.id, latest.done, latest.refused
FROM (SELECT) AS one LEFT JOIN LATERAL ({bundles.NOT_SEEN}) AS latest ON true
"""


def beside(person: Person) -> Beside:
    """What stands above their list, in one planned statement."""
    [(checks, *latest)] = hot.rows(_BESIDE, {"street": street_in_force(), "person": person.pk})
    return Beside(checks, bundles.NotSeen(*latest) if latest[0] else None)
