"""Whose photo is developed next: nobody waits for all that another has sent (decision 0114)."""

from __future__ import annotations

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from huipai.journal import commands as journal
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.photos import jobs
from huipai.photos.models import Photo
from huipai.photos.rules.darkroom import HEAVY
from huipai.photos.words import MOST_BEHIND, Fact, State
from huipai.streets.models import Street
from tests import cast
from tests.cast import MONDAY
from tests.photos import samples
from tests.photos.makers import receive

pytestmark = [pytest.mark.django_db, pytest.mark.no_guard]


def send(person: Person, count: int = 1) -> list[Photo]:
    """So many photos, each another one."""
    sent = Photo.objects.count()
    pictures = (samples.jpeg(size=(320 + sent + number, 240)) for number in range(count))
    return [receive(new_id(), person, picture, now=MONDAY) for picture in pictures]


def record(person: Person, *, opening_cost: int) -> Photo:
    """As it is received, without a file: what it costs to open is what counts here."""
    photo = Photo.objects.create(
        id=new_id(), uploader=person, received_at=MONDAY, sha256="0" * 64, kind="jpeg", size=1, width=1, height=1,
        opening_cost=opening_cost, original_key=f"nowhere/{new_id()}", claim_source="none",
    )  # fmt: skip
    journal.record(what=Fact.RECEIVED, subject=photo.subject, actor_id=person.id, now=MONDAY)
    return photo


@pytest.fixture
def worker(in_yunqiao: Street) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT worker_id FROM procrastinate_register_worker_v1()")
        ((number,),) = cursor.fetchall()
    return int(number)


def take(worker: int) -> Photo | None:
    """The photo of the job that a free place of the worker is given next."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(ARRAY['photos'], %s)", [worker])
        ((job,),) = cursor.fetchall()
    return photo_of(job) if job else None


def photo_of(job_id: int) -> Photo:
    entry = Entry.objects.get(pk=ProcrastinateJob.objects.get(pk=job_id).args["entry"])
    return Photo.objects.get(pk=entry.subject.removeprefix("photo:"))


def job_of(photo: Photo) -> ProcrastinateJob:
    return next(job for job in ProcrastinateJob.objects.filter(queue_name="photos") if photo_of(job.id) == photo)


def develop(photo: Photo) -> None:
    """Its place is free again."""
    jobs.process.func(**job_of(photo).args)
    finish(photo)


def finish(photo: Photo) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'succeeded', false)", [job_of(photo).id])


def test_of_one_person_one_at_a_time_in_their_order_while_others_have_their_places(
    lan: Person, he: Person, worker: int
) -> None:
    first, second, third = send(lan, 3)
    [other] = send(he)
    assert [take(worker) for _place in range(4)] == [first, other, None, None]
    develop(first)
    assert [take(worker) for _place in range(2)] == [second, None]
    develop(second)
    assert take(worker) == third
    assert Photo.objects.filter(state=State.READY).count() == 2


def test_who_sends_one_goes_before_the_second_of_everybody_who_sent_many(in_yunqiao: Street, worker: int) -> None:
    """As many as the worker has places: else all of theirs went first, since they came first."""
    many = [cast.resident(name, f"1380000001{number}") for number, name in enumerate("赵钱孙李")]
    firsts = [send(person, 3)[0] for person in many]
    [late] = send(cast.resident("周", "13800000020"))
    assert [take(worker) for _place in range(4)] == [firsts[0], firsts[1], firsts[2], firsts[3]]
    finish(firsts[0])
    assert take(worker) == late


def test_behind_others_by_as_many_as_wait_and_not_without_end(lan: Person, worker: int) -> None:
    photos = send(lan, 4)
    assert [job_of(photo).priority for photo in photos] == [0, -1, -2, -3]
    for photo in photos:
        develop(photo)
    assert [job_of(photo).priority for photo in send(lan)] == [0], "none of theirs waits any more"
    for _photo in range(MOST_BEHIND):
        record(lan, opening_cost=1)
    assert [job_of(photo).priority for photo in send(lan)] == [-MOST_BEHIND]


def test_one_that_has_to_be_tried_again_holds_nobody_up(lan: Person, worker: int) -> None:
    first, second = send(lan, 2)
    assert take(worker) == first
    row = job_of(first)
    job = Job(
        id=row.id,
        queue="photos",
        lock=row.lock,
        queueing_lock=None,
        task_name=row.task_name,
        attempts=0,
        status="doing",
    )
    again = jobs.process.get_retry_exception(OSError(), job)
    assert again is not None
    decision = again.retry_decision
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procrastinate_retry_job_v2(%s, %s, %s, %s, %s)",
            [row.id, decision.retry_at, decision.priority, decision.queue, decision.lock],
        )
    assert take(worker) == second and take(worker) is None


def test_of_what_takes_very_much_memory_only_one_waits_for_its_place(lan: Person, he: Person, worker: int) -> None:
    """The others would each hold a place of the worker until it is done."""
    heavy, another = (record(person, opening_cost=HEAVY) for person in (lan, he))
    [light] = send(cast.resident("周", "13800000020"))
    assert light.opening_cost < HEAVY
    assert [take(worker) for _place in range(3)] == [heavy, light, None]
    finish(heavy)
    assert take(worker) == another
