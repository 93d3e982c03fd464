"""The worker: what it finds it does, and what a killed worker left it takes up."""

from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from huipai.journal import jobs

from .processes import huipai


def due(task: Any) -> int:
    """The number of a job as the clock puts it in the queue."""
    return task.defer(timestamp=0)


def orphaned(attempts: int) -> int:
    """A job in the hands of a worker that is no more."""
    number = due(jobs.seal_all)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s, worker_id = NULL WHERE id = %s",
            [attempts, number],
        )
    return number


def work_once() -> None:
    done = huipai("work", "--once")
    assert done.returncode == 0, done.stderr


@pytest.mark.usefixtures("tables")
class TestWork:
    def test_a_job_is_done_and_leaves_nothing(self) -> None:
        # Of its own: what falls due at the minute's stroke may be put in the queue while the worker is leaving.
        number = due(jobs.seal_all)
        work_once()
        assert not ProcrastinateJob.objects.filter(pk=number).exists()

    def test_a_killed_workers_job_is_done_by_the_next(self) -> None:
        number = orphaned(attempts=1)
        due(jobs.take_up_orphans)
        work_once()
        work_once()
        assert not ProcrastinateJob.objects.filter(pk=number).exists()

    def test_a_job_that_kills_every_worker_is_given_up_and_seen(self) -> None:
        number = orphaned(attempts=5)
        due(jobs.take_up_orphans)
        work_once()
        assert ProcrastinateJob.objects.get(pk=number).status == "failed"
