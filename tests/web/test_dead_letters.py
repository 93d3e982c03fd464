"""The list of the dead: seen by the system administrator of the street, and nothing in it is lost."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from huipai.cases.jobs import close_unanswered
from huipai.cli import doctor
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.notices import commands as notices
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import in_street
from huipai.streets.models import Street
from huipai.web import dead_letters
from huipai.web.jobs import tell_all_of_dead_jobs, tell_of_dead_jobs
from tests.cast import appoint, resident, staff

JOBS = "/s/yunqiao/jobs/"


def fail(street: Street) -> int:
    """A job that was tried as often as it may be."""
    job_id = close_unanswered.defer(street=str(street.id), case=str(new_id()))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', attempts = 5 WHERE id = %s", [job_id])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job_id])
    return job_id


@pytest.fixture
def ding(in_yunqiao: Street) -> Person:
    return appoint(staff("丁一一", "13900007777"), Role.SYSTEM_ADMIN)


def as_(client: Client, person: Person) -> Client:
    assert person.account is not None
    client.force_login(person.account)
    return client


class TestPage:
    def test_lists_this_streets_failures_and_no_others(
        self, client: Client, ding: Person, in_yunqiao: Street, hetang: Street
    ) -> None:
        mine, others = fail(in_yunqiao), fail(hetang)
        page = as_(client, ding).get(JOBS).content.decode()
        assert f"{JOBS}{mine}/retry/" in page and f"/jobs/{others}/" not in page
        assert "没有答复的案件结案" in page and "共 1 件" in page and "试了 1 次" in page
        assert f"cases.close_unanswered[{mine}]" in page and "没跑成的任务 1" in page

    def test_says_when_there_are_none(self, client: Client, ding: Person) -> None:
        page = as_(client, ding).get(JOBS).content.decode()
        assert "现在一件都没有" in page and "没跑成的任务 0" not in page

    def test_what_is_put_back_by_hand_is_not_counted_as_tried(self, ding: Person, in_yunqiao: Street) -> None:
        job = fail(in_yunqiao)
        dead_letters.retry(job_id=job, actor=ding, now=clock.now())
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job])
            cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job])
        assert [one.attempts for one in dead_letters.latest(5)] == [2]

    def test_the_doctor_tells_the_operator(self, in_yunqiao: Street) -> None:
        connection.ensure_connection()
        assert {one.state for one in doctor.jobs(connection.connection)} == {doctor.State.GOOD}
        fail(in_yunqiao)
        found, _waiting = doctor.jobs(connection.connection)
        assert found.state is doctor.State.DOUBTFUL and found.words.startswith("Of the jobs 1 failed for good")

    def test_is_for_the_system_administrator(self, client: Client, ding: Person, in_yunqiao: Street) -> None:
        job = fail(in_yunqiao)
        people = [appoint(staff(f"吴{role.label}", f"139000066{n:02}"), role) for n, role in enumerate(OTHERS)]
        for person in [resident(), *people]:
            assert as_(client, person).get(JOBS).status_code == 403, person.name
            assert client.post(f"{JOBS}{job}/retry/").status_code == 403
        assert ProcrastinateJob.objects.get(pk=job).status == "failed"

    def test_asks_to_sign_in(self, client: Client, in_yunqiao: Street) -> None:
        assert "/sign-in/" in client.get(JOBS)["Location"]


OTHERS = (Role.SECURITY_ADMIN, Role.AUDITOR, Role.LEADER, Role.COORDINATOR, Role.DISPATCHER)


class TestRetry:
    def test_puts_the_job_back_and_says_who_did(self, client: Client, ding: Person, in_yunqiao: Street) -> None:
        job = fail(in_yunqiao)
        answer = as_(client, ding).post(f"{JOBS}{job}/retry/", follow=True)
        assert "已放回队列" in answer.content.decode()
        assert ProcrastinateJob.objects.get(pk=job).status == "todo"
        told = Entry.objects.get(what="job.retried")
        assert (told.subject, told.actor_id) == (f"job:{job}", ding.id)

    def test_twice_is_refused_the_second_time(self, ding: Person, in_yunqiao: Street) -> None:
        job = fail(in_yunqiao)
        dead_letters.retry(job_id=job, actor=ding, now=clock.now())
        with pytest.raises(NotVisible):
            dead_letters.retry(job_id=job, actor=ding, now=clock.now())

    def test_another_streets_job_does_not_exist(self, client: Client, ding: Person, hetang: Street) -> None:
        job = fail(hetang)
        assert as_(client, ding).post(f"{JOBS}{job}/retry/").status_code == 404
        assert ProcrastinateJob.objects.get(pk=job).status == "failed"

    def test_the_command_asks_by_itself(self, ding: Person, in_yunqiao: Street, hetang: Street) -> None:
        with in_street(hetang.id), pytest.raises(NotAllowed):
            dead_letters.retry(job_id=fail(hetang), actor=ding, now=clock.now())


DAY = timedelta(days=1)


def tell(at: datetime) -> None:
    dead_letters.tell(now=at)


class TestTold:
    def test_the_system_administrator_is_told_how_many_and_where_to_look(
        self, client: Client, ding: Person, in_yunqiao: Street, hetang: Street
    ) -> None:
        lan, now = resident(), clock.now()
        tell(now)
        assert not Notice.objects.exists()
        for street in (in_yunqiao, in_yunqiao, hetang):
            fail(street)
        tell(now)
        [told] = Notice.objects.filter(person=ding)
        assert str(told.wording.title) == "有 2 件后台任务没跑成" and not Notice.objects.filter(person=lan).exists()
        page = as_(client, ding).get("/s/yunqiao/notices/").content.decode()
        assert "有 2 件后台任务没跑成" in page
        assert client.post(f"/s/yunqiao/notices/{told.id}/reading/")["Location"] == JOBS

    def test_once_a_day_at_most_and_only_of_what_died_since(self, ding: Person, in_yunqiao: Street) -> None:
        now = clock.now()
        fail(in_yunqiao)
        for at in (now, now, now + DAY):
            tell(at)
        fail(in_yunqiao)
        tell(now)
        assert Notice.objects.count() == 1
        tell(now + DAY)
        assert [str(one.wording.title) for one in Notice.objects.order_by("created_at")] == [
            "有 1 件后台任务没跑成", "有 2 件后台任务没跑成",
        ]  # fmt: skip

    def test_what_runs_after_all_is_not_told_of_and_what_fails_again_is(self, ding: Person, in_yunqiao: Street) -> None:
        job, now = fail(in_yunqiao), clock.now()
        dead_letters.retry(job_id=job, actor=ding, now=now)
        tell(now)
        assert not Notice.objects.exists()
        for at in (now, now + DAY):
            with connection.cursor() as cursor:
                cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job])
                cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job])
            tell(at)
            dead_letters.retry(job_id=job, actor=ding, now=at)
        assert Notice.objects.count() == 2

    def test_a_message_of_the_dead_makes_no_job_that_could_die(self, ding: Person, in_yunqiao: Street) -> None:
        """What rings may be what is broken: told by each dead ringing, it would ring and die every day."""
        now = clock.now()
        for digest_at in (None, time(18, 0)):
            notices.prefer(
                person=ding, by_sms=True, quiet_from=time(0), quiet_until=time(0), digest_at=digest_at, now=now
            )
            fail(in_yunqiao)
            before = ProcrastinateJob.objects.count()
            now += DAY
            tell(now)
            assert ProcrastinateJob.objects.count() == before
            assert notices.gather(person_id=ding.id, day=now.date(), now=now) == 0
        assert Notice.objects.count() == 2

    def test_when_the_messenger_itself_is_dead_the_next_one_says_so_once(
        self, ding: Person, in_yunqiao: Street
    ) -> None:
        job_id = tell_of_dead_jobs.defer(street=str(in_yunqiao.id))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job_id])
            cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job_id])
        for days in range(3):
            tell(clock.now() + days * DAY)
        assert Notice.objects.count() == 1 and ProcrastinateJob.objects.count() == 1

    def test_the_clock_asks_for_each_street(self, ding: Person, in_yunqiao: Street, hetang: Street) -> None:
        fail(in_yunqiao)
        tell_all_of_dead_jobs.func(timestamp=0)
        jobs = ProcrastinateJob.objects.filter(task_name="web.tell_of_dead_jobs")
        assert {job.args["street"] for job in jobs} == {str(in_yunqiao.id), str(hetang.id)}
        for job in jobs:
            tell_of_dead_jobs.func(**job.args)
        assert Notice.objects.filter(person=ding).count() == 1


# The library's own jobs, and those that a test of another file made for itself.
NOT_OURS = ("builtin", "procrastinate", "tests.")


class TestEveryJob:
    def test_of_a_street_has_words(self) -> None:
        own = {name for name in app.tasks if not name.startswith(NOT_OURS)}
        periodic = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
        assert own - periodic == set(dead_letters.DOES)

    def test_is_tried_again_or_comes_back_by_the_clock(self) -> None:
        """What follows a fact is retried; what the clock starts comes again by itself."""
        periodic = {task.task.name for task in app.periodic_registry.periodic_tasks.values()}
        tried_once = {name for name, task in app.tasks.items() if task.retry_strategy is None}
        once = {name for name in tried_once - periodic if not name.startswith(NOT_OURS)}
        # Deferred by the clock, a street at a time: the next round does the same again.
        by_the_clock = {
            "journal.seal", "journal.sweep", "photos.sweep", "grid.take_effect", "grid.forget_uploads",
            "people.apply_phone_changes", "web.tell_of_dead_jobs",
        }  # fmt: skip
        assert once <= by_the_clock, once - by_the_clock


def test_a_job_outlives_a_restart_of_the_database_and_is_not_tried_for_weeks(db: None) -> None:
    for name, task in app.tasks.items():
        strategy = task.retry_strategy
        if strategy is None:
            continue
        assert isinstance(strategy, RetryStrategy) and strategy.max_attempts, name
        waits = sum(
            strategy.wait + strategy.linear_wait * tried + strategy.exponential_wait ** (tried + 1)
            for tried in range(strategy.max_attempts)
        )
        assert timedelta(minutes=1) <= timedelta(seconds=waits) <= timedelta(hours=25), (name, waits)
