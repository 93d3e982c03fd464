"""Delivery by another way than the inbox."""

from datetime import date
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huipai.kit import clock
from huipai.notices import commands, queries, rules
from huipai.streets.current import in_street
from huipai.streets.models import Street


@app.task(name="notices.deliver", queue="notices", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def deliver(*, street: str, notice: str) -> None:
    with in_street(UUID(street)):
        commands.deliver(notice_id=UUID(notice), now=clock.now())


@app.periodic(cron="0 * * * *")
@app.task(name="notices.gather_all", queue="notices", queueing_lock="notices.gather_all")
def gather_all(timestamp: int) -> None:
    """Every hour: one job for each person whose digest is due in it, at its minute and not in their quiet hours."""
    now = clock.now()
    for street_id in Street.objects.values_list("id", flat=True):
        with in_street(street_id):
            for wish in queries.digests_due(rules.local(now).hour):
                assert wish.digest_at is not None
                at = rules.may_ring_at(rules.today_at(now, wish.digest_at), wish.quiet_from, wish.quiet_until)
                gather.configure(schedule_at=at).defer(
                    street=str(street_id), person=str(wish.person_id), day=rules.local(now).date().isoformat()
                )


@app.task(name="notices.gather", queue="notices", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def gather(*, street: str, person: str, day: str) -> None:
    with in_street(UUID(street)):
        commands.gather(person_id=UUID(person), day=date.fromisoformat(day), now=clock.now())
