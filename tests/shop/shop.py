"""Makers of the shop for tests: a station with its host, a keeper with a budget, somebody with points."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from huipai.grid.models import Assignment, GridNode
from huipai.kit.ids import new_id
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose, Role
from huipai.points import commands as points_commands
from huipai.points import queries as points
from huipai.shop import commands as shop
from huipai.shop import queries
from huipai.shop.commands import Offer, Order, Plan
from huipai.shop.models import Reservation, Shelf, ShopItem
from huipai.shop.words import Category
from huipai.stations.models import Station
from huipai.streets.models import Street
from tests.cast import A_MONTH_AGO, A_YEAR_AGO, FOUND, MONDAY, appoint, resident, rulebook, staff
from tests.points.ledger import award
from tests.points.test_awarding import home
from tests.points.test_household import LINKED

SOAP = Offer(name="洗洁精", unit="瓶", category=Category.DAILY, points=20, description="1 公斤装")

GIVEN = Plan(quantity=5)


@dataclass
class Shop:
    street: Street
    keeper: Person
    leader: Person
    host: Person
    station: Station
    soap: ShopItem
    lan: Person


def station(name: str = "柳溪驿站", code: str = "Y01") -> Station:
    root = GridNode.objects.filter(parent=None).first()
    if root is None:
        id = new_id()
        root = GridNode.objects.create(
            id=id, path=f"{id}/", level="street", code="0", name="街道", valid_from=A_YEAR_AGO
        )
    return Station.objects.create(
        code=code, kind="care_station", name=name, place="柳溪路 18 号", node=root, lng=120.73, lat=31.28,
        opened_at=A_YEAR_AGO,
    )  # fmt: skip


def open_shop(street: Street, *, stock: int = 5, points_of_lan: int = 100, offer: Offer = SOAP) -> Shop:
    """A shop with so many of one item in one station, and a resident with so many points."""
    rulebook(replace(FOUND, points=points_of_lan or 1, lot_months=None), LINKED)
    keeper = appoint(staff("柯", "13900000041"), Role.COORDINATOR, since=A_YEAR_AGO)
    leader = appoint(staff("雷", "13900000042"), Role.LEADER, since=A_YEAR_AGO)
    host = appoint(staff("胡", "13900000043"), Role.STATION_HOST, since=A_YEAR_AGO)
    made = Shop(street, keeper, leader, host, station(), put_on_shelf(offer, keeper, leader), resident())
    budget(made)
    if stock:
        deliver(made, stock)
    if points_of_lan:
        award(made.lan)
    return made


def put_on_shelf(offer: Offer, keeper: Person, other: Person, *, now: datetime = A_MONTH_AGO) -> ShopItem:
    """Proposed by one, opened by another; of what is given, so that no budget is asked."""
    asked = shop.propose_item(offer=offer, plan=GIVEN, actor=keeper, now=now)
    return shop.open_item(proposal_id=asked.id, actor=other, now=now)


def change(made: Shop, offer: Offer, *, now: datetime = MONDAY) -> ShopItem:
    """The soap says something else: proposed by the keeper, agreed to by the leader."""
    asked = shop.propose_change(item_id=made.soap.id, offer=offer, actor=made.keeper, now=now)
    return shop.open_item(proposal_id=asked.id, actor=made.leader, now=now)


def budget(made: Shop, amount_cents: int = 1_000_000, *, year: int = 2026) -> None:
    proposed = shop.propose_budget(
        begins_on=date(year, 1, 1), ends_on=date(year, 12, 31), amount_cents=amount_cents, point_cents=10,
        actor=made.keeper, now=A_MONTH_AGO,
    )  # fmt: skip
    shop.approve_budget(budget_id=proposed.id, actor=made.leader, now=A_MONTH_AGO)


def deliver(
    made: Shop, quantity: int, *, item: ShopItem | None = None, to: Station | None = None, now: datetime = A_MONTH_AGO
) -> None:
    shop.deliver(
        key=uuid4(), item_id=(item or made.soap).id, station_id=(to or made.station).id, quantity=quantity,
        cost_cents=quantity * 100, actor=made.keeper, now=now,
    )  # fmt: skip


def home_with_points(person: Person) -> GridNode:
    """Where this person lives, with 20 points that they may use: they have agreed to it."""
    household = home(person)
    points_commands.award_household(
        item_code=LINKED.code, subject="visit:1", household=household, received_at=MONDAY, actor=None, now=MONDAY
    )
    people.give_consent(person=person, purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=A_MONTH_AGO)
    return household


def order(made: Shop, person: Person | None = None, **changes: object) -> Order:
    wanted = Order(item_id=made.soap.id, station_id=made.station.id, person=person or made.lan)
    return replace(wanted, **changes)  # type: ignore[arg-type]


def reserve(
    made: Shop, person: Person | None = None, *, key: UUID | None = None, now: datetime = MONDAY, **changes: object
) -> Reservation:
    who = person or made.lan
    return shop.reserve(key=key or uuid4(), order=order(made, who, **changes), actor=who, now=now)


def free(made: Shop, at: datetime = MONDAY, station_id: UUID | None = None) -> int:
    return queries.free_of([made.soap.id], at, station_id=station_id).get(made.soap.id, 0)


def lies(made: Shop) -> int:
    return queries.on_hand(made.soap.id, made.station.id)


def holds(street: Street) -> bool:
    """Whether `verify` finds nothing in ledger and shop."""
    found = [*points.verify_ledger(street), *queries.verify_shop(street)]
    return not found


def shelves(made: Shop) -> list[tuple[int, int]]:
    return list(Shelf.objects.filter(item=made.soap, station=made.station).order_by("slot").values_list("free", "held"))


def host_of(made: Shop, name: str, phone: str) -> Person:
    host = staff(name, phone, now=A_YEAR_AGO)
    Assignment.objects.create(person=host, role=Role.STATION_HOST, node=made.station.node, valid_from=A_YEAR_AGO)
    return host
