"""Opening hours: minutes of the week in China's time."""

from datetime import UTC, datetime

import pytest

from huipai.stations.rules import Opening, Span, is_sound, opening

WEEKDAYS = [Span(day, 9 * 60, 18 * 60) for day in range(1, 6)]
ALL_WEEK = [Span(day, 0, 1440) for day in range(1, 8)]


def shanghai(day: int, hour: int, minute: int = 0) -> datetime:
    """November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour - 8, minute, tzinfo=UTC) if hour >= 8 else datetime(
        2026, 11, day - 1, hour + 16, minute, tzinfo=UTC
    )  # fmt: skip


class TestOpening:
    @pytest.mark.parametrize(
        ("at", "is_open", "changes_at"),
        [
            (shanghai(23, 8, 59), False, shanghai(23, 9)),
            (shanghai(23, 9), True, shanghai(23, 18)),
            (shanghai(23, 18), False, shanghai(24, 9)),
            (shanghai(27, 19), False, shanghai(30, 9)),  # over the weekend
        ],
    )
    def test_says_open_or_shut_and_until_when(self, at, is_open, changes_at):
        assert opening(WEEKDAYS, at) == Opening(is_open, changes_at)

    def test_goes_on_over_midnight(self):
        night = [Span(1, 20 * 60, 1440), Span(2, 0, 6 * 60)]
        assert opening(night, shanghai(23, 23, 30)) == Opening(True, shanghai(24, 6))

    def test_open_all_week_or_never_does_not_change(self):
        assert opening(ALL_WEEK, shanghai(23, 3)) == Opening(True, None)
        assert opening([], shanghai(23, 3)) == Opening(False, None)


@pytest.mark.parametrize(
    "spans", [[Span(1, 10, 10)], [Span(8, 0, 10)], [Span(1, 0, 1441)], [Span(1, 0, 60), Span(1, 59, 90)]]
)
def test_unsound_hours(spans):
    assert not is_sound(spans)


def test_sound_hours():
    assert is_sound([*WEEKDAYS, Span(1, 18 * 60, 1440)]) and is_sound([])
