"""Stock moves with a reason and never falls below nothing; money is proposed by one and approved by another."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from huipai.kit import clock
from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible
from huipai.people.models import Account, Person
from huipai.points.commands import KeyTaken
from huipai.shop import commands as shop
from huipai.shop import queries
from huipai.shop.commands import BudgetSpent, KeptForSomebody, NoBudget, NotOnShelf, SameStation
from huipai.shop.commands.budgeting import span_of
from huipai.shop.models import Budget, Movement, Shelf
from huipai.shop.words import HOLD_LASTS, Reason, State
from huipai.stations import commands as stations
from huipai.stations.models import Station
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import A_MONTH_AGO, MONDAY, TUESDAY, resident
from tests.people.doors import Browser, seen_on
from tests.people.doors import words as page_words
from tests.shop.shop import (
    SOAP,
    Shop,
    deliver,
    free,
    holds,
    lies,
    order,
    put_on_shelf,
    reserve,
    shelves,
    station,
)


class TestDeliver:
    def test_goods_lie_spread_over_the_slots(self, shop_open: Shop) -> None:
        deliver(shop_open, 30)
        assert (free(shop_open), lies(shop_open)) == (35, 35)
        assert {part for part, _held in shelves(shop_open)} <= {2, 3}
        assert holds(shop_open.street)

    def test_no_more_than_the_published_budget_covers(self, shop_open: Shop) -> None:
        with pytest.raises(BudgetSpent) as refusal, transaction.atomic():
            deliver(shop_open, 9_996)
        assert "9995.00" in str(refusal.value)
        deliver(shop_open, 9_995)
        with pytest.raises(BudgetSpent), transaction.atomic():
            deliver(shop_open, 1)
        assert holds(shop_open.street)

    def test_without_a_budget_nothing_is_bought_but_something_may_be_given(self, shop_open: Shop) -> None:
        next_year = MONDAY.replace(year=2027)
        with pytest.raises(NoBudget), transaction.atomic():
            deliver(shop_open, 1, now=next_year)
        shop.donate(
            key=uuid4(), item_id=shop_open.soap.id, station_id=shop_open.station.id, quantity=7,
            actor=shop_open.keeper, now=next_year,
        )  # fmt: skip
        assert free(shop_open) == 12
        assert holds(shop_open.street)

    def test_the_same_delivery_sent_twice_comes_once(self, shop_open: Shop) -> None:
        key = uuid4()

        def send(quantity: int) -> Movement:
            return shop.deliver(
                key=key, item_id=shop_open.soap.id, station_id=shop_open.station.id, quantity=quantity,
                cost_cents=100, actor=shop_open.keeper, now=MONDAY,
            )  # fmt: skip

        assert send(3) == send(3)
        with pytest.raises(KeyTaken), transaction.atomic():
            send(4)
        assert free(shop_open) == 8

    def test_only_the_keeper_brings_goods_in(self, shop_open: Shop) -> None:
        with pytest.raises(NotAllowed):
            shop.donate(
                key=uuid4(), item_id=shop_open.soap.id, station_id=shop_open.station.id, quantity=7,
                actor=shop_open.host, now=MONDAY,
            )  # fmt: skip


class TestTransfer:
    def send(self, made: Shop, quantity: int, *, to: object = None, actor: Person | None = None) -> object:
        return shop.transfer(
            key=uuid4(), item_id=made.soap.id, from_id=made.station.id, to_id=to or station("望山驿站", "Y02").id,  # type: ignore[arg-type]
            quantity=quantity, actor=actor or made.host, now=MONDAY,
        )  # fmt: skip

    def test_what_leaves_one_station_comes_to_the_other(self, shop_open: Shop) -> None:
        self.send(shop_open, 4)
        assert (free(shop_open), lies(shop_open)) == (5, 1)
        assert sorted(Movement.objects.filter(subject__startswith="transfer").values_list("quantity", flat=True)) == [
            -4, 4,
        ]  # fmt: skip
        assert holds(shop_open.street)

    def test_what_is_kept_for_somebody_stays(self, shop_open: Shop) -> None:
        reserve(shop_open, quantity=3)
        with pytest.raises(NotOnShelf), transaction.atomic():
            self.send(shop_open, 3)
        assert holds(shop_open.street)

    def test_what_lies_in_a_station_that_closed_is_fetched_out_and_nothing_is_brought_in(self, shop_open: Shop) -> None:
        there = station("望山驿站", "Y02")
        stations.close_station(station_id=shop_open.station.id, actor=None, now=MONDAY - timedelta(hours=1))
        page = page_words(Browser().enter(shop_open.keeper).open(f"shop/desk/items/{shop_open.soap.id}/transfer/"))
        assert "（已停用）" in page
        self.send(shop_open, 4, to=there.id, actor=shop_open.keeper)
        assert lies(shop_open) == 1 and holds(shop_open.street)
        with pytest.raises(NotVisible):
            shop.transfer(
                key=uuid4(), item_id=shop_open.soap.id, from_id=there.id, to_id=shop_open.station.id, quantity=1,
                actor=shop_open.keeper, now=MONDAY,
            )  # fmt: skip

    def test_not_to_itself_not_to_another_street_and_not_by_a_stranger(self, shop_open: Shop, hetang: Street) -> None:
        with pytest.raises(SameStation):
            self.send(shop_open, 1, to=shop_open.station.id)
        with in_street(hetang.id):
            there = station("荷塘驿站").id
        with pytest.raises(NotVisible):
            self.send(shop_open, 1, to=there)
        with pytest.raises(NotAllowed):
            self.send(shop_open, 1, actor=shop_open.leader)


class TestCount:
    def count(self, made: Shop, counted: int) -> Movement:
        return shop.count(
            key=uuid4(), item_id=made.soap.id, station_id=made.station.id, counted=counted, actor=made.host, now=MONDAY
        )

    @pytest.mark.parametrize(("counted", "difference"), [(9, 4), (5, 0), (2, -3), (0, -5)])
    def test_what_was_counted_lies_there(self, shop_open: Shop, counted: int, difference: int) -> None:
        movement = self.count(shop_open, counted)
        assert (movement.quantity, movement.counted, lies(shop_open)) == (difference, counted, counted)
        assert holds(shop_open.street)

    def test_fewer_than_are_kept_for_people_is_refused(self, shop_open: Shop) -> None:
        reserve(shop_open, quantity=3)
        with pytest.raises(KeptForSomebody), transaction.atomic():
            self.count(shop_open, 2)
        self.count(shop_open, 3)
        assert (free(shop_open), lies(shop_open)) == (0, 3)
        assert holds(shop_open.street)

    def test_written_off_is_gone_and_says_why(self, shop_open: Shop) -> None:
        def write_off(quantity: int, reason: Reason) -> Movement:
            return shop.write_off(
                key=uuid4(), item_id=shop_open.soap.id, station_id=shop_open.station.id, quantity=quantity,
                reason=reason, actor=shop_open.host, now=MONDAY,
            )  # fmt: skip

        assert write_off(2, Reason.BROKEN).quantity == -2
        with pytest.raises(NotOnShelf), transaction.atomic():
            write_off(4, Reason.LOST)
        with pytest.raises(Invalid):
            write_off(1, Reason.DELIVERY)
        assert lies(shop_open) == 3
        assert holds(shop_open.street)

    def test_what_nobody_fetched_in_time_is_kept_for_nobody_before_any_job_has_run(self, shop_open: Shop) -> None:
        made, there, now = shop_open, station("望山驿站", "Y02"), MONDAY
        here, soap, host = made.station.id, made.soap.id, made.host

        def count(at: datetime) -> object:
            return shop.count(key=uuid4(), item_id=soap, station_id=here, counted=4, actor=host, now=at)

        def write_off(at: datetime) -> object:
            return shop.write_off(
                key=uuid4(), item_id=soap, station_id=here, quantity=1, reason=Reason.BROKEN, actor=host, now=at
            )

        def transfer(at: datetime) -> object:
            return shop.transfer(
                key=uuid4(), item_id=soap, from_id=here, to_id=there.id, quantity=3, actor=host, now=at
            )

        for act, left in ((count, 4), (write_off, 3), (transfer, 0)):
            kept = reserve(made, quantity=lies(made), now=now)
            with pytest.raises((KeptForSomebody, NotOnShelf)):
                act(now)
            now += HOLD_LASTS + timedelta(hours=1)
            act(now)
            kept.refresh_from_db()
            assert (lies(made), kept.state) == (left, State.LAPSED)
        assert holds(made.street)


class TestInvariants:
    def test_stock_is_never_negative_and_movements_stay(self, shop_open: Shop) -> None:
        with pytest.raises(IntegrityError, match="never_negative"), transaction.atomic():
            Shelf.objects.update(free=-1)
        with pytest.raises(IntegrityError), transaction.atomic():
            Movement.objects.update(quantity=7)
        with pytest.raises(IntegrityError), transaction.atomic():
            Movement.objects.all().delete()


class TestBudget:
    def propose(self, made: Shop, begins: date = date(2027, 1, 1), ends: date = date(2027, 12, 31)) -> Budget:
        return shop.propose_budget(
            begins_on=begins, ends_on=ends, amount_cents=5_000, point_cents=10, actor=made.keeper, now=MONDAY
        )

    @pytest.mark.parametrize("decision", ["approved", "ended"])
    def test_comes_undecided(self, shop_open: Shop, decision: str) -> None:
        """The database asks who decides when a decision is added."""
        decided = {f"{decision}_by": shop_open.leader, f"{decision}_at": MONDAY}
        with pytest.raises(IntegrityError, match="waits for another"), transaction.atomic():
            Budget.objects.create(
                begins_on=date(2027, 1, 1), ends_on=date(2027, 12, 31), amount_cents=5_000, point_cents=10,
                proposed_by=shop_open.keeper, proposed_at=MONDAY, end_reason="重了" if decision == "ended" else "",
                **decided,
            )  # fmt: skip

    def test_two_people_publish_it(self, shop_open: Shop) -> None:
        proposed = self.propose(shop_open)
        assert queries.budget_at(date(2027, 6, 1)) is None
        for who in (shop_open.keeper, shop_open.host):
            with pytest.raises(NotAllowed):
                shop.approve_budget(budget_id=proposed.id, actor=who, now=MONDAY)
        for _ in range(2):
            shop.approve_budget(budget_id=proposed.id, actor=shop_open.leader, now=TUESDAY)
        found = queries.budget_at(date(2027, 6, 1))
        assert found is not None and found.approved_at == TUESDAY
        with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
            later = self.propose(shop_open, date(2028, 1, 1), date(2028, 12, 31))
            Budget.objects.filter(pk=later.pk).update(approved_by=shop_open.keeper, approved_at=TUESDAY)

    def test_the_same_asked_twice_waits_once(self, shop_open: Shop) -> None:
        assert self.propose(shop_open) == self.propose(shop_open)
        assert Budget.objects.filter(approved_at=None).count() == 1

    def test_one_at_a_time_is_said_when_it_is_proposed_and_when_it_is_decided(self, shop_open: Shop) -> None:
        with pytest.raises(Moved, match="已经有公布的预算") as refusal:
            self.propose(shop_open, MONDAY.date(), date(2027, 6, 30))
        assert refusal.value.field == "begins_on"
        first, second = self.propose(shop_open), self.propose(shop_open, date(2027, 6, 1))
        shop.approve_budget(budget_id=first.id, actor=shop_open.leader, now=MONDAY)
        with pytest.raises(Moved):
            shop.approve_budget(budget_id=second.id, actor=shop_open.leader, now=datetime(2027, 6, 1, 2, tzinfo=UTC))
        shop.refuse_budget(budget_id=second.id, actor=shop_open.leader, reason="和上一份重了", now=MONDAY)
        assert holds(shop_open.street)

    def test_from_a_later_day_on_another_takes_its_place(self, shop_open: Shop) -> None:
        deliver(shop_open, 3)
        spent_before = queries.spent_of(*span_of(Budget.objects.get()))
        wrong, tomorrow = Budget.objects.get(), MONDAY.date() + timedelta(days=1)
        right = self.propose(shop_open, tomorrow, date(2026, 12, 31))
        with pytest.raises(NotAllowed):
            shop.approve_budget(budget_id=right.id, actor=shop_open.keeper, now=MONDAY)
        assert queries.budget_at(tomorrow) == wrong
        for _ in range(2):
            shop.approve_budget(budget_id=right.id, actor=shop_open.leader, now=MONDAY)
        assert (queries.budget_at(MONDAY.date()), queries.budget_at(tomorrow)) == (wrong, right)
        wrong.refresh_from_db()
        assert (wrong.last_day, wrong.ends_on) == (MONDAY.date(), date(2026, 12, 31))
        assert queries.spent_of(*span_of(wrong)) == spent_before and holds(shop_open.street)
        for day in (MONDAY.date() + timedelta(days=5), None):
            with pytest.raises(IntegrityError, match="decided once"), transaction.atomic():
                Budget.objects.filter(pk=wrong.pk).update(last_on=day)

    def test_one_that_has_not_begun_is_replaced_whole(self, shop_open: Shop) -> None:
        first, second = self.propose(shop_open), self.propose(shop_open, date(2026, 12, 15), date(2027, 12, 31))
        for one in (first, second):
            shop.approve_budget(budget_id=one.id, actor=shop_open.leader, now=MONDAY)
        assert queries.budget_at(date(2026, 12, 14)) != second
        assert queries.budget_at(date(2027, 6, 1)) == second and holds(shop_open.street)
        third = self.propose(shop_open, date(2027, 6, 1))
        shop.approve_budget(budget_id=third.id, actor=shop_open.leader, now=MONDAY)
        assert queries.budget_at(date(2027, 5, 31)) == second and queries.budget_at(date(2027, 6, 1)) == third

    def test_of_one_that_would_leave_days_without_any_the_page_says_which_before_it_is_decided(
        self, shop_open: Shop
    ) -> None:
        self.propose(shop_open, date(2026, 12, 5), date(2026, 12, 10))
        page = page_words(Browser().enter(shop_open.leader).open("shop/desk/budget/"))
        assert "从12 月 11 日到12 月 31 日就没有预算了" in page.replace("\xa0", " ")
        self.propose(shop_open, date(2026, 12, 5), date(2026, 12, 31))
        page = page_words(Browser().enter(shop_open.leader).open("shop/desk/budget/"))
        assert page.count("就没有预算了") == 1

    def test_one_whose_days_are_over_is_neither_asked_for_nor_published(self, shop_open: Shop) -> None:
        with pytest.raises(Invalid, match="已经过完了") as refusal:
            self.propose(shop_open, date(2020, 1, 1), date(2020, 12, 31))
        assert refusal.value.field == "ends_on"
        late = self.propose(shop_open)
        with pytest.raises(Invalid, match="已经过完了"):
            shop.approve_budget(budget_id=late.id, actor=shop_open.leader, now=datetime(2028, 1, 1, tzinfo=UTC))

    def test_what_is_absurd_is_refused_at_once(self, shop_open: Shop) -> None:
        for amount, point, field in ((10**11, 10, "amount"), (0, 10, "amount"), (100, 10**6, "point")):
            with pytest.raises(Invalid) as refusal:
                shop.propose_budget(
                    begins_on=date(2027, 1, 1), ends_on=date(2027, 2, 1), amount_cents=amount, point_cents=point,
                    actor=shop_open.keeper, now=MONDAY,
                )  # fmt: skip
            assert refusal.value.field == field

    def test_another_says_no_with_a_reason_and_who_proposed_takes_it_back(self, shop_open: Shop) -> None:
        one = self.propose(shop_open)
        for who in (shop_open.keeper, shop_open.host):
            with pytest.raises(NotAllowed):
                shop.refuse_budget(budget_id=one.id, actor=who, reason="不", now=TUESDAY)
        with pytest.raises(Invalid):
            shop.refuse_budget(budget_id=one.id, actor=shop_open.leader, reason=" \u200b\u202e", now=TUESDAY)
        with pytest.raises(NotAllowed):
            shop.withdraw_budget(budget_id=one.id, actor=shop_open.leader, now=TUESDAY)
        for _ in range(2):
            shop.refuse_budget(budget_id=one.id, actor=shop_open.leader, reason="多写了零", now=TUESDAY)
        for act in (shop.approve_budget, shop.withdraw_budget):
            with pytest.raises(Moved):
                act(budget_id=one.id, actor=shop_open.leader if act is shop.approve_budget else shop_open.keeper,
                    now=TUESDAY)  # fmt: skip
        again = self.propose(shop_open)
        assert again.id != one.id
        for _ in range(2):
            shop.withdraw_budget(budget_id=again.id, actor=shop_open.keeper, now=TUESDAY)
        with pytest.raises(Moved):
            shop.refuse_budget(budget_id=again.id, actor=shop_open.leader, reason="不", now=TUESDAY)
        for change in ({"end_reason": "别的"}, {"ended_at": None, "ended_by": None}, {"amount_cents": 1}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Budget.objects.filter(pk=again.pk).update(**change)
        assert holds(shop_open.street)

    def test_what_is_owed_to_everybody_together_is_known(self, shop_open: Shop) -> None:
        assert queries.outstanding_points(MONDAY) == 100
        kept = reserve(shop_open, quantity=2)
        assert queries.outstanding_points(MONDAY) == 100
        shop.hand_over(reservation_id=kept.id, host=shop_open.host, now=TUESDAY)
        assert queries.outstanding_points(TUESDAY) == 60
        assert queries.spent_of(A_MONTH_AGO, TUESDAY) == 500


def test_the_list_asks_a_fixed_number_of_questions(shop_open: Shop, django_assert_max_num_queries: object) -> None:
    for number in range(6):
        item = put_on_shelf(replace(SOAP, name=f"米 {number}"), shop_open.keeper, shop_open.leader)
        deliver(shop_open, 3, item=item)
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        listed = queries.items_listed(MONDAY)
    assert sorted(one.free for one in listed) == [3] * 6 + [5]
    assert order(shop_open).holder.person_id == shop_open.lan.id
    assert resident("梅", "13800000002").name == "梅"


class TestAStationThatHasClosed:
    """As at the end of the scheme: what lies there is counted and leaves it, and nothing comes in."""

    @pytest.fixture
    def closed(self, shop_open: Shop) -> dict[str, UUID]:
        Station.objects.filter(pk=shop_open.station.pk).update(closed_at=MONDAY)
        return {"item_id": shop_open.soap.id, "station_id": shop_open.station.id}

    def test_is_counted_and_what_is_missing_written_off(self, shop_open: Shop, closed: dict[str, UUID]) -> None:
        keeper = shop_open.keeper
        assert shop.count(key=uuid4(), counted=4, actor=keeper, now=TUESDAY, **closed).quantity == -1
        gone = shop.write_off(key=uuid4(), quantity=4, reason=Reason.BROKEN, actor=keeper, now=TUESDAY, **closed)
        assert (gone.quantity, lies(shop_open)) == (-4, 0)
        assert shop.count(key=uuid4(), counted=1, actor=keeper, now=TUESDAY, **closed).quantity == 1
        assert holds(shop_open.street)

    def test_takes_nothing_in_and_one_that_never_had_it_is_not_there(
        self, shop_open: Shop, closed: dict[str, UUID]
    ) -> None:
        other = station("东门驿站", "Y02")
        Station.objects.filter(pk=other.pk).update(closed_at=MONDAY)
        with pytest.raises(NotVisible):
            shop.donate(key=uuid4(), quantity=1, actor=shop_open.keeper, now=TUESDAY, **closed)
        with pytest.raises(NotVisible):
            shop.count(
                key=uuid4(), item_id=shop_open.soap.id, station_id=other.id, counted=1, actor=shop_open.keeper,
                now=TUESDAY,
            )  # fmt: skip

    def test_is_counted_on_its_page(self, shop_open: Shop, closed: dict[str, UUID]) -> None:
        Account.objects.update(phone_confirmed_at=clock.now())
        keeper, stock = Browser().enter(shop_open.keeper), f"shop/counter/{shop_open.station.id}/stock/"
        assert stock in keeper.open(f"shop/desk/items/{shop_open.soap.id}/").content.decode()
        count = f"{stock}{shop_open.soap.id}/count/"
        answer = keeper.send(count, key=str(uuid4()), counted="3", seen=seen_on(page_words(keeper.open(count))))
        assert answer.status_code == 302 and lies(shop_open) == 3

    def test_a_transfer_of_all_that_lay_there_is_answered_when_sent_again(
        self, shop_open: Shop, closed: dict[str, UUID]
    ) -> None:
        asked = {
            "key": uuid4(), "item_id": shop_open.soap.id, "from_id": shop_open.station.id,
            "to_id": station("东门驿站", "Y02").id, "quantity": 5, "actor": shop_open.keeper,
        }  # fmt: skip
        assert shop.transfer(**asked, now=TUESDAY) == shop.transfer(**asked, now=TUESDAY)
        assert lies(shop_open) == 0
