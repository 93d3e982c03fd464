"""What follows a received photo, and the nightly sweep."""

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.photos import commands
from huipai.streets.current import in_street
from huipai.streets.each import defer_in_each


@app.task(name="photos.process", queue="photos", retry=RetryStrategy(max_attempts=8, wait=5, exponential_wait=4))
def process(*, street: str, entry: str) -> None:
    """Follows `photo.received`."""
    with in_street(UUID(street)):
        subject = Entry.objects.get(pk=entry).subject
        commands.process(photo_id=UUID(subject.removeprefix("photo:")), now=clock.now())


@app.periodic(cron="10 19 * * *")  # 03:10 in Shanghai
@app.task(name="photos.sweep_all", queue="photos", queueing_lock="photos.sweep_all")
def sweep_all(timestamp: int) -> None:
    """Every night, one sweep a street."""
    defer_in_each(sweep)


@app.task(name="photos.sweep", queue="photos")
def sweep(*, street: str) -> None:
    with in_street(UUID(street)):
        commands.sweep(now=clock.now())
        commands.sweep_uploads(now=clock.now())
        commands.forget_unused(now=clock.now())
        commands.forget_likenesses(now=clock.now())
        commands.mark_older()
