"""At the same time, on a real PostgreSQL: each race is shown without its guard, and gone with it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Event, Lock, Thread
from time import sleep
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, OperationalError, connection, connections, transaction
from django.db.models import QuerySet

from huipai.journal.models import Entry
from huipai.kit import clock, hot
from huipai.people.models import Person
from huipai.points import commands as points
from huipai.points.commands import NotEnough, families
from huipai.points.rules import Holder
from huipai.shop import commands as shop
from huipai.shop import queries
from huipai.shop.commands import LimitReached, MovedWhileCounted, SoldOut, reserving, serving, settling, stocking
from huipai.shop.commands import at_once as one_statement
from huipai.shop.models import Reservation, Shelf
from huipai.shop.words import HOLD_LASTS, SLOTS, Reason, State
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import MONDAY, TUESDAY, resident
from tests.points.ledger import at_once, award, spendable, until_another_waits
from tests.shop.shop import SOAP, Shop, deliver, free, holds, home_with_points, lies, open_shop, order, reserve, station

pytestmark = pytest.mark.django_db(transaction=True)
LATER = MONDAY + HOLD_LASTS


def crowd(count: int) -> list[Person]:
    people = [resident(f"人{n}", f"138{n:08}") for n in range(100, 100 + count)]
    for person in people:
        award(person)
    return people


def many_at_once(street: Street, *deeds: Callable[[], object], width: int = 20) -> list[object]:
    """Each deed once, so many in flight at a time: PostgreSQL has not a session for each of five hundred.

    What the database itself refuses is no answer to anybody: it is raised, with its words.
    """
    came_of: list[object] = [None] * len(deeds)
    together, shares = Barrier(width), [range(first, len(deeds), width) for first in range(width)]

    def work(share: range) -> None:
        with in_street(street.id):
            # Whoever still connects would come late to the race.
            connection.ensure_connection()
            together.wait(30)
            for number in share:
                try:
                    came_of[number] = deeds[number]()
                except Exception as error:
                    came_of[number] = error
        connections.close_all()

    with ThreadPoolExecutor(width) as pool:
        for worker in [pool.submit(work, share) for share in shares]:
            worker.result()
    if broken := [each for each in came_of if isinstance(each, DatabaseError)]:
        raise ExceptionGroup("the database refused", broken)
    return came_of


def _only_by_ones_own_hand(together: Barrier) -> Callable[..., Reservation]:
    """Let go and try again; where nothing was left to let go, it is sold out. All find the shelf empty at first."""
    one_by_one = Lock()

    def act_or_free(
        act: Callable[[], Reservation], item_id: UUID, station_id: UUID, now: datetime, **more: object
    ) -> Reservation:
        try:
            return act()
        except SoldOut:
            together.wait(30)
            with one_by_one:
                freed = settling.lapse_of(item_id, station_id, now=now)
            if not freed:
                raise
            return act()

    return act_or_free


class TestStock:
    def test_looking_first_and_taking_then_gives_the_last_one_to_two(self, in_yunqiao: Street) -> None:
        made, together = open_shop(in_yunqiao, stock=1), Barrier(2)

        def hasty() -> None:
            with transaction.atomic():
                shelf = Shelf.objects.filter(free__gt=0).first()
                together.wait(10)
                assert shelf is not None
                Shelf.objects.filter(pk=shelf.pk).update(free=shelf.free - 1, held=shelf.held + 1)

        # Each wrote what it had seen, and believes that it has the last one.
        assert at_once(in_yunqiao, hasty, hasty) == [None, None]
        assert (free(made), lies(made)) == (0, 1)

    def test_with_the_guard_one_gets_it(self, in_yunqiao: Street) -> None:
        made = open_shop(in_yunqiao, stock=1)
        people = crowd(6)
        came_of = at_once(in_yunqiao, *[lambda who=who: reserve(made, who) for who in people])
        assert Counter(type(each).__name__ for each in came_of) == {"Reservation": 1, "SoldOut": 5}
        assert sum(spendable(person) for person in people) == 6 * 100 - 20
        assert holds(in_yunqiao)

    def test_sixty_at_once_for_ten_give_exactly_ten_from_two_stations(self, in_yunqiao: Street) -> None:
        made = open_shop(in_yunqiao, stock=6)
        other = station("望山驿站", "Y02")
        deliver(made, 4, to=other)
        people = crowd(60)
        deeds = [
            lambda who=who, n=n: reserve(made, who, station_id=(other if n % 2 else made.station).id)
            for n, who in enumerate(people)
        ]
        came_of = many_at_once(in_yunqiao, *deeds)
        assert Counter(type(each).__name__ for each in came_of) == {"Reservation": 10, "SoldOut": 50}
        assert (free(made), lies(made)) == (0, 6)
        assert holds(in_yunqiao)

    def test_asking_whether_one_has_freed_something_oneself_sends_most_away_from_a_full_shelf(
        self, in_yunqiao: Street, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reserving, "with_what_lapsed", _only_by_ones_own_hand(Barrier(20)))
        made, came = self._twenty_for_five_that_nobody_fetched(in_yunqiao)
        assert came == {"Reservation": 1, "SoldOut": 19} and free(made, LATER) == 4

    def test_asking_what_lies_there_gives_all_that_was_not_fetched(self, in_yunqiao: Street) -> None:
        made, came = self._twenty_for_five_that_nobody_fetched(in_yunqiao)
        assert free(made, LATER) == 0 and came == {"Reservation": 5, "SoldOut": 15}
        assert holds(in_yunqiao)

    @staticmethod
    def _twenty_for_five_that_nobody_fetched(street: Street) -> tuple[Shop, Counter[str]]:
        made, people = open_shop(street, stock=5), crowd(25)
        for person in people[:5]:
            reserve(made, person)
        assert free(made, LATER) == 5, "by the clock"
        came = many_at_once(street, *(lambda who=who: reserve(made, who, now=LATER) for who in people[5:]))
        return made, Counter(type(each).__name__ for each in came)

    def test_a_slot_that_was_emptied_meanwhile_stays_locked_by_who_passed_it_over(
        self, in_yunqiao: Street, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Two such who then wait for all slots in their order would wait for each other."""
        taken, locked = _passed_over(in_yunqiao, monkeypatch, lambda asked: hot.rows(stocking.TAKE, asked))
        assert (taken, locked) == ([], True)

    def test_with_the_guard_it_is_given_back(self, in_yunqiao: Street, monkeypatch: pytest.MonkeyPatch) -> None:
        assert _passed_over(in_yunqiao, monkeypatch, stocking._take) == (None, False)

    @pytest.mark.long
    def test_five_hundred_at_once_for_fifty_give_exactly_fifty(self, in_yunqiao: Street) -> None:
        made = open_shop(in_yunqiao, stock=50)
        people = crowd(500)
        came_of = many_at_once(in_yunqiao, *[lambda who=who: reserve(made, who) for who in people], width=40)
        assert Counter(type(each).__name__ for each in came_of) == {"Reservation": 50, "SoldOut": 450}
        assert (free(made), lies(made)) == (0, 50)
        assert sum(spendable(person) for person in people) == 500 * 100 - 50 * 20
        assert holds(in_yunqiao)

    @pytest.mark.long
    def test_five_hundred_at_once_for_fifty_in_two_stations_give_exactly_fifty(self, in_yunqiao: Street) -> None:
        made = open_shop(in_yunqiao, stock=25)
        other = station("望山驿站", "Y02")
        deliver(made, 25, to=other)
        deeds = [
            lambda who=who, n=n: reserve(made, who, station_id=(other if n % 2 else made.station).id)
            for n, who in enumerate(crowd(500))
        ]
        came_of = many_at_once(in_yunqiao, *deeds, width=40)
        assert Counter(type(each).__name__ for each in came_of) == {"Reservation": 50, "SoldOut": 450}
        assert holds(in_yunqiao)


