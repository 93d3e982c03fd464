"""What stands on the shelves, what it costs and what pays for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.shop import commands as shop
from huipai.shop.commands import (
    BudgetSpent,
    KeptForSomebody,
    NoBudget,
    NotOnShelf,
    Offer,
    ShopClosed,
)
from huipai.shop.models import Budget, ItemProposal, Movement, ShopItem
from huipai.shop.words import Reason
from tests.shop.machine.base import SLOT, Streetwise
from tests.shop.model import STOCK
from tests.shop.shop import GIVEN


class Shelving(Streetwise):
    """Gifts, budgets and stock."""

    @rule(slot=SLOT, where=st.integers(0, 1), quantity=st.integers(1, 20))
    def goods_come(self, slot: int, where: int, quantity: int) -> None:
        item, key = self.model.on_sale[slot], uuid4()

        def act() -> Movement:
            return shop.donate(
                key=key, quantity=quantity, actor=self.hosts[1], now=self.now, **self.place(item, where)
            )  # fmt: skip

        if self.is_closed:
            self.refused(ShopClosed, act)
            return
        act()
        self.model.free[item, where] += quantity

    @rule(slot=SLOT, price=st.integers(1, 4))
    def costs_otherwise(self, slot: int, price: int) -> None:
        """From now on; what is set aside already costs what it cost."""
        number = self.model.on_sale[slot]
        one = self.items[number]

        def propose() -> ItemProposal:
            return shop.propose_change(item_id=one.id, offer=self.like(one, price), actor=self.hosts[1], now=self.now)

        if self.is_closed or self.model.prices[number] == price:
            self.refused(ShopClosed if self.is_closed else Invalid, propose)
            return
        asked = propose()
        self.refused(NotAllowed, lambda: shop.open_item(proposal_id=asked.id, actor=self.hosts[1], now=self.now))
        self.items[number] = shop.open_item(proposal_id=asked.id, actor=self.leaders[0], now=self.now)
        self.model.prices[number] = price

    @precondition(lambda self: len(self.items) < 6)
    @rule(slot=SLOT, price=st.integers(1, 4))
    def is_withdrawn_and_another_comes(self, slot: int, price: int) -> None:
        """Nobody reserves it any more, what is reserved is fetched all the same; its name is free again."""
        gone, keeper = self.model.on_sale[slot], self.hosts[1]
        old = self.items[gone]
        self.refused(
            ShopClosed if self.is_closed else Invalid,
            lambda: shop.propose_item(offer=self.like(old, price), plan=GIVEN, actor=keeper, now=self.now),
        )
        if self.is_closed:
            return
        shop.withdraw_item(item_id=old.id, actor=keeper, now=self.now)
        self.refused(Moved, lambda: shop.withdraw_item(item_id=old.id, actor=keeper, now=self.now))
        self.refused(NotVisible, lambda: self.order(uuid4(), 1, gone, 0, 1))
        asked = shop.propose_item(offer=self.like(old, price), plan=GIVEN, actor=keeper, now=self.now)
        self.refused(NotAllowed, lambda: shop.open_item(proposal_id=asked.id, actor=keeper, now=self.now))
        self.items.append(shop.open_item(proposal_id=asked.id, actor=self.leaders[0], now=self.now))
        assert self.model.put_in_its_place(slot, price) == len(self.items) - 1
        self.goods_come(slot=slot, where=0, quantity=STOCK)

    @rule(slot=SLOT, dearer=st.integers(5, 9), is_new=st.booleans(), is_refused=st.booleans())
    def a_wish_comes_to_nothing(self, slot: int, dearer: int, is_new: bool, is_refused: bool) -> None:
        """Another says no, or its author thinks better of it; nobody opens it any more, and the shelf is as it was."""
        keeper, leader, one = self.hosts[1], self.leaders[0], self.items[self.model.on_sale[slot]]
        offer = self.like(one, one.points + dearer)

        def propose() -> ItemProposal:
            if is_new:
                new = replace(offer, name=f"大{one.name}")
                return shop.propose_item(offer=new, plan=GIVEN, actor=keeper, now=self.now)
            return shop.propose_change(item_id=one.id, offer=offer, actor=keeper, now=self.now)

        if self.is_closed:
            self.refused(ShopClosed, propose)
            return
        asked = propose()
        if is_refused:
            self.comes_to_nothing(
                keeper, leader,
                lambda who: shop.refuse_item(proposal_id=asked.id, actor=who, reason="太贵了", now=self.now),
            )  # fmt: skip
        else:
            self.comes_to_nothing(
                leader, keeper, lambda who: shop.withdraw_proposal(proposal_id=asked.id, actor=who, now=self.now)
            )
        self.refused(Moved, lambda: shop.open_item(proposal_id=asked.id, actor=self.leaders[1], now=self.now))

    def comes_to_nothing(self, wrong: Person, right: Person, end: Callable[[Person], object]) -> None:
        """One may not end it, the other may, and twice is once."""
        self.refused(NotAllowed, lambda: end(wrong))
        end(right)
        self.unchanged(lambda: end(right))

    def like(self, item: ShopItem, price: int) -> Offer:
        return Offer(
            name=item.name, unit=item.unit, category=item.category, points=price, limit_count=item.limit_count,
            limit_days=item.limit_days,
        )  # fmt: skip

    @rule(
        cents=st.integers(1, 300), ahead=st.integers(0, 2), days=st.integers(1, 60),
        end=st.sampled_from(["approve", "approve", "refuse", "withdraw"]),
    )  # fmt: skip
    def budget(self, cents: int, ahead: int, days: int, end: str) -> None:
        """Proposed by one, approved by another, from tomorrow on in the place of another; or refused, or taken back."""
        keeper, begins_on = self.hosts[1], local_date(self.now) + timedelta(days=ahead)
        ends_on = begins_on + timedelta(days=days)

        def propose() -> Budget:
            return shop.propose_budget(
                begins_on=begins_on, ends_on=ends_on, amount_cents=cents, point_cents=10, actor=keeper, now=self.now
            )

        if self.is_closed or (ahead == 0 and self.model.budgeted(begins_on, ends_on)):
            self.refused(Moved, propose)
            return
        proposed = propose()
        self.refused(NotAllowed, lambda: shop.approve_budget(budget_id=proposed.id, actor=keeper, now=self.now))
        leader, id = self.leaders[0], proposed.id
        if end == "approve":
            shop.approve_budget(budget_id=id, actor=leader, now=self.now)
            self.model.publish(begins_on, ends_on, cents)
            return
        if end == "refuse":
            self.comes_to_nothing(
                keeper, leader, lambda who: shop.refuse_budget(budget_id=id, actor=who, reason="太多", now=self.now)
            )
        else:
            self.comes_to_nothing(
                leader, keeper, lambda who: shop.withdraw_budget(budget_id=id, actor=who, now=self.now)
            )
        self.refused(Moved, lambda: shop.approve_budget(budget_id=id, actor=self.leaders[1], now=self.now))

    @rule(slot=SLOT, where=st.integers(0, 1), quantity=st.integers(1, 9), cost=st.integers(1, 200))
    def goods_are_bought(self, slot: int, where: int, quantity: int, cost: int) -> None:
        item = self.model.on_sale[slot]
        budget, key = self.model.budget(), uuid4()

        def act() -> Movement:
            return shop.deliver(
                key=key, quantity=quantity, cost_cents=cost, actor=self.hosts[1], now=self.now,
                **self.place(item, where),
            )  # fmt: skip

        if self.is_closed:
            self.refused(ShopClosed, act)
        elif budget is None:
            self.refused(NoBudget, act)
        elif budget[3] + cost > budget[2]:
            self.refused(BudgetSpent, act)
        else:
            made, before = act(), self.rows()
            assert act() == made and self.rows() == before
            budget[3] += cost
            self.model.free[item, where] += quantity

    @rule(slot=SLOT, where=st.integers(0, 1), counted=st.integers(0, 25))
    def count(self, slot: int, where: int, counted: int) -> None:
        item = self.model.on_sale[slot]
        held, lapsed = self.model.held_in(item, where), self.model.lapsed_in(item, where)

        def act() -> Movement:
            return shop.count(
                key=uuid4(), counted=counted, actor=self.hosts[0], now=self.now, **self.place(item, where)
            )

        if counted < held - sum(k.quantity for k in lapsed):
            self.refused_but_for_what_lapsed(KeptForSomebody, act, item, where)
        else:
            act()
            for kept in lapsed if counted < held else ():
                self.model.let_go(kept)
            self.model.free[item, where] = counted - self.model.held_in(item, where)

    def enough_with_what_lapsed(self, item: int, where: int, quantity: int) -> bool:
        lapsed = sum(k.quantity for k in self.model.lapsed_in(item, where))
        return quantity <= self.model.free[item, where] + lapsed

    @rule(slot=SLOT, where=st.integers(0, 1), quantity=st.integers(1, 6))
    def write_off(self, slot: int, where: int, quantity: int) -> None:
        item = self.model.on_sale[slot]

        def act() -> Movement:
            return shop.write_off(
                key=uuid4(), quantity=quantity, reason=Reason.BROKEN, actor=self.hosts[0], now=self.now,
                **self.place(item, where),
            )  # fmt: skip

        if not self.enough_with_what_lapsed(item, where, quantity):
            self.refused_but_for_what_lapsed(NotOnShelf, act, item, where)
        else:
            self.model.let_lapse(item, where, quantity)
            act()
            self.model.free[item, where] -= quantity

    @rule(slot=SLOT, where=st.integers(0, 1), quantity=st.integers(1, 6))
    def transfer(self, slot: int, where: int, quantity: int) -> None:
        item = self.model.on_sale[slot]

        def act() -> object:
            return shop.transfer(
                key=uuid4(), item_id=self.items[item].id, from_id=self.stations[where].id,
                to_id=self.stations[1 - where].id, quantity=quantity, actor=self.hosts[1], now=self.now,
            )  # fmt: skip

        if not self.enough_with_what_lapsed(item, where, quantity):
            self.refused_but_for_what_lapsed(NotOnShelf, act, item, where)
        else:
            self.model.let_lapse(item, where, quantity)
            act()
            self.model.free[item, where] -= quantity
            self.model.free[item, 1 - where] += quantity
