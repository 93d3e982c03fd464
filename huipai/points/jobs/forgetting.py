"""What somebody wrote and showed for points goes when they leave."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.people.models import Person
from huipai.points.commands import forgetting
from huipai.streets.current import in_street
from huipai.streets.models import Street

_AGAIN = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.periodic(cron="25 16 * * *")  # 00:25 in Shanghai
@app.task(name="points.forget_left_behind", queue="points", queueing_lock="points.forget_left_behind")
def forget_left_behind(timestamp: int) -> None:
    """Every night: whoever left while a claim of theirs was held is forgotten there once it is not."""
    now = clock.now()
    for street_id in Street.objects.values_list("id", flat=True):
        with in_street(street_id):
            for person in forgetting.left_behind(now):
                forgetting.forget(person=person, now=now)


@app.task(name="points.forget", queue="points", retry=_AGAIN)
def forget(*, street: str, entry: str) -> None:
    """Follows `person.erased`."""
    with in_street(UUID(street)):
        subject = Entry.objects.get(pk=entry).subject
        person = Person.objects.get(pk=UUID(subject.removeprefix("person:")))
        forgetting.forget(person=person, now=clock.now())
