"""What the clock brings into force, and what it forgets."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huipai.grid import commands, notices
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.people.models import Person
from huipai.streets.current import in_street
from huipai.streets.each import defer_in_each

# A database that restarts is back within minutes: 4, 16, 64, 256 seconds, then it lies in the list of the dead.
_AGAIN = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.periodic(cron="*/5 * * * *")
@app.task(name="grid.keep_time", queue="grid", queueing_lock="grid.keep_time")
def keep_time(timestamp: int) -> None:
    """Every five minutes, one job a street."""
    defer_in_each(take_effect)


@app.task(name="grid.take_effect", queue="grid")
def take_effect(*, street: str) -> None:
    with in_street(UUID(street)):
        commands.take_effect(now=clock.now())


@app.task(name="grid.tell", queue="notices", retry=_AGAIN)
def tell(*, street: str, entry: str) -> None:
    with in_street(UUID(street)):
        notices.tell(entry_id=UUID(entry), now=clock.now())


@app.task(name="grid.leave_home", queue="grid", retry=_AGAIN)
def leave_home(*, street: str, entry: str) -> None:
    """Follows `person.erased`."""
    with in_street(UUID(street)):
        found = Entry.objects.get(pk=entry)
        person = Person.objects.get(pk=UUID(found.subject.removeprefix("person:")))
        commands.leave_for_good(person=person, now=clock.now())
        commands.leave_posts(person=person, now=clock.now())


@app.periodic(cron="20 19 * * *")  # 03:20 in Shanghai
@app.task(name="grid.forget_old_uploads", queue="grid", queueing_lock="grid.forget_old_uploads")
def forget_old_uploads(timestamp: int) -> None:
    """Every night, one job a street."""
    defer_in_each(forget_uploads)


@app.task(name="grid.forget_uploads", queue="grid")
def forget_uploads(*, street: str) -> None:
    with in_street(UUID(street)):
        commands.forget_uploads(now=clock.now())
