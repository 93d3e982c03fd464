"""Points by the clock."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huipai.kit import clock
from huipai.points import commands
from huipai.streets.current import in_street
from huipai.streets.each import defer_in_each

BATCH = 1_000


@app.periodic(cron="10 16 * * *")  # 00:10 in Shanghai
@app.task(name="points.expire_all", queue="points", queueing_lock="points.expire_all")
def expire_all(timestamp: int) -> None:
    """Every night, one job a street."""
    defer_in_each(expire)


@app.task(name="points.expire", queue="points", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def expire(*, street: str) -> None:
    """Post what has lapsed, a batch at a time."""
    with in_street(UUID(street)):
        while commands.expire(now=clock.now(), limit=BATCH) == BATCH:
            pass
