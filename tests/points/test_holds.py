"""Points set aside: used once, given back to where they came from, over by the clock; never two of these."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import queries, rules
from huipai.points.commands import HeldOtherwise, HoldOver, HoldSettled, KeyTaken, NotEnough
from huipai.points.commands.holding import _open
from huipai.points.models import Account, Answered, Hold, HoldDraw, Line, Lot, Posting
from huipai.points.rules import Holder
from huipai.points.words import Book, Fact, HoldState, Kind, ReversalReason
from huipai.streets.models import Street
from tests.cast import FOUND, MONDAY, TUESDAY, WEDNESDAY, appoint, resident, rulebook, staff
from tests.points.ledger import at_once, award, capture, counter, holds, spendable

LATER = MONDAY.replace(year=2027)
HOUR = timedelta(hours=1)


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    """Somebody with 3 points that lapse at the end of December, and 5 for good."""
    rulebook(replace(FOUND, lot_months=None), replace(FOUND, code="woodpecker-03", points=3, lot_months=1))
    person = resident()
    award(person)
    award(person, item_code="woodpecker-03")
    return person


def reserve(
    person: Person, count: int, *, subject: str | None = None, until: datetime = TUESDAY, now: datetime = MONDAY
) -> Hold:
    counter()  # before anybody is in a hurry
    with transaction.atomic():
        return points.reserve(
            holder=Holder(person.id), subject=subject or f"reservation:{uuid4()}", points=count, expires_at=until,
            actor=person, now=now,
        )  # fmt: skip


class TestReserve:
    def test_what_is_set_aside_cannot_be_spent_or_set_aside_again(self, lan: Person, in_yunqiao: Street) -> None:
        hold = reserve(lan, 6)
        assert (hold.state, spendable(lan), queries.balance(lan, MONDAY).held) == (HoldState.OPEN, 2, 6)
        with pytest.raises(NotEnough):
            points.spend(person=lan, subject="order:1", points=3, actor=None, now=MONDAY)
        with pytest.raises(NotEnough):
            reserve(lan, 3)
        assert holds(in_yunqiao)

    def test_the_points_that_lapse_first_are_set_aside_first(self, lan: Person) -> None:
        hold = reserve(lan, 4)
        drawn = HoldDraw.objects.filter(hold=hold).order_by("lot__expires_at").values_list("points", flat=True)
        assert list(drawn) == [3, 1]

    def test_the_same_subject_again_is_the_stored_hold_even_when_nothing_is_left(self, lan: Person) -> None:
        hold = reserve(lan, 8, subject="reservation:1")
        assert reserve(lan, 8, subject="reservation:1") == hold
        with pytest.raises(HeldOtherwise):
            reserve(lan, 7, subject="reservation:1")

    def test_of_nothing_nothing_is_set_aside(self, lan: Person) -> None:
        with pytest.raises(ValueError, match="at least one"):
            reserve(lan, 0)
        with pytest.raises(ValueError, match="some time"):
            reserve(lan, 1, until=MONDAY)


class TestCapture:
    def test_it_says_in_which_station_and_so_does_the_journal(self, lan: Person, in_yunqiao: Street) -> None:
        posting = capture(hold_id=reserve(lan, 6).id, actor=None, now=MONDAY + HOUR)
        redeemed = Line.objects.filter(posting=posting, station__isnull=False)
        assert [(line.book, line.amount, line.station) for line in redeemed] == [(Book.REDEMPTION, 6, counter())]
        assert Entry.objects.get(what=Fact.SPENT).facts["station"] == str(counter().id)
        assert holds(in_yunqiao)

    def test_it_is_a_spending_that_names_its_hold(self, lan: Person, in_yunqiao: Street) -> None:
        hold = reserve(lan, 6)
        posting = capture(hold_id=hold.id, actor=None, now=MONDAY + HOUR)
        assert (posting.kind, posting.points, posting.subject) == (Kind.SPEND, -6, hold.subject)
        assert (spendable(lan), queries.balance(lan, MONDAY).held) == (2, 0)
        assert holds(in_yunqiao)

    def test_twice_is_once(self, lan: Person) -> None:
        hold = reserve(lan, 6)
        first = capture(hold_id=hold.id, actor=None, now=MONDAY + HOUR)
        assert capture(hold_id=hold.id, actor=None, now=WEDNESDAY) == first
        assert Posting.objects.filter(kind=Kind.SPEND).count() == 1

    def test_when_its_time_is_over_it_is_refused_though_nobody_has_swept(self, lan: Person) -> None:
        hold = reserve(lan, 6)
        with pytest.raises(HoldOver):
            capture(hold_id=hold.id, actor=None, now=TUESDAY)
        assert spendable(lan, TUESDAY) == 8

    def test_what_was_given_back_cannot_be_used(self, lan: Person) -> None:
        hold = reserve(lan, 6)
        points.void(hold_id=hold.id, actor=lan, now=MONDAY + HOUR)
        with pytest.raises(HoldSettled):
            capture(hold_id=hold.id, actor=None, now=MONDAY + HOUR)

    def test_points_set_aside_do_not_lapse_before_they_are_used(self, lan: Person, in_yunqiao: Street) -> None:
        end = Lot.objects.get(points=3).expires_at
        assert end
        hold = reserve(lan, 3, until=end + HOUR, now=end - HOUR)
        assert points.expire(now=end) == 0
        capture(hold_id=hold.id, actor=None, now=end)
        assert spendable(lan, end) == 5
        assert holds(in_yunqiao)


class TestVoid:
    def test_the_points_go_back_to_the_lots_they_came_from(self, lan: Person, in_yunqiao: Street) -> None:
        hold = reserve(lan, 6)
        assert points.void(hold_id=hold.id, actor=lan, now=MONDAY + HOUR).state == HoldState.VOIDED
        assert spendable(lan) == 8
        assert set(Lot.objects.values_list("points", "remaining", "held")) == {(5, 5, 0), (3, 3, 0)}
        assert points.void(hold_id=hold.id, actor=lan, now=MONDAY + HOUR).state == HoldState.VOIDED
        assert holds(in_yunqiao)

    def test_again_it_leaves_what_else_is_over_by_then_alone(self, lan: Person) -> None:
        hold, other = reserve(lan, 2), reserve(lan, 3)
        points.void(hold_id=hold.id, actor=lan, now=MONDAY + HOUR)
        told = Entry.objects.count()
        assert points.void(hold_id=hold.id, actor=lan, now=WEDNESDAY).state == HoldState.VOIDED
        assert Entry.objects.count() == told and Hold.objects.get(pk=other.pk).state == HoldState.OPEN

    def test_what_has_lapsed_meanwhile_lapses_when_it_comes_back(self, lan: Person, in_yunqiao: Street) -> None:
        end = Lot.objects.get(points=3).expires_at
        assert end
        hold = reserve(lan, 3, until=end + HOUR, now=end - HOUR)
        points.void(hold_id=hold.id, actor=lan, now=end)
        assert spendable(lan, end) == 5
        assert points.expire(now=end) == 1
        assert holds(in_yunqiao)

    def test_over_by_the_clock_it_is_recorded_as_over(self, lan: Person) -> None:
        hold = reserve(lan, 6)
        assert points.void(hold_id=hold.id, actor=lan, now=TUESDAY).state == HoldState.EXPIRED

    def test_what_was_used_is_not_given_back(self, lan: Person) -> None:
        hold = reserve(lan, 6)
        capture(hold_id=hold.id, actor=None, now=MONDAY)
        with pytest.raises(HoldSettled):
            points.void(hold_id=hold.id, actor=lan, now=MONDAY)


class TestLapse:
    def test_the_clock_frees_the_points_whether_or_not_it_was_posted(self, lan: Person, in_yunqiao: Street) -> None:
        reserve(lan, 8)
        assert (spendable(lan, TUESDAY - HOUR), spendable(lan, TUESDAY)) == (0, 8)
        again = reserve(lan, 8, until=WEDNESDAY, now=TUESDAY)
        assert again.state == HoldState.OPEN
        assert holds(in_yunqiao)

    def test_the_sweep_posts_only_what_is_over_and_only_once(self, lan: Person, in_yunqiao: Street) -> None:
        over, lasting = reserve(lan, 3), reserve(lan, 3, until=WEDNESDAY)
        assert (points.lapse(now=TUESDAY), points.lapse(now=TUESDAY)) == (1, 0)
        over.refresh_from_db()
        lasting.refresh_from_db()
        assert (over.state, lasting.state) == (HoldState.EXPIRED, HoldState.OPEN)
        assert holds(in_yunqiao)


class TestDebt:
    """An award is taken back while its points are set aside."""

    @pytest.fixture
    def owing(self, lan: Person) -> Hold:
        hold = reserve(lan, 8)
        first = Posting.objects.filter(points=5).get()
        points.reverse(
            posting_id=first.id, actor=appoint(staff(), Role.REVIEWER), reason=ReversalReason.DEED_UNDONE, now=MONDAY
        )
        return hold

    def test_what_is_set_aside_stays_and_the_rest_is_owed(self, lan: Person, owing: Hold, in_yunqiao: Street) -> None:
        balance = queries.balance(lan, MONDAY)
        assert (balance.spendable, balance.debt, balance.held) == (0, 5, 8)
        capture(hold_id=owing.id, actor=None, now=MONDAY)
        assert queries.balance(lan, MONDAY).debt == 5
        assert holds(in_yunqiao)

    def test_points_that_come_free_pay_it(self, lan: Person, owing: Hold, in_yunqiao: Street) -> None:
        points.void(hold_id=owing.id, actor=lan, now=MONDAY)
        balance = queries.balance(lan, MONDAY)
        assert (balance.spendable, balance.debt, balance.held) == (3, 0, 0)
        assert Posting.objects.get(kind=Kind.REPAYMENT).points == 0
        assert holds(in_yunqiao)

    def test_by_the_clock_it_is_the_same(self, lan: Person, owing: Hold, in_yunqiao: Street) -> None:
        before = queries.balance(lan, TUESDAY)
        points.lapse(now=TUESDAY)
        assert queries.balance(lan, TUESDAY) == before
        assert (before.spendable, before.debt) == (3, 0)
        assert holds(in_yunqiao)


class TestInvariants:
    """What the database refuses, whoever asks."""

    def refused(self, change: Callable[[], object]) -> str:
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            change()
            connection.check_constraints()
        return refusal.value.__cause__.diag.constraint_name  # type: ignore[union-attr,no-any-return]

    def test_a_settled_hold_is_frozen(self, lan: Person) -> None:
        hold = reserve(lan, 6)
        assert self.refused(lambda: Hold.objects.update(points=1)) == "points_hold_is_frozen"
        points.void(hold_id=hold.id, actor=lan, now=MONDAY)
        assert self.refused(lambda: Hold.objects.update(state=HoldState.OPEN)) == "points_hold_is_frozen"
        assert self.refused(lambda: Hold.objects.all().delete()) == "points_hold_is_frozen"

    def test_it_is_not_over_before_its_time_and_not_used_after_it(self, lan: Person) -> None:
        reserve(lan, 6)
        posting_id = Posting.objects.first()
        for changes in (
            {"state": HoldState.EXPIRED, "settled_at": MONDAY},
            {"state": HoldState.CAPTURED, "settled_at": TUESDAY, "posting": posting_id},
            {"state": HoldState.CAPTURED, "settled_at": MONDAY},
        ):
            assert self.refused(lambda changes=changes: Hold.objects.update(**changes)) == (  # type: ignore[misc]
                "points_hold_is_settled_once"
            )

    def test_a_hold_says_what_it_draws(self, lan: Person) -> None:
        account, lot = Account.objects.get(purse="spendable"), Lot.objects.first()

        def boastful() -> None:
            hold = Hold.objects.create(
                account=account, subject="order:1", points=5, opened_at=MONDAY, expires_at=TUESDAY
            )
            HoldDraw.objects.create(hold=hold, lot=lot, points=4)

        assert self.refused(boastful) == "points_hold_says_its_draws"

    def test_nothing_is_held_that_is_not_there(self, lan: Person) -> None:
        assert self.refused(lambda: Account.objects.update(held=9)) == "points_nothing_held_that_is_not_there"
        assert self.refused(lambda: Lot.objects.update(held=6)) == "points_lot_holds_what_remains"

    def test_draws_and_answers_are_only_ever_added(self, lan: Person) -> None:
        reserve(lan, 6)
        points.stored_answer(key=uuid4(), actor=lan, verb="x", content={}, answer={}, now=MONDAY)
        for model in (HoldDraw, Answered):
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.all().delete()


class TestAnswer:
    def ask(self, actor: Person, key: UUID, **content: object) -> object:
        return points.stored_answer(
            key=key, actor=actor, verb="shop.reserve", content=content, answer={"id": str(new_id())}, now=MONDAY
        )

    def test_the_same_request_gets_the_stored_answer(self, lan: Person) -> None:
        key = uuid4()
        assert self.ask(lan, key, item="a") is None
        first = self.ask(lan, key, item="a")
        assert first == self.ask(lan, key, item="a") == Answered.objects.get().answer

    def test_another_content_or_another_person_is_one_and_the_same_refusal(self, lan: Person) -> None:
        key = uuid4()
        self.ask(lan, key, item="a")
        with pytest.raises(KeyTaken) as other:
            self.ask(lan, key, item="b")
        with pytest.raises(KeyTaken) as stranger:
            self.ask(resident("梅", "13800000002"), key, item="a")
        assert str(other.value) == str(stranger.value)


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_without_the_lock_two_set_the_same_points_aside_and_the_database_stops_one(
        self, lan: Person, in_yunqiao: Street
    ) -> None:
        together, account = Barrier(2), Account.objects.get(purse="spendable")

        def hasty() -> None:
            with transaction.atomic():
                draws = rules.draw(queries.open_lots(account.id), 8, MONDAY)
                together.wait(10)
                hold = Hold(account=account, subject=f"order:{uuid4()}", points=8, opened_at=MONDAY, expires_at=TUESDAY)
                _open(hold, draws)

        came_of = at_once(in_yunqiao, hasty, hasty)
        assert [type(each) for each in came_of if each is not None] == [IntegrityError]
        assert holds(in_yunqiao)

    def test_with_it_one_is_told_that_there_is_not_enough(self, lan: Person, in_yunqiao: Street) -> None:
        came_of = at_once(in_yunqiao, *[lambda: reserve(lan, 5)] * 6)
        assert sorted(type(each).__name__ for each in came_of) == ["Hold"] + ["NotEnough"] * 5
        assert holds(in_yunqiao)

    def test_one_hold_used_by_eight_at_once_is_used_once(self, lan: Person, in_yunqiao: Street) -> None:
        hold = reserve(lan, 6)
        came_of = at_once(in_yunqiao, *[lambda: capture(hold_id=hold.id, actor=None, now=MONDAY + HOUR)] * 8)
        assert len(set(came_of)) == 1
        assert spendable(lan) == 2
        assert holds(in_yunqiao)

    def test_looking_first_and_changing_then_both_uses_and_gives_back(self, lan: Person, in_yunqiao: Street) -> None:
        """What goes wrong where the state is read in one statement and changed in another, without the lock."""
        hold, together = reserve(lan, 6), Barrier(2)
        seen: list[str] = []

        def look(state: HoldState) -> None:
            state_seen = Hold.objects.get(pk=hold.id).state
            together.wait(10)
            if state_seen == HoldState.OPEN:
                seen.append(state)

        at_once(in_yunqiao, lambda: look(HoldState.CAPTURED), lambda: look(HoldState.VOIDED))
        assert sorted(seen) == [HoldState.CAPTURED, HoldState.VOIDED]

    @pytest.mark.parametrize("turn", range(6))
    def test_used_and_given_back_at_once_is_one_of_them(self, lan: Person, in_yunqiao: Street, turn: int) -> None:
        hold = reserve(lan, 6)
        deeds = [
            lambda: capture(hold_id=hold.id, actor=None, now=MONDAY + HOUR),
            lambda: points.void(hold_id=hold.id, actor=lan, now=MONDAY + HOUR),
        ]
        at_once(in_yunqiao, *(deeds if turn % 2 else reversed(deeds)))
        hold.refresh_from_db()
        assert spendable(lan) == (2 if hold.state == HoldState.CAPTURED else 8)
        assert Posting.objects.filter(kind=Kind.SPEND).count() == int(hold.state == HoldState.CAPTURED)
        assert holds(in_yunqiao)

    @pytest.mark.parametrize("turn", range(6))
    def test_used_in_the_last_instant_and_swept_at_once_is_one_of_them(
        self, lan: Person, in_yunqiao: Street, turn: int
    ) -> None:
        hold = reserve(lan, 6)
        deeds = [
            lambda: capture(hold_id=hold.id, actor=None, now=TUESDAY - timedelta(microseconds=1)),
            lambda: points.lapse(now=TUESDAY),
        ]
        came_of = at_once(in_yunqiao, *(deeds if turn % 2 else reversed(deeds)))
        points.lapse(now=TUESDAY)
        hold.refresh_from_db()
        used = any(isinstance(each, Posting) for each in came_of)
        assert hold.state == (HoldState.CAPTURED if used else HoldState.EXPIRED)
        assert spendable(lan, TUESDAY) == (2 if used else 8)
        assert holds(in_yunqiao)

    def test_one_key_sent_by_eight_at_once_is_answered_once(self, lan: Person, in_yunqiao: Street) -> None:
        key = uuid4()

        def ask() -> object:
            with transaction.atomic():
                return points.stored_answer(
                    key=key, actor=lan, verb="x", content={}, answer={"id": str(uuid4())}, now=MONDAY
                )

        came_of = at_once(in_yunqiao, *[ask] * 8)
        assert sum(each is None for each in came_of) == 1
        assert all(each == Answered.objects.get().answer for each in came_of if each is not None)
