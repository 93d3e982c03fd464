from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from huipai.streets.models import Street
from huipai.workdays import commands, queries, rules
from huipai.workdays.models import CalendarYear, SpecialDay
from huipai.workdays.rules import library, tables
from huipai.workdays.words import CHINA, DayKind, Pending, Span, Special, TableRefused, Unit
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db

NEW_YEAR = datetime(2026, 12, 30, 2, 0, tzinfo=UTC)


def off(first: date, last: date, name: str = "") -> list[Special]:
    return [Special(first + timedelta(days=n), DayKind.HOLIDAY, name) for n in range((last - first).days + 1)]


def worked(*days: date) -> list[Special]:
    return [Special(day, DayKind.WORKDAY) for day in days]


# An invented notice for 2027: the Sunday after Christmas 2026 is worked for a longer New Year.
TABLE_2027 = [
    *off(date(2027, 1, 1), date(2027, 1, 4), "元旦"),
    *worked(date(2026, 12, 27)),
    *off(date(2027, 2, 5), date(2027, 2, 13), "春节"),
    *worked(date(2027, 1, 31), date(2027, 2, 20)),
    *off(date(2027, 4, 5), date(2027, 4, 5), "清明节"),
    *off(date(2027, 5, 1), date(2027, 5, 5), "劳动节"),
    *off(date(2027, 6, 9), date(2027, 6, 9), "端午节"),
    *off(date(2027, 9, 15), date(2027, 9, 15), "中秋节"),
    *off(date(2027, 10, 1), date(2027, 10, 7), "国庆节"),
]

# The least that the law gives in 2026.
TABLE_2026 = [
    *off(date(2026, 1, 1), date(2026, 1, 1)),
    *off(date(2026, 2, 16), date(2026, 2, 19)),
    *off(date(2026, 4, 5), date(2026, 4, 5)),
    *off(date(2026, 5, 1), date(2026, 5, 2)),
    *off(date(2026, 6, 19), date(2026, 6, 19)),
    *off(date(2026, 9, 25), date(2026, 9, 25)),
    *off(date(2026, 10, 1), date(2026, 10, 3)),
]


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def unwired() -> Iterator[None]:
    wired = commands._followers
    yield
    commands.wire(wired)


def bring_in(specials: list[Special], *, now: datetime = MONDAY, year: int = 2027) -> commands.Imported:
    imported = commands.import_year(year=year, source="通知（样例）", specials=specials, now=now)
    queries.forget()  # what the commit does
    return imported


class TestImport:
    def test_a_limit_that_was_pending_gets_its_date(self) -> None:
        span = Span(5, Unit.WORKDAYS)
        assert queries.due_at(NEW_YEAR, span) == Pending(2027)
        imported = bring_in(TABLE_2027)
        # 31 December, then 5, 6, 7, 8 January.
        assert queries.due_at(NEW_YEAR, span) == datetime(2027, 1, 8, 17, 30, tzinfo=CHINA)
        assert imported.years == (2026, 2027)
        assert queries.known_until() == 2027

    def test_the_notice_of_a_year_may_swap_a_day_in_the_december_before(self) -> None:
        assert queries.is_workday(date(2026, 12, 27)) is False
        bring_in(TABLE_2027)
        assert queries.is_workday(date(2026, 12, 27)) is True
        assert queries.is_workday(date(2026, 12, 26)) is False

    def test_a_table_takes_the_place_of_the_built_in_year(self) -> None:
        assert queries.is_workday(date(2026, 2, 20)) is False
        bring_in(TABLE_2026, year=2026)
        assert queries.is_workday(date(2026, 2, 20)) is True

    def test_a_second_version_replaces_the_first_and_keeps_it(self) -> None:
        bring_in(TABLE_2027)
        second = bring_in([*TABLE_2027, *off(date(2027, 6, 10), date(2027, 6, 10), "端午节")], now=TUESDAY)
        assert second.table.version == 2
        assert second.years == (2027,)
        assert queries.is_workday(date(2027, 6, 10)) is False
        assert CalendarYear.objects.filter(year=2027).count() == 2

    def test_the_same_table_again_changes_nothing(self) -> None:
        first = bring_in(TABLE_2027)
        again = bring_in(list(reversed(TABLE_2027)), now=TUESDAY)
        assert again.table == first.table
        assert again.years == ()

    def test_a_gap_is_not_filled_by_a_later_year(self) -> None:
        moved = [
            Special(special.day.replace(year=2028), special.kind) for special in TABLE_2027 if special.day.year == 2027
        ]
        bring_in(moved, year=2028)
        assert queries.known_until() == 2026
        assert queries.due_at(NEW_YEAR, Span(5, Unit.WORKDAYS)) == Pending(2027)

    def test_known_years_say_where_they_come_from(self) -> None:
        imported = bring_in(TABLE_2027)
        latest, before = queries.known_years()[:2]
        assert (latest.year, latest.imported) == (2027, imported.table)
        assert (before.year, before.imported) == (2026, None)
        assert 240 <= latest.workdays <= 262


