"""The queue of the desk, what lies near a case, and whom it could be sent to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case as When
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models import When as If
from django.db.models.functions import Coalesce

from huipai.cases.hub_statement import COUNTS, HOLDING, QUEUE
from huipai.cases.models import Case, CaseType, SavedView, WorkOrder
from huipai.cases.models.order import WorkOrderQuerySet
from huipai.cases.rules.lateness import ANSWERED, ENDED, RESTING
from huipai.cases.rules.numbers import number_in
from huipai.cases.words import Placed, State
from huipai.grid import queries as grid
from huipai.grid.models import GridNode, Unit
from huipai.grid.words import UnitKind
from huipai.kit import hot
from huipai.kit.coordinates import metres_per_degree
from huipai.kit.masking import masked
from huipai.kit.searching import plain
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import street_in_force

SOON = timedelta(hours=4)
OPEN = tuple(state for state in State if state not in ENDED)
RUNNING = tuple(state for state in OPEN if state not in RESTING)
TO_SEND = (State.REPORTED, State.VERIFYING, State.ACCEPTED, State.FILED, State.RETURNED, State.REWORK, State.REOPENED)
NEAR = 6


@dataclass(frozen=True)
class Filter:
    """What somebody at the desk asks for. `view` is a shelf by its word in the address."""

    view: str = ""
    community: str = ""
    words: str = ""
    # By their codes, as the other two are.
    type: str = ""
    unit: str = ""

    def as_address(self) -> dict[str, str]:
        return {"view": self.view, "in": self.community, "q": self.words, "type": self.type, "unit": self.unit}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.community or self.words or self.type or self.unit)


WHOLE = Filter()


@dataclass(frozen=True)
class Shelf:
    """Which of the open cases a view shows."""

    states: Sequence[State]
    is_free: bool = False
    is_late: bool = False
    is_soon: bool = False
    is_watched: bool = False
    is_unread: bool = False
    is_guessed: bool = False


TO_BE_SENT, EVERYTHING = "to_send", "all"
# Nobody in the grid has them: not even the micro-grid is known.
TO_BE_PLACED = "place"
# Answered for, and nobody could be drawn to look.
WITHOUT_A_CHECKER = "no_checker"
SHELVES: dict[str, Shelf] = {
    TO_BE_PLACED: Shelf(TO_SEND, is_free=True, is_guessed=True),
    TO_BE_SENT: Shelf(TO_SEND, is_free=True),
    "soon": Shelf(RUNNING, is_soon=True),
    # Set aside, it is late there by what came into it late.
    "late": Shelf((*RUNNING, State.SUSPENDED), is_late=True),
    "back": Shelf((State.RETURNED, State.EXTENSION_PENDING)),
    "unread": Shelf((State.DISPATCHED, State.IN_PROGRESS), is_unread=True),
    WITHOUT_A_CHECKER: Shelf((State.RESPONDED,)),
    "watched": Shelf(OPEN, is_watched=True),
    EVERYTHING: Shelf(OPEN),
    "waiting": Shelf(ANSWERED),
}


@dataclass(frozen=True, slots=True)
class Queued:
    """What a row of the desk shows of a case."""

    code: str
    number: int | None
    state: str
    address: str
    due_at: datetime | None
    lng: float
    lat: float
    type_name: str
    node_name: str
    unit_name: str | None
    returns: int
    is_watched: bool
    photo_id: UUID | None
    is_late: bool | None
    # Sent back as often as its type allows: only a ruling sends it on.
    needs_ruling: bool


# As many open cases as a street has in hand in its worst month, several times over.
MOST_HELD = 5_000


class Queue:
    """The cases of a filter in the order in which they press, cut before they are fetched."""

    def __init__(self, areas: list[str] | None, asked: Filter, now: datetime) -> None:
        shelf = SHELVES.get(asked.view, SHELVES[EVERYTHING])
        words = asked.words.strip()
        number = number_in(words)
        exactly = words.upper() if number is None else str(number)
        self._asked = {
            "street": street_in_force(), "areas": areas, "states": [state.value for state in shelf.states],
            "due_after": now if shelf.is_soon else None,
            "due_until": now + SOON if shelf.is_soon else now if shelf.is_late else None,
            "late": shelf.is_late, "free": shelf.is_free, "watched": shelf.is_watched, "unread": shelf.is_unread,
            "guessed": shelf.is_guessed, "now": now,
            "holding": _holding(words, areas) if words else None, "words": exactly, "type": asked.type or None,
            "unit": asked.unit or None,
        }  # fmt: skip

    def __getitem__(self, cut: slice) -> list[Queued]:
        start, until = cut.start or 0, cut.stop
        return [Queued(*row) for row in hot.rows(QUEUE, {**self._asked, "start": start, "size": until - start})]


def _holding(words: str, areas: list[str] | None) -> list[UUID]:
    """Open cases that hold these signs in what is shown of them: by what is struck out there nothing is found, not even
    by a piece of it."""
    escaped = words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    asked = {"street": street_in_force(), "areas": areas, "like": f"%{escaped}%", "most": MOST_HELD}
    wanted = plain(words)
    return [id for id, text, names in hot.rows(HOLDING, asked) if wanted in plain(masked(text, names))]


def areas_of(person: Person, at: datetime) -> list[str] | None:
    """The parts of the tree that somebody looks after; None for the whole street, which need not be looked up."""
    nodes = [
        held.node for held in grid.roles_of(person, at)
        if held.role in (Role.COORDINATOR, Role.DISPATCHER) and held.node is not None
    ]  # fmt: skip
    return None if any(node.parent_id is None for node in nodes) else sorted(node.path for node in nodes)


def narrowed(areas: list[str] | None, community: GridNode | None) -> list[str] | None:
    """The same, less everything outside a community."""
    if community is None:
        return areas
    inside = areas is None or any(community.path.startswith(area) for area in areas)
    return [community.path] if inside else [area for area in areas or [] if area.startswith(community.path)]


def counts(areas: list[str] | None, now: datetime, asked: Filter = WHOLE) -> dict[str, int]:
    """How much of a type and of a unit lies on each shelf that has a number."""
    given = {
        "street": street_in_force(), "areas": areas, "now": now, "soon": now + SOON, "type": asked.type or None,
        "unit": asked.unit or None, "to_send": [state.value for state in TO_SEND],
        "running": [state.value for state in RUNNING],
    }  # fmt: skip
    [found] = hot.rows(COUNTS, given)
    shelves = (TO_BE_SENT, "soon", "late", "back", "unread", "watched", TO_BE_PLACED, WITHOUT_A_CHECKER)
    return dict(zip(shelves, found, strict=True))


def near(case: Case) -> QuerySet[Case]:
    """Open cases of the same type within the type's radius: perhaps the same."""
    if case.is_guessed:
        return Case.objects.none()
    radius = float(case.case_type.radius_m)
    per_lng, per_lat = metres_per_degree(case.lat)
    return (
        Case.objects.filter(
            case_type=case.case_type_id, ended_at=None, parent=None,
            lng__range=(case.lng - radius / per_lng, case.lng + radius / per_lng),
            lat__range=(case.lat - radius / per_lat, case.lat + radius / per_lat),
        )
        .exclude(pk=case.pk)
        .exclude(placed=Placed.GUESSED)
        .select_related("case_type", "node")
        .order_by("-reported_at")[:NEAR]
    )  # fmt: skip


