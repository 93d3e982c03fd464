"""What is in force is read from the dates and the open objections: it never hangs on a job that ran in time."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from huipai.kit.verdict import Moved
from huipai.people.models import Person
from huipai.points import queries as points
from huipai.points.words import Why
from huipai.rulebook import commands, queries
from huipai.rulebook.models import Postponement, Remark, RulebookVersion
from huipai.rulebook.words import HOLD_UP_AT, HOLD_UP_WITHIN, MOST_REMARKS, OBJECTION_TIME, Outcome, Standing
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import FOUND, MONDAY, board, resident, rulebook
from tests.people.doors import Browser, words
from tests.points.ledger import at_once, award
from tests.rounds import DEPTH

DAY = timedelta(days=1)
BEGINS = MONDAY + 40 * DAY
NEXT = BEGINS + 5 * DAY


@dataclass
class Book:
    """The version in force, the one that begins on BEGINS for 6 points, and the one after it for 7."""

    old: RulebookVersion
    new: RulebookVersion
    newest: RulebookVersion
    lan: Person
    decider: Person
    hua: Person


@pytest.fixture
def book(in_yunqiao: Street) -> Book:
    return bound()


def bound() -> Book:
    old = rulebook(FOUND)
    new = rulebook(replace(FOUND, points=6), since=BEGINS)
    newest = rulebook(replace(FOUND, points=7), since=NEXT)
    return Book(old, new, newest, resident(), board(1)[0], resident("华小山", "13800000072"))


def objection(
    book: Book, now: datetime, version: RulebookVersion | None = None, by: Person | None = None
) -> Remark:  # fmt: skip
    """One that was made in good time, so that no day moved with it."""
    return commands.object_to(
        version_id=(version or book.new).id, person=by or book.lan, code="", text="没看明白", now=now
    )  # fmt: skip


def paid(book: Book, at: datetime) -> int:
    outcome = award(book.lan, received_at=at, now=at)
    assert outcome.why == Why.POSTED
    return outcome.points


class TestNoJobRan:
    EARLY = BEGINS - 20 * DAY

    def test_the_one_before_pays_until_the_objection_is_decided_and_nothing_is_counted_again(self, book: Book) -> None:
        said, late = objection(book, self.EARLY), NEXT + 2 * DAY
        for at in (BEGINS - timedelta(microseconds=1), BEGINS, BEGINS + DAY, NEXT, late):
            version, item = queries.in_force(at), queries.item_in_force(FOUND.code, at)
            assert version == book.old and item is not None and item.points == 5
            assert queries.items_in_force([(FOUND.code, at)]) == {(FOUND.code, at): item}
            assert paid(book, at) == 5
        for version, stands in (
            (book.old, Standing.EFFECTIVE), (book.new, Standing.COMING), (book.newest, Standing.COMING)
        ):  # fmt: skip
            assert queries.standing(RulebookVersion.objects.get(pk=version.pk), late) == stands
        assert list(points.verify_ledger(book.old.street)) == []
        commands.dismiss(remark_id=said.id, actor=book.decider, answer="写在说明里了", now=late)
        assert Postponement.objects.count() == 2
        assert queries.in_force(late) == queries.in_force(late + 3 * DAY - DAY) == book.old
        begins = RulebookVersion.objects.get(pk=book.new.pk).effective_from
        assert begins and begins >= late + OBJECTION_TIME
        assert (paid(book, begins), paid(book, begins + 5 * DAY)) == (6, 7)
        assert list(points.verify_ledger(book.old.street)) == []

    def test_a_late_job_moves_the_day_once_and_changes_nothing_that_was_in_force(self, book: Book) -> None:
        objection(book, self.EARLY)
        late = BEGINS + timedelta(minutes=1)
        assert commands.keep_time(now=late) == 1
        assert commands.keep_time(now=late) == 0
        assert RulebookVersion.objects.get(pk=book.new.pk).effective_from == BEGINS + 4 * DAY
        assert queries.in_force(late) == book.old

    def test_upheld_or_withdrawn_after_the_day_it_never_was_in_force(self, book: Book) -> None:
        said = objection(book, self.EARLY)
        commands.uphold(remark_id=said.id, actor=book.decider, answer="是没写清", now=BEGINS + DAY)
        assert queries.standing(RulebookVersion.objects.get(pk=book.new.pk), BEGINS + DAY) == Standing.WITHDRAWN
        objection(book, NEXT - DAY, book.newest)
        begins = RulebookVersion.objects.get(pk=book.newest.pk).effective_from
        assert begins
        editor = RulebookVersion.objects.get(pk=book.newest.pk).author
        commands.withdraw(version_id=book.newest.pk, actor=editor, reason="写错了", now=begins + DAY)
        assert queries.in_force(begins + 90 * DAY) == book.old
        assert list(points.verify_ledger(book.old.street)) == []

    def test_decided_a_minute_before_the_day_it_begins_later_in_time_on_its_day(self, book: Book) -> None:
        said = objection(book, self.EARLY)
        commands.dismiss(remark_id=said.id, actor=book.decider, answer="不", now=BEGINS - 2 * HOLD_UP_AT)
        assert queries.in_force(BEGINS) == book.new
        later = objection(book, NEXT - 4 * DAY, book.newest)
        commands.dismiss(remark_id=later.id, actor=book.decider, answer="不", now=NEXT - timedelta(seconds=30))
        assert queries.in_force(NEXT) == book.new

    def test_the_database_decides_no_objection_before_the_day_has_moved(self, book: Book) -> None:
        said = objection(book, self.EARLY)
        answer = {"outcome": Outcome.DISMISSED, "answer": "不", "answered_by": book.decider}
        with pytest.raises(IntegrityError, match="moves before what held it up"), transaction.atomic():
            Remark.objects.filter(pk=said.pk).update(**answer, answered_at=BEGINS + DAY)
        row = {"version": book.newest, "was": NEXT, "becomes": NEXT + DAY, "decided_at": NEXT}
        in_force = RulebookVersion.objects.get(pk=book.old.pk)
        with pytest.raises(IntegrityError), transaction.atomic():  # what has begun does not begin again
            Postponement.objects.create(**{**row, "version": in_force, "was": in_force.effective_from})

    def test_another_street_is_not_held_up(self, book: Book, hetang: Street) -> None:
        objection(book, self.EARLY)
        with in_street(hetang.id):
            assert queries.held_from() is None
            theirs = rulebook(FOUND, since=BEGINS)
            assert queries.in_force(BEGINS) == theirs
        assert queries.held_from() == BEGINS

    def test_the_pages_say_that_it_waits(self, in_yunqiao: Street, client: Browser) -> None:
        since = MONDAY - 60 * DAY
        old, lan = rulebook(FOUND, since=since), resident()
        new = rulebook(replace(FOUND, points=6), since=since + 20 * DAY)
        commands.object_to(version_id=new.id, person=lan, code="", text="没看明白", now=since + DAY)
        page = words(client.get("/s/yunqiao/rulebook/"))
        assert f"第 {old.number} 版" in page and "正在用" in page
        page = words(client.get(f"/s/yunqiao/rulebook/{new.number}/changes/"))
        assert "有异议没答复，答复以前不施行" in page and "正在用" not in page.split("答复以前不施行")[0]


@pytest.mark.django_db(transaction=True)
class TestADecisionWhileSomethingIsPaid:
    def test_without_the_move_what_was_paid_was_never_in_force(self, in_yunqiao: Street) -> None:
        book = bound()
        said = objection(book, BEGINS - 20 * DAY)
        assert paid(book, BEGINS + DAY) == 5
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            Remark.objects.filter(pk=said.pk).update(
                outcome=Outcome.DISMISSED, answer="不", answered_by=book.decider, answered_at=BEGINS + DAY
            )
        assert queries.in_force(BEGINS + DAY) == book.new  # in force all at once, and for what is past
        assert "points_posting" in {found.table for found in points.verify_ledger(book.old.street)}

    def test_with_it_everything_is_paid_by_the_one_before(self, in_yunqiao: Street) -> None:
        book, at = bound(), BEGINS + DAY
        said = objection(book, BEGINS - 20 * DAY)

        def decide() -> Remark:
            return commands.dismiss(remark_id=said.id, actor=book.decider, answer="不", now=at)

        came_of = at_once(in_yunqiao, decide, *[lambda: paid(book, at)] * 4, lambda: commands.keep_time(now=at), decide)
        assert came_of[1:5] == [5] * 4
        assert sum(isinstance(each, Remark) for each in (came_of[0], came_of[6])) == 1
        assert Postponement.objects.count() == 2
        assert list(points.verify_ledger(book.old.street)) == []


@dataclass
class Objection:
    version: int
    said: datetime
    remark: Remark
    answered: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.answered is None


@dataclass
class Model:
    """The calendar as the words of the rule have it: nobody's day comes while an objection made in time is open."""

    days: dict[int, datetime]
    said: list[Objection] = field(default_factory=list)

    def waits(self, number: int) -> bool:
        return any(
            each.is_open and self.holds(each) and each.version == number and each.said <= self.days[number] - HOLD_UP_AT
            for each in self.said
        )

    def holds(self, one: Objection) -> bool:
        """Of one person only what they say before their first answer keeps a day from coming; what is said at the very
        instant of an answer is said after it."""
        return not any(
            each.version == one.version and each.remark.person_id == one.remark.person_id
            and each.answered is not None and each.answered <= one.said
            for each in self.said
        )  # fmt: skip

    def in_force(self, at: datetime) -> int:
        current = min(self.days)
        for number in sorted(self.days):
            if self.days[number] > at or self.waits(number):
                break
            current = number
        return current

    def move(self, number: int, now: datetime) -> None:
        begins = self.days[number]
        days = 0
        while begins + days * DAY < now + OBJECTION_TIME:
            days += 1
        for other in self.days:
            self.days[other] += days * DAY if other >= number else 0 * DAY

    def tidy(self, now: datetime, within: timedelta) -> None:
        for number in sorted(self.days):
            if self.waits(number) and self.days[number] <= now + within:
                self.move(number, now)