def _passed_over(
    street: Street, monkeypatch: pytest.MonkeyPatch, take: Callable[[dict[str, object]], object]
) -> tuple[object, bool]:
    """What comes of taking a last one that goes after it was seen; and whether its slot is under lock then."""
    made = open_shop(street, stock=1)
    last = Shelf.objects.get(free=1)
    asked = {"street": street.id, "item": made.soap.id, "station": made.station.id, "quantity": 1, "turn": 0}
    # A pause between seeing and locking, as long as somebody else has this lock.
    pause = "free >= %(quantity)s AND pg_advisory_xact_lock_shared(41) IS NOT NULL"
    monkeypatch.setattr(stocking, "TAKE", stocking.TAKE.replace("free >= %(quantity)s", pause))
    came_of: list[object] = []

    def late() -> None:
        with in_street(street.id), transaction.atomic():
            came_of.append(take(asked))
            passed.set()
            looked.wait(10)
        connections.close_all()

    passed, looked, thread = Event(), Event(), Thread(target=late)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(41)")
        thread.start()
        _until_somebody_waits_for(41)
        Shelf.objects.filter(pk=last.pk).update(free=0, held=1)
        cursor.execute("SELECT pg_advisory_unlock(41)")
    assert passed.wait(10)
    with transaction.atomic():
        is_locked = not Shelf.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=last.pk).exists()
    looked.set()
    thread.join(10)
    return came_of[0], is_locked


