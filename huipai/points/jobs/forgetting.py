"""What somebody wrote and showed for points goes when they leave."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.people.models import Person
from huipai.points.commands import forgetting
from huipai.streets.current import in_street


@app.task(name="points.forget", queue="points", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def forget(*, street: str, entry: str) -> None:
    """Follows `person.erased`."""
    with in_street(UUID(street)):
        subject = Entry.objects.get(pk=entry).subject
        person = Person.objects.get(pk=UUID(subject.removeprefix("person:")))
        forgetting.forget(person=person, now=clock.now())
