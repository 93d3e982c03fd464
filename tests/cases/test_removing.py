"""What is unlawful is not kept: after the time for a review, by a second person; number and steps stay."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.cases import notices
from huipai.cases.commands import adding, filing, handling, removing
from huipai.cases.fact_words import Fact
from huipai.cases.models import Addition, Case, Note, Removal, Report
from huipai.cases.queries import proof
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import WIPED, Role
from huipai.photos import storage
from huipai.streets.current import in_street
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.test_pages import as_
from tests.cast import MONDAY

Capture = Callable[..., AbstractContextManager[list[Callable[[], object]]]]
DAY = timedelta(days=1)
AFTER = MONDAY + 31 * DAY


@pytest.fixture
def second(here: Place) -> Person:
    return cast.appoint(cast.staff("封小北", "13900018888"), Role.DISPATCHER)


def voided(place: Place, *, reason: str = "unlawful", now: object = MONDAY) -> Case:
    case = place.report(case_type=LITTER, text="不该写的话", address="不该写的地方", now=now)  # type: ignore[arg-type]
    filing.void(case_id=case.id, actor=place.dispatcher, reason=reason, text="不能留", now=now)  # type: ignore[arg-type]
    return Case.objects.get(pk=case.pk)


class TestRemoved:
    def test_words_and_pictures_go_and_number_and_steps_stay(
        self, here: Place, second: Person, django_capture_on_commit_callbacks: Capture
    ) -> None:
        case = voided(here)
        photo = case.photos.get().photo
        steps = list(case.transitions.values_list("id", flat=True))
        with django_capture_on_commit_callbacks(execute=True):
            done = [removing.remove(case_id=case.id, actor=second, now=AFTER) for _twice in range(2)]
        report, photo = Report.objects.get(), type(photo).objects.get(pk=photo.pk)
        case.refresh_from_db()
        assert done[0] == done[1] and (report.text, report.address, case.address) == ("", "", "")
        assert not photo.is_kept and photo.sha256 and not list(storage.every_file(str(here.street.id)))
        assert list(case.transitions.values_list("id", flat=True)) == steps and case.outcome == "voided"
        assert Note.objects.get(case=case).text == "不能留", "the street's own reason stays to be read"
        entry = Entry.objects.get(what=Fact.UNLAWFUL_REMOVED)
        assert entry.facts == {"voided_by": str(here.dispatcher.id), "photos": 1} and "不该" not in str(entry.facts)
        assert not list(proof.verify_cases(here.street))
        Report.objects.update(text="又写了")
        assert [one.table for one in proof.verify_cases(here.street)] == ["cases_removal"]

    def test_what_was_added_goes_too_and_nobody_finds_it_by_trying(self, here: Place, second: Person) -> None:
        case = here.report(case_type=LITTER, now=MONDAY)
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY)
        adding.add(addition_id=new_id(), case_id=case.id, actor=here.lan, text="不该补的", photo_ids=(), now=MONDAY)
        filing.void(case_id=case.id, actor=here.dispatcher, reason="unlawful", text="不能留", now=MONDAY)
        removing.remove(case_id=case.id, actor=second, now=AFTER)
        assert list(Addition.objects.values_list("text", "content_hash")) == [(WIPED, "")]

    def test_not_in_its_time_for_a_review_and_not_by_who_voided_it(self, here: Place, second: Person) -> None:
        case = voided(here)
        with pytest.raises(removing.TooSoonToRemove):
            removing.remove(case_id=case.id, actor=second, now=MONDAY + 29 * DAY)
        with pytest.raises(removing.AnotherRemoves):
            removing.remove(case_id=case.id, actor=here.dispatcher, now=AFTER)
        for stranger in (here.wei, here.coordinator, here.shi, here.hua):
            with pytest.raises(NotAllowed):
                removing.remove(case_id=case.id, actor=stranger, now=AFTER)
        assert Report.objects.get().text == "不该写的话"

    def test_only_what_was_voided_for_that_reason_and_stands_so(self, here: Place, second: Person) -> None:
        with pytest.raises(removing.NotUnlawful):
            removing.remove(case_id=voided(here, reason="test").id, actor=second, now=AFTER)
        again = voided(here)
        filing.ask_review(case_id=again.id, actor=here.lan, text="没有违法", now=MONDAY + DAY)
        with pytest.raises(removing.NotUnlawful):
            removing.remove(case_id=again.id, actor=second, now=AFTER)

    def test_another_street_is_not_there(self, here: Place, there: Place) -> None:
        case = voided(here)
        with in_street(there.street.id), pytest.raises(NotVisible):
            removing.remove(case_id=case.id, actor=there.dispatcher, now=AFTER)

    def test_the_database_wants_two_people_and_changes_nothing_later(self, here: Place, second: Person) -> None:
        case = voided(here)
        with pytest.raises(IntegrityError, match="cases_two_people_remove"), transaction.atomic():
            Removal.objects.create(case=case, voided_by=second, removed_by=second, photos=0, removed_at=AFTER)
        removing.remove(case_id=case.id, actor=second, now=AFTER)
        with pytest.raises(IntegrityError), transaction.atomic():
            Removal.objects.update(photos=0)


class TestTold:
    def test_the_hub_once_when_it_may_be_removed_and_the_reporter_afterwards(self, here: Place, second: Person) -> None:
        case = voided(here)
        voided(here, reason="test")
        assert removing.remind_of_all(now=MONDAY + 29 * DAY) == 0
        assert [removing.remind_of_all(now=AFTER) for _twice in range(2)] == [1, 0]
        notices.tell(entry_id=Entry.objects.get(what=Fact.REMOVAL_DUE).id, now=AFTER)
        assert here.dispatcher.id in Notice.objects.filter(kind=Fact.REMOVAL_DUE).values_list("person_id", flat=True)
        removing.remove(case_id=case.id, actor=second, now=AFTER)
        notices.tell(entry_id=Entry.objects.get(what=Fact.UNLAWFUL_REMOVED).id, now=AFTER)
        assert Notice.objects.get(kind=Fact.UNLAWFUL_REMOVED).person_id == here.lan.id

    def test_at_the_desk(self, here: Place, second: Person) -> None:
        case = voided(here, now=clock.now() - 31 * DAY)
        desk, path = as_(second), f"/s/yunqiao/desk/?case={case.code}"
        assert "恢复不了" in desk.get(path).content.decode()
        done = desk.post(f"/s/yunqiao/desk/{case.code}/removal/", follow=True).content.decode()
        assert "清除了，编号和经过还在" in done and "1 张照片" in done and "恢复不了" not in done
        assert as_(here.lan).get(f"/s/yunqiao/mine/{case.code}/").status_code == 200
