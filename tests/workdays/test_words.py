from datetime import timedelta
from fractions import Fraction

import pytest
from django.utils.translation import override

from huipai.workdays.words import HOUR, OfficeHours, OfficeHoursUnclear, Span, Unit


class TestOfficeHours:
    def test_are_read_as_people_write_them(self) -> None:
        hours = OfficeHours.parse("9：00-12:00， 13:30–17:30")
        assert hours.a_day == timedelta(hours=7)
        assert hours.closing == timedelta(hours=17, minutes=30)
        assert str(hours) == "9:00-12:00,13:30-17:30"

    def test_may_last_to_midnight(self) -> None:
        assert str(OfficeHours.parse("0:00-24:00")) == "0:00-24:00"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "9-12",
            "12:00-9:00",
            "9:00-12:00,11:00-13:00",
            "9:00-12:00,12:00-13:00",
            "9:00-9:00",
            "20:00-25:00",
            "9:60-10:00",
        ],
    )
    def test_are_refused_when_they_could_be_read_in_two_ways(self, text: str) -> None:
        with pytest.raises(OfficeHoursUnclear):
            OfficeHours.parse(text)


class TestSpan:
    def test_of_hours_is_exact(self) -> None:
        third = Span(Fraction(1, 3), Unit.WORK_HOURS)
        assert third.length == timedelta(minutes=20)
        assert Span.of_hours(timedelta(minutes=20), Unit.WORK_HOURS) == third
        assert Span.of_hours(4 * HOUR, Unit.URGENT_HOURS) == Span(4, Unit.URGENT_HOURS)

    def test_is_never_negative_and_days_are_whole(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            Span(-1, Unit.WORKDAYS)
        with pytest.raises(ValueError, match="whole"):
            Span(Fraction(1, 2), Unit.WORKDAYS)

    def test_of_days_has_no_length(self) -> None:
        with pytest.raises(ValueError, match="no fixed length"):
            _ = Span(1, Unit.WORKDAYS).length

    def test_is_said_in_the_number_of_the_language(self) -> None:
        assert Span(1, Unit.WORKDAYS).words == "1 工作日"
        with override("en"):
            one, two = [[Span(amount, unit).words for unit in Unit] for amount in (1, 2)]
        assert one == ["1 working day", "1 office hour", "1 emergency hour", "1 calendar day"]
        assert two == ["2 working days", "2 office hours", "2 emergency hours", "2 calendar days"]
