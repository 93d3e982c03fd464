"""A new job notifies nobody: what notifies makes every other commit of the server wait."""

import psycopg
import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params

from huipai.journal import commands as journal
from huipai.kit.ids import new_id
from huipai.points import jobs as points
from huipai.streets.current import in_street
from huipai.streets.models import Street

pytestmark = pytest.mark.no_guard


@pytest.mark.django_db(transaction=True)
def test_a_deferred_job_notifies_nobody(yunqiao: Street) -> None:
    with psycopg.connect(**connector_params(), autocommit=True) as listening:
        listening.execute('LISTEN procrastinate_any_queue_v1; LISTEN "procrastinate_queue_v1#points"')
        with transaction.atomic():
            points.check_claim.defer(street=str(yunqiao.id), entry=str(new_id()))
        assert list(listening.notifies(timeout=0.2)) == []
    assert ProcrastinateJob.objects.count() == 1


@pytest.mark.django_db
def test_no_trigger_of_the_queue_calls_on_a_new_job() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid = 'procrastinate_jobs'::regclass AND t.tgenabled <> 'D' AND (t.tgtype::int & 4) <> 0"
            " AND p.prosrc ILIKE '%pg_notify%'"
        )
        assert cursor.fetchall() == []


@pytest.mark.django_db
def test_jobs_written_by_a_hot_statement_are_those_of_its_followers(yunqiao: Street) -> None:
    entry_id = new_id()
    with in_street(yunqiao.id), connection.cursor() as cursor:
        for rows in ("(SELECT 1) AS entry", "(SELECT 1 WHERE false) AS entry"):
            jobs = journal.jobs_of(what="claim.submitted", entry_id=entry_id)
            cursor.execute(journal.DEFER.format(if_written=rows), {"jobs": jobs})
        points.check_claim.defer(street=str(yunqiao.id), entry=str(entry_id))
    found = ProcrastinateJob.objects.values("queue_name", "task_name", "priority", "args", "lock", "status")
    first, second = found.order_by("id")
    assert first == second
