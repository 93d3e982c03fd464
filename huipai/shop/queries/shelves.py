"""What lies where, by the clock: what was kept for somebody who did not come counts as free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from huipai.shop.models import Movement, Reservation, Shelf, ShopItem
from huipai.shop.words import Category, State
from huipai.stations import queries as stations
from huipai.stations.models import Station


@dataclass(frozen=True, slots=True)
class Listed:
    """An item as the shop shows it, and how many can be had in the whole street."""

    item: ShopItem
    free: int


def on_shelf(at: datetime) -> QuerySet[ShopItem]:
    """Items that can be had at `at`, cheapest first."""
    withdrawn = Q(withdrawn_at=None) | Q(withdrawn_at__gt=at)
    return ShopItem.objects.filter(withdrawn, opened_at__lte=at).order_by("points", "name", "id")


def items_listed(
    at: datetime, *, category: Category | None = None, words: str = "", station_id: UUID | None = None
) -> list[Listed]:
    """The items of the shop with what is left of each; a fixed number of queries."""
    items = on_shelf(at).select_related("photo")
    if category:
        items = items.filter(category=category)
    for word in words.split():
        items = items.filter(Q(name__icontains=word) | Q(description__icontains=word))
    found = list(items)
    free = free_of([item.id for item in found], at, station_id=station_id)
    return [Listed(item, free.get(item.id, 0)) for item in found]


def free_of(item_ids: list[UUID], at: datetime, *, station_id: UUID | None = None) -> Mapping[UUID, int]:
    """How many of each item can be had, in the street or in one station."""
    shelves = Shelf.objects.filter(item__in=item_ids, station__closed_at=None)
    over = _over(at).filter(item__in=item_ids)
    if station_id:
        shelves, over = shelves.filter(station_id=station_id), over.filter(station_id=station_id)
    free = dict(shelves.order_by().values_list("item").annotate(sum=Sum("free")))
    for item_id, quantity in over.order_by().values_list("item").annotate(sum=Sum("quantity")):
        free[item_id] = free.get(item_id, 0) + quantity
    return free


def lying(item_id: UUID, station_id: UUID) -> tuple[int, int]:
    """How many of an item lie in a station as they are posted: free, and kept for somebody."""
    sums = Shelf.objects.filter(item=item_id, station=station_id).aggregate(free=Sum("free"), held=Sum("held"))
    return sums["free"] or 0, sums["held"] or 0


def stations_with(item: ShopItem, at: datetime) -> dict[UUID, int]:
    """How many of an item can be had in each station."""
    free = dict(Shelf.objects.filter(item=item).order_by().values_list("station").annotate(sum=Sum("free")))
    for station_id, quantity in (
        _over(at).filter(item=item).order_by().values_list("station").annotate(sum=Sum("quantity"))
    ):
        free[station_id] = free.get(station_id, 0) + quantity
    return {station_id: count for station_id, count in free.items() if count > 0}


def stock_of(station: Station, at: datetime) -> list[tuple[ShopItem, int, int]]:
    """Each item that is or was in a station: how many are free, how many are kept for somebody."""
    rows = Shelf.objects.filter(station=station).order_by().values("item").annotate(free=Sum("free"), held=Sum("held"))
    items = ShopItem.objects.select_related("photo").in_bulk([row["item"] for row in rows])
    found = [(items[row["item"]], row["free"], row["held"]) for row in rows]
    return sorted(found, key=lambda row: (row[0].withdrawn_at is not None, row[0].name))


def on_hand(item_id: UUID, station_id: UUID) -> int:
    """What must lie in a station, kept for somebody or not."""
    return sum(lying(item_id, station_id))


def times_moved(item_id: UUID, station_id: UUID) -> int:
    """How many times it came, went or was counted there: what is written of that stays, so that it only grows."""
    return Movement.objects.filter(item=item_id, station=station_id).count()


def times_arrived(item_id: UUID, station_id: UUID) -> int:
    """How many times of these there was more of it there afterwards."""
    return Movement.objects.filter(item=item_id, station=station_id, quantity__gt=0).count()


def _over(at: datetime) -> QuerySet[Reservation]:
    return Reservation.objects.filter(state=State.RESERVED, expires_at__lte=at)


def all_items(*, withdrawn: bool, at: datetime, words: str = "") -> QuerySet[ShopItem]:
    """For the keepers: the items of the shop, or those that were withdrawn."""
    gone = Q(withdrawn_at__lte=at)
    found = ShopItem.objects.select_related("photo").filter(gone if withdrawn else ~gone)
    for word in words.split():
        found = found.filter(name__icontains=word)
    return found.order_by("name", "id")


def with_shelves_for(item_id: UUID, at: datetime) -> QuerySet[Station]:
    """Where an item may turn out to lie: the stations in service, and those that closed and ever had it."""
    open_now = stations.in_service(at).prefetch_related(None).order_by()
    shelves = Shelf.objects.filter(item_id=item_id)
    return Station.objects.filter(Q(pk__in=open_now.values("pk")) | Q(pk__in=shelves.values("station")))


def holding(item_id: UUID, at: datetime) -> QuerySet[Station]:
    """Where an item can be fetched from: the stations in service, and those that closed with some of it inside."""
    lies = Shelf.objects.filter(Q(free__gt=0) | Q(held__gt=0), item_id=item_id)
    open_now = stations.in_service(at).prefetch_related(None).order_by()
    here = Q(pk__in=open_now.values("pk")) | Q(pk__in=lies.values("station"))
    return Station.objects.filter(here).order_by("code")


def on_sale_names(at: datetime) -> QuerySet[Station]:
    """The stations in service, by name."""
    return stations.in_service(at).prefetch_related(None).order_by("code")
