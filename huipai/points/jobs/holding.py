"""Posting the end of holds. It only tidies: what the clock has decided counts without it."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huipai.kit import clock
from huipai.points import commands
from huipai.streets.current import in_street
from huipai.streets.each import defer_in_each

BATCH = 1_000


@app.periodic(cron="*/5 * * * *")
@app.task(name="points.lapse_all_holds", queue="points", queueing_lock="points.lapse_all_holds")
def lapse_all_holds(timestamp: int) -> None:
    """Every five minutes, one job a street."""
    defer_in_each(lapse_holds)


@app.task(name="points.lapse_holds", queue="points", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def lapse_holds(*, street: str) -> None:
    """Post what is over, a batch at a time."""
    with in_street(UUID(street)):
        while commands.lapse(now=clock.now(), limit=BATCH) == BATCH:
            pass
