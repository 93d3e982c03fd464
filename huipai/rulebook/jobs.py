"""The rulebook by the clock, and people told of what happened to it."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.people.models import Person
from huipai.rulebook import commands, notices
from huipai.rulebook.commands import forgetting
from huipai.streets.current import in_street
from huipai.streets.each import defer_in_each

_AGAIN = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.periodic(cron="15 * * * *")
@app.task(name="rulebook.look_at_the_clock", queue="rulebook", queueing_lock="rulebook.look_at_the_clock")
def look_at_the_clock(timestamp: int) -> None:
    """Every hour, one job a street."""
    defer_in_each(keep_time)


@app.task(name="rulebook.keep_time", queue="rulebook", retry=_AGAIN)
def keep_time(*, street: str) -> None:
    with in_street(UUID(street)):
        commands.keep_time(now=clock.now())


@app.task(name="rulebook.tell", queue="rulebook", retry=_AGAIN)
def tell(*, street: str, entry: str) -> None:
    with in_street(UUID(street)):
        notices.tell(entry_id=UUID(entry), now=clock.now())


@app.task(name="rulebook.forget", queue="rulebook", retry=_AGAIN)
def forget(*, street: str, entry: str) -> None:
    """Follows `person.erased`."""
    with in_street(UUID(street)):
        subject = Entry.objects.get(pk=entry).subject
        forgetting.forget(person=Person.objects.get(pk=UUID(subject.removeprefix("person:"))))
