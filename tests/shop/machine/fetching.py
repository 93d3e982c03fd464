"""What people set aside, fetch, call off or let lie, at home and at the counter."""

from __future__ import annotations

from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from huipai.kit.verdict import NotAllowed, NotVisible, Refused
from huipai.people.models import Person
from huipai.points import commands as points
from huipai.points.commands import (
    NotEnough,
    NotReversible,
)
from huipai.points.models import (
    Posting,
)
from huipai.points.words import ReversalReason
from huipai.shop import commands as shop
from huipai.shop.commands import (
    CalledOff,
    FetchedAlready,
    LimitReached,
    NoSuchCard,
    Order,
    ShopClosed,
    SoldOut,
    TooLate,
)
from huipai.shop.models import Reservation, Shelf
from huipai.shop.words import HOLD_LASTS, Unfetchable
from huipai.stations import commands as stations
from huipai.stations.models import Station
from tests.shop.machine.base import LATER, SLOT, Streetwise
from tests.shop.model import HOME, Kept
from tests.shop.shop import station


class Fetching(Streetwise):
    """Reservations, and what becomes of them."""

    @rule(
        who=st.integers(0, HOME), slot=SLOT, where=st.integers(0, 1), quantity=st.integers(1, 3),
        again=st.booleans(),
    )  # fmt: skip
    def reserve(self, who: int, slot: int, where: int, quantity: int, again: bool) -> None:
        model, key, item = self.model, uuid4(), self.model.on_sale[slot]
        person = 0 if who == HOME else who
        if self.is_closed:
            self.refused(ShopClosed, lambda: self.order(key, who, item, where, quantity))
            return
        if not model.has_room(person, item, quantity):
            self.refused(LimitReached, lambda: self.order(key, who, item, where, quantity))
            return
        cost = model.prices[item] * quantity
        if model.spendable(who, self.now) < cost:
            self.refused(NotEnough, lambda: self.order(key, who, item, where, quantity))
            return
        model.let_lapse(item, where, quantity)
        if model.free[item, where] < quantity:
            self.refused_but_for_what_lapsed(SoldOut, lambda: self.order(key, who, item, where, quantity), item, where)
            return
        made = self.order(key, who, item, where, quantity)
        missing, draws = model.draw(who, cost, self.now)
        assert not missing
        for paid, part in draws:  # set aside, not gone
            paid.left += part
        until = min(self.now + HOLD_LASTS, model.redeem_until)
        assert made.expires_at == until
        model.kept.append(Kept(made.id, who, item, where, quantity, draws, self.now, until))
        model.free[item, where] -= quantity
        if again:
            before = self.rows()
            assert self.order(key, who, item, where, quantity) == made
            assert self.rows() == before

    def why_not(self, who: int, item: int) -> type[Refused] | None:
        """Why somebody may not have one of an item now, whatever lies on the shelf."""
        if self.is_closed:
            return ShopClosed
        if not self.model.has_room(who, item, 1):
            return LimitReached
        return NotEnough if self.model.spendable(who, self.now) < self.model.prices[item] else None

    def order(self, key: UUID, who: int, item: int, where: int, quantity: int) -> Reservation:
        person = self.people[0 if who == HOME else who]
        wanted = Order(
            item_id=self.items[item].id, station_id=self.stations[where].id, person=person, quantity=quantity,
            household=self.home if who == HOME else None,
        )  # fmt: skip
        return shop.reserve(key=key, order=wanted, actor=person, now=self.now)

    @precondition(lambda self: self.model.kept)
    @rule(which=st.integers(0, 10**6), newest=st.booleans(), later=LATER)
    def hand_over(self, which: int, newest: bool, later: int) -> None:
        self.time_passes(hours=later)
        kept = self.model.kept[-1 if newest else which % len(self.model.kept)]

        def act() -> Reservation:
            return shop.hand_over(reservation_id=kept.id, host=self.hosts[0], now=self.now)

        if kept.state == "handed_over":
            before = self.rows()
            act()
            assert self.rows() == before
        elif kept.hold == "voided":
            self.refused(CalledOff, act)
        elif kept.hold == "expired" or kept.expires <= self.now:
            self.refused(TooLate, act)
        else:
            act()
            kept.state, kept.hold = "handed_over", "captured"
            for paid, part in kept.draws:
                paid.left -= part

    @rule(who=st.integers(0, 1), slot=SLOT, where=st.integers(0, 1))
    def serve_by_card(self, who: int, slot: int, where: int) -> None:
        """At the counter: set aside and given in one transaction, or neither; the card is good for nothing after."""
        model, person, host, item = self.model, self.people[who], self.hosts[0], self.model.on_sale[slot]
        wanted = Order(item_id=self.items[item].id, station_id=self.stations[where].id, person=person)
        if self.is_closed:
            self.refused(ShopClosed, lambda: shop.issue_card(person=person, actor=self.hosts[1], now=self.now))
            return
        _card, code = shop.issue_card(person=person, actor=self.hosts[1], now=self.now)

        def act() -> Reservation:
            return shop.serve(key=uuid4(), order=wanted, card_code=code, host=host, now=self.now)

        why = self.why_not(who, item)
        if why is None:
            model.let_lapse(item, where, 1)
        if why:
            self.refused(why, act)
        elif not model.free[item, where]:
            self.refused_but_for_what_lapsed(SoldOut, act, item, where)
        else:
            made = act()
            draws = model.draw(who, model.prices[item], self.now)[1]
            model.free[item, where] -= 1
            kept = Kept(made.id, who, item, where, 1, draws, self.now, made.expires_at, "handed_over", "captured")
            model.kept.append(kept)
        shop.block_card(person=person, actor=host, now=self.now)
        self.refused(NoSuchCard, act)

    @precondition(lambda self: self.model.kept)
    @rule(which=st.integers(0, 10**6), newest=st.booleans(), later=LATER)
    def cancel(self, which: int, newest: bool, later: int) -> None:
        self.time_passes(hours=later)
        kept = self.model.kept[-1 if newest else which % len(self.model.kept)]

        def act() -> Reservation:
            return shop.cancel(reservation_id=kept.id, actor=self.people[kept.person], now=self.now)

        if kept.state == "handed_over":
            self.refused(FetchedAlready, act)
            return
        before = self.rows() if kept.state != "reserved" else ""
        act()
        if before:
            assert self.rows() == before
        self.model.let_go(kept)

    @rule()
    def sweep_holds(self) -> None:
        """The jobs only tidy: the model knows nothing of them. Whoever asked may use those points still."""
        points.lapse(now=self.now)
        assert self.unchanged(lambda: shop.end_with_permissions(now=self.now)) == 0

    @rule(slot=SLOT, where=st.integers(0, 1), why=st.sampled_from(Unfetchable))
    def goods_are_gone_or_unsafe(self, slot: int, where: int, why: Unfetchable) -> None:
        """What is kept of them there is called off and none is on offer any more; of that thing, in that station."""
        item, model = self.model.on_sale[slot], self.model
        waiting = [k for k in model.kept if (k.item, k.where, k.state) == (item, where, "reserved")]

        def act(actor: Person) -> int:
            return shop.recall(actor=actor, why=why, now=self.now, **self.place(item, where))

        self.refused(NotAllowed, lambda: act(self.people[0]))
        assert act(self.hosts[len(waiting) % 2]) == len(waiting)
        for kept in sorted(waiting, key=lambda k: k.id):
            model.let_go(kept)
        model.free[item, where] = 0
        assert self.unchanged(lambda: act(self.hosts[1])) == 0

    @rule(where=st.integers(0, 1))
    def a_station_closes(self, where: int) -> None:
        """Nothing is reserved there any more, what was kept is called off; its goods go to the other."""
        gone, keeper, model = self.stations[where], self.hosts[1], self.model
        stations.close_station(station_id=gone.id, actor=keeper, now=self.now)
        if not self.is_closed:
            self.refused(NotVisible, lambda: self.order(uuid4(), 1, model.on_sale[0], where, 1))
        waiting = [k for k in model.kept if (k.where, k.state) == (where, "reserved")]
        assert shop.end_with_stations(now=self.now) == len(waiting)
        for kept in sorted(waiting, key=lambda k: k.id):
            model.let_go(kept)
        assert self.unchanged(lambda: shop.end_with_stations(now=self.now)) == 0
        self.stations[where] = station(f"{gone.name}新", f"Y{len(Station.objects.all()) + 1:02}")
        for number, item in enumerate(self.items):
            if quantity := model.free[number, where]:
                shop.transfer(
                    key=uuid4(), item_id=item.id, from_id=gone.id, to_id=self.stations[1 - where].id,
                    quantity=quantity, actor=keeper, now=self.now,
                )  # fmt: skip
            model.free[number, where] = 0
            model.free[number, 1 - where] += quantity
        self.stations.append(gone)
        for kept in model.kept:  # what was given there stays in its books
            kept.where = len(self.stations) - 1 if kept.where == where else kept.where
        assert not Shelf.objects.filter(station=gone).exclude(free=0, held=0).exists()

    @rule()
    def sweep_shop(self) -> None:
        shop.lapse(now=self.now)
        over = [k for k in self.model.kept if k.state == "reserved" and k.expires <= self.now]
        for kept in sorted(over, key=lambda k: (k.expires, k.id)):
            self.model.let_go(kept)

    @precondition(lambda self: any(k.state == "handed_over" for k in self.model.kept))
    @rule()
    def what_was_used_is_not_taken_back(self) -> None:
        used = Posting.objects.filter(kind="spend").first()
        assert used is not None
        reviewer = self.reviewers[0]
        self.refused(
            NotReversible,
            lambda: points.reverse(posting_id=used.id, actor=reviewer, reason=ReversalReason.DEED_UNDONE, now=self.now),
        )
