"""At the same time, on a real PostgreSQL: each race is shown without its lock, and gone with it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Event
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import queries, rules
from huipai.points.commands import GrantDecided, HoldOver, NotEnough, Outcome, granting, holding
from huipai.points.commands.writing import write
from huipai.points.models import Account, Grant, Hold, Posting
from huipai.points.rules import Booking, Holder, NewLot, Offer
from huipai.points.words import Book, GrantReason, GrantState, HoldState, Kind, ReversalReason, Why
from huipai.rulebook.models import PointItem
from huipai.streets.models import Street
from tests.by_hand import by_hand
from tests.cast import FOUND, MONDAY, TUESDAY, WEDNESDAY, appoint, resident, rulebook, staff
from tests.points.ledger import at_once, award, capture, case, counter, holds, spendable, until_another_waits
from tests.points.test_awarding import home

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    rulebook(replace(FOUND, day_cap=5))
    person = resident()
    award(person, received_at=TUESDAY)
    return person


class TestCap:
    def test_without_the_lock_both_find_room(self, lan: Person, in_yunqiao: Street) -> None:
        together = Barrier(2)
        item, account = PointItem.objects.get(), Account.objects.get(purse="spendable")

        def hasty() -> None:
            with transaction.atomic():
                offer = Offer(item.id, item.code, 5, ("resident",), 5, None, None, 0, None, True)
                subject = case()
                why = rules.judge(offer, queries.tally(offer, subject=subject, person=lan, at=MONDAY))
                together.wait(10)
                assert why == Why.POSTED
                lines, _spendable = rules.award_lines(5, spendable_id=account.id, debt_id=None, debt=0)
                write([
                    Booking(
                        id=new_id(), kind=Kind.AWARD, holder=Holder(lan.id), item_id=item.id, item_code=item.code,
                        subject=subject, points=5, received_at=MONDAY, posted_at=MONDAY, lines=lines,
                        lot=NewLot(new_id(), account.id, 5, None),
                    )
                ])  # fmt: skip

        assert at_once(in_yunqiao, hasty, hasty) == [None, None]
        assert Posting.objects.filter(received_at=MONDAY).count() == 2

    def test_with_it_one_finds_room(self, lan: Person, in_yunqiao: Street) -> None:
        outcomes = at_once(in_yunqiao, *[lambda: award(lan)] * 4)
        assert sorted(outcome.why for outcome in outcomes if isinstance(outcome, Outcome)) == [
            Why.DAY_CAP, Why.DAY_CAP, Why.DAY_CAP, Why.POSTED,
        ]  # fmt: skip
        assert holds(in_yunqiao)

    def test_a_household_is_one_however_many_report_at_once(self, in_yunqiao: Street) -> None:
        rulebook(replace(FOUND, household_month_cap=10))
        family = [resident(f"人{n}", f"1380000200{n}") for n in range(4)]
        home(*family)
        outcomes = at_once(in_yunqiao, *[lambda person=person: award(person) for person in family])
        assert sorted(outcome.why for outcome in outcomes if isinstance(outcome, Outcome)) == [
            Why.HOUSEHOLD_CAP, Why.HOUSEHOLD_CAP, Why.POSTED, Why.POSTED,
        ]  # fmt: skip
        assert holds(in_yunqiao)


class TestOnce:
    def test_one_deed_awarded_by_eight_at_once_is_paid_once(self, in_yunqiao: Street) -> None:
        rulebook(FOUND)
        lan, subject = resident(), case()
        outcomes = [each for each in at_once(in_yunqiao, *[lambda: award(lan, subject)] * 8)]
        assert sorted(outcome.why for outcome in outcomes if isinstance(outcome, Outcome)) == [Why.ALREADY] * 7 + [
            Why.POSTED
        ]
        assert len({outcome.posting for outcome in outcomes if isinstance(outcome, Outcome)}) == 1
        assert spendable(lan) == 5
        assert holds(in_yunqiao)

    def test_the_first_awards_of_somebody_open_one_account(self, in_yunqiao: Street) -> None:
        rulebook(FOUND)
        lan = resident()
        outcomes = at_once(in_yunqiao, *[lambda: award(lan)] * 6)
        assert [outcome.why for outcome in outcomes if isinstance(outcome, Outcome)] == [Why.POSTED] * 6
        assert Account.objects.get(purse="spendable").balance == 30
        assert holds(in_yunqiao)

    def test_one_award_reversed_by_two_at_once_is_taken_back_once(self, lan: Person, in_yunqiao: Street) -> None:
        posting = Posting.objects.get()
        actors = [appoint(staff(f"审{n}", f"1390000300{n}"), Role.REVIEWER) for n in range(3)]
        came_of = at_once(
            in_yunqiao,
            *[
                lambda actor=actor: points.reverse(
                    posting_id=posting.id, actor=actor, reason=ReversalReason.RECORDED_TWICE, now=TUESDAY
                )
                for actor in actors
            ],
        )
        assert len(set(came_of)) == 1
        assert spendable(lan) == 0
        assert holds(in_yunqiao)


class TestSpend:
    def test_without_the_lock_two_draw_on_the_same_points_and_the_database_stops_one(
        self, lan: Person, in_yunqiao: Street
    ) -> None:
        together, account = Barrier(2), Account.objects.get(purse="spendable")

        def hasty() -> None:
            with transaction.atomic():
                draws = rules.draw(queries.open_lots(account.id), 5, TUESDAY)
                together.wait(10)
                assert draws
                write([
                    Booking(
                        id=new_id(), kind=Kind.SPEND, holder=Holder(lan.id), subject=case(), points=-5,
                        received_at=TUESDAY,
                        posted_at=TUESDAY, draws=draws,
                        lines=rules.spend_lines(5, spendable_id=account.id, book=Book.REDEMPTION),
                    )
                ])  # fmt: skip

        came_of = at_once(in_yunqiao, hasty, hasty)
        assert [type(each) for each in came_of if each is not None] == [IntegrityError]
        assert holds(in_yunqiao)

    def test_with_it_one_is_told_that_there_is_not_enough(self, lan: Person, in_yunqiao: Street) -> None:
        def spend() -> Posting:
            return points.spend(person=lan, subject=f"order:{uuid4()}", points=3, actor=None, now=TUESDAY)

        came_of = at_once(in_yunqiao, *[spend] * 5)
        assert sorted(type(each).__name__ for each in came_of) == [NotEnough.__name__] * 4 + [Posting.__name__]
        assert spendable(lan) == 2
        assert holds(in_yunqiao)

    def test_everything_at_once_leaves_a_ledger_that_holds(self, in_yunqiao: Street) -> None:
        rulebook(replace(FOUND, lot_months=1))
        lan = resident()
        for _ in range(4):
            award(lan)
        late = MONDAY.replace(year=2027)
        at_once(
            in_yunqiao,
            lambda: award(lan),
            lambda: points.expire(now=late),
            lambda: points.spend(person=lan, subject="order:1", points=12, actor=None, now=TUESDAY),
            lambda: points.expire(now=late),
            lambda: points.spend(person=lan, subject="order:2", points=12, actor=None, now=TUESDAY),
            lambda: award(lan),
        )
        assert holds(in_yunqiao)
        points.expire(now=late)
        assert spendable(lan, late) == 0
        assert Account.objects.get(purse="spendable").balance == 0
        assert holds(in_yunqiao)


def set_aside(person: Person) -> Hold:
    counter()  # before anybody is in a hurry
    with transaction.atomic():
        return points.reserve(
            holder=Holder(person.id), subject=f"order:{uuid4()}", points=3, expires_at=WEDNESDAY, actor=person,
            now=TUESDAY,
        )  # fmt: skip


class TestHold:
    def test_without_the_lock_both_find_it_open_and_the_database_stops_one(
        self, lan: Person, in_yunqiao: Street
    ) -> None:
        hold, together = set_aside(lan), Barrier(2)

        def hasty(settled: dict[str, object]) -> None:
            with transaction.atomic():
                assert Hold.objects.get(pk=hold.pk).state == HoldState.OPEN
                together.wait(10)
                Hold.objects.filter(pk=hold.pk).update(**settled)

        came_of = at_once(
            in_yunqiao,
            lambda: hasty({"state": HoldState.VOIDED, "settled_at": TUESDAY}),
            lambda: hasty({"state": HoldState.EXPIRED, "settled_at": WEDNESDAY}),
        )
        assert [type(each) for each in came_of if each is not None] == [IntegrityError]

    @pytest.mark.parametrize("turn", range(3))
    def test_with_it_used_in_the_last_instant_and_over_at_once_is_one_of_them(
        self, lan: Person, in_yunqiao: Street, turn: int
    ) -> None:
        hold = set_aside(lan)
        used, _lapsed, again = at_once(
            in_yunqiao,
            lambda: capture(hold_id=hold.id, actor=lan, now=WEDNESDAY - timedelta(microseconds=1)),
            lambda: points.lapse(now=WEDNESDAY),
            lambda: capture(hold_id=hold.id, actor=lan, now=WEDNESDAY),
        )
        while points.lapse(now=WEDNESDAY):
            pass
        hold.refresh_from_db()
        assert hold.state in (HoldState.CAPTURED, HoldState.EXPIRED)
        assert isinstance(used, Posting) == (hold.state == HoldState.CAPTURED)
        assert isinstance(again, Posting | HoldOver)
        assert spendable(lan, WEDNESDAY) == (2 if hold.state == HoldState.CAPTURED else 5)
        assert holds(in_yunqiao)


class TestGrant:
    def propose(self, lan: Person) -> Grant:
        return points.propose_grant(
            person=lan, points=4, reason=GrantReason.MISSED, item_code=FOUND.code, done_at=MONDAY, paper_number="P-1",
            actor=appoint(staff("提", "13900000031"), Role.REVIEWER), now=TUESDAY,
        )  # fmt: skip

    def test_without_the_lock_both_find_it_undecided_and_the_database_stops_one(
        self, lan: Person, in_yunqiao: Street
    ) -> None:
        grant, together = self.propose(lan), Barrier(2)
        deciders = [appoint(staff(f"审{n}", f"1390000003{n}"), Role.REVIEWER) for n in (2, 3)]

        def hasty(decider: Person) -> None:
            with transaction.atomic():
                assert Grant.objects.get(pk=grant.pk).state == GrantState.PROPOSED
                together.wait(10)
                found = Grant.objects.filter(pk=grant.pk)
                found.update(state=GrantState.DECLINED, decided_by=decider, decided_at=TUESDAY)

        came_of = at_once(in_yunqiao, *[lambda who=who: hasty(who) for who in deciders])
        assert [type(each) for each in came_of if each is not None] == [IntegrityError]

    def test_with_it_three_who_approve_at_once_give_it_once(self, lan: Person, in_yunqiao: Street) -> None:
        grant = self.propose(lan)
        deciders = [appoint(staff(f"审{n}", f"1390000003{n}"), Role.REVIEWER) for n in (2, 3)]
        came_of = at_once(
            in_yunqiao,
            *[
                lambda who=who: points.approve_grant(grant_id=grant.id, actor=who, now=TUESDAY)
                for who in (*deciders, deciders[0])
            ],
        )
        assert {type(each) for each in came_of} == {Grant, GrantDecided}
        assert Posting.objects.filter(kind=Kind.GRANT).count() == 1
        assert spendable(lan) == 9
        assert holds(in_yunqiao)

    def two_of_one_home(self) -> list[Grant]:
        """Two papers of two people of a home, whose month has room for one of them."""
        rulebook(replace(FOUND, household_month_cap=5))
        ann, bo = resident("安", "13800000021"), resident("波", "13800000022")
        home(ann, bo)
        proposer = appoint(staff("提", "13900000031"), Role.REVIEWER)
        return [
            points.propose_grant(
                person=person, points=5, reason=GrantReason.MISSED, item_code=FOUND.code, done_at=MONDAY,
                paper_number="P-1", actor=proposer, now=TUESDAY,
            )
            for person in (ann, bo)
        ]  # fmt: skip

    def approve_both(self, street: Street, grants: list[Grant]) -> list[object]:
        deciders = [appoint(staff(f"审{n}", f"1390000003{n}"), Role.REVIEWER) for n in (2, 3)]
        return at_once(
            street,
            *[
                lambda id=grant.id, who=who: points.approve_grant(grant_id=id, actor=who, now=TUESDAY)
                for grant, who in zip(grants, deciders, strict=True)
            ],
        )

    def test_without_the_lock_two_of_one_home_find_room_at_once(
        self, in_yunqiao: Street, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        grants, together = self.two_of_one_home(), Barrier(2)
        monkeypatch.setattr(granting, "lock_capped_household", lambda *_of: None)
        monkeypatch.setattr(granting, "write", lambda bookings: (together.wait(10), write(bookings)))
        assert {type(each) for each in self.approve_both(in_yunqiao, grants)} == {Grant}
        assert Posting.objects.filter(kind=Kind.GRANT).count() == 2

    def test_with_it_one_finds_room(self, in_yunqiao: Street) -> None:
        came_of = self.approve_both(in_yunqiao, self.two_of_one_home())
        assert {type(each) for each in came_of} == {Grant, granting.GrantTooMuch}
        assert Posting.objects.filter(kind=Kind.GRANT).count() == 1
        assert holds(in_yunqiao)

    def test_two_papers_of_one_person_at_once_stay_under_the_cap_of_the_day(self, in_yunqiao: Street) -> None:
        rulebook(replace(FOUND, day_cap=5))
        ann, proposer = resident(), appoint(staff("提", "13900000031"), Role.REVIEWER)
        grants = [
            points.propose_grant(
                person=ann, points=5, reason=GrantReason.MISSED, item_code=FOUND.code, done_at=MONDAY,
                paper_number=f"P-{number}", actor=proposer, now=TUESDAY,
            )
            for number in range(2)
        ]  # fmt: skip
        came_of = self.approve_both(in_yunqiao, grants)
        assert {type(each) for each in came_of} == {Grant, granting.GrantTooMuch}
        assert spendable(ann) == 5


class TestKill:
    def test_a_server_killed_before_commit_has_paid_nothing_and_a_retry_pays_once(
        self, lan: Person, in_yunqiao: Street
    ) -> None:
        subject = case()

        def killed() -> None:
            with transaction.atomic():
                assert award(lan, subject).why == Why.POSTED
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

        assert isinstance(at_once(in_yunqiao, killed)[0], OperationalError)
        assert spendable(lan) == 5
        assert holds(in_yunqiao)
        assert [award(lan, subject).why for _ in range(2)] == [Why.POSTED, Why.ALREADY]
        assert holds(in_yunqiao)


class TestHoldsOfADebtorEndWhileTheyEarn:
    """Whoever posts locks what is owed before what can be spent; the clock comes the other way and waits for nobody."""

    def test_the_award_is_posted_and_ends_the_hold_itself(
        self, lan: Person, in_yunqiao: Street, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        judge = appoint(staff("审", "13900000031"), Role.REVIEWER)
        hold = set_aside(lan)
        for posting in Posting.objects.filter(kind=Kind.AWARD, person=lan):
            points.reverse(posting_id=posting.id, actor=judge, reason=ReversalReason.OBJECTION_UPHELD, now=TUESDAY)
        assert queries.balance(lan, TUESDAY).debt > 0
        held_open, real = Event(), queries.owing

        def owing(accounts: Sequence[Account]) -> set[UUID]:
            held_open.set()
            until_another_waits()
            return real(accounts)

        monkeypatch.setattr(holding.queries, "owing", owing)

        def earn() -> Outcome:
            assert held_open.wait(10)
            return award(lan, received_at=WEDNESDAY, now=WEDNESDAY)

        ended, earned = at_once(in_yunqiao, lambda: points.lapse(now=WEDNESDAY), earn)
        assert ended == 0 and isinstance(earned, Outcome) and earned.why == Why.POSTED
        hold.refresh_from_db()
        assert hold.state == HoldState.EXPIRED and holds(in_yunqiao)


class TestTheFirstDebtAndAnAwardAtOnce:
    """The row of a first debt is not in the snapshot of a statement that waits for the row beside it."""

    def owing_while(self, lan: Person, street: Street, deed: Callable[[], object]) -> list[object]:
        """Something that was spent is taken back, and `deed` comes in between."""
        judge = appoint(staff("审", "13900000031"), Role.REVIEWER)
        spent = award(lan).posting
        assert spent is not None
        points.spend(
            person=lan, subject="order:1", points=queries.balance(lan, MONDAY).spendable, actor=None, now=MONDAY
        )
        written = Event()

        def take_back() -> None:
            with transaction.atomic():
                points.reverse(posting_id=spent.id, actor=judge, reason=ReversalReason.OBJECTION_UPHELD, now=TUESDAY)
                written.set()
                until_another_waits()

        def do() -> object:
            assert written.wait(10)
            return deed()

        return at_once(street, take_back, do)

    def test_the_award_pays_what_is_owed(self, lan: Person, in_yunqiao: Street) -> None:
        _back, earned = self.owing_while(lan, in_yunqiao, lambda: award(lan, received_at=WEDNESDAY, now=WEDNESDAY))
        assert isinstance(earned, Outcome) and earned.why == Why.POSTED
        balance = queries.balance(lan, WEDNESDAY)
        assert (balance.spendable, balance.debt) == (0, 0) and holds(in_yunqiao)
        with pytest.raises(NotEnough):
            points.spend(person=lan, subject="order:2", points=1, actor=None, now=WEDNESDAY)

    def test_so_does_what_comes_free(self, lan: Person, in_yunqiao: Street) -> None:
        hold = set_aside(lan)
        self.owing_while(lan, in_yunqiao, lambda: points.void(hold_id=hold.id, actor=lan, now=TUESDAY))
        balance = queries.balance(lan, TUESDAY)
        assert not (balance.spendable and balance.debt) and holds(in_yunqiao)


def test_what_is_owed_beside_free_points_is_found(lan: Person, in_yunqiao: Street) -> None:
    judge = appoint(staff("审", "13900000031"), Role.REVIEWER)
    spent = award(lan).posting
    assert spent is not None
    points.spend(person=lan, subject="order:1", points=queries.balance(lan, MONDAY).spendable, actor=None, now=MONDAY)
    points.reverse(posting_id=spent.id, actor=judge, reason=ReversalReason.OBJECTION_UPHELD, now=TUESDAY)
    assert holds(in_yunqiao)
    by_hand(
        "UPDATE points_lot SET remaining = points WHERE street_id = %s AND posting_id = %s", [in_yunqiao.id, spent.id]
    )
    assert any("free points to pay it with" in str(one) for one in queries.verify_ledger(in_yunqiao))
