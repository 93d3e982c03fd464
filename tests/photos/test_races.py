"""Two at once, and a process that dies in the middle: real transactions, real processes."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, connections, transaction
from django.test import override_settings

from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.photos import commands
from huipai.photos.models import Photo
from huipai.photos.storage import SealedFolder
from huipai.streets.current import in_street
from tests.cast import MONDAY
from tests.photos import samples
from tests.photos.makers import JAM, files_in, receive

pytestmark = pytest.mark.django_db(transaction=True)


class Meeting(SealedFolder):
    """A storage at which two uploads meet after each has put its file away, before either writes its row."""

    barrier = threading.Barrier(2, timeout=20)

    def _save(self, name: str, content: Any) -> str:
        kept = super()._save(name, content)
        if "/originals/" in name:
            self.barrier.wait()
        return kept


@pytest.fixture
def meeting(folder: Path):
    storages = {**settings.STORAGES, "photos": {"BACKEND": f"{__name__}.Meeting", "OPTIONS": {"location": folder}}}
    with override_settings(STORAGES=storages):
        yield


def both(street_id: UUID, *calls: Callable[[], object]) -> list[object]:
    """What each of the calls answers or raises, all running at once."""
    answers: list[object] = [None] * len(calls)

    def run(number: int) -> None:
        try:
            with in_street(street_id):
                answers[number] = calls[number]()
        except Exception as refused:
            answers[number] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


class TestTwoUploadsAtOnce:
    def test_without_our_guard_the_second_fails(self, lan, in_yunqiao):
        """The race is real: both see that the id is free, and the database refuses one of them."""
        photo_id, barrier = new_id(), threading.Barrier(2, timeout=20)

        def look_then_insert() -> object:
            assert not Photo.objects.filter(pk=photo_id).exists()
            barrier.wait()
            return Photo.objects.create(
                id=photo_id, uploader=lan, received_at=MONDAY, sha256="0" * 64, kind="jpeg", size=1, width=1, height=1,
                opening_cost=1, original_key="x",
            )  # fmt: skip

        answers = both(in_yunqiao.id, look_then_insert, look_then_insert)
        assert {type(answer) for answer in answers} == {Photo, IntegrityError}

    def test_with_it_both_get_the_one_photo(self, lan, in_yunqiao, folder, meeting):
        photo_id = new_id()
        answers = both(in_yunqiao.id, *[lambda: receive(photo_id, lan)] * 2)
        assert answers == [Photo.objects.get(pk=photo_id)] * 2
        assert len(files_in(folder)) == 1 and (folder / Photo.objects.get().original_key).exists()
        assert Entry.objects.filter(what="photo.received").count() == 1

    def test_of_two_people_with_one_id_one_is_refused(self, lan, he, in_yunqiao, folder, meeting):
        photo_id = new_id()
        answers = both(in_yunqiao.id, lambda: receive(photo_id, lan), lambda: receive(photo_id, he))
        assert {type(answer) for answer in answers} == {Photo, commands.NotThisId}
        assert len(files_in(folder)) == 1 and (folder / Photo.objects.get().original_key).exists()

    def test_another_streets_person_with_the_same_id_is_refused_alike(self, lan, qiu, hetang, in_yunqiao, folder):
        photo_id = new_id()
        receive(photo_id, lan)
        with in_street(hetang.id), pytest.raises(commands.NotThisId):
            receive(photo_id, qiu)
        assert len(files_in(folder)) == 1


class TestTwoJobsAtOnce:
    def test_one_set_of_copies_stays(self, lan, in_yunqiao, folder):
        photo = receive(new_id(), lan)
        answers = both(in_yunqiao.id, *[lambda: commands.process(photo_id=photo.id, now=MONDAY)] * 2)
        assert sum(answer is not None for answer in answers) == 1, answers
        kept = Photo.objects.get()
        assert kept.is_ready and {folder / key for key in kept.keys} == set(files_in(folder))
        assert Entry.objects.filter(what="photo.ready").count() == 1


class Dying(SealedFolder):
    """A storage whose process is killed as soon as the file lies there."""

    def _save(self, name: str, content: Any) -> str:
        super()._save(name, content)
        os.kill(os.getpid(), 9)
        return name


DYING = """
import sys, uuid, django
django.setup()
from django.conf import settings
from huipai.people.models import Person
from huipai.photos import commands
from huipai.streets.current import in_street
from tests.cast import MONDAY
from tests.photos.makers import receive
street, person, photo, deed = sys.argv[1:]
with in_street(uuid.UUID(street)):
    if deed == "receive":
        receive(uuid.UUID(photo), Person.objects.get(pk=person))
    else:
        commands.process(photo_id=uuid.UUID(photo), now=MONDAY)
"""


def killed_while(deed: str, photo_id: UUID, uploader: Person, folder: Path) -> None:
    database = settings.DATABASES["default"]
    done = subprocess.run(
        [sys.executable, "-c", DYING, str(uploader.street_id), str(uploader.pk), str(photo_id), deed],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "huipai.config.settings",
            "DATABASE_URL": f"postgresql:///{connection.settings_dict['NAME']}?host={database['HOST']}"
            f"&user={database['USER']}",
            "HUIPAI_PHOTO_STORAGE": f"{__name__}.Dying",
            "HUIPAI_PHOTO_STORAGE_OPTIONS": f'{{"location": "{folder}"}}',
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -9, done.stderr


class TestKilled:
    def test_between_the_file_and_its_row(self, lan, folder):
        photo_id = new_id()
        killed_while("receive", photo_id, lan, folder)
        assert len(files_in(folder)) == 1 and not Photo.objects.exists(), "an orphan, and no half photo"
        photo = receive(photo_id, lan)
        assert commands.sweep(now=clock.now()) == 0, "too young to be sure"
        assert commands.sweep(now=clock.now() + timedelta(days=2)) == 1
        assert files_in(folder) == [folder / photo.original_key]

    def test_between_the_copies_and_the_row(self, lan, folder):
        photo = receive(new_id(), lan)
        killed_while("process", photo.id, lan, folder)
        assert not Photo.objects.get().is_ready
        done = commands.process(photo_id=photo.id, now=MONDAY)
        assert done is not None and done.is_ready
        commands.sweep(now=clock.now() + timedelta(days=2))
        assert set(files_in(folder)) == {folder / key for key in done.keys}

    def test_a_sweep_beside_an_upload_takes_nothing_of_it(self, lan, in_yunqiao, folder):
        photo_id = new_id()
        both(in_yunqiao.id, lambda: receive(photo_id, lan), *[lambda: commands.sweep(now=clock.now())] * 3)
        assert (folder / Photo.objects.get().original_key).exists()


def test_a_rolled_back_upload_leaves_no_job_and_a_file_for_the_sweep(lan, folder):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        receive(new_id(), lan, samples.screenshot())
        _ = 1 / 0
    assert not Photo.objects.exists() and len(files_in(folder)) == 1
    assert commands.sweep(now=clock.now() + timedelta(days=2)) == 1
    assert receive(new_id(), lan, JAM)
