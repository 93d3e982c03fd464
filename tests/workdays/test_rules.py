from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huipai.workdays import rules
from huipai.workdays.rules import Calendar, library
from huipai.workdays.words import CHINA, STANDARD_HOURS, WHOLE_DAYS, Interval, OfficeHours, Pending, Span, Unit
from tests.workdays import naive

KNOWN = Calendar(library.years())
WORKED = frozenset(date.fromordinal(day) for days in KNOWN.years.values() for day in days)


def beijing(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=CHINA)


def due(start: datetime, amount: int, unit: Unit, *suspended: Interval) -> datetime | Pending:
    return rules.due_at(KNOWN, start, Span(amount, unit), STANDARD_HOURS, suspended)


def ran(start: datetime, end: datetime, unit: Unit, *suspended: Interval) -> Span | Pending:
    return rules.elapsed(KNOWN, start, end, unit, STANDARD_HOURS, suspended)


class TestWorkdays:
    def test_the_day_of_the_start_is_not_counted_and_the_last_ends_when_the_office_closes(self) -> None:
        assert due(beijing(2026, 11, 23, 8), 5, Unit.WORKDAYS) == beijing(2026, 11, 30, 17, 30)

    def test_national_day_2026_is_skipped_and_the_saturday_after_it_is_worked(self) -> None:
        # 1 to 7 October off; Saturday 10 October and Sunday 20 September worked.
        assert due(beijing(2026, 9, 30, 10), 1, Unit.WORKDAYS) == beijing(2026, 10, 8, 17, 30)
        assert due(beijing(2026, 9, 30, 10), 3, Unit.WORKDAYS) == beijing(2026, 10, 10, 17, 30)
        assert due(beijing(2026, 9, 30, 10), 4, Unit.WORKDAYS) == beijing(2026, 10, 12, 17, 30)
        assert due(beijing(2026, 9, 18, 10), 1, Unit.WORKDAYS) == beijing(2026, 9, 20, 17, 30)

    def test_spring_festival_2026_runs_nine_days_between_two_worked_saturdays(self) -> None:
        # 15 to 23 February off; Saturdays 14 and 28 February worked.
        assert due(beijing(2026, 2, 13, 17), 1, Unit.WORKDAYS) == beijing(2026, 2, 14, 17, 30)
        assert due(beijing(2026, 2, 14, 9), 1, Unit.WORKDAYS) == beijing(2026, 2, 24, 17, 30)
        assert due(beijing(2026, 2, 27, 9), 1, Unit.WORKDAYS) == beijing(2026, 2, 28, 17, 30)

    def test_answers_are_in_utc(self) -> None:
        answer = due(datetime(2026, 11, 23, 1, tzinfo=UTC), 1, Unit.WORKDAYS)
        assert isinstance(answer, datetime)
        assert answer.tzinfo is UTC
        assert answer == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

    def test_the_day_is_the_day_in_china_not_in_utc(self) -> None:
        # 23:00 UTC on Sunday is Monday morning in China: Monday is the day of the start.
        assert due(datetime(2026, 11, 22, 23, tzinfo=UTC), 1, Unit.WORKDAYS) == beijing(2026, 11, 24, 17, 30)


class TestWorkHours:
    def test_run_only_while_the_office_is_open(self) -> None:
        assert due(beijing(2026, 11, 23, 11), 2, Unit.WORK_HOURS) == beijing(2026, 11, 23, 14, 30)
        assert due(beijing(2026, 11, 23, 17), 4, Unit.WORK_HOURS) == beijing(2026, 11, 24, 14)
        assert due(beijing(2026, 11, 27, 17), 1, Unit.WORK_HOURS) == beijing(2026, 11, 30, 9, 30)

    def test_a_limit_ends_when_the_office_closes_not_when_it_opens_again(self) -> None:
        assert due(beijing(2026, 11, 27, 16, 30), 1, Unit.WORK_HOURS) == beijing(2026, 11, 27, 17, 30)
        assert due(beijing(2026, 11, 27, 11), 1, Unit.WORK_HOURS) == beijing(2026, 11, 27, 12)

    def test_begun_at_night_or_on_a_holiday_they_begin_to_run_next_morning(self) -> None:
        assert due(beijing(2026, 10, 3, 22), 1, Unit.WORK_HOURS) == beijing(2026, 10, 8, 10)

    def test_whole_days_of_office_time_come_out_at_closing(self) -> None:
        assert due(beijing(2026, 11, 21, 12), 14, Unit.WORK_HOURS) == beijing(2026, 11, 24, 17, 30)


