"""What follows a received photo, and the nightly sweep."""

from uuid import UUID

from procrastinate import RetryDecision, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.photos import commands
from huipai.streets.current import in_street
from huipai.streets.each import defer_in_each


class _ApartFromTheOthers(RetryStrategy):
    """What has to be tried again waits under a lock of its own: those behind it go on."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        again = super().get_retry_decision(exception=exception, job=job)
        return again and RetryDecision(retry_at=again.retry_at, lock=f"photos.process:{job.id}")


@app.task(name="photos.process", queue="photos", retry=_ApartFromTheOthers(max_attempts=8, wait=5, exponential_wait=4))
def process(*, street: str, entry: str) -> None:
    """Follows `photo.received`, in its turn."""
    with in_street(UUID(street)):
        subject = Entry.objects.get(pk=entry).subject
        commands.process(photo_id=UUID(subject.removeprefix("photo:")), now=clock.now())


class _InTurn:
    """What hears that a photo was received: its job waits for its turn (decision 0114)."""

    name, queue, retry_strategy = process.name, process.queue, process.retry_strategy

    def defer(self, *, street: str, entry: str) -> int:
        return commands.queue_up(entry_id=UUID(entry), task=self.name, queue=self.queue)


process_in_turn = _InTurn()


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
