"""What the machines of a street share: people, clock and shelf, how a refusal is looked at, and what always holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from huipai.grid.models import GridNode
from huipai.journal.models import Entry
from huipai.kit.verdict import Refused
from huipai.people.models import Person
from huipai.points import commands as points
from huipai.points import queries
from huipai.points.commands import (
    Outcome,
)
from huipai.points.models import (
    Account,
    Allocation,
    Answered,
    Claim,
    ClaimStep,
    Closing,
    Contest,
    Correction,
    Evidence,
    Finding,
    Grant,
    Hold,
    HoldDraw,
    Line,
    Lot,
    Objection,
    Posting,
    Review,
)
from huipai.points.rules import Holder
from huipai.points.words import Why
from huipai.shop.commands.settling import lapse_of
from huipai.shop.models import Budget, Card, ItemProposal, Movement, Reservation, Shelf, ShopItem
from huipai.stations.models import Station
from tests.points.test_machine import ITEMS, NEVER, Ledger, Paid
from tests.shop.model import HOME, ShopModel
from tests.shop.shop import holds

# Time goes on before many a step, so that what waits comes to its end.
LATER = st.sampled_from([0, 0, 1, 24, 24 * 8])
SLOT = st.integers(0, 1)  # which of the two things on the shelf
GRANT = "grant"


class Streetwise(Ledger):
    """The ledger's rules, and those of grants, holds, households and the shop."""

    model: ShopModel
    home: GridNode
    newcomer: Person
    leaders: list[Person]
    hosts: list[Person]
    reviewers: list[Person]
    items: list[ShopItem]
    stations: list[Station]
    happened: set[str]  # what the journal of any run has told

    def __init__(self) -> None:
        super().__init__()
        self.model = ShopModel()
        # Of this run alone: others come in their place.
        self.items, self.stations = list(self.items), list(self.stations)
        self.asked: set[UUID] = set()  # postings that were asked back and are gone
        self.left: set[UUID] = set()  # postings of families that have left their home to others
        self.model.debt[HOME] = 0

    def teardown(self) -> None:
        try:
            assert holds(self.street)
            self.happened |= set(Entry.objects.values_list("what", flat=True).distinct())
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
        self.model.move_to(self.now)

    @rule(days=st.integers(13, 50))
    def weeks_pass(self, days: int) -> None:
        self.time_passes(hours=24 * days)

    @rule(who=st.integers(0, 1), code=st.sampled_from(sorted(ITEMS)), ago=st.integers(0, 72), later=LATER)
    def award(self, who: int, code: str, ago: int, later: int = 0) -> None:
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

    def earn(self, who: int, code: str, worth: int, posting: Posting, restores: Paid | None = None) -> None:
        repaid = min(worth, self.model.debt[who])
        self.model.debt[who] -= repaid
        lot = Lot.objects.filter(posting=posting).first()
        end = self.model.with_the_scheme(lot.expires_at if lot and lot.expires_at else NEVER)
        number = len(self.model.paid)
        paid = Paid(who, code, self.now, number, worth, worth - repaid, end, posting, restores=restores)
        self.model.paid.append(paid)
        self.model.lapse(self.now)

    @property
    def is_closed(self) -> bool:
        """Whether nothing is exchanged any more."""
        return self.model.redeem_until <= self.now

    def wait_until(self, then: datetime) -> None:
        self.now = max(self.now, then)
        self.model.move_to(self.now)

    def place(self, item: int, where: int) -> dict[str, UUID]:
        return {"item_id": self.items[item].id, "station_id": self.stations[where].id}

    def refused(self, kind: type[Refused], act: Callable[[], object]) -> None:
        """It is refused as it must be, and not one row is another: the command takes back by itself what it wrote."""
        before = self.rows()
        with pytest.raises(kind):
            act()
        assert self.rows() == before

    def refused_but_for_what_lapsed(
        self, kind: type[Refused], act: Callable[[], object], item: int, where: int
    ) -> None:
        """What nobody fetched in time is let go first, even for one who is refused: but for that, no row is another."""
        lapse_of(self.items[item].id, self.stations[where].id, now=self.now)
        for kept in self.model.lapsed_in(item, where):
            self.model.let_go(kept)
        self.refused(kind, act)

    @invariant()
    def the_ledger_is_whole_and_every_balance_is_the_models(self) -> None:
        type(self).steps += 1
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute(_WHOLE, {"street": self.street.id})
            assert [row for row in cursor.fetchall() if row[1] != row[2]] == []
            cursor.execute(_SHELVES, {"street": self.street.id})
            found = {(item, where): (free, held) for item, where, free, held in cursor.fetchall()}
            cursor.execute(_REDEEMED, {"street": self.street.id})
            redeemed = dict(cursor.fetchall())
        paid = {one.id: self.model.redeemed_in(where) for where, one in enumerate(self.stations)}
        assert redeemed == {station_id: points for station_id, points in paid.items() if points}
        for (item, where), free in self.model.free.items():
            place = (self.items[item].id, self.stations[where].id)
            assert found.get(place, (0, 0)) == (free, self.model.held_in(item, where))

    @invariant()
    def a_resident_reads_what_the_model_says(self) -> None:
        who = type(self).steps % 3
        read = queries.balance_of(self.holder(who), self.now)
        assert (read.spendable, read.debt, read.held) == self.model.balance(who, self.now)

    def unchanged(self, act: Callable[[], object]) -> object:
        """It is answered, and not one row is another."""
        before = self.rows()
        answer = act()
        assert self.rows() == before
        return answer

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
                                   BETWEEN b.begins_on AND coalesce(b.last_on, b.ends_on))
    UNION ALL
    SELECT 'stock', (SELECT coalesce(sum(free + held), 0) FROM shop_shelf WHERE street_id = %(street)s),
           (SELECT coalesce(sum(quantity), 0) FROM shop_movement WHERE street_id = %(street)s)"""
_SHELVES = """
    SELECT item_id, station_id, sum(free), sum(held) FROM shop_shelf WHERE street_id = %(street)s
     GROUP BY item_id, station_id"""
_REDEEMED = """
    SELECT station_id, sum(amount) FROM points_line WHERE street_id = %(street)s AND station_id IS NOT NULL
     GROUP BY station_id"""
_ROWS = "SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM ({}) AS everything".format(
    " UNION ALL ".join(
        f"SELECT t::text AS line FROM {model._meta.db_table} t WHERE t.street_id = %(street)s"
        for model in (
            Account, Posting, Line, Lot, Allocation, Hold, HoldDraw, Grant, Correction, Closing, Answered, ShopItem,
            ItemProposal, Shelf, Movement, Reservation, Budget, Card, Claim, ClaimStep, Review, Finding, Evidence,
            Objection, Contest, Entry,
        )
    )
)  # fmt: skip