class TestRefusals:
    @pytest.mark.parametrize(
        ("specials", "words"),
        [
            (TABLE_2027[1:], "2027-01-01"),
            ([special for special in TABLE_2027 if special.day.month != 10], "2027-10-01"),
            ([*TABLE_2027, TABLE_2027[0]], "写了两次"),
            ([*TABLE_2027, *off(date(2028, 1, 1), date(2028, 1, 1))], "不在 2027 年"),
            ([*TABLE_2027, *off(date(2026, 11, 30), date(2026, 11, 30))], "不在 2027 年"),
            ([], "2027-01-01"),
            ([special for special in TABLE_2027 if special.day.month != 2], "没有春节的假"),
            ([special for special in TABLE_2027 if special.day.month != 4], "没有清明的假"),
            ([special for special in TABLE_2027 if special.day.month != 6], "没有端午的假"),
        ],
    )
    def test_a_table_that_cannot_be_that_year_is_refused_whole(self, specials: list[Special], words: str) -> None:
        with pytest.raises(TableRefused, match=words):
            bring_in(specials)
        assert not CalendarYear.objects.exists()

    def test_a_table_with_fewer_days_off_than_the_law_gives_is_refused(self) -> None:
        with pytest.raises(TableRefused, match="不到 13 天"):
            bring_in([special for special in TABLE_2026 if special.day != date(2026, 5, 2)], year=2026)

    def test_each_built_in_year_would_pass(self) -> None:
        for year, worked_days in library.years().items():
            rules.check(year, tables.specials_of(year, worked_days))
            assert rules.composed({}, {year: tables.specials_of(year, worked_days)}).years[year] == worked_days

    @pytest.mark.parametrize("year", [1999, 2003, 2200])
    def test_a_year_that_is_not_ours_is_refused(self, year: int) -> None:
        with pytest.raises(TableRefused):
            bring_in(TABLE_2027, year=year)

    def test_the_database_keeps_every_version_as_it_was(self) -> None:
        table = bring_in(TABLE_2027).table
        with pytest.raises(DatabaseError), transaction.atomic():
            CalendarYear.objects.filter(id=table.id).update(source="anders")
        with pytest.raises(DatabaseError), transaction.atomic():
            SpecialDay.objects.filter(calendar_year=table).delete()


class TestFollowers:
    def test_hear_the_years_once_a_street_after_every_process_has_looked_again(
        self, yunqiao: Street, hetang: Street, unwired: None
    ) -> None:
        follower = _task()
        commands.wire((follower,))
        bring_in(TABLE_2027)
        jobs = list(ProcrastinateJob.objects.filter(task_name="tests.recount"))
        assert {job.args["street"] for job in jobs} == {str(yunqiao.id), str(hetang.id)}
        assert all(job.args["years"] == [2026, 2027] for job in jobs)
        assert all(job.scheduled_at is not None for job in jobs)
        assert commands.SETTLING["seconds"] > queries.LOOK_AGAIN_SECONDS

    def test_hear_nothing_when_nothing_changed(self, yunqiao: Street, unwired: None) -> None:
        bring_in(TABLE_2027)
        ProcrastinateJob.objects.all()._raw_delete("default")
        bring_in(TABLE_2027)
        assert not ProcrastinateJob.objects.exists()


def _task() -> commands.Follower:
    if "tests.recount" not in app.tasks:

        @app.task(name="tests.recount")
        def recount(*, street: str, years: list[int]) -> None: ...

    return app.tasks["tests.recount"]


class TestTheKeptCalendar:
    def test_another_process_sees_an_import_at_its_next_look(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert queries.known_until() == 2026
        commands.import_year(year=2027, source="x", specials=TABLE_2027, now=MONDAY)
        assert queries.known_until() == 2026, "kept for a moment"
        monkeypatch.setattr(queries, "LOOK_AGAIN_SECONDS", 0.0)
        assert queries.known_until() == 2027

    def test_asks_the_database_nothing_while_it_is_fresh(self, django_assert_num_queries: object) -> None:
        queries.known_until()
        with django_assert_num_queries(0):  # type: ignore[operator]
            queries.due_at(MONDAY, Span(15, Unit.WORKDAYS))


def test_a_day_that_is_written_into_a_table_afterwards_is_found() -> None:
    table = commands.import_year(year=2027, source="x", specials=TABLE_2027, now=MONDAY).table
    assert [*queries.altered_tables()] == []
    SpecialDay.objects.create(calendar_year=table, day=date(2027, 7, 14), kind=DayKind.HOLIDAY, name="改的")
    assert [*queries.altered_tables()] == [
        f"workdays_calendaryear {table.id}: the days of 2027 are not those that it came with"
    ]
