"""What the keepers of the shop read: stock, movements, the budget and what is still owed to everybody together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db.models import Case, F, IntegerField, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from huipai.points import queries as points
from huipai.shop.models import Budget, ItemProposal, Movement, Shelf
from huipai.shop.words import ProposalState
from huipai.stations.models import Station


def stock_table() -> Mapping[UUID, Mapping[UUID, tuple[int, int]]]:
    """By item and station: how many are free, how many are kept for somebody."""
    rows = Shelf.objects.order_by().values_list("item", "station").annotate(free=Sum("free"), held=Sum("held"))
    table: dict[UUID, dict[UUID, tuple[int, int]]] = defaultdict(dict)
    for item_id, station_id, free, held in rows:
        table[item_id][station_id] = (free, held)
    return table


def movements(*, item_id: UUID | None = None, station: Station | None = None) -> QuerySet[Movement]:
    """Every way in which stock came to lie where it does, newest first."""
    found = Movement.objects.select_related("item", "station").order_by("-moved_at", "-id")
    if item_id:
        found = found.filter(item_id=item_id)
    return found.filter(station=station) if station else found


def budgets() -> QuerySet[Budget]:
    """Those that wait for somebody first, then the newest period."""
    waits = Case(When(approved_at=None, ended_at=None, then=0), default=1, output_field=IntegerField())
    found = Budget.objects.select_related("proposed_by", "approved_by", "ended_by")
    return found.order_by(waits, "-begins_on", "-proposed_at", "id")


def proposals(*, of: UUID | None = None) -> QuerySet[ItemProposal]:
    """What shall stand in the shop or cost otherwise: what waits for somebody first, then the newest."""
    waits = Case(When(state=ProposalState.PROPOSED, then=0), default=1, output_field=IntegerField())
    found = ItemProposal.objects.select_related("proposed_by", "decided_by", "item")
    found = found.filter(item=of) if of else found
    return found.order_by(waits, "-proposed_at", "id")


def proposals_waiting() -> int:
    return ItemProposal.objects.filter(state=ProposalState.PROPOSED).count()


def published_between(begins_on: date, ends_on: date) -> QuerySet[Budget]:
    """The published budgets that cover a day of these."""
    published = budgets().filter(approved_at__isnull=False, begins_on__lte=ends_on)
    counts_to = published.annotate(counts_to=Coalesce("last_on", "ends_on"))
    return counts_to.filter(counts_to__gte=begins_on).filter(counts_to__gte=F("begins_on"))


def budget_at(day: date) -> Budget | None:
    """The published budget of a day."""
    return published_between(day, day).first()


def spent_of(begin: datetime, end: datetime) -> int:
    """What deliveries cost between two instants, in cents."""
    found = Movement.objects.filter(cost_cents__isnull=False, moved_at__gte=begin, moved_at__lt=end)
    return found.aggregate(sum=Sum("cost_cents"))["sum"] or 0


def outstanding_points(at: datetime) -> int:
    """The points that everybody together may still exchange at `at`."""
    return points.outstanding(at)
