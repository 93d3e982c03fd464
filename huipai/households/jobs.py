"""What time and facts bring to linked households: incentives are posted, people are told, words are forgotten."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huipai.grid import commands as grid
from huipai.grid.models import GridNode
from huipai.grid.words import Fact as GridFact
from huipai.households import notices, queries
from huipai.households.commands import assessing, forgetting, links, needs
from huipai.households.models import Link, Need
from huipai.households.queries import leaving, standing
from huipai.households.words import Fact
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose
from huipai.people.words import Fact as PeopleFact
from huipai.streets.current import in_street
from huipai.streets.each import defer_in_each
from huipai.streets.models import Street

# After these a group may have another lead, or none, or one who lives elsewhere, or a contact lives in the home itself.
LEADS = (
    Fact.GROUP_LED, Fact.GROUP_LEFT, Fact.GROUP_CLOSED, GridFact.RESIDENCE_BEGAN, GridFact.RESIDENCE_ENDED,
)  # fmt: skip
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


@app.periodic(cron="5 20 * * *")  # 04:05 in Shanghai
@app.task(name="households.look_at_contacts", queue="points", queueing_lock="households.look_at_contacts")
def look_at_contacts(timestamp: int) -> None:
    """Every night: what was left by who is responsible no more without a fact of its own, as by a changed tree."""
    defer_in_each(let_go_of_all)


@app.task(name="households.let_go_of_all", queue="points", retry=_AGAIN)
def let_go_of_all(*, street: str) -> None:
    with in_street(UUID(street)):
        links.lapse_each(Link.objects.all(), now=clock.now())
        needs.put_back_each(Need.objects.all(), now=clock.now())


@app.task(name="households.let_go", queue="points", retry=_AGAIN)
def let_go(*, street: str, entry: str) -> None:
    """Follows who is responsible or there no more, and `LEADS`: nothing lies with who may not act (ruling 4)."""
    with in_street(UUID(street)):
        found = Entry.objects.get(pk=entry)
        left, held = standing.touched_by(found.subject, found.facts)
        links.lapse_each(left, now=clock.now())
        needs.put_back_each(held, now=clock.now())


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
