"""Any order of everything that can happen to points and stock, against a plain model of what must come of it.

Two people and the household of one of them, two items in two stations, a budget, a clock that only goes forward, and
at last, perhaps, the end of the scheme. After each step: all lines sum to zero; nothing is negative; every balance,
lot and shelf is what its rows add up to, as the model says; what is held is what open holds have set aside; no delivery
is dearer than the budget; and a step that was refused has left every row as it was, those of the journal among them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from huipai.grid import commands as grid
from huipai.grid.models import GridNode
from huipai.journal.models import Entry
from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible, Refused
from huipai.people import commands as people_commands
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.people.words import ConsentPurpose, Role
from huipai.points import commands as points
from huipai.points import queries
from huipai.points.commands import (
    ClosingExists,
    ClosingTooSoon,
    GrantDecided,
    GrantUnfit,
    NotEnough,
    NotReversible,
    Outcome,
)
from huipai.points.models import (
    Account,
    Allocation,
    Answered,
    Closing,
    Correction,
    Grant,
    Hold,
    HoldDraw,
    Line,
    Lot,
    Posting,
)
from huipai.points.rules import Holder
from huipai.points.words import CorrectionReason, GrantReason, ReversalReason, Why
from huipai.shop import commands as shop
from huipai.shop.commands import (
    BudgetSpent,
    CalledOff,
    FetchedAlready,
    KeptForSomebody,
    LimitReached,
    NoBudget,
    NoSuchCard,
    NotOnShelf,
    Offer,
    Order,
    ShopClosed,
    SoldOut,
    TooLate,
)
from huipai.shop.models import Budget, Card, ItemProposal, Movement, Reservation, Shelf, ShopItem
from huipai.shop.words import HOLD_LASTS, Reason
from huipai.stations.models import Station
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import FOUND, MONDAY, appoint, resident, rulebook, staff
from tests.points.test_awarding import home
from tests.points.test_household import LINKED
from tests.points.test_machine import ITEMS, NEVER, Ledger, Paid
from tests.shop.model import HOME, LIMIT, PRICES, STOCK, Kept, ShopModel
from tests.shop.shop import GIVEN, holds, put_on_shelf, station

# Time goes on before many a step, so that what waits comes to its end.
LATER = st.sampled_from([0, 0, 1, 24, 24 * 8])
GRANT = "grant"
SLOT = st.integers(0, 1)  # which of the two things on the shelf


class ShopOfOneStreet(Ledger):
    """The ledger's rules, and those of grants, holds, households and the shop."""

    model: ShopModel
    home: GridNode
    newcomer: Person
    leaders: list[Person]
    hosts: list[Person]
    reviewers: list[Person]
    items: list[ShopItem]
    stations: list[Station]

    def __init__(self) -> None:
        super().__init__()
        self.model = ShopModel()
        self.items = list(self.items)  # of this run alone: others come in their place
        self.asked: set[UUID] = set()  # postings that were asked back and are gone
        self.left: set[UUID] = set()  # postings of families that have left their home to others
        self.model.debt[HOME] = 0

    def teardown(self) -> None:
        try:
            assert holds(self.street)
        finally:
            transaction.set_rollback(True)
            for context in reversed(self.entered):
                context.__exit__(None, None, None)

    def holder(self, who: int) -> Holder:
        return Holder(household_id=self.home.id) if who == HOME else Holder(self.people[who].id)

    @initialize()
    def everybody_has_something(self) -> None:
        for who in (0, 1):
            for code in ("woodpecker-02", "woodpecker-04", "woodpecker-04"):
                super().award(who=who, code=code, ago=0)

    @rule(hours=st.integers(1, 24 * 12))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.model.now = self.now

    @rule(days=st.integers(13, 50))
    def weeks_pass(self, days: int) -> None:
        self.time_passes(hours=24 * days)

    @rule(who=st.integers(0, 1), code=st.sampled_from(sorted(ITEMS)), ago=st.integers(0, 72), later=LATER)
    def award(self, who: int, code: str, ago: int, later: int) -> None:
        self.time_passes(hours=later)
        if not self.model.is_over(self.now - timedelta(hours=ago)):
            super().award(who=who, code=code, ago=ago)
            return
        before = self.rows()
        assert self.pay(code, f"late:{self.subjects}", who, self.now - timedelta(hours=ago)).why == Why.WOUND_DOWN
        assert self.rows() == before

    @precondition(lambda self: any(paid.code in ITEMS for paid in self.model.paid))
    @rule(which=st.integers(0, 10**6))
    def award_again(self, which: int) -> None:
        paid = [p for p in self.model.paid if p.code in ITEMS]
        chosen = paid[which % len(paid)]
        before = self.rows()
        outcome = self.pay(chosen.code, chosen.posting.subject, chosen.who, self.now)
        if self.model.is_over(self.now):
            assert outcome.why == Why.WOUND_DOWN
        else:
            assert (outcome.why, outcome.posting) == (Why.ALREADY, chosen.posting)
        assert self.rows() == before

    def pay(self, code: str, subject: str, who: int, received_at: datetime) -> Outcome:
        return points.award(
            item_code=code, subject=subject, person=self.people[who], received_at=received_at, actor=None, now=self.now
        )

    @rule()
    def award_home(self) -> None:
        self.subjects += 1
        before = self.rows() if self.model.is_over(self.now) else ""
        outcome = points.award_household(
            item_code=LINKED.code, subject=f"visit:{self.subjects}", household=self.home, received_at=self.now,
            actor=None, now=self.now,
        )  # fmt: skip
        if before:
            assert outcome.why == Why.WOUND_DOWN and self.rows() == before
            return
        assert outcome.why == Why.POSTED and outcome.posting
        self.earn(HOME, LINKED.code, LINKED.points, outcome.posting)

    @rule(
        who=st.integers(0, 1),
        count=st.integers(1, 12),
        end=st.sampled_from(["approve", "decline", "twice", "same", "back"]),
    )
    def grant(self, who: int, count: int, end: str) -> None:
        """Two people decide, or one of them says no; whoever proposed it decides nothing."""
        self.subjects += 1

        def propose() -> Grant:
            return points.propose_grant(
                person=self.people[who], points=count, reason=GrantReason.MISSED, item_code=FOUND.code, done_at=MONDAY,
                paper_number=f"P-{self.subjects}", actor=self.reviewers[0], now=self.now,
            )  # fmt: skip

        if self.model.is_over(MONDAY):
            self.refused(GrantUnfit, propose)
            return
        grant = propose()
        if end == "same":
            self.refused(
                NotAllowed, lambda: points.approve_grant(grant_id=grant.id, actor=self.reviewers[0], now=self.now)
            )
        if end == "back":
            self.refused(
                NotAllowed, lambda: points.take_back_grant(grant_id=grant.id, actor=self.reviewers[1], now=self.now)
            )
            points.take_back_grant(grant_id=grant.id, actor=self.reviewers[0], now=self.now)
            self.refused(
                GrantDecided, lambda: points.approve_grant(grant_id=grant.id, actor=self.reviewers[1], now=self.now)
            )
            return
        if end == "decline":
            points.decline_grant(grant_id=grant.id, actor=self.reviewers[1], now=self.now)
            self.refused(
                GrantDecided, lambda: points.approve_grant(grant_id=grant.id, actor=self.reviewers[2], now=self.now)
            )
            return
        approved = points.approve_grant(grant_id=grant.id, actor=self.reviewers[1], now=self.now)
        assert approved.posting is not None
        self.earn(who, GRANT, count, approved.posting)
        if end == "twice":
            before = self.rows()
            again = points.approve_grant(grant_id=grant.id, actor=self.reviewers[1], now=self.now)
            assert again.posting_id == approved.posting_id and self.rows() == before

    @rule(later=LATER)
    def another_family_begins(self, later: int) -> None:
        """All move out and strangers move in; when those who were there before come back, they begin anew too."""
        lan = self.people[0]
        self.time_passes(hours=later + 1)
        grid.move_out(person=lan, at=self.now, actor=None, now=self.now)
        self.time_passes(hours=1)
        grid.move_in(person=self.newcomer, household=self.home, at=self.now, actor=None, now=self.now)
        self.model.family_ends(HOME)
        self.left |= {paid.posting.id for paid in self.model.paid if paid.who == HOME}
        self.time_passes(hours=1)
        grid.move_out(person=self.newcomer, at=self.now, actor=None, now=self.now)
        self.time_passes(hours=1)
        grid.move_in(person=lan, household=self.home, at=self.now, actor=None, now=self.now)
        people_commands.give_consent(person=lan, purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=self.now)

    @precondition(lambda self: self.model.paid)
    @rule(which=st.integers(0, 10**6), end=st.sampled_from(["approve", "decline", "dismissed", "upheld"]))
    def ask_back(self, which: int, end: str) -> None:
        """One asks, another decides, a third hears the appeal: what comes back pays first what is owed."""
        paid = self.model.paid[which % len(self.model.paid)]
        receiver = self.people[0 if paid.who == HOME else paid.who]

        def ask() -> Correction:
            return points.propose_correction(
                posting_id=paid.posting.id, reason=CorrectionReason.RECORDED_WRONGLY, note="记错了",
                actor=self.reviewers[0], now=self.now,
            )  # fmt: skip

        if paid.posting.id in self.asked:
            before = self.rows()
            assert ask().posting_id == paid.posting.id and self.rows() == before
            return
        if paid.posting.id in self.left or paid.taken_back or paid.posting.subject.startswith("correction:"):
            self.refused(Moved, ask)
            return
        one, due = ask(), paid.points - paid.expired
        self.refused(NotAllowed, lambda: self.decide_asked(one, 0))
        if end == "decline":
            points.decline_correction(correction_id=one.id, actor=self.reviewers[2], now=self.now)
            return
        self.decide_asked(one, 2)
        self.model.take_back(paid)
        self.asked.add(paid.posting.id)
        if end == "approve" or not due:
            return
        points.appeal_correction(correction_id=one.id, actor=receiver, text="没有错", now=self.now)
        hear = points.uphold_appeal if end == "upheld" else points.dismiss_appeal
        self.refused(NotAllowed, lambda: hear(correction_id=one.id, actor=self.reviewers[2], now=self.now))
        if end == "upheld" and self.model.redeem_until <= self.now:
            self.refused(Moved, lambda: hear(correction_id=one.id, actor=self.reviewers[3], now=self.now))
            return
        heard = hear(correction_id=one.id, actor=self.reviewers[3], now=self.now)
        if end == "upheld":
            assert heard.restored is not None
            self.earn(paid.who, GRANT, due, heard.restored)

    def decide_asked(self, one: Correction, number: int) -> Correction:
        return points.approve_correction(correction_id=one.id, actor=self.reviewers[number], now=self.now)

    @precondition(lambda self: self.model.redeem_until == NEVER and len(self.model.paid) > 3)
    @rule(days=st.integers(30, 45), more=st.integers(90, 120), odd=st.integers(0, 3))
    def end_the_scheme(self, days: int, more: int, odd: int) -> None:
        """One proposes it, another decides; one in four comes to it, the rest is refused or taken back."""
        first, second = self.leaders
        awards_until = self.now + timedelta(days=days)
        redeem_until = awards_until + timedelta(days=more)

        def propose(until: datetime) -> Closing:
            return points.propose_closing(awards_until=until, redeem_until=redeem_until, actor=first, now=self.now)

        if odd == 1:
            self.refused(ClosingTooSoon, lambda: propose(awards_until - timedelta(days=days - 29)))
            return
        made = propose(awards_until)
        self.refused(ClosingExists, lambda: propose(awards_until))
        self.refused(NotAllowed, lambda: points.approve_closing(closing_id=made.id, actor=first, now=self.now))
        if odd:
            points.withdraw_closing(closing_id=made.id, actor=second, now=self.now)
            return
        points.approve_closing(closing_id=made.id, actor=second, now=self.now)
        self.model.close(awards_until, redeem_until)

    def earn(self, who: int, code: str, worth: int, posting: Posting) -> None:
        repaid = min(worth, self.model.debt[who])
        self.model.debt[who] -= repaid
        lot = Lot.objects.filter(posting=posting).first()
        end = min(lot.expires_at if lot and lot.expires_at else NEVER, self.model.redeem_until)
        number = len(self.model.paid)
        self.model.paid.append(Paid(who, code, self.now, number, worth, worth - repaid, end, posting))

    @rule(
        who=st.integers(0, HOME), slot=SLOT, where=st.integers(0, 1), quantity=st.integers(1, 3),
        again=st.booleans(),
    )  # fmt: skip
    def reserve(self, who: int, slot: int, where: int, quantity: int, again: bool) -> None:
        model, key, item = self.model, uuid4(), self.model.on_sale[slot]
        person = 0 if who == HOME else who
        if model.redeem_until <= self.now:
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
            with pytest.raises(SoldOut):
                self.order(key, who, item, where, quantity)
            return
        made = self.order(key, who, item, where, quantity)
        model.tidy(who)
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
        if self.model.redeem_until <= self.now:
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
        _card, code = shop.issue_card(person=person, actor=self.hosts[1], now=self.now)

        def act() -> Reservation:
            return shop.serve(key=uuid4(), order=wanted, card_code=code, host=host, now=self.now)

        why = self.why_not(who, item)
        if why is None:
            model.let_lapse(item, where, 1)
        if why:
            self.refused(why, act)
        elif not model.free[item, where]:
            with pytest.raises(SoldOut):
                act()
        else:
            made = act()
            model.tidy(who)
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
        points.lapse(now=self.now)
        for who in (0, 1, HOME):
            self.model.tidy(who)

    @rule()
    def sweep_shop(self) -> None:
        shop.lapse(now=self.now)
        over = [k for k in self.model.kept if k.state == "reserved" and k.expires <= self.now]
        for kept in sorted(over, key=lambda k: (k.expires, k.id)):
            self.model.let_go(kept)

    @rule(slot=SLOT, where=st.integers(0, 1), quantity=st.integers(1, 20))
    def goods_come(self, slot: int, where: int, quantity: int) -> None:
        item = self.model.on_sale[slot]
        shop.donate(key=uuid4(), quantity=quantity, actor=self.hosts[1], now=self.now, **self.place(item, where))
        self.model.free[item, where] += quantity

    @rule(slot=SLOT, price=st.integers(1, 4))
    def costs_otherwise(self, slot: int, price: int) -> None:
        """From now on; what is set aside already costs what it cost."""
        number = self.model.on_sale[slot]
        one = self.items[number]

        def propose() -> ItemProposal:
            return shop.propose_change(item_id=one.id, offer=self.like(one, price), actor=self.hosts[1], now=self.now)

        if self.model.prices[number] == price:
            self.refused(Invalid, propose)
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
            Invalid,
            lambda: shop.propose_item(offer=self.like(old, price), plan=GIVEN, actor=keeper, now=self.now),
        )
        shop.withdraw_item(item_id=old.id, actor=keeper, now=self.now)
        self.refused(Moved, lambda: shop.withdraw_item(item_id=old.id, actor=keeper, now=self.now))
        self.refused(NotVisible, lambda: self.order(uuid4(), 1, gone, 0, 1))
        asked = shop.propose_item(offer=self.like(old, price), plan=GIVEN, actor=keeper, now=self.now)
        self.refused(NotAllowed, lambda: shop.open_item(proposal_id=asked.id, actor=keeper, now=self.now))
        self.items.append(shop.open_item(proposal_id=asked.id, actor=self.leaders[0], now=self.now))
        assert self.model.put_in_its_place(slot, price) == len(self.items) - 1
        self.goods_come(slot=slot, where=0, quantity=STOCK)

    def like(self, item: ShopItem, price: int) -> Offer:
        return Offer(
            name=item.name, unit=item.unit, category=item.category, points=price, limit_count=item.limit_count,
            limit_days=item.limit_days,
        )  # fmt: skip

    @rule(cents=st.integers(1, 300), days=st.integers(1, 60))
    def budget(self, cents: int, days: int) -> None:
        """Proposed by one, approved by another, never two for one day."""
        keeper, begins_on = self.hosts[1], local_date(self.now)
        ends_on = begins_on + timedelta(days=days)

        def propose() -> Budget:
            return shop.propose_budget(
                begins_on=begins_on, ends_on=ends_on, amount_cents=cents, point_cents=10, actor=keeper, now=self.now
            )

        if any(begin <= ends_on and begins_on <= end for begin, end, *_ in self.model.budgets):
            self.refused(Moved, propose)
            return
        proposed = propose()
        self.refused(NotAllowed, lambda: shop.approve_budget(budget_id=proposed.id, actor=keeper, now=self.now))
        shop.approve_budget(budget_id=proposed.id, actor=self.leaders[0], now=self.now)
        self.model.budgets.append([begins_on, ends_on, cents, 0])

    @rule(slot=SLOT, where=st.integers(0, 1), quantity=st.integers(1, 9), cost=st.integers(1, 200))
    def goods_are_bought(self, slot: int, where: int, quantity: int, cost: int) -> None:
        item = self.model.on_sale[slot]
        budget, key = self.model.budget(), uuid4()

        def act() -> Movement:
            return shop.deliver(
                key=key, quantity=quantity, cost_cents=cost, actor=self.hosts[1], now=self.now,
                **self.place(item, where),
            )  # fmt: skip

        if budget is None:
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
            self.refused(KeptForSomebody, act)
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
            self.refused(NotOnShelf, act)
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
            self.refused(NotOnShelf, act)
        else:
            self.model.let_lapse(item, where, quantity)
            act()
            self.model.free[item, where] -= quantity
            self.model.free[item, 1 - where] += quantity

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

    def place(self, item: int, where: int) -> dict[str, UUID]:
        return {"item_id": self.items[item].id, "station_id": self.stations[where].id}

    def refused(self, kind: type[Refused], act: object) -> None:
        """It is refused as it must be, and not one row is another."""
        before = self.rows()
        with pytest.raises(kind), transaction.atomic():
            act()  # type: ignore[operator]
        assert self.rows() == before

    @invariant()
    def the_ledger_is_whole_and_every_balance_is_the_models(self) -> None:
        type(self).steps += 1
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute(_WHOLE, {"street": self.street.id})
            assert [row for row in cursor.fetchall() if row[1] != row[2]] == []
            cursor.execute(_SHELVES, {"street": self.street.id})
            found = {(item, where): (free, held) for item, where, free, held in cursor.fetchall()}
        for (item, where), free in self.model.free.items():
            place = (self.items[item].id, self.stations[where].id)
            assert found.get(place, (0, 0)) == (free, self.model.held_in(item, where))

    @invariant()
    def a_resident_reads_what_the_model_says(self) -> None:
        who = type(self).steps % 3
        read = queries.balance_of(self.holder(who), self.now)
        assert (read.spendable, read.debt, read.held) == self.model.balance(who, self.now)

    def rows(self) -> str:
        """Every row of ledger and shop, as it stands."""
        with connection.cursor() as cursor:
            cursor.execute(_ROWS, {"street": self.street.id})
            return str(cursor.fetchone()[0])


