"""What the entries of ledger and shop stand on: people with accounts and points, a rulebook, a shop with stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

from bench.world import World
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.points.models import Account, Lot
from huipai.rulebook.models import PointItem, RulebookVersion
from huipai.rulebook.words import CONSULTATION, PUBLICITY, Earner, Evidence, Port
from huipai.shop.models import Shelf, ShopItem
from huipai.shop.words import SLOTS
from huipai.stations.models import Station

PEOPLE, ITEMS = 2_000, 16
PLENTY = 1_000_000_000
# For each person, of each thing that has a limit: counted with every reservation and never reached.
LIMIT = 30_000


@dataclass(frozen=True)
class Ground:
    people: tuple[Person, ...]
    items: tuple[PointItem, ...]
    # What somebody claims by themselves, with a photo.
    claimed: PointItem
    station: Station
    goods: tuple[ShopItem, ...]
    # As many things again, of which each person may have only so many.
    limited: tuple[ShopItem, ...]


_made: dict[UUID, Ground] = {}


def ground(world: World) -> Ground:
    """Made once for all entries of a run, in statements of many rows."""
    if world.street_id not in _made:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")  # rows of the ground have not been lived
            _made[world.street_id] = _lay(world)
            cursor.execute("SET session_replication_role = origin")
    return _made[world.street_id]


def _lay(world: World) -> Ground:
    now = world.now - timedelta(days=1)
    people = Person.objects.bulk_create([Person(name="测", created_at=now) for _ in range(PEOPLE)], batch_size=1_000)
    drafted_at, published_at = now - CONSULTATION - PUBLICITY, now - PUBLICITY
    version = RulebookVersion.objects.create(
        number=1, author=people[0], drafted_at=drafted_at, consulted_from=drafted_at, consulted_until=published_at,
        published_at=published_at, publicity_until=now, effective_from=now, content_hash="0" * 64,
    )  # fmt: skip
    items = PointItem.objects.bulk_create(
        PointItem(
            version=version, code=f"woodpecker-{number:02}", port=Port.WOODPECKER, title="路灯不亮", description="报",
            points=5, earners=[Earner.RESIDENT], evidence=[Evidence.FACT],
            lot_months=24,
        )
        for number in range(1, ITEMS + 1)
    )  # fmt: skip
    claimed = PointItem.objects.create(
        version=version, code="ox-01", port=Port.OX, title="帮独居老人买菜", description="买回来当面交。", points=5,
        earners=[Earner.RESIDENT], evidence=[Evidence.PHOTO, Evidence.NOTE], day_cap=100, month_cap=1000,
    )  # fmt: skip
    accounts = Account.objects.bulk_create(
        [Account(person=person, purse="spendable", balance=PLENTY) for person in people], batch_size=1_000
    )
    Account.objects.bulk_create([Account(person=person, purse="debt") for person in people], batch_size=1_000)
    Lot.objects.bulk_create(
        [Lot(account=account, posting_id=new_id(), points=PLENTY, remaining=PLENTY) for account in accounts],
        batch_size=1_000,
    )
    station = Station.objects.create(
        code="B01", kind="care_station", name="柳溪驿站", place="柳溪路 18 号", node_id=world.ground.own_nodes[0],
        lng=120.73, lat=31.28, opened_at=now,
    )  # fmt: skip
    return Ground(
        tuple(people), tuple(items), claimed, station, goods=_goods(station, now, None),
        limited=_goods(station, now, LIMIT),
    )  # fmt: skip


def _goods(station: Station, now: datetime, limit: int | None) -> tuple[ShopItem, ...]:
    goods = ShopItem.objects.bulk_create(
        ShopItem(
            name=f"{'限' if limit else ''}东西 {number}", unit="件", category="daily", points=1, limit_count=limit,
            opened_at=now,
        )
        for number in range(ITEMS)
    )  # fmt: skip
    Shelf.objects.bulk_create(
        Shelf(item=item, station=station, slot=slot, free=PLENTY) for item in goods for slot in range(SLOTS)
    )
    return tuple(goods)


def array(ids: list[UUID]) -> str:
    """An array of ids in SQL."""
    return f"('{{{','.join(map(str, ids))}}}'::uuid[])"
