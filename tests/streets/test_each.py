"""What the clock brings comes to every street in a job of its own."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from huipai.people.jobs import apply_phone_changes
from huipai.streets.each import defer_in_each
from huipai.streets.models import Street

pytestmark = pytest.mark.django_db


def test_one_job_a_street_under_a_lock_of_its_own(yunqiao: Street, hetang: Street) -> None:
    defer_in_each(apply_phone_changes)
    found = ProcrastinateJob.objects.filter(task_name="people.apply_phone_changes")
    assert {(job.lock, job.args["street"]) for job in found} == {
        (f"people.apply_phone_changes:{street.id}", str(street.id)) for street in (yunqiao, hetang)
    }