def types_asked(code: str) -> list[CaseType]:
    """Types in use; after them those out of use of which something is still open, or asked for by this code."""
    still_open = Case.objects.filter(case_type=OuterRef("pk"), ended_at=None)
    found = CaseType.objects.filter(Q(is_active=True) | Q(code=code) | Exists(still_open))
    return list(found.order_by("-is_active", "position", "code"))


@dataclass(frozen=True)
class Offer:
    """A unit that a case could be sent to, and why it is offered."""

    unit: Unit
    why: str
    load: int


NAMED, NEAREST, FALLBACK, OTHER = "named", "nearest", "fallback", "other"


def offers(case: Case, known: Sequence[Unit], at: datetime) -> list[Offer]:
    """Units for a case: that of its type, the nearest of its kind, whom the territory falls to; then the others.

    Of those that the desk knows already, whoever reaches the place and has somebody who could take it on.
    """
    near = [unit.pk for unit in known if reaches(unit, case)]
    in_work = WorkOrder.objects.in_work().filter(unit=OuterRef("pk")).values("unit")
    load = Coalesce(Subquery(in_work.annotate(count=Count("id")).values("count")), 0)
    loads = dict(grid.units_with_somebody(at).filter(pk__in=near).values_list("pk", load))
    units = [unit for unit in known if unit.pk in loads]
    ranked = sorted(units, key=lambda unit: (_rank(unit, case), -_depth(unit), unit.code))
    return [Offer(unit, _why(unit, case), loads[unit.pk]) for unit in ranked]


def reaches(unit: Unit, case: Case) -> bool:
    """Whether the place of a case is one that the unit looks after."""
    above = {str(id) for id in (*case.node.ids_above(), case.node_id)}
    return unit.node_id is None or str(unit.node_id) in above


def _rank(unit: Unit, case: Case) -> int:
    return (NAMED, NEAREST, FALLBACK, OTHER).index(_why(unit, case))


def _why(unit: Unit, case: Case) -> str:
    if unit.pk == case.case_type.unit_id:
        return NAMED
    if unit.kind == case.case_type.unit_kind:
        return NEAREST
    return FALLBACK if unit.kind == UnitKind.COMMUNITY else OTHER


def _depth(unit: Unit) -> int:
    return len(unit.node.path) if unit.node else 0


def orders_of(case: Case) -> WorkOrderQuerySet:
    """Every order of a case, the leading and the latest first."""
    leading = When(If(part="lead", then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        WorkOrder.objects.filter(case=case)
        .select_related("case", "unit", "handler", "named")
        .order_by(leading, "-sent_at", "-id")
    )


def views_of(person: Person) -> list[SavedView]:
    return list(SavedView.objects.filter(person=person).order_by("saved_at", "id"))
