"""Until when something is kept."""

from __future__ import annotations

from datetime import datetime, timedelta


def last_day(ended_at: datetime, days: int) -> datetime:
    return ended_at + timedelta(days=days)