def _until_somebody_waits_for(lock: int) -> None:
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute("SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted", [lock])
            if cursor.rowcount:
                return
            sleep(0.01)
    raise AssertionError("nobody came to wait")


class TestPurse:
    def test_one_persons_points_are_set_aside_once_in_two_stations(self, in_yunqiao: Street) -> None:
        made = open_shop(in_yunqiao, points_of_lan=25)
        other = station("望山驿站", "Y02")
        deliver(made, 5, to=other)
        came_of = at_once(
            in_yunqiao, lambda: reserve(made), lambda: reserve(made, station_id=other.id), lambda: reserve(made)
        )
        assert Counter(type(each).__name__ for each in came_of) == {"Reservation": 1, "NotEnough": 2}
        assert spendable(made.lan) == 5
        assert holds(in_yunqiao)

    def test_the_same_request_by_eight_at_once_is_one_reservation(self, in_yunqiao: Street) -> None:
        made, key = open_shop(in_yunqiao), uuid4()
        came_of = at_once(in_yunqiao, *[lambda: reserve(made, key=key)] * 8)
        assert len(set(came_of)) == 1
        assert (Reservation.objects.count(), free(made)) == (1, 4)

    def test_counting_first_and_reserving_then_passes_the_limit(self, in_yunqiao: Street) -> None:
        """What goes wrong where two purses pay and nobody makes one person's requests wait for each other."""
        made, together = open_shop(in_yunqiao), Barrier(2)
        seen: list[int] = []

        def hasty() -> None:
            with transaction.atomic():
                seen.append(Reservation.objects.filter(person=made.lan).count())
                together.wait(10)
                points.reserve(
                    holder=Holder(made.lan.id), subject=f"reservation:{uuid4()}", points=20, expires_at=LATER,
                    actor=made.lan, now=MONDAY,
                )  # fmt: skip

        at_once(in_yunqiao, hasty, hasty)
        assert seen == [0, 0]

    def test_a_count_that_waits_for_nobody_passes_the_limit(self, in_yunqiao: Street) -> None:
        with without_the_turn():
            kept = own_and_home_at_once(in_yunqiao)
        assert [type(each) for each in kept] == [Reservation, Reservation]

    def test_in_one_statement_the_limit_is_counted_in_turn(self, in_yunqiao: Street) -> None:
        kept = own_and_home_at_once(in_yunqiao)
        assert [type(each) for each in kept] == [Reservation, type(None)]
        assert holds(in_yunqiao)

    def test_with_the_lock_the_limit_holds(self, in_yunqiao: Street) -> None:
        made = open_shop(in_yunqiao, offer=replace(SOAP, limit_count=1))
        came_of = at_once(in_yunqiao, *[lambda: reserve(made)] * 4)
        assert Counter(type(each) for each in came_of) == {Reservation: 1, LimitReached: 3}
        assert holds(in_yunqiao)