# What is said, and what it must be: each balance the sum of its lines and of its lots, what is held the sum of open
# holds, all lines zero, all stock the sum of its movements. Nothing may be negative.
_WHOLE = """
    SELECT 'balance', a.balance, (SELECT coalesce(sum(n.amount), 0) FROM points_line n
                                  WHERE n.street_id = a.street_id AND n.account_id = a.id)
      FROM points_account a WHERE a.street_id = %(street)s
    UNION ALL
    SELECT 'lots', a.balance, (SELECT coalesce(sum(o.remaining), 0) FROM points_lot o
                               WHERE o.street_id = a.street_id AND o.account_id = a.id)
      FROM points_account a WHERE a.street_id = %(street)s AND a.purse = 'spendable'
    UNION ALL
    SELECT 'held', a.held, (SELECT coalesce(sum(h.points), 0) FROM points_hold h
                            WHERE h.street_id = a.street_id AND h.account_id = a.id AND h.state = 'open')
      FROM points_account a WHERE a.street_id = %(street)s
    UNION ALL
    SELECT 'zero', 0, coalesce(sum(amount), 0) FROM points_line WHERE street_id = %(street)s
    UNION ALL
    SELECT 'never negative', 0, count(*) FROM points_lot
     WHERE street_id = %(street)s AND (remaining < 0 OR held < 0 OR held > remaining)
    UNION ALL
    SELECT 'overspent', 0, count(*) FROM shop_budget b
     WHERE b.street_id = %(street)s AND b.approved_at IS NOT NULL
       AND b.amount_cents < (SELECT coalesce(sum(m.cost_cents), 0) FROM shop_movement m
                             WHERE m.street_id = b.street_id AND (m.moved_at AT TIME ZONE 'Asia/Shanghai')::date
                                   BETWEEN b.begins_on AND b.ends_on)
    UNION ALL
    SELECT 'stock', (SELECT coalesce(sum(free + held), 0) FROM shop_shelf WHERE street_id = %(street)s),
           (SELECT coalesce(sum(quantity), 0) FROM shop_movement WHERE street_id = %(street)s)"""
