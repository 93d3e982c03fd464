"""The plain shop: points set aside and things on shelves, as lists and loops, without a database."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from huipai.people.rules import local_date
from huipai.points.words import OBJECT_FOR
from huipai.rulebook.rules import Terms
from huipai.rulebook.words import Evidence, Port
from tests.cast import FOUND, GROUND, MONDAY, OWNER
from tests.points.test_machine import ITEMS, NEVER, Model, Paid

HOME = 2
PRICES = (2, 3)
STOCK = 6  # of each item in each station, to begin with
LIMIT = 2  # of the second item, and of what comes in its place, within thirty days

# What people claim themselves: three deeds a month, the third of which finds the cap full.
CLAIM = Terms(
    code="ox-01", port=Port.OX, title="帮独居老人买菜", description="老人点头了再去，买回来当面交。", points=4,
    evidence=(Evidence.NOTE,), month_cap=8, lot_months=2, owner=OWNER, legal_ground=GROUND,
)  # fmt: skip


# What is given by hand: as much as it is worth, however often.
GIVEN = replace(FOUND, code="woodpecker-05", points=12, lot_months=None)


@dataclass
class Claimed:
    """A claim that two people have looked at, as the model sees it."""

    id: UUID
    who: int
    at: datetime
    until: datetime  # in public
    state: str = "public"
    paid: Paid | None = None
    paid_at: datetime | None = None
    upheld_at: datetime | None = None
    # What the objection took back, of what nobody had taken before.
    took: int = 0
    is_objected: bool = False
    is_contested: bool = False

    def is_open(self, at: datetime) -> bool:
        """Whether an objection is heard."""
        if self.state == "posted":
            assert self.paid_at is not None
            return at < self.paid_at + OBJECT_FOR
        return self.state == "public" and at < self.until


@dataclass
class Kept:
    """A reservation and its hold as the model sees them."""

    id: UUID
    who: int
    item: int
    where: int
    quantity: int
    draws: list[tuple[Paid, int]]
    at: datetime
    expires: datetime
    state: str = "reserved"
    hold: str = "open"

    @property
    def person(self) -> int:
        return 0 if self.who == HOME else self.who


@dataclass
class ShopModel(Model):
    """The plain ledger with points set aside and things on shelves."""

    terms: ClassVar[dict[str, Terms]] = {**ITEMS, CLAIM.code: CLAIM, GIVEN.code: GIVEN}
    now: datetime = MONDAY
    claims: list[Claimed] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    free: dict[tuple[int, int], int] = field(default_factory=lambda: {(i, s): STOCK for i in (0, 1) for s in (0, 1)})
    # What each thing costs now, and which two stand on the shelf; one that was withdrawn keeps its number.
    prices: list[int] = field(default_factory=lambda: list(PRICES))
    on_sale: list[int] = field(default_factory=lambda: [0, 1])
    limited: set[int] = field(default_factory=lambda: {1})
    # First and last day, cents, and what of it is spent.
    budgets: list[list[Any]] = field(default_factory=list)
    # When the scheme ends, once that is decided: the last award, the last exchange.
    awards_until: datetime = NEVER
    redeem_until: datetime = NEVER

    def close(self, awards_until: datetime, redeem_until: datetime) -> None:
        """From now on every lot that the stop finds ends with the scheme."""
        self.awards_until, self.redeem_until = awards_until, redeem_until
        for paid in self.paid:
            paid.expires = self.with_the_scheme(paid.expires)

    def with_the_scheme(self, end: datetime) -> datetime:
        return end if end < self.awards_until else self.redeem_until

    def is_over(self, received_at: datetime) -> bool:
        return received_at >= self.awards_until or self.now >= self.redeem_until

    def end(self, code: str, at: datetime, now: datetime) -> datetime:
        return self.with_the_scheme(super().end(code, at, now))

    def budgeted(self, begins_on: date, ends_on: date) -> list[list[Any]]:
        """The published budgets that have a day among these."""
        return [each for each in self.budgets if each[0] <= ends_on and begins_on <= each[1] and each[0] <= each[1]]

    def publish(self, begins_on: date, ends_on: date, cents: int) -> None:
        """What was published for its days ends the day before it, or before its own first."""
        for each in self.budgeted(begins_on, ends_on):
            each[1] = max(each[0], begins_on) - timedelta(days=1)
        self.budgets.append([begins_on, ends_on, cents, 0])

    def budget(self) -> list[Any] | None:
        today = local_date(self.now)
        return next((each for each in self.budgets if each[0] <= today <= each[1]), None)

    def redeemed_in(self, where: int) -> int:
        """The points of all that was handed over in a station."""
        given = [k for k in self.kept if k.state == "handed_over" and k.where == where]
        return sum(count for k in given for _paid, count in k.draws)

    def held_of(self, paid: Paid, at: datetime | None = None) -> int:
        """What is set aside of an award; by the clock if `at` is given, else as it is written down."""
        living = [k for k in self.kept if k.hold == "open" and (at is None or k.expires > at)]
        return sum(part for k in living for source, part in k.draws if source is paid)

    def held_in(self, item: int, where: int) -> int:
        return sum(k.quantity for k in self.kept if (k.item, k.where, k.state) == (item, where, "reserved"))

    def balance(self, who: int, at: datetime) -> tuple[int, int, int]:
        """What somebody may spend, owes and has set aside, by the clock."""
        alive = [p for p in self.paid if p.who == who and p.expires > at]
        free = sum(p.left - self.held_of(p, at) for p in alive)
        held = sum(self.held_of(p, at) for p in self.paid if p.who == who)
        debt = self.debt[who]
        return max(0, free - debt), max(0, debt - free), held

    def spendable(self, who: int, at: datetime) -> int:
        return self.balance(who, at)[0]

    def move_to(self, now: datetime) -> None:
        """What was set aside for a time that is over pays what is owed when that ends, not when somebody posts it."""
        over = [k for k in self.kept if k.hold == "open" and k.expires <= now]
        for at in sorted({k.expires for k in over}):
            ended = [k for k in over if k.expires == at]
            for kept in ended:
                kept.hold = "expired"
            for who in {k.who for k in ended}:
                self.repay(who, at)
        self.now = now
        self.lapse(now)

    def take(self, who: int, count: int) -> int:
        return self.draw(who, count, self.now)[0]

    def draw(self, who: int, count: int, after: datetime) -> tuple[int, list[tuple[Paid, int]]]:
        """Take free points, earliest expiry first; what is missing, and what came from where."""
        draws = []
        for paid in sorted((p for p in self.paid if p.who == who), key=lambda p: p.order):
            if count and paid.expires > after:
                step = min(count, paid.left - self.held_of(paid))
                if step:
                    paid.left -= step
                    count -= step
                    draws.append((paid, step))
        return count, draws

    def repay(self, who: int, at: datetime) -> None:
        self.debt[who] = self.draw(who, self.debt[who], at)[0]

    def take_back(self, paid: Paid) -> None:
        due = paid.points - paid.expired
        own = min(due, paid.left - self.held_of(paid))
        paid.left -= own
        self.debt[paid.who] += self.take(paid.who, due - own)
        paid.taken_back, paid.due = True, due

    def lapse(self, at: datetime) -> None:
        for paid in self.paid:
            if paid.expires <= at:
                gone = paid.left - self.held_of(paid)
                paid.expired += gone
                paid.left -= gone

    def put_in_its_place(self, slot: int, price: int) -> int:
        """Another thing of that name comes to stand where one was withdrawn; its number."""
        number = len(self.prices)
        if self.on_sale[slot] in self.limited:
            self.limited.add(number)
        self.prices.append(price)
        self.on_sale[slot] = number
        self.free |= {(number, 0): 0, (number, 1): 0}
        return number

    def has_room(self, person: int, item: int, quantity: int) -> bool:
        if item not in self.limited:
            return True
        since = self.now - timedelta(days=30)
        mine = [k for k in self.kept if k.person == person and k.item == item and k.at > since]
        had = sum(
            k.quantity for k in mine if k.state == "handed_over" or (k.state == "reserved" and k.expires > self.now)
        )
        return had + quantity <= LIMIT

    def let_lapse(self, item: int, where: int, quantity: int) -> None:
        """What nobody fetched in time is free again, where nothing else is left."""
        if self.free[item, where] < quantity:
            for kept in self.lapsed_in(item, where):
                self.let_go(kept)

    def lapsed_in(self, item: int, where: int) -> list[Kept]:
        """What nobody fetched in time and still lies aside there."""
        aside = [k for k in self.kept if (k.item, k.where) == (item, where) and k.state == "reserved"]
        return sorted((k for k in aside if k.expires <= self.now), key=lambda k: (k.expires, k.id))

    def family_ends(self, who: int) -> None:
        """Strangers begin anew in a home: what was kept is let go, what is left lapses, what is owed ends."""
        for kept in sorted((k for k in self.kept if k.who == who and k.state == "reserved"), key=lambda k: k.id):
            self.let_go(kept)
        for paid in self.paid:
            if paid.who == who:
                paid.expired += paid.left
                paid.left = 0
        self.debt[who] = 0

    def let_go(self, kept: Kept) -> None:
        """What `cancel` and the sweep do to one that is reserved still."""
        if kept.hold == "open":
            kept.hold = "voided"
            self.repay(kept.who, self.now)
            self.lapse(self.now)
        if kept.state == "reserved":
            kept.state = "cancelled" if kept.hold == "voided" else "lapsed"
            self.free[kept.item, kept.where] += kept.quantity
