"""Stock that comes, goes elsewhere, is counted or written off. It can never fall below nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.kit.ids import new_id
from huipai.kit.verdict import Invalid, Moved, NotVisible, Refused
from huipai.people.models import Person
from huipai.points import commands as points
from huipai.shop import policies, queries
from huipai.shop.commands.budgeting import require_budget
from huipai.shop.commands.ending import require_exchange
from huipai.shop.commands.freeing import with_what_lapsed
from huipai.shop.commands.stocking import KeptForSomebody, lock_shelves, move, put, take_away
from huipai.shop.models import Movement, ShopItem
from huipai.shop.words import WRITE_OFFS, Reason
from huipai.stations import queries as stations
from huipai.stations.models import Station

MOST = 100_000
T = TypeVar("T")


class WrongCount(Invalid):
    code = "shop_wrong_count"
    default_reason = _("填一个整数")


class MovedWhileCounted(Moved):
    code = "shop_moved_while_counted"
    default_reason = _("您数的时候这里又有进出，请看一下，再数一遍")


class SameStation(Invalid):
    code = "shop_same_station"
    default_reason = _("调到另一个驿站去")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to move stock: who asked for what under which key. The same again is answered, whatever has changed."""

    verb: str
    key: UUID
    actor: Person
    content: Mapping[str, object]

    @classmethod
    def of(cls, verb: str, key: UUID, actor: Person, **content: object) -> Asked:
        return cls(verb, key, actor, content)

    def once(self, act: Callable[[], Movement]) -> Movement:
        """Do it. What is refused now, and was done before by this very request, is the stored answer."""
        try:
            return act()
        except Refused:
            if points.answered_before(key=self.key, actor=self.actor, verb=self.verb, content=self.content) is None:
                raise
            return self._first()

    def known(self, now: datetime) -> Movement | None:
        """The first movement that this very request has written already; of a new one its answer is stored."""
        answer = {"request": str(new_id())}
        stored = points.stored_answer(
            key=self.key, actor=self.actor, verb=self.verb, content=self.content, now=now, answer=answer
        )
        return None if stored is None else self._first()

    def _first(self) -> Movement:
        found = moved_by(self.key, self.actor)
        assert found is not None
        return found


def moved_by(key: UUID, actor: Person) -> Movement | None:
    """The first movement that a request of this actor under this key has written."""
    kinds = ("delivery", "transfer", "write_off", "count")
    return (
        Movement.objects.filter(subject__in=[f"{kind}:{key}" for kind in kinds], actor_id=actor.id)
        .order_by("id")
        .first()
    )


def deliver(
    *, key: UUID, item_id: UUID, station_id: UUID, quantity: int, cost_cents: int, actor: Person, now: datetime
) -> Movement:
    """Goods that were paid for lie in the station. Refuses what the budget does not cover, and all after the end."""
    asked = Asked.of("shop.deliver", key, actor, item=item_id, station=station_id, quantity=quantity, cost=cost_cents)
    return asked.once(lambda: _deliver(asked, item_id, station_id, quantity, cost_cents, now))


@transaction.atomic
def _deliver(asked: Asked, item_id: UUID, station_id: UUID, quantity: int, cost_cents: int, now: datetime) -> Movement:
    policies.may_keep_shop(asked.actor, now).require()
    _require_count(quantity, least=1)
    if not 1 <= cost_cents <= 10**12:
        raise WrongCount(_("填一下花了多少钱"), field="cost")
    item, station = _item(item_id), _station(station_id, now)
    if known := asked.known(now):
        return known
    require_exchange(now)
    require_budget(cost_cents, now)
    put(item.id, station.id, quantity)
    return move(
        item_id=item.id, station_id=station.id, quantity=quantity, reason=Reason.DELIVERY, cost_cents=cost_cents,
        subject=f"delivery:{asked.key}", actor=asked.actor, now=now,
    )  # fmt: skip


def donate(*, key: UUID, item_id: UUID, station_id: UUID, quantity: int, actor: Person, now: datetime) -> Movement:
    """Goods that somebody gave lie in the station; none after the end of the scheme."""
    asked = Asked.of("shop.donate", key, actor, item=item_id, station=station_id, quantity=quantity)
    return asked.once(lambda: _donate(asked, item_id, station_id, quantity, now))


@transaction.atomic
def _donate(asked: Asked, item_id: UUID, station_id: UUID, quantity: int, now: datetime) -> Movement:
    policies.may_keep_shop(asked.actor, now).require()
    _require_count(quantity, least=1)
    item, station = _item(item_id), _station(station_id, now)
    if known := asked.known(now):
        return known
    require_exchange(now)
    put(item.id, station.id, quantity)
    return move(
        item_id=item.id, station_id=station.id, quantity=quantity, reason=Reason.DONATION,
        subject=f"delivery:{asked.key}", actor=asked.actor, now=now,
    )  # fmt: skip


def transfer(
    *, key: UUID, item_id: UUID, from_id: UUID, to_id: UUID, quantity: int, actor: Person, now: datetime
) -> tuple[Movement, Movement]:
    """So many go from one station to another; both sides are written down, or neither.

    As everywhere in the shop, what somebody did not fetch in time is kept for nobody.
    """
    asked = Asked.of("shop.transfer", key, actor, item=item_id, to=to_id, quantity=quantity, **{"from": from_id})
    asked.once(
        lambda: with_what_lapsed(
            lambda: _transfer(asked, item_id, from_id, to_id, quantity, now),
            item_id,
            from_id,
            now,
            is_enough=lambda free, _held: free >= quantity,
        )
    )
    out, into = Movement.objects.filter(subject=f"transfer:{key}").order_by("quantity")
    return out, into