_SHELVES = """
    SELECT item_id, station_id, sum(free), sum(held) FROM shop_shelf WHERE street_id = %(street)s
     GROUP BY item_id, station_id"""
_ROWS = "SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM ({}) AS everything".format(
    " UNION ALL ".join(
        f"SELECT t::text AS line FROM {model._meta.db_table} t WHERE t.street_id = %(street)s"
        for model in (
            Account, Posting, Line, Lot, Allocation, Hold, HoldDraw, Grant, Correction, Closing, Answered, ShopItem,
            ItemProposal, Shelf, Movement, Reservation, Budget, Card, Entry
        )
    )
)  # fmt: skip


def run(street: Street, *, examples: int, steps: int, least: int) -> None:
    """Let Hypothesis try so many sequences of at most so many steps, again until it has taken `least` in all."""
    with in_street(street.id):
        rulebook(*ITEMS.values(), replace(LINKED, month_cap=None, household_month_cap=None))
        people = [resident("甲", "13800000051"), resident("乙", "13800000052")]
        home(people[0])
        people_commands.give_consent(person=people[0], purpose=ConsentPurpose.HOUSEHOLD_POINTS, now=MONDAY)
        reviewers = [appoint(staff("审", f"1390000005{n}"), Role.REVIEWER) for n in (1, 2, 3, 4)]
        leaders = [appoint(staff("雷", f"1390000007{n}"), Role.LEADER) for n in (1, 2)]
        hosts = [
            appoint(staff("胡", "13900000061"), Role.STATION_HOST),
            appoint(staff("柯", "13900000062"), Role.COORDINATOR),
        ]
        stations = [station("柳溪驿站", "Y01"), station("望山驿站", "Y02")]
        offers = [
            Offer(name="洗洁精", unit="瓶", category="daily", points=PRICES[0]),
            Offer(name="大米", unit="袋", category="food", points=PRICES[1], limit_count=LIMIT),
        ]
        items = [put_on_shelf(offer, hosts[1], leaders[0], now=MONDAY) for offer in offers]
        for item in items:
            for one in stations:
                shop.donate(key=uuid4(), item_id=item.id, station_id=one.id, quantity=STOCK, actor=hosts[1], now=MONDAY)
        world = {
            "street": street, "people": people, "home": people[0].residences.get().household,
            "newcomer": resident("丙", "13800000053"),
            "reviewer": reviewers[2], "reviewers": reviewers, "leaders": leaders, "hosts": hosts, "items": items,
            "stations": stations, "steps": 0,
        }  # fmt: skip
    machine = type("EverythingOfOneStreet", (ShopOfOneStreet,), world)
    profile = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, print_blob=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    while machine.steps < least:
        run_state_machine_as_test(machine, settings=profile)


def test_any_order_of_events_comes_out_as_the_model_says(yunqiao: Street) -> None:
    run(yunqiao, examples=8, steps=30, least=120)


@pytest.mark.long
def test_ten_thousand_steps_come_out_as_the_model_says(yunqiao: Street) -> None:
    run(yunqiao, examples=50, steps=70, least=10_000)
