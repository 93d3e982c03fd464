"""What time and facts bring to linked households: incentives are posted, people are told, words are forgotten."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huipai.grid import commands as grid
from huipai.grid.models import GridNode
from huipai.households import notices, queries
from huipai.households.commands import assessing, forgetting, needs
from huipai.households.queries import leaving
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose
from huipai.people.words import Fact as PeopleFact
from huipai.streets.current import in_street
from huipai.streets.models import Street

_AGAIN = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.periodic(cron="*/10 * * * *")
@app.task(name="households.look_at_the_clock", queue="points", queueing_lock="households.look_at_the_clock")
def look_at_the_clock(timestamp: int) -> None:
    """Every ten minutes: a job for each incentive whose time in public is over, and each home that is empty."""
    now = clock.now()
    for street_id in Street.objects.values_list("id", flat=True):
        with in_street(street_id):
            for assessment_id in queries.to_be_posted(now).values_list("id", flat=True):
                post.defer(street=str(street_id), assessment=str(assessment_id))
            for household_id in leaving.left_standing(now):
                tidy_home.defer(street=str(street_id), household=str(household_id))


@app.task(name="households.post", queue="points", retry=_AGAIN)
def post(*, street: str, assessment: str) -> None:
    with in_street(UUID(street)):
        assessing.post(assessment_id=UUID(assessment), now=clock.now())


@app.task(name="households.tidy_home", queue="points", retry=_AGAIN)
def tidy_home(*, street: str, household: str) -> None:
    with in_street(UUID(street)):
        found = GridNode.objects.get(pk=UUID(household))
        grid.tidy_home(household=found, actor=None, now=clock.now())


@app.task(name="households.tell", queue="notices", retry=_AGAIN)
def tell(*, street: str, entry: str) -> None:
    """Follows the facts of `notices.TOLD`."""
    with in_street(UUID(street)):
        notices.tell(entry_id=UUID(entry), now=clock.now())


@app.task(name="households.forget", queue="points", retry=_AGAIN)
def forget(*, street: str, entry: str) -> None:
    """Follows `consent.withdrawn` and `person.erased`."""
    with in_street(UUID(street)):
        found = Entry.objects.get(pk=entry)
        person = Person.objects.get(pk=UUID(found.subject.removeprefix("person:")))
        if found.what == PeopleFact.PERSON_ERASED:
            forgetting.forget(person=person, now=clock.now())
        elif found.facts.get("purpose") == ConsentPurpose.CARE:
            needs.forget_needs_of(person=person, now=clock.now())