@contextmanager
def without_the_turn() -> Iterator[None]:
    """The database counts what somebody has had, and makes nobody wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('shop_counted_in_turn'::regproc)")
        (guarded,) = cursor.fetchone()
        hasty = re.sub(r"PERFORM pg_advisory_xact_lock.*", "", guarded)
        assert hasty != guarded
        cursor.execute(hasty)
        try:
            yield
        finally:
            cursor.execute(guarded)


def own_and_home_at_once(street: Street) -> tuple[object, object]:
    """One each by limit: the home's points pay and are about to be committed as one's own pay in one statement."""
    made = open_shop(street, offer=replace(SOAP, limit_count=1))
    household = home_with_points(made.lan)
    own: list[Reservation | None] = []

    def press() -> None:
        with in_street(street.id):
            own.append(one_statement.reserve(key=uuid4(), order=order(made), actor=made.lan, now=MONDAY))
        connections.close_all()

    other = Thread(target=press)
    with transaction.atomic():
        of_the_home = reserve(made, household=household)
        other.start()
        while other.is_alive() and not somebody_waits_for_a_turn():
            sleep(0.02)
    other.join(30)
    return of_the_home, own[0]


def somebody_waits_for_a_turn() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database AS here ON here.oid = pg_locks.database"
            " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted)"
        )
        return bool(cursor.fetchone()[0])


class TestEnd:
    @pytest.mark.parametrize("turn", range(4))
    def test_handed_over_and_called_off_at_once_is_one_of_them(self, in_yunqiao: Street, turn: int) -> None:
        made = open_shop(in_yunqiao)
        kept = reserve(made)
        deeds = [
            lambda: shop.hand_over(reservation_id=kept.id, host=made.host, now=TUESDAY),
            lambda: shop.cancel(reservation_id=kept.id, actor=made.lan, now=TUESDAY),
        ]
        came_of = at_once(in_yunqiao, *(deeds if turn % 2 else reversed(deeds)))
        kept.refresh_from_db()
        assert sum(isinstance(each, Reservation) for each in came_of) == 1
        given = kept.state == State.HANDED_OVER
        assert (spendable(made.lan), lies(made), free(made)) == ((80, 4, 4) if given else (100, 5, 5))
        assert holds(in_yunqiao)

    @pytest.mark.parametrize("turn", range(4))
    def test_handed_over_in_the_last_instant_and_over_at_once_is_one_of_them(
        self, in_yunqiao: Street, turn: int
    ) -> None:
        made = open_shop(in_yunqiao)
        kept = reserve(made)
        last = LATER - timedelta(microseconds=1)
        deeds = [
            lambda: shop.hand_over(reservation_id=kept.id, host=made.host, now=last),
            lambda: shop.lapse(now=LATER),
            lambda: points.lapse(now=LATER),
        ]
        at_once(in_yunqiao, *(deeds if turn % 2 else reversed(deeds)))
        shop.lapse(now=LATER)
        kept.refresh_from_db()
        given = kept.state == State.HANDED_OVER
        assert kept.state in (State.HANDED_OVER, State.LAPSED)
        assert (spendable(made.lan, LATER), lies(made)) == ((80, 4) if given else (100, 5))
        assert holds(in_yunqiao)

    def test_everything_at_once_leaves_a_shop_that_holds(self, in_yunqiao: Street) -> None:
        made = open_shop(in_yunqiao, stock=4)
        other = station("望山驿站", "Y02")
        kept = reserve(made)
        people = crowd(4)

        def count() -> object:
            return shop.count(
                key=uuid4(), item_id=made.soap.id, station_id=made.station.id, counted=6, actor=made.host, now=TUESDAY
            )

        def transfer(source: object, target: object) -> object:
            return shop.transfer(
                key=uuid4(), item_id=made.soap.id, from_id=source, to_id=target, quantity=1, actor=made.keeper,  # type: ignore[arg-type]
                now=TUESDAY,
            )  # fmt: skip

        came_of = at_once(
            in_yunqiao,
            *[lambda who=who: reserve(made, who, now=TUESDAY) for who in people],
            count,
            lambda: transfer(made.station.id, other.id),
            lambda: transfer(other.id, made.station.id),
            lambda: shop.hand_over(reservation_id=kept.id, host=made.host, now=TUESDAY),
            lambda: shop.cancel(reservation_id=kept.id, actor=made.lan, now=TUESDAY),
        )
        assert not [each for each in came_of if isinstance(each, Exception) and not hasattr(each, "code")]
        assert holds(in_yunqiao)


def test_sold_out_is_a_refusal_that_leaves_the_connection_good(in_yunqiao: Street) -> None:
    made = open_shop(in_yunqiao, stock=1)
    reserve(made)
    with pytest.raises(SoldOut):
        reserve(made)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


class TestAFamilyMovesOutWhileSomebodyCounts:
    """What a home keeps may lie in several slots; who counts locks all of them, in their order."""

    def race(self, street: Street, monkeypatch: pytest.MonkeyPatch) -> list[object]:
        made = open_shop(street, stock=64, offer=replace(SOAP, points=5))
        household = home_with_points(made.lan)
        for slot in (9, 1, 15):  # a turn begins with another slot
            monkeypatch.setattr(stocking, "new_id", lambda slot=slot: UUID(int=SLOTS - slot))
            reserve(made, household=household)
        begun, real = Event(), settling.release

        def release(shelf_id: UUID, quantity: int) -> None:
            real(shelf_id, quantity)
            if not begun.is_set():
                begun.set()
                until_another_waits()

        monkeypatch.setattr(settling, "release", release)

        def leave() -> int:
            with transaction.atomic():
                return settling.end_with_family(household=household, actor=None, now=MONDAY)

        def count() -> object:
            assert begun.wait(10)
            return shop.count(
                key=uuid4(), item_id=made.soap.id, station_id=made.station.id, counted=64, actor=made.host, now=MONDAY
            )

        return at_once(street, leave, count)

    def test_in_the_order_of_asking_the_two_wait_in_a_ring(
        self, in_yunqiao: Street, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(settling, "_AS_SHELVES_ARE_LOCKED", ("id",))
        assert any(isinstance(one, OperationalError) for one in self.race(in_yunqiao, monkeypatch))

    def test_both_come_to_their_end(self, in_yunqiao: Street, monkeypatch: pytest.MonkeyPatch) -> None:
        left, counted = self.race(in_yunqiao, monkeypatch)
        assert left == 3 and not isinstance(counted, Exception)


class TestSomethingGoesWhileSomebodyCounts:
    """What was counted before it went is not what lies there: who counts waits for the shelf, and hears it."""

    def race(self, street: Street, seen: Callable[[Shop], int | None]) -> tuple[Shop, object]:
        made, gone = open_shop(street, stock=5), Event()
        here, was = {"item_id": made.soap.id, "station_id": made.station.id}, seen(made)

        def go() -> None:
            with transaction.atomic():
                shop.write_off(
                    key=uuid4(), quantity=2, reason=Reason.BROKEN, actor=made.host, now=MONDAY, **here
                )  # fmt: skip
                gone.set()
                until_another_waits()

        def count() -> object:
            assert gone.wait(10)
            return shop.count(key=uuid4(), counted=5, actor=made.host, now=MONDAY, seen=was, **here)

        _went, came = at_once(street, go, count)
        return made, came

    def test_who_does_not_say_what_they_began_from_puts_it_back(self, in_yunqiao: Street) -> None:
        made, came = self.race(in_yunqiao, lambda _made: None)
        assert (getattr(came, "quantity", None), lies(made)) == (2, 5)

    def test_it_is_counted_again(self, in_yunqiao: Street) -> None:
        made, came = self.race(in_yunqiao, lambda made: queries.times_moved(made.soap.id, made.station.id))
        assert isinstance(came, MovedWhileCounted)
        assert (lies(made), holds(in_yunqiao)) == (3, True)


class TestAHomeIsTakenOverWhileItReserves:
    """What a family kept is called off before its points are let go: nobody of it keeps anything in between."""

    def race(self, street: Street) -> list[object]:
        made = open_shop(street, stock=64, offer=replace(SOAP, points=5))
        household = home_with_points(made.lan)
        listed = Event()

        def take_over() -> int:
            with transaction.atomic():
                ended = settling.end_with_family(household=household, actor=None, now=MONDAY)
                listed.set()
                until_another_waits()
                families.end_with_family(household=household, actor=None, now=MONDAY)
            return ended

        def keep() -> Reservation:
            assert listed.wait(10)
            return reserve(made, household=household)

        return at_once(street, take_over, keep)

    def test_between_the_two_something_would_be_kept_for_no_points(
        self, in_yunqiao: Street, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(settling.points, "lock_opened", lambda _holder: {})
        assert isinstance(self.race(in_yunqiao)[1], Reservation)
        assert any("must be reserved" in str(one) for one in queries.verify_shop(in_yunqiao))

    def test_whoever_comes_then_finds_no_points(self, in_yunqiao: Street) -> None:
        assert isinstance(self.race(in_yunqiao)[1], NotEnough)
        assert not list(queries.verify_shop(in_yunqiao)) and not Reservation.objects.exists()


class TestACardIsBlockedWhileItServes:
    """Its owner is told that nobody can exchange anything with it any more: from then on nobody does."""

    def race(self, street: Street, monkeypatch: pytest.MonkeyPatch) -> tuple[Shop, list[object]]:
        made = open_shop(street)
        _card, code = shop.issue_card(person=made.lan, actor=made.keeper, now=MONDAY)
        read, blocked, real = Event(), Event(), serving.keep_for

        def keep_for(*args: object, **more: object) -> Reservation:
            read.set()
            blocked.wait(1)  # with the card held, blocking it comes after
            return real(*args, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(serving, "keep_for", keep_for)

        def serve() -> datetime:
            shop.serve(key=uuid4(), order=order(made), card_code=code, host=made.host, now=TUESDAY)
            return clock.now()

        def block() -> datetime:
            assert read.wait(10)
            assert shop.block_card(person=made.lan, actor=made.lan, now=TUESDAY)
            at = clock.now()
            blocked.set()
            return at

        return made, at_once(street, serve, block)

    def facts(self) -> list[str]:
        """What the journal was told, in its order."""
        told = Entry.objects.filter(what__in=["shop.handed_over", "shop.card_blocked"])
        return list(told.order_by("id").values_list("what", flat=True))

    def test_read_without_its_lock_it_gives_after_it_is_blocked(
        self, in_yunqiao: Street, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(QuerySet, "select_for_update", lambda found, **_how: found)
        _made, (served, blocked) = self.race(in_yunqiao, monkeypatch)
        assert served > blocked  # type: ignore[operator]

    def test_either_it_has_given_before_or_it_gives_nothing(
        self, in_yunqiao: Street, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made, (served, blocked) = self.race(in_yunqiao, monkeypatch)
        assert served <= blocked  # type: ignore[operator]
        assert self.facts() == ["shop.handed_over", "shop.card_blocked"] and holds(made.street)
