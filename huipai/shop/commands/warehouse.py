"""Stock that comes, goes elsewhere, is counted or written off. It can never fall below nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.kit.ids import new_id
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person
from huipai.points import commands as points
from huipai.shop import policies, queries
from huipai.shop.commands.budgeting import require_budget
from huipai.shop.commands.ending import require_exchange
from huipai.shop.commands.settling import lapse_of
from huipai.shop.commands.stocking import NotOnShelf, lock_shelves, move, put, take_away
from huipai.shop.models import Movement, ShopItem
from huipai.shop.words import WRITE_OFFS, Reason
from huipai.stations import queries as stations
from huipai.stations.models import Station

MOST = 100_000
T = TypeVar("T")


class WrongCount(Invalid):
    code = "shop_wrong_count"
    default_reason = _("填一个整数")


class SameStation(Invalid):
    code = "shop_same_station"
    default_reason = _("调到另一个驿站去")


class KeptForSomebody(Moved):
    """More is kept for people than was found: somebody would come in vain."""

    code = "shop_kept_for_somebody"
    default_reason = _("数到的比已经订出去的还少，先和订的人说好，请他们不要了，再盘一次")


@transaction.atomic
def deliver(
    *, key: UUID, item_id: UUID, station_id: UUID, quantity: int, cost_cents: int, actor: Person, now: datetime
) -> Movement:
    """Goods that were paid for lie in the station. Refuses what the budget does not cover, and all after the end."""
    policies.may_keep_shop(actor, now).require()
    _require_count(quantity, least=1)
    if not 1 <= cost_cents <= 10**12:
        raise WrongCount(_("填一下花了多少钱"), field="cost")
    item, station = _item(item_id), _station(station_id, now)
    content = {"item": item_id, "station": station_id, "quantity": quantity, "cost": cost_cents}
    known = _known(key, actor, "shop.deliver", content, now)
    if known:
        return known
    require_exchange(now)
    require_budget(cost_cents, now)
    put(item.id, station.id, quantity)
    return move(
        item_id=item.id, station_id=station.id, quantity=quantity, reason=Reason.DELIVERY, cost_cents=cost_cents,
        subject=f"delivery:{key}", actor=actor, now=now,
    )  # fmt: skip


@transaction.atomic
def donate(*, key: UUID, item_id: UUID, station_id: UUID, quantity: int, actor: Person, now: datetime) -> Movement:
    """Goods that somebody gave lie in the station; none after the end of the scheme."""
    policies.may_keep_shop(actor, now).require()
    _require_count(quantity, least=1)
    item, station = _item(item_id), _station(station_id, now)
    content = {"item": item_id, "station": station_id, "quantity": quantity}
    known = _known(key, actor, "shop.donate", content, now)
    if known:
        return known
    require_exchange(now)
    put(item.id, station.id, quantity)
    return move(
        item_id=item.id, station_id=station.id, quantity=quantity, reason=Reason.DONATION,
        subject=f"delivery:{key}", actor=actor, now=now,
    )  # fmt: skip


def transfer(
    *, key: UUID, item_id: UUID, from_id: UUID, to_id: UUID, quantity: int, actor: Person, now: datetime
) -> tuple[Movement, Movement]:
    """So many go from one station to another; both sides are written down, or neither.

    As everywhere in the shop, what somebody did not fetch in time is kept for nobody.
    """
    return _with_what_lapsed(
        lambda: _transfer(key, item_id, from_id, to_id, quantity, actor, now), item_id, from_id, now
    )


@transaction.atomic
def _transfer(
    key: UUID, item_id: UUID, from_id: UUID, to_id: UUID, quantity: int, actor: Person, now: datetime
) -> tuple[Movement, Movement]:
    _require_count(quantity, least=1)
    if from_id == to_id:
        raise SameStation(field="to")
    item, source, target = _item(item_id), _source(from_id, item_id, now), _station(to_id, now)
    policies.may_host(actor, source, now).require()
    subject = f"transfer:{key}"
    content = {"item": item_id, "from": from_id, "to": to_id, "quantity": quantity}
    known = _known(key, actor, "shop.transfer", content, now)
    if known is None:
        # Both ways at once would wait for each other: always the smaller id first.
        locked = {id: lock_shelves(item.id, id) for id in sorted((source.id, target.id))}
        take_away(locked[source.id], quantity)
        put(item.id, target.id, quantity)
        for station_id, reason, moved in (
            (source.id, Reason.TRANSFER_OUT, -quantity),
            (target.id, Reason.TRANSFER_IN, quantity),
        ):
            move(
                item_id=item.id, station_id=station_id, quantity=moved, reason=reason, subject=subject, actor=actor,
                now=now,
            )  # fmt: skip
    out, into = Movement.objects.filter(subject=subject).order_by("quantity")
    return out, into


def write_off(
    *, key: UUID, item_id: UUID, station_id: UUID, quantity: int, reason: Reason, actor: Person, now: datetime
) -> Movement:
    """So many that nobody has asked for are gone, and why. Who did not come in time asks for nothing any more."""
    return _with_what_lapsed(
        lambda: _write_off(key, item_id, station_id, quantity, reason, actor, now), item_id, station_id, now
    )


@transaction.atomic
def _write_off(
    key: UUID, item_id: UUID, station_id: UUID, quantity: int, reason: Reason, actor: Person, now: datetime
) -> Movement:
    if reason not in WRITE_OFFS:
        raise WrongCount(_("选一下为什么"), field="reason")
    _require_count(quantity, least=1)
    item, station = _item(item_id), _station(station_id, now)
    policies.may_host(actor, station, now).require()
    content = {"item": item_id, "station": station_id, "quantity": quantity, "reason": reason.value}
    known = _known(key, actor, "shop.write_off", content, now)
    if known:
        return known
    take_away(lock_shelves(item.id, station.id), quantity)
    return move(
        item_id=item.id, station_id=station.id, quantity=-quantity, reason=reason, subject=f"write_off:{key}",
        actor=actor, now=now,
    )  # fmt: skip


def count(*, key: UUID, item_id: UUID, station_id: UUID, counted: int, actor: Person, now: datetime) -> Movement:
    """What was counted is what lies there from now on; the difference is written down, none too.

    Refuses fewer than are kept for people: they would come in vain. For who did not come in time nothing is kept.
    """
    return _with_what_lapsed(lambda: _count(key, item_id, station_id, counted, actor, now), item_id, station_id, now)


@transaction.atomic
def _count(key: UUID, item_id: UUID, station_id: UUID, counted: int, actor: Person, now: datetime) -> Movement:
    _require_count(counted, least=0, field="counted")
    item, station = _item(item_id), _station(station_id, now)
    policies.may_host(actor, station, now).require()
    content = {"item": item_id, "station": station_id, "counted": counted}
    known = _known(key, actor, "shop.count", content, now)
    if known:
        return known
    shelves = lock_shelves(item.id, station.id)
    difference = counted - sum(shelf.free + shelf.held for shelf in shelves)
    if counted < sum(shelf.held for shelf in shelves):
        raise KeptForSomebody
    if difference > 0:
        put(item.id, station.id, difference)
    elif difference < 0:
        take_away(shelves, -difference)
    return move(
        item_id=item.id, station_id=station.id, quantity=difference, reason=Reason.COUNT, counted=counted,
        subject=f"count:{key}", actor=actor, now=now,
    )  # fmt: skip


def _with_what_lapsed(act: Callable[[], T], item_id: UUID, station_id: UUID, now: datetime) -> T:
    """Do it; where too few are free, let go what nobody fetched in time and do it again, each as a whole of its own."""
    try:
        return act()
    except (KeptForSomebody, NotOnShelf):
        if not lapse_of(item_id, station_id, now=now):
            raise
        return act()


def _known(key: UUID, actor: Person, verb: str, content: dict[str, object], now: datetime) -> Movement | None:
    """The first movement that this very request has written already."""
    stored = points.stored_answer(
        key=key, actor=actor, verb=verb, content=content, now=now, answer={"request": str(new_id())}
    )
    if stored is None:
        return None
    kinds = ("delivery", "transfer", "write_off", "count")
    return Movement.objects.filter(subject__in=[f"{kind}:{key}" for kind in kinds]).order_by("id").first()


def _require_count(quantity: int, *, least: int, field: str = "quantity") -> None:
    if not least <= quantity <= MOST:
        raise WrongCount(_("写 %(least)s 到 %(most)s 之间的数") % {"least": least, "most": MOST}, field=field)


def _item(item_id: UUID) -> ShopItem:
    item = ShopItem.objects.filter(pk=item_id).first()
    if item is None:
        raise NotVisible(_("没有找到这件东西"))
    return item


def _source(station_id: UUID, item_id: UUID, now: datetime) -> Station:
    """Things can be fetched out of a station that has closed, and into none."""
    found = queries.holding(item_id, now).select_related("node").filter(pk=station_id).first()
    if found is None:
        raise NotVisible(_("没有找到这个驿站"))
    return found


def _station(station_id: UUID, now: datetime) -> Station:
    found = stations.in_service(now).prefetch_related(None).select_related("node").filter(pk=station_id).first()
    if found is None:
        raise NotVisible(_("没有找到这个驿站"))
    return found