class TestUrgentHours:
    def test_run_day_and_night_and_need_no_calendar(self) -> None:
        assert due(beijing(2026, 12, 31, 23), 4, Unit.URGENT_HOURS) == beijing(2027, 1, 1, 3)
        assert due(beijing(2031, 1, 1), 4, Unit.URGENT_HOURS) == beijing(2031, 1, 1, 4)

    def test_do_not_mind_the_summer_time_of_other_places(self) -> None:
        # The night in which Europe turns its clocks back.
        assert due(beijing(2026, 10, 25, 0), 24, Unit.URGENT_HOURS) == beijing(2026, 10, 26, 0)


class TestCalendarDays:
    def test_end_at_midnight_of_the_last_day_holiday_or_not(self) -> None:
        assert due(beijing(2026, 9, 30, 10), 3, Unit.CALENDAR_DAYS) == beijing(2026, 10, 4)
        assert due(beijing(2026, 12, 31, 10), 3, Unit.CALENDAR_DAYS) == beijing(2027, 1, 4)


class TestBeyondTheKnownYears:
    def test_a_limit_that_runs_into_2027_is_pending(self) -> None:
        assert due(beijing(2026, 12, 30, 10), 15, Unit.WORKDAYS) == Pending(2027)
        assert due(beijing(2026, 12, 31, 17), 1, Unit.WORK_HOURS) == Pending(2027)

    def test_a_limit_that_ends_on_the_last_known_day_is_answered(self) -> None:
        assert due(beijing(2026, 12, 30, 10), 1, Unit.WORKDAYS) == beijing(2026, 12, 31, 17, 30)
        assert due(beijing(2026, 12, 31, 16, 30), 1, Unit.WORK_HOURS) == beijing(2026, 12, 31, 17, 30)

    def test_time_measured_up_to_new_year_asks_nothing_of_the_new_year(self) -> None:
        assert ran(beijing(2026, 12, 31, 9), beijing(2027, 1, 1), Unit.WORK_HOURS) == Span(7, Unit.WORK_HOURS)
        assert ran(beijing(2026, 12, 31, 9), beijing(2027, 1, 1, 0, 1), Unit.WORK_HOURS) == Pending(2027)
        assert ran(beijing(2026, 12, 30, 9), beijing(2027, 1, 1), Unit.WORKDAYS) == Span(1, Unit.WORKDAYS)

    def test_before_the_first_known_year_it_is_pending_too(self) -> None:
        assert due(beijing(2003, 12, 1), 1, Unit.WORKDAYS) == Pending(2003)
        assert ran(beijing(2003, 12, 1), beijing(2004, 2, 1), Unit.WORK_HOURS) == Pending(2003)

    def test_a_hole_in_the_known_years_is_not_stepped_over(self) -> None:
        holed = Calendar({year: days for year, days in KNOWN.years.items() if year != 2025})
        assert rules.due_at(holed, beijing(2024, 12, 31), Span(10, Unit.WORKDAYS), STANDARD_HOURS) == Pending(2025)
        assert rules.elapsed(holed, beijing(2024, 1, 2), beijing(2026, 3, 1), Unit.WORKDAYS, STANDARD_HOURS) == Pending(
            2025
        )
        assert holed.known_until() == 2024
        assert KNOWN.known_until() == max(KNOWN.years)

    def test_a_pause_in_an_unknown_year_does_not_trouble_a_limit_before_it(self) -> None:
        later = Interval(beijing(2027, 3, 1), beijing(2027, 3, 2))
        assert due(beijing(2026, 11, 23, 8), 1, Unit.WORKDAYS, later) == beijing(2026, 11, 24, 17, 30)

    def test_nothing_is_due_at_once_in_any_year(self) -> None:
        assert due(beijing(2031, 1, 1), 0, Unit.WORKDAYS) == beijing(2031, 1, 1)


class TestSuspension:
    def test_half_a_day_suspended_moves_a_limit_of_days_by_half_a_day(self) -> None:
        afternoon = Interval(beijing(2026, 11, 24, 12), beijing(2026, 11, 24, 20))
        assert due(beijing(2026, 11, 23, 8), 2, Unit.WORKDAYS, afternoon) == beijing(2026, 11, 26, 14, 30)

    def test_a_pause_while_the_office_is_closed_moves_nothing(self) -> None:
        night = Interval(beijing(2026, 11, 23, 17, 30), beijing(2026, 11, 24, 9))
        assert due(beijing(2026, 11, 23, 8), 2, Unit.WORKDAYS, night) == beijing(2026, 11, 25, 17, 30)

    def test_overlapping_pauses_count_once_and_none_before_the_start(self) -> None:
        start = beijing(2026, 11, 23, 9)
        pauses = (
            Interval(beijing(2026, 11, 24, 9), beijing(2026, 11, 24, 11)),
            Interval(beijing(2026, 11, 20, 9), beijing(2026, 11, 23, 10)),
            Interval(beijing(2026, 11, 24, 10), beijing(2026, 11, 24, 12)),
        )
        assert due(start, 8, Unit.WORK_HOURS, *pauses) == beijing(2026, 11, 24, 15, 30)
        assert ran(start, beijing(2026, 11, 24, 15, 30), Unit.WORK_HOURS, *pauses) == Span(8, Unit.WORK_HOURS)

    def test_an_interval_does_not_end_before_it_starts(self) -> None:
        with pytest.raises(ValueError, match="before it starts"):
            Interval(beijing(2026, 1, 2), beijing(2026, 1, 1))


MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda n: beijing(2024, 6, 1) + timedelta(minutes=n))
UNITS = st.sampled_from(list(Unit))
HOURS = st.sampled_from(
    [
        STANDARD_HOURS,
        OfficeHours.parse("8:30-11:30,14:00-18:00"),
        OfficeHours.parse("0:00-24:00"),
        OfficeHours.parse("7:00-9:00,10:00-11:00,20:00-24:00"),
    ]
)


@st.composite
def pauses(draw: st.DrawFn, start: datetime) -> list[Interval]:
    found = []
    for _ in range(draw(st.integers(0, 3))):
        begin = start + timedelta(minutes=draw(st.integers(-2000, 12000)))
        found.append(Interval(begin, begin + timedelta(minutes=draw(st.integers(0, 4000)))))
    return found


class TestAgainstTheNaiveClock:
    @settings(max_examples=60, deadline=None)
    @given(data=st.data(), start=MOMENTS, unit=UNITS, hours=HOURS, amount=st.integers(0, 9))
    def test_due_at_is_the_same(
        self, data: st.DataObject, start: datetime, unit: Unit, hours: OfficeHours, amount: int
    ) -> None:
        suspended = data.draw(pauses(start))
        fast = rules.due_at(KNOWN, start, Span(amount, unit), hours, suspended)
        assert fast == naive.due_at(start, amount, unit, WORKED, hours, suspended)

    @settings(max_examples=60, deadline=None)
    @given(
        data=st.data(),
        start=MOMENTS,
        unit=st.sampled_from([Unit.WORK_HOURS, Unit.URGENT_HOURS]),
        hours=HOURS,
        after=st.integers(0, 15000),
    )
    def test_elapsed_is_the_same(
        self, data: st.DataObject, start: datetime, unit: Unit, hours: OfficeHours, after: int
    ) -> None:
        suspended, end = data.draw(pauses(start)), start + timedelta(minutes=after)
        fast = rules.elapsed(KNOWN, start, end, unit, hours, suspended)
        assert fast == Span.of_hours(naive.MINUTE * naive.minutes(start, end, unit, WORKED, hours, suspended), unit)


class TestTheTwoUndoEachOther:
    @settings(max_examples=400, deadline=None)
    @given(data=st.data(), start=MOMENTS, unit=UNITS, hours=HOURS, amount=st.integers(0, 60))
    def test_what_has_run_when_it_is_due_is_the_span(
        self, data: st.DataObject, start: datetime, unit: Unit, hours: OfficeHours, amount: int
    ) -> None:
        suspended = data.draw(pauses(start))
        end = rules.due_at(KNOWN, start, Span(amount, unit), hours, suspended)
        assert isinstance(end, datetime)
        assert rules.elapsed(KNOWN, start, end, unit, hours, suspended) == Span(amount, unit)
        if amount:
            just_before = rules.elapsed(KNOWN, start, end - timedelta.resolution, unit, hours, suspended)
            assert isinstance(just_before, Span)
            assert just_before.amount < amount, "it is the first such instant"

    @settings(max_examples=400, deadline=None)
    @given(data=st.data(), start=MOMENTS, unit=UNITS, hours=HOURS, after=st.integers(0, 90 * 24 * 3600 * 10**6))
    def test_what_has_run_is_due_no_later_than_now(
        self, data: st.DataObject, start: datetime, unit: Unit, hours: OfficeHours, after: int
    ) -> None:
        suspended, end = data.draw(pauses(start)), start + timedelta(microseconds=after)
        span = rules.elapsed(KNOWN, start, end, unit, hours, suspended)
        assert isinstance(span, Span)
        answer = rules.due_at(KNOWN, start, span, hours, suspended)
        assert isinstance(answer, datetime)
        assert answer <= end
        if unit in WHOLE_DAYS:
            more = rules.due_at(KNOWN, start, Span(span.amount + 1, unit), hours, suspended)
            assert isinstance(more, datetime)
            assert more > end
