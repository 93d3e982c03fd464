"""Telling people before their points lapse, every morning."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huipai.kit import clock
from huipai.points import warning
from huipai.streets.current import in_street
from huipai.streets.each import defer_in_each


@app.periodic(cron="0 1 * * *")  # 09:00 in Shanghai
@app.task(name="points.warn_all", queue="points", queueing_lock="points.warn_all")
def warn_all(timestamp: int) -> None:
    """One job a street."""
    defer_in_each(warn)


@app.task(name="points.warn", queue="points", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def warn(*, street: str) -> None:
    with in_street(UUID(street)):
        warning.warn(now=clock.now())


@app.task(name="points.announce_closing", queue="points", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def announce_closing(*, street: str, entry: str) -> None:
    """Follows `points.closing_approved`."""
    with in_street(UUID(street)):
        warning.announce(now=clock.now())
