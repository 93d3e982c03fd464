"""Telling the leader what no reviewer may decide, every hour."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huipai.kit import clock
from huipai.points import last_resort
from huipai.streets.current import in_street
from huipai.streets.each import defer_in_each


@app.periodic(cron="17 * * * *")
@app.task(name="points.tell_all_of_left", queue="points", queueing_lock="points.tell_all_of_left")
def tell_all_of_left(timestamp: int) -> None:
    """One job a street."""
    defer_in_each(tell_of_left)


@app.task(name="points.tell_of_left", queue="points", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def tell_of_left(*, street: str) -> None:
    with in_street(UUID(street)):
        last_resort.tell(now=clock.now())