@transaction.atomic
def _transfer(asked: Asked, item_id: UUID, from_id: UUID, to_id: UUID, quantity: int, now: datetime) -> Movement:
    _require_count(quantity, least=1)
    if from_id == to_id:
        raise SameStation(field="to")
    item, source, target = _item(item_id), _source(from_id, item_id, now), _station(to_id, now)
    policies.may_host(asked.actor, source, now).require()
    if known := asked.known(now):
        return known
    # Both ways at once would wait for each other: always the smaller id first.
    locked = {id: lock_shelves(item.id, id) for id in sorted((source.id, target.id))}
    take_away(locked[source.id], quantity)
    put(item.id, target.id, quantity)
    out, _into = (
        move(
            item_id=item.id, station_id=station_id, quantity=moved, reason=reason, subject=f"transfer:{asked.key}",
            actor=asked.actor, now=now,
        )
        for station_id, reason, moved in (
            (source.id, Reason.TRANSFER_OUT, -quantity),
            (target.id, Reason.TRANSFER_IN, quantity),
        )
    )  # fmt: skip
    return out


def write_off(
    *, key: UUID, item_id: UUID, station_id: UUID, quantity: int, reason: Reason, actor: Person, now: datetime
) -> Movement:
    """So many that nobody has asked for are gone, and why. Who did not come in time asks for nothing any more."""
    asked = Asked.of(
        "shop.write_off", key, actor, item=item_id, station=station_id, quantity=quantity, reason=str(reason)
    )
    return asked.once(
        lambda: with_what_lapsed(
            lambda: _write_off(asked, item_id, station_id, quantity, reason, now),
            item_id,
            station_id,
            now,
            is_enough=lambda free, _held: free >= quantity,
        )
    )


@transaction.atomic
def _write_off(asked: Asked, item_id: UUID, station_id: UUID, quantity: int, reason: Reason, now: datetime) -> Movement:
    if reason not in WRITE_OFFS:
        raise WrongCount(_("选一下为什么"), field="reason")
    _require_count(quantity, least=1)
    item, station = _item(item_id), _source(station_id, item_id, now)
    policies.may_host(asked.actor, station, now).require()
    if known := asked.known(now):
        return known
    take_away(lock_shelves(item.id, station.id), quantity)
    return move(
        item_id=item.id, station_id=station.id, quantity=-quantity, reason=reason,
        subject=f"write_off:{asked.key}", actor=asked.actor, now=now,
    )  # fmt: skip


def count(
    *, key: UUID, item_id: UUID, station_id: UUID, counted: int, actor: Person, now: datetime, seen: int | None = None
) -> Movement:
    """What was counted is what lies there from now on; the difference is written down, none too.

    Refuses fewer than are kept for people: they would come in vain. For who did not come in time nothing is kept.
    `seen`: how many times stock had moved there when the counting began; None: nobody looked. Refused where it has
    moved since: what was counted is not what lies there. Sent twice it is one, whatever has moved in between.
    """
    asked = Asked.of("shop.count", key, actor, item=item_id, station=station_id, counted=counted)
    return asked.once(
        lambda: with_what_lapsed(
            lambda: _count(asked, item_id, station_id, counted, seen, now),
            item_id,
            station_id,
            now,
            is_enough=lambda _free, held: held <= counted,
        )
    )


@transaction.atomic
def _count(
    asked: Asked, item_id: UUID, station_id: UUID, counted: int, seen: int | None, now: datetime
) -> Movement:  # fmt: skip
    _require_count(counted, least=0, field="counted")
    item, station = _item(item_id), _source(station_id, item_id, now)
    policies.may_host(asked.actor, station, now).require()
    if known := asked.known(now):
        return known
    shelves = lock_shelves(item.id, station.id)
    if seen not in (None, queries.times_moved(item.id, station.id)):
        raise MovedWhileCounted
    difference = counted - sum(shelf.free + shelf.held for shelf in shelves)
    if counted < sum(shelf.held for shelf in shelves):
        raise KeptForSomebody
    if difference > 0:
        put(item.id, station.id, difference)
    elif difference < 0:
        take_away(shelves, -difference)
    return move(
        item_id=item.id, station_id=station.id, quantity=difference, reason=Reason.COUNT, counted=counted,
        subject=f"count:{asked.key}", actor=asked.actor, now=now,
    )  # fmt: skip


def _require_count(quantity: int, *, least: int, field: str = "quantity") -> None:
    if not least <= quantity <= MOST:
        raise WrongCount(_("写 %(least)s 到 %(most)s 之间的数") % {"least": least, "most": MOST}, field=field)


def _item(item_id: UUID) -> ShopItem:
    item = ShopItem.objects.filter(pk=item_id).first()
    if item is None:
        raise NotVisible(_("没有找到这件东西"))
    return item


def _source(station_id: UUID, item_id: UUID, now: datetime) -> Station:
    """What lies in a station that has closed is counted, written off or fetched out of it; nothing comes into it."""
    found = queries.with_shelves_for(item_id, now).select_related("node").filter(pk=station_id).first()
    if found is None:
        raise NotVisible(_("没有找到这个驿站"))
    return found


def _station(station_id: UUID, now: datetime) -> Station:
    found = stations.in_service(now).prefetch_related(None).select_related("node").filter(pk=station_id).first()
    if found is None:
        raise NotVisible(_("没有找到这个驿站"))
    return found
