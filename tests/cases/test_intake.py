"""Intake is one statement: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from huipai.cases.commands import adding, handling, intake, locating, stepping
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, CasePhoto, CaseType, Report
from huipai.cases.rules.types import Question
from huipai.cases.type_words import QuestionKind
from huipai.journal import commands as journal
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.photos import commands as photos
from tests.cases.conftest import PARKING, Place
from tests.cast import MONDAY


class Heard:
    """A follower that only counts."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    def defer(self, **arguments: Any) -> int:
        self.told.append(arguments)
        return 1


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    follower = Heard()
    monkeypatch.setattr(journal, "_followers", {Fact.REPORTED: (follower,)})
    return follower


def nothing_was_written() -> bool:
    return not (Case.objects.exists() or Report.objects.exists() or Entry.objects.filter(what=Fact.REPORTED).exists())


class TestAllOrNothing:
    def test_a_photo_of_somebody_else_writes_nothing(self, here: Place, heard: Heard) -> None:
        sending = here.sending(here.photo(here.lan), here.photo(here.hua))
        with pytest.raises(stepping.PhotoMissing):
            here.receive(sending, here.lan)
        assert nothing_was_written() and heard.told == []

    def test_a_photo_that_never_came_writes_nothing(self, here: Place) -> None:
        sending = replace(here.sending(here.photo(here.lan)), photo_ids=(uuid4(),))
        with pytest.raises(stepping.PhotoMissing):
            here.receive(sending, here.lan)
        assert nothing_was_written()

    def test_a_photo_that_was_forgotten_meanwhile_writes_nothing(self, here: Place) -> None:
        """Of a form that lay open for a month: nothing of the picture is left."""
        photo = here.photo(here.lan)
        photos.forget_unused(now=MONDAY + timedelta(days=60))
        photo.refresh_from_db()
        assert photo.erased_at is not None
        with pytest.raises(stepping.PhotoMissing):
            here.receive(here.sending(photo), here.lan)
        assert nothing_was_written()
        case = here.report(here.hua)
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY)
        with pytest.raises(stepping.PhotoMissing):
            adding.add(
                addition_id=uuid4(), case_id=case.id, actor=here.hua, text="又来了",
                photo_ids=(self.forgotten(here, here.hua),), now=MONDAY + timedelta(days=60),
            )  # fmt: skip

    def forgotten(self, here: Place, by: Person) -> UUID:
        photo = here.photo(by)
        photos.forget_unused(now=MONDAY + timedelta(days=60))
        return photo.id

    def test_a_photo_belongs_to_one_case_and_says_so(self, here: Place) -> None:
        photo = here.photo(here.lan)
        here.receive(here.sending(photo), here.lan)
        with pytest.raises(stepping.PhotoMissing, match="已经用过一次"):
            here.receive(here.sending(photo), here.lan)
        assert Case.objects.count() == Report.objects.count() == CasePhoto.objects.count() == 1

    def test_a_retry_gets_the_stored_answer_and_tells_nobody_again(self, here: Place, heard: Heard) -> None:
        sending = here.sending(here.photo(here.lan), here.photo(here.lan))
        first, again = here.receive(sending, here.lan), here.receive(sending, here.lan)
        assert first == again
        assert [told["entry"] for told in heard.told] == [str(Entry.objects.get(what=Fact.REPORTED).id)]
        assert list(CasePhoto.objects.order_by("position").values_list("photo_id", flat=True)) == list(
            sending.photo_ids
        )

    def test_a_retry_is_answered_whatever_has_changed_since(self, here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        """The phone that did not hear the first answer must not be told to mend what has a number already."""
        sending = here.sending(here.photo(here.lan))
        first = here.receive(sending, here.lan)
        kind = CaseType.objects.filter(code=PARKING)
        floor = Question("floor", "第几层", QuestionKind.NUMBER, is_required=True)
        kind.update(questions=[floor.plain()])
        assert here.receive(sending, here.lan) == first
        kind.update(questions=[], is_active=False)
        assert here.receive(sending, here.lan) == first
        with pytest.raises(intake.NotThisId):
            here.receive(replace(sending, text="别的话"), here.lan)
        with pytest.raises(intake.UnknownType):
            here.receive(here.sending(here.photo(here.lan)), here.lan)

        def moved_away(*_given: object) -> None:
            raise locating.OutsideTheStreet(field="place")

        kind.update(is_active=True)
        monkeypatch.setattr(locating, "locate", moved_away)
        assert here.receive(sending, here.lan) == first
        assert Report.objects.count() == 1

    def test_somebody_elses_id_is_refused_like_none(self, here: Place) -> None:
        sending = here.sending(here.photo(here.lan))
        here.receive(sending, here.lan)
        with pytest.raises(intake.NotThisId):
            here.receive(replace(sending, photo_ids=(here.photo(here.hua).id,)), here.hua)

    def test_a_code_that_met_another_is_drawn_again(self, here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
        first = here.receive(here.sending(here.photo(here.lan)), here.lan)
        codes = iter([first.code, "FRESH234"])
        monkeypatch.setattr(intake, "short_code", lambda: next(codes))
        assert here.receive(here.sending(here.photo(here.lan)), here.lan).code == "FRESH234"


class TestKeptTypes:
    @pytest.fixture
    def kept(self, settings: Settings) -> Iterator[None]:
        settings.STREET_KEPT_SECONDS = 60
        yield
        intake._kept.clear()

    def test_a_type_is_asked_for_now_and_then(self, here: Place, kept: None, monkeypatch: pytest.MonkeyPatch) -> None:
        here.receive(here.sending(here.photo(here.lan)), here.lan)
        CaseType.objects.filter(code=PARKING).update(is_active=False)
        here.receive(here.sending(here.photo(here.lan)), here.lan)
        monkeypatch.setattr(intake, "monotonic", lambda: 1e12)
        with pytest.raises(intake.UnknownType):
            here.receive(here.sending(here.photo(here.lan)), here.lan)

    def test_an_unknown_type_is_not_kept(self, here: Place, kept: None) -> None:
        sending = here.sending(here.photo(here.lan), case_type="new")
        with pytest.raises(intake.UnknownType):
            here.receive(sending, here.lan)
        CaseType.objects.create(id=new_id(), code="new", name="新", limit_amount=1, limit_unit="workdays")
        assert here.receive(sending, here.lan, MONDAY).code
