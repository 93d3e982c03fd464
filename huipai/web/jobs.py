"""What the clock brings that no other package can ask about."""

from uuid import UUID

from procrastinate.contrib.django import app

from huipai.kit import clock
from huipai.streets.current import in_street
from huipai.streets.each import defer_in_each
from huipai.web import dead_letters


@app.periodic(cron="15 0 * * *")  # 08:15 in Shanghai
@app.task(name="web.tell_all_of_dead_jobs", queue="notices", queueing_lock="web.tell_all_of_dead_jobs")
def tell_all_of_dead_jobs(timestamp: int) -> None:
    """Every morning, one job a street."""
    defer_in_each(tell_of_dead_jobs)


@app.task(name="web.tell_of_dead_jobs", queue="notices")
def tell_of_dead_jobs(*, street: str) -> None:
    with in_street(UUID(street)):
        dead_letters.tell(now=clock.now())
