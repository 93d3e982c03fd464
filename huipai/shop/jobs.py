"""The shop by the clock. It only tidies: what is over counts as over without it."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.shop import commands, notices
from huipai.streets.current import in_street
from huipai.streets.each import defer_in_each

BATCH = 200


@app.periodic(cron="*/5 * * * *")
@app.task(name="shop.lapse_all", queue="points", queueing_lock="shop.lapse_all")
def lapse_all(timestamp: int) -> None:
    """Every five minutes, one job a street."""
    defer_in_each(lapse)


@app.task(name="shop.tell", queue="notices", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def tell(*, street: str, entry: str) -> None:
    """Follows the facts of `notices.TOLD`."""
    with in_street(UUID(street)):
        notices.tell(entry_id=UUID(entry), now=clock.now())


@app.task(name="shop.lapse", queue="points", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def lapse(*, street: str) -> None:
    """Let go what nobody fetched in time, a batch at a time; and what waits for nobody, or where nobody can come."""
    with in_street(UUID(street)):
        while commands.end_with_permissions(now=clock.now(), limit=BATCH) == BATCH:
            pass
        while commands.end_with_stations(now=clock.now(), limit=BATCH) == BATCH:
            pass
        while commands.lapse(now=clock.now(), limit=BATCH) == BATCH:
            pass


@app.task(name="shop.forget", queue="points", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def forget(*, street: str, entry: str) -> None:
    """Follows `person.erased`: the card of somebody who has left is good for nothing."""
    with in_street(UUID(street)):
        who = Entry.objects.get(pk=entry).subject.removeprefix("person:")
        commands.block_card_of_who_left(person_id=UUID(who), now=clock.now())


@app.task(name="shop.end_with_station", queue="points", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def end_with_station(*, street: str, entry: str) -> None:
    """Follows `station.closed`."""
    with in_street(UUID(street)):
        while commands.end_with_stations(now=clock.now(), limit=BATCH) == BATCH:
            pass
