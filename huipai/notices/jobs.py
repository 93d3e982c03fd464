"""Delivery by another way than the inbox."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huipai.kit import clock
from huipai.notices import commands
from huipai.streets.current import in_street


@app.task(name="notices.deliver", queue="notices", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def deliver(*, street: str, notice: str) -> None:
    with in_street(UUID(street)):
        commands.deliver(notice_id=UUID(notice), now=clock.now())
