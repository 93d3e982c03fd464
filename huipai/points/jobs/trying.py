"""The dry run of a rulebook draft, as soon as somebody asks for it."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.points.commands import run_dry
from huipai.streets.current import in_street


@app.task(name="points.dry_run", queue="points", retry=RetryStrategy(max_attempts=5, exponential_wait=4))
def dry_run(*, street: str, entry: str) -> None:
    """Follows the fact that one was asked for."""
    with in_street(UUID(street)):
        facts = Entry.objects.values_list("facts", flat=True).get(pk=UUID(entry))
        run_dry(run_id=UUID(str(facts["run"])), now=clock.now())
