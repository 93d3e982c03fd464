"""Sealing by the clock, and the jobs of workers that were killed."""

from uuid import UUID

from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from huipai.journal import commands
from huipai.kit import clock
from huipai.streets.current import in_street
from huipai.streets.each import defer_in_each
from huipai.streets.models import Street

_ENOUGH_DEATHS = 5


@app.periodic(cron="* * * * *")
@app.task(name="journal.take_up_orphans", queue="journal", queueing_lock="journal.take_up_orphans")
async def take_up_orphans(timestamp: int) -> None:
    """Every minute, the jobs whose worker was killed go back into the queue: each is safe to run twice.

    One that goes down with its worker again and again is given up, and stands in the list of the dead.
    """
    for job in await app.job_manager.get_stalled_jobs():
        if job.attempts >= _ENOUGH_DEATHS:
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
        else:
            await app.job_manager.retry_job(job)


@app.periodic(cron="* * * * *")
@app.task(name="journal.seal_all", queue="journal", queueing_lock="journal.seal_all")
def seal_all(timestamp: int) -> None:
    """Every minute, one sealing job a street."""
    defer_in_each(seal)


@app.task(name="journal.seal", queue="journal")
def seal(*, street: str) -> None:
    with in_street(UUID(street)):
        commands.seal(now=clock.now())


@app.periodic(cron="30 19 * * *")  # 03:30 in Shanghai
@app.task(name="journal.sweep_all", queue="journal", queueing_lock="journal.sweep_all")
def sweep_all(timestamp: int) -> None:
    """Every night, one sweep a street, and never beside a sealing: both under the same lock."""
    for street_id in Street.objects.values_list("id", flat=True):
        sweep.configure(lock=f"journal.seal:{street_id}").defer(street=str(street_id))


@app.task(name="journal.sweep", queue="journal")
def sweep(*, street: str) -> None:
    with in_street(UUID(street)):
        commands.sweep(now=clock.now())