class Calendar(RuleBasedStateMachine):
    """Objections, decisions, withdrawals and jobs in any order, and a clock that only goes forward."""

    street: Street
    book: Book

    def __init__(self) -> None:
        super().__init__()
        self.entered = [in_street(self.street.id), transaction.atomic()]
        for context in self.entered:
            context.__enter__()
        self.versions = {each.number: each for each in (self.book.old, self.book.new, self.book.newest)}
        old = self.book.old.effective_from
        assert old
        self.model = Model(dict(zip(self.versions, (old, BEGINS, NEXT), strict=True)))
        self.now = BEGINS - 6 * DAY
        self.answers: list[tuple[datetime, int]] = []

    def teardown(self) -> None:
        try:
            assert list(points.verify_ledger(self.street)) == []
        finally:
            transaction.set_rollback(True)
            for context in reversed(self.entered):
                context.__exit__(None, None, None)

    @rule(minutes=st.one_of(st.integers(0, 3), st.integers(1, 4 * 24 * 60)))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(which=st.integers(1, 2), seconds=st.sampled_from([120, 60, 1, 0]))
    def the_clock_comes_close_to_a_day(self, which: int, seconds: int) -> None:
        days = sorted(self.model.days.values())
        self.now = max(self.now, days[min(which, len(days) - 1)] - timedelta(seconds=seconds))

    @rule(which=st.integers(0, 2), again=st.booleans())
    def somebody_objects(self, which: int, again: bool) -> None:
        number, who = list(self.versions)[which], self.book.lan if again else self.book.hua
        self.model.tidy(self.now, HOLD_UP_AT)
        if sum(each.is_open for each in self.model.said) == MOST_REMARKS:
            return
        try:
            remark = objection(self.book, self.now, self.versions[number], who)
        except Moved:
            assert number not in self.model.days or number < self.model.in_force(self.now)
            return
        said = Objection(number, self.now, remark)
        self.model.said.append(said)
        if self.model.holds(said) and self.now + HOLD_UP_AT <= self.model.days[number]:
            self.model.move(number, self.now)

    @precondition(lambda self: any(each.is_open for each in self.model.said))
    @rule(which=st.integers(0, 9), right=st.booleans())
    def the_board_decides(self, which: int, right: bool) -> None:
        waiting = [each for each in self.model.said if each.is_open]
        one = waiting[which % len(waiting)]
        self.model.tidy(self.now, HOLD_UP_AT)
        act = commands.uphold if right else commands.dismiss
        act(remark_id=one.remark.pk, actor=self.book.decider, answer="看过了", now=self.now)
        if right and self.model.days.get(one.version, self.now) > self.now:
            del self.model.days[one.version]
        one.answered = self.now

    @rule(which=st.integers(1, 2))
    def the_editor_withdraws(self, which: int) -> None:
        number = list(self.versions)[which]
        version = self.versions[number]
        self.model.tidy(self.now, HOLD_UP_AT)
        try:
            commands.withdraw(version_id=version.pk, actor=version.author, reason="写错了", now=self.now)
        except Moved:
            assert self.model.days.get(number, self.now) <= self.now
        else:
            del self.model.days[number]

    @rule()
    def the_job_runs(self) -> None:
        commands.keep_time(now=self.now)
        self.model.tidy(self.now, HOLD_UP_WITHIN)

    @invariant()
    def everybody_reads_the_same_and_what_was_in_force_stays_so(self) -> None:
        number = self.model.in_force(self.now)
        version, item = queries.in_force(self.now), queries.item_in_force(FOUND.code, self.now)
        assert version and item and version.number == number == item.version.number
        assert award(self.book.lan, received_at=self.now, now=self.now).points == item.points
        stands = {each.number: queries.standing(each, self.now) for each in RulebookVersion.objects.all()}
        assert [each for each in stands if stands[each] == Standing.EFFECTIVE] == [number]
        self.answers.append((self.now, number))
        for at, was in self.answers[-6:]:
            read = queries.in_force(at)
            assert read and read.number == was


def run(street: Street, *, examples: int, steps: int) -> None:
    with in_street(street.id):
        machine = type("CalendarOfOneStreet", (Calendar,), {"street": street, "book": bound()})
    profile = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, print_blob=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=profile)


def test_in_any_order_it_is_what_the_model_says(yunqiao: Street) -> None:
    run(yunqiao, examples=8, steps=12)


@pytest.mark.long
@pytest.mark.deep
def test_in_many_more_orders_it_is_what_the_model_says(yunqiao: Street) -> None:
    run(yunqiao, examples=20 * DEPTH, steps=30)
