"""Comments on what is laid open, objections to what is published, and an answer for each."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.points import queries as points
from huipai.rulebook import commands, queries
from huipai.rulebook.commands import refusals
from huipai.rulebook.models import Postponement, Remark, RulebookVersion
from huipai.rulebook.words import PUBLICITY, Fact, Outcome, Said, Standing
from huipai.streets.models import Street
from tests.cast import FOUND, MONDAY, TUESDAY, board, decide, resident, rulebook
from tests.people.doors import Browser, words
from tests.rulebook.making import DECIDED, approved, consulted, tried

MOMENT = timedelta(microseconds=1)


@pytest.fixture
def lan(in_yunqiao: Street) -> Person:
    return resident()


@pytest.fixture
def open_draft(draft: RulebookVersion, writer: Person) -> RulebookVersion:
    consulted(draft, writer)
    return draft


@pytest.fixture
def shown(open_draft: RulebookVersion, writer: Person) -> RulebookVersion:
    """In publicity."""
    return decide(open_draft, writer, effective_from=DECIDED + PUBLICITY + timedelta(days=1), now=DECIDED)


def comment(version: RulebookVersion, person: Person, text: str = "五分偏少") -> Remark:
    return commands.comment(version_id=version.id, person=person, code=FOUND.code, text=text, now=TUESDAY)


def objection(version: RulebookVersion, person: Person) -> Remark:
    return commands.object_to(version_id=version.id, person=person, code="", text="孩子的事没写清", now=DECIDED)


class TestComment:
    def test_is_answered_before_the_board_decides(
        self, open_draft: RulebookVersion, lan: Person, writer: Person, members: list[Person]
    ) -> None:
        said = comment(open_draft, lan)
        tried(open_draft, writer)
        with pytest.raises(refusals.CommentsUnanswered):
            approved(open_draft, members[:1])
        with pytest.raises(refusals.WithoutReason):
            commands.answer(remark_id=said.id, actor=writer, outcome=Outcome.KEPT, answer=" \u200b\u202e", now=DECIDED)
        with pytest.raises(refusals.WithoutReason):
            commands.answer(remark_id=said.id, actor=writer, outcome=Outcome.UPHELD, answer="好", now=DECIDED)
        commands.answer(remark_id=said.id, actor=writer, outcome=Outcome.KEPT, answer="先用一年看看", now=DECIDED)
        with pytest.raises(refusals.AnsweredAlready):
            commands.answer(remark_id=said.id, actor=writer, outcome=Outcome.ADOPTED, answer="又想了想", now=DECIDED)
        approved(open_draft, members[:2])

    def test_is_seen_by_others_once_it_has_an_answer(
        self, open_draft: RulebookVersion, lan: Person, writer: Person
    ) -> None:
        said = comment(open_draft, lan)
        assert queries.shared_remarks(open_draft, lan) == [said]
        assert queries.shared_remarks(open_draft, None) == []
        commands.answer(remark_id=said.id, actor=writer, outcome=Outcome.PARTLY, answer="改成六分", now=DECIDED)
        assert queries.shared_remarks(open_draft, None) == [said]

    def test_sent_twice_is_said_once(self, open_draft: RulebookVersion, lan: Person) -> None:
        id = new_id()
        for _ in range(2):
            commands.comment(version_id=open_draft.id, person=lan, code="", text="好", now=TUESDAY, remark_id=id)
        assert Remark.objects.count() == 1
        with pytest.raises(NotVisible):
            commands.comment(
                version_id=open_draft.id, person=resident("别", "13800000009"), code="", text="好", now=TUESDAY,
                remark_id=id,
            )  # fmt: skip

    def test_other_words_under_the_same_id_are_refused_and_not_lost(
        self, draft: RulebookVersion, lan: Person, writer: Person
    ) -> None:
        now = clock.now()
        consulted(draft, writer, now)
        browser, page, id = Browser().enter(lan), f"rulebook/{draft.number}/say/", new_id()
        assert browser.send(page, id=id, text="头一次写的").status_code == 302
        assert browser.send(page, id=id, text="头一次写的").status_code == 302
        answer = browser.send(page, id=id, text="想了想，改成二十分")
        html = answer.content.decode()
        assert answer.status_code == 409 and "想了想，改成二十分" in html and str(id) not in html
        for code, text in ((FOUND.code, "头一次写的"), ("", "另一句")):
            with pytest.raises(refusals.SaidAlready):
                commands.comment(version_id=draft.id, person=lan, code=code, text=text, now=now, remark_id=id)
        assert Remark.objects.get().text == "头一次写的"

    def test_is_kept_whole_or_refused(self, draft: RulebookVersion, lan: Person, writer: Person) -> None:
        now = clock.now()
        consulted(draft, writer, now)
        browser, page = Browser().enter(lan), f"rulebook/{draft.number}/say/"
        answer = browser.send(page, id=new_id(), text="长" * 401)
        assert answer.status_code == 422 and "长" * 401 in answer.content.decode()
        lines = "\r\n".join(["行"] * 200)  # as a browser counts it: 399 signs
        assert browser.send(page, id=new_id(), text=lines).status_code == 302
        said = Remark.objects.get()
        assert said.text == lines.replace("\r\n", "\n")
        with pytest.raises(refusals.SaidTooLong):
            commands.answer(remark_id=said.id, actor=writer, outcome=Outcome.KEPT, answer="长" * 401, now=now)
        with pytest.raises(refusals.ReasonTooLong):
            commands.abandon(version_id=draft.id, actor=writer, reason="长" * 201, now=now)

    def test_has_its_time(self, draft: RulebookVersion, writer: Person, lan: Person) -> None:
        with pytest.raises(NotVisible):
            comment(draft, lan)
        consulted(draft, writer)
        with pytest.raises(refusals.NothingSaid):
            comment(draft, lan, " \u200b\u202e")
        with pytest.raises(refusals.NotOpenForComments):
            commands.comment(version_id=draft.id, person=lan, code="", text="晚了", now=DECIDED)

    def test_of_one_person_there_are_twenty_open_at_most(self, open_draft: RulebookVersion, lan: Person) -> None:
        for number in range(20):
            comment(open_draft, lan, f"第 {number} 条")
        with pytest.raises(refusals.TooMuchSaid):
            comment(open_draft, lan)

    def test_only_the_editor_answers(self, open_draft: RulebookVersion, lan: Person, members: list[Person]) -> None:
        said = comment(open_draft, lan)
        with pytest.raises(NotAllowed):
            commands.answer(remark_id=said.id, actor=members[0], outcome=Outcome.KEPT, answer="不", now=TUESDAY)


class TestObjection:
    def test_upheld_in_publicity_takes_the_version_back(
        self, shown: RulebookVersion, lan: Person, members: list[Person]
    ) -> None:
        said = objection(shown, lan)
        commands.uphold(remark_id=said.id, actor=members[0], answer="是没写清", now=DECIDED + timedelta(days=2))
        shown.refresh_from_db()
        assert shown.standing(DECIDED + timedelta(days=9)) == Standing.WITHDRAWN
        assert queries.in_force(DECIDED + timedelta(days=30)) is None

    def test_upheld_later_changes_nothing_that_was_earned(self, lan: Person) -> None:
        version = rulebook(FOUND)
        said = commands.object_to(version_id=version.id, person=lan, code=FOUND.code, text="偏少", now=MONDAY)
        commands.uphold(remark_id=said.id, actor=board(1)[0], answer="下一版改", now=TUESDAY)
        assert queries.in_force(TUESDAY) == version

    def test_is_decided_by_the_board_but_not_by_the_author_nor_by_the_objector(
        self, shown: RulebookVersion, lan: Person, writer: Person, members: list[Person]
    ) -> None:
        theirs, own = objection(shown, lan), objection(shown, members[0])
        for remark, one in ((theirs, lan), (theirs, writer), (own, members[0])):
            with pytest.raises(NotAllowed):
                commands.dismiss(remark_id=remark.id, actor=one, answer="不", now=DECIDED)
        for wrong in (writer, lan):
            with pytest.raises(IntegrityError), transaction.atomic():
                Remark.objects.filter(pk=theirs.pk).update(
                    outcome=Outcome.DISMISSED, answer="不", answered_by=wrong, answered_at=DECIDED
                )
        commands.dismiss(remark_id=theirs.id, actor=members[0], answer="写在说明里了", now=DECIDED)
        assert Remark.objects.get(pk=theirs.pk).outcome == Outcome.DISMISSED

    def test_is_to_what_is_published(self, open_draft: RulebookVersion, lan: Person) -> None:
        with pytest.raises(NotVisible):
            objection(open_draft, lan)

    def test_an_old_version_is_history(self, lan: Person) -> None:
        old = rulebook(FOUND)
        rulebook(FOUND, since=TUESDAY)
        with pytest.raises(refusals.NotOpenForObjections):
            objection(RulebookVersion.objects.get(pk=old.pk), lan)
        assert not Remark.objects.filter(kind=Said.OBJECTION).exists()


class TestObjectionsComeFirst:
    """A version does not take effect while an objection to it is undecided; its day moves."""

    BEGINS = DECIDED + PUBLICITY + timedelta(days=1)

    def begins(self, version: RulebookVersion) -> datetime | None:
        version.refresh_from_db()
        return version.effective_from

    def test_the_day_moves_as_long_as_nobody_decides(
        self, shown: RulebookVersion, lan: Person, members: list[Person]
    ) -> None:
        said = objection(shown, lan)
        assert self.begins(shown) == self.BEGINS  # there is time to decide
        commands.keep_time(now=self.BEGINS - timedelta(days=1, hours=1))
        assert self.begins(shown) == self.BEGINS
        late = self.BEGINS - timedelta(hours=20)
        commands.keep_time(now=late)
        commands.keep_time(now=late)
        moved = self.begins(shown)
        assert moved == self.BEGINS + timedelta(days=3)
        assert queries.in_force(self.BEGINS + timedelta(hours=1)) is None
        assert Entry.objects.filter(what=Fact.POSTPONED).count() == 1
        assert ProcrastinateJob.objects.filter(task_name="rulebook.tell").filter(
            args__entry=str(Entry.objects.get(what=Fact.POSTPONED).id)
        ).exists()  # fmt: skip
        commands.dismiss(remark_id=said.id, actor=members[0], answer="写在说明里了", now=late)
        commands.keep_time(now=moved - timedelta(hours=1))
        assert self.begins(shown) == moved and queries.in_force(moved) == shown

    def test_one_that_comes_late_has_three_days_all_the_same(
        self, shown: RulebookVersion, lan: Person, members: list[Person]
    ) -> None:
        late = self.BEGINS - timedelta(hours=2)
        said = commands.object_to(version_id=shown.id, person=lan, code="", text="没看明白", now=late)
        assert self.begins(shown) == self.BEGINS + timedelta(days=3)
        commands.uphold(remark_id=said.id, actor=members[0], answer="是没写清", now=self.BEGINS + timedelta(days=1))
        shown.refresh_from_db()
        assert shown.standing(self.BEGINS + timedelta(days=9)) == Standing.WITHDRAWN

    def test_of_one_person_one_objection_holds_it_up_and_the_next_is_heard_all_the_same(
        self, shown: RulebookVersion, lan: Person, members: list[Person]
    ) -> None:
        late = self.BEGINS - timedelta(minutes=5)
        first = commands.object_to(version_id=shown.id, person=lan, code="", text="不同意", now=late)
        commands.dismiss(remark_id=first.id, actor=members[0], answer="写在说明里了", now=late + timedelta(minutes=1))
        moved = self.BEGINS + timedelta(days=3)
        assert self.begins(shown) == moved
        again = moved - timedelta(minutes=5)
        second = commands.object_to(version_id=shown.id, person=lan, code="", text="还是不同意", now=again)
        commands.keep_time(now=again)
        assert self.begins(shown) == moved and queries.in_force(moved) == shown
        # It has its answer, after the day as before it, and what was paid meanwhile was paid by what was in force.
        commands.dismiss(remark_id=second.id, actor=members[0], answer="还是那句", now=moved + timedelta(hours=1))
        assert queries.in_force(moved) == shown and not [*points.verify_ledger(shown.street)]
        other = resident("华小山", "13800000072")
        shown_again = queries.standing(shown, moved)
        assert shown_again == Standing.EFFECTIVE
        commands.object_to(version_id=shown.id, person=other, code="", text="没看明白", now=moved + timedelta(hours=2))
        assert self.begins(shown) == moved

    def test_the_one_before_goes_on_and_the_one_after_waits_too(self, lan: Person, writer: Person) -> None:
        old = rulebook(FOUND)
        first = MONDAY + timedelta(days=40)
        new = rulebook(replace(FOUND, points=6), since=first)
        newest = rulebook(replace(FOUND, points=7), since=first + timedelta(days=5))
        late = first - timedelta(hours=1)
        said = commands.object_to(version_id=new.id, person=lan, code="", text="没看明白", now=late)
        after = first + timedelta(days=3)
        assert [self.begins(one) for one in (new, newest)] == [after, after + timedelta(days=5)]
        assert queries.in_force(after + timedelta(days=9)) == old  # nobody has decided, and no job has run
        commands.dismiss(remark_id=said.id, actor=board(1)[0], answer="写在说明里了", now=first)
        for at, version in ((first, old), (after - MOMENT, old), (after, new), (after + timedelta(days=5), newest)):
            assert queries.in_force(at) == version
        street = old.street
        assert list(points.verify_ledger(street)) == []

    def test_to_what_is_in_force_it_changes_no_day(self, lan: Person) -> None:
        version = rulebook(FOUND)
        before = version.effective_from
        objection(version, lan)
        commands.keep_time(now=DECIDED)
        assert self.begins(version) == before and not Postponement.objects.exists()

    def test_in_the_last_minute_it_is_one_to_what_is_in_force(self, shown: RulebookVersion, lan: Person) -> None:
        commands.object_to(version_id=shown.id, person=lan, code="", text="晚", now=self.BEGINS - timedelta(seconds=9))
        assert self.begins(shown) == self.BEGINS

    def test_the_database_moves_no_day_without_an_objection(
        self, shown: RulebookVersion, lan: Person, members: list[Person]
    ) -> None:
        row = {"version": shown, "was": self.BEGINS, "becomes": self.BEGINS + timedelta(days=9), "decided_at": DECIDED}
        later = {"effective_from": self.BEGINS + timedelta(days=9)}
        for act in (
            lambda: Postponement.objects.create(**row),
            lambda: RulebookVersion.objects.filter(pk=shown.pk).update(**later),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                act()
        said = objection(shown, lan)
        with pytest.raises(IntegrityError), transaction.atomic():
            RulebookVersion.objects.filter(pk=shown.pk).update(**later)  # only with its row
        commands.dismiss(remark_id=said.id, actor=members[0], answer="不", now=DECIDED)
        with pytest.raises(IntegrityError), transaction.atomic():
            Postponement.objects.create(**row)

    def test_the_pages_say_that_an_answer_is_missing(self, lan: Person, writer: Person) -> None:
        now = clock.now()
        version = rulebook(FOUND, since=now - timedelta(days=1))
        commands.object_to(version_id=version.id, person=lan, code="", text="没看明白", now=now)
        coming = rulebook(replace(FOUND, points=6), since=now + timedelta(hours=6))
        commands.object_to(version_id=coming.id, person=lan, code="", text="也没看明白", now=now)
        browser = Browser()
        for path in ("rulebook/", f"rulebook/{version.number}/changes/"):
            assert "1 条异议还没答复" in words(browser.open(path)), path
        page = words(browser.open(f"rulebook/{coming.number}/changes/"))
        assert "答复以前不施行" in page and "原定" in page
