"""Fixed instants and the named cast of our tests. Makers act through commands; packages add theirs below."""

from datetime import UTC, datetime

# A Monday in the middle of an ordinary working week of November 2026; 10:00 in Shanghai.
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
A_MONTH_AGO = datetime(2026, 10, 26, 2, 0, tzinfo=UTC)
