"""What a joint task shows of its result: every case that it was about shows it, each through its own gate and term."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.cases.commands import releasing, triage, withdrawing
from huipai.cases.commands.joint import ending, visiting
from huipai.cases.models import Case, CasePhoto, JointTask
from huipai.cases.words import Moment
from huipai.journal import queries as journal
from huipai.photos import commands as photos
from huipai.photos.models import Photo
from huipai.photos.words import ErasingReason
from tests.cases.conftest import LITTER
from tests.cases.hub import Hub
from tests.cases.joint import RESULT, call_of, muster, mustered, whistled
from tests.cases.showing import Surfaces, developed
from tests.cases.test_pages import as_
from tests.cast import MONDAY
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def hub(here) -> Hub:  # type: ignore[no-untyped-def]
    return Hub.with_a_case(here, case_type=LITTER)


def another(hub: Hub) -> Case:
    return hub.place.report(hub.place.hua, case_type=LITTER)


def visited(hub: Hub, *others: Case) -> JointTask:
    place = hub.place
    task = whistled(hub, case_ids=[hub.case.id, *(one.id for one in others)])
    muster(task, place, "police", place.xu)
    visiting.convene(task_id=task.id, actor=place.coordinator, at=MONDAY + HOUR, place="东门岗亭", now=MONDAY)
    seen = place.photo_ids(place.coordinator)
    return visiting.visit(
        task_id=task.id, actor=place.coordinator, text="两边都停满",
        asked_of=mustered(), came=[call_of(task, place, "police").id],
        photo_ids=seen, now=MONDAY + HOUR,
    )  # fmt: skip


def resolve(hub: Hub, task: JointTask) -> tuple[Photo, ...]:
    """With one photo of the result; the photo of each case, in the order in which they stand."""
    by = hub.place.coordinator
    ids = hub.place.photo_ids(by)
    for _twice in range(2):
        visiting.resolve(task_id=task.id, actor=by, text=RESULT, photo_ids=ids, now=MONDAY + 2 * HOUR)
    return tuple(
        CasePhoto.objects.get(case=link.case, moment=Moment.AFTER).photo for link in task.cases.order_by("position")
    )


def test_every_case_shows_the_result_and_each_is_let_go_for_itself(hub: Hub, folder: Path) -> None:
    place, other = hub.place, another(hub)
    task = visited(hub, other)
    first, second = resolve(hub, task)
    assert first.sha256 == second.sha256 and first.id != second.id and first.uploader == second.uploader
    photo = developed(first.id)
    releasing.release(
        photo_id=first.id,
        actor=place.coordinator,
        copy_seen=photo.public_sha256,
        looked_at=MONDAY + 3 * HOUR,
        now=MONDAY + 3 * HOUR,
    )
    assert Surfaces().of(hub.case.code, first.id)["photo"] and not Surfaces().of(other.code, second.id)["photo"]
    photo = developed(second.id)
    releasing.release(
        photo_id=second.id,
        actor=place.coordinator,
        copy_seen=photo.public_sha256,
        looked_at=MONDAY + 3 * HOUR,
        now=MONDAY + 3 * HOUR,
    )
    assert Surfaces().of(other.code, second.id)["photo"]
    photos.erase(photo=first, by=None, reason=ErasingReason.RETENTION, now=MONDAY + 4 * HOUR)
    assert Surfaces().of(other.code, second.id)["photo"]


def test_every_case_has_what_was_seen_on_the_visit_and_the_page_of_the_task_shows_it_once(
    hub: Hub, folder: Path
) -> None:
    place, other = hub.place, another(hub)
    task = visited(hub, other)
    first, second = (
        CasePhoto.objects.get(case=link.case, moment=Moment.VISIT).photo for link in task.cases.order_by("position")
    )
    assert first.sha256 == second.sha256 and first.id != second.id and first.uploader == second.uploader
    page = f"/s/yunqiao/joint/{task.id}/"
    for photo in (first, second):
        developed(photo.id)
    assert as_(place.coordinator).get(page).content.decode().count('<figure class="relative">') == 1
    assert str(second.id) in as_(place.dispatcher).get(f"/s/yunqiao/desk/?view=all&case={other.code}").content.decode()
    photos.erase(photo=first, by=None, reason=ErasingReason.RETENTION, now=MONDAY + 4 * HOUR)
    html = as_(place.coordinator).get(page).content.decode()
    assert str(second.id) in html and str(first.id) not in html, "what one case lets go the other still shows"


def test_who_is_called_another_time_sees_nothing_of_the_first_visit(hub: Hub, folder: Path) -> None:
    place, other = hub.place, another(hub)
    task = visited(hub, other)
    seen = CasePhoto.objects.get(case=hub.case, moment=Moment.VISIT).photo
    developed(seen.id)
    resolve(hub, task)
    marks = {call.id: ending.Mark(5) for call in task.calls.filter(came__isnull=False)}
    ending.rate(task_id=task.id, actor=place.coordinator, marks=marks, now=MONDAY + 3 * HOUR)
    again = whistled(hub, units=("city", "guard"), now=MONDAY + 4 * HOUR)
    page = as_(place.shi).get(f"/s/yunqiao/joint/{again.id}/").content.decode()
    assert "等报到" in page and str(seen.id) not in page
    assert str(seen.id) in as_(place.coordinator).get(f"/s/yunqiao/joint/{task.id}/").content.decode()
    with pytest.raises(IntegrityError, match="cases_a_visits_photo_names_its_visit"), transaction.atomic():
        CasePhoto.objects.filter(photo=seen).update(joint_task=None)


@pytest.mark.no_guard
def test_the_photos_of_before_are_given_to_their_visit(hub: Hub, folder: Path) -> None:
    """A merge after the result took the photo along, and left the link behind; both cases had a task of their own."""
    place, older = hub.place, hub.place.report(hub.place.hua, case_type=LITTER, now=MONDAY - HOUR)
    own = visited(hub, another(hub))
    seen = CasePhoto.objects.get(case=hub.case, moment=Moment.VISIT)
    resolve(hub, own)
    other = whistled(hub, case_ids=[older.id], now=MONDAY - HOUR / 2)
    triage.merge(case_id=hub.case.id, into_id=older.id, actor=place.dispatcher, now=MONDAY + 3 * HOUR)
    seen.refresh_from_db()
    assert seen.case == older and seen.joint_task == own != other
    before = dict(CasePhoto.objects.filter(moment=Moment.VISIT).values_list("id", "joint_task"))
    migration = import_module("huipai.cases.migrations.0009_a_visits_photo_names_its_visit")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE cases_casephoto DROP CONSTRAINT cases_a_visits_photo_names_its_visit")
        cursor.execute("UPDATE cases_casephoto SET joint_task_id = NULL")
        cursor.execute(migration.NAME_THE_VISIT)
    assert dict(CasePhoto.objects.filter(moment=Moment.VISIT).values_list("id", "joint_task")) == before


def test_of_two_that_are_merged_afterwards_what_goes_on_has_each_picture_once(hub: Hub, folder: Path) -> None:
    place, other = hub.place, another(hub)
    task = visited(hub, other)
    resolve(hub, task)
    triage.merge(case_id=other.id, into_id=hub.case.id, actor=place.dispatcher, now=MONDAY + 3 * HOUR)
    goes_on = CasePhoto.objects.filter(case=hub.case, report=None)
    assert sorted(goes_on.values_list("moment", flat=True)) == [Moment.AFTER, Moment.VISIT]
    assert CasePhoto.objects.filter(case=hub.case, moment=Moment.BEFORE).count() == 2, "what each reporter took"
    assert CasePhoto.objects.filter(case=other).count() == 2, "its own stay with what is gone, and go with it"


def test_what_the_one_that_goes_on_has_let_go_comes_with_the_other(hub: Hub, folder: Path) -> None:
    place, other = hub.place, another(hub)
    first, second = (
        CasePhoto.objects.get(case=link.case, moment=Moment.VISIT).photo
        for link in visited(hub, other).cases.order_by("position")
    )
    photos.erase(photo=first, by=None, reason=ErasingReason.RETENTION, now=MONDAY + 2 * HOUR)
    triage.merge(case_id=other.id, into_id=hub.case.id, actor=place.dispatcher, now=MONDAY + 3 * HOUR)
    assert CasePhoto.objects.filter(case=hub.case, photo=second).exists()


def test_who_reported_the_other_case_sees_it_too(hub: Hub, folder: Path) -> None:
    other = another(hub)
    _first, second = resolve(hub, visited(hub, other))
    developed(second.id)
    page = as_(hub.place.hua).get(f"/s/yunqiao/mine/{other.code}/").content.decode()
    assert str(second.id) in page
    assert [one.what for one in journal.about(second.subject)][:1] == ["photo.received"]


def test_the_page_of_the_task_shows_what_was_seen_when_its_first_case_had_ended(hub: Hub, folder: Path) -> None:
    place, other = hub.place, another(hub)
    task = whistled(hub, case_ids=[hub.case.id, other.id])
    muster(task, place, "police", place.xu)
    visiting.convene(task_id=task.id, actor=place.coordinator, at=MONDAY + HOUR, place="东门岗亭", now=MONDAY)
    withdrawing.withdraw(case_id=hub.case.id, actor=place.lan, now=MONDAY + HOUR)
    [seen] = place.photo_ids(place.coordinator)
    visiting.visit(
        task_id=task.id,
        actor=place.coordinator,
        text="停满",
        asked_of=mustered(),
        came=[],
        photo_ids=(seen,),
        now=MONDAY + 2 * HOUR,
    )
    developed(seen)
    assert str(seen) in as_(place.coordinator).get(f"/s/yunqiao/joint/{task.id}/").content.decode()


def test_the_photos_of_a_visit_are_found_without_reading_those_of_the_street(hub: Hub) -> None:
    found = CasePhoto.objects.filter(joint_task=whistled(hub))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        assert "cases_photos_of_a_visit" in found.explain()
