"""Who writes a draft, what may stand in it, and what came along from a version that was withdrawn."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed, NotVisible, Refused
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points.queries import verify_ledger
from huipai.rulebook import commands, queries, rules
from huipai.rulebook.commands import refusals
from huipai.rulebook.models import Approval, PointItem, RulebookVersion
from huipai.rulebook.rules import Terms, Unfit
from huipai.rulebook.words import CONSULTATION, Evidence, Standing
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import (
    A_MONTH_AGO,
    FOUND,
    FRIDAY,
    MONDAY,
    TUESDAY,
    appoint,
    decide,
    resident,
    rulebook,
    staff,
)
from tests.people.doors import Browser, words
from tests.rulebook.making import (
    CLAIMED,
    consulted,
)


class TestDraft:
    def test_one_at_a_time(self, draft: RulebookVersion, writer: Person) -> None:
        with pytest.raises(refusals.DraftIsOpen):
            commands.draft(author=writer, note="", now=TUESDAY)
        commands.abandon(version_id=draft.id, actor=writer, reason="先放下", now=TUESDAY)
        assert commands.draft(author=writer, note="", now=TUESDAY).number == 2

    def test_is_put_aside_with_a_reason(self, draft: RulebookVersion, writer: Person) -> None:
        with pytest.raises(refusals.WithoutReason):
            commands.abandon(version_id=draft.id, actor=writer, reason="", now=TUESDAY)

    def test_nobody_touches_for_90_days_is_put_aside_by_the_clock(self, draft: RulebookVersion) -> None:
        assert commands.keep_time(now=MONDAY + timedelta(days=89)) == 0
        assert commands.keep_time(now=MONDAY + timedelta(days=91)) == 1
        draft.refresh_from_db()
        assert (draft.standing(FRIDAY), draft.ended_by) == (Standing.ABANDONED, None)
        assert commands.keep_time(now=MONDAY + timedelta(days=91)) == 0

    def test_the_end_of_consultation_is_said_once(self, draft: RulebookVersion, writer: Person) -> None:
        over = consulted(draft, writer)
        assert [commands.keep_time(now=over) for _ in range(2)] == [1, 0]
        assert Entry.objects.filter(what="rulebook.consultation_closed").count() == 1


class TestWho:
    def test_only_an_editor_writes(self, draft: RulebookVersion, members: list[Person]) -> None:
        with pytest.raises(NotAllowed):
            commands.put_item(version_id=draft.id, actor=members[0], terms=FOUND, now=MONDAY)
        with pytest.raises(NotAllowed):
            commands.draft(author=members[0], note="", now=MONDAY)

    def test_an_unfit_item_says_its_ground(self, draft: RulebookVersion, writer: Person) -> None:
        terms = replace(CLAIMED, evidence=(Evidence.LIKES,), assessable=True)
        with pytest.raises(Unfit) as refusal:
            commands.put_item(version_id=draft.id, actor=writer, terms=terms, now=MONDAY)
        assert isinstance(refusal.value, Refused) and refusal.value.status == 422

    def test_what_was_published_without_owner_or_ground_is_asked_for_them_before_the_next_version(
        self, draft: RulebookVersion, writer: Person
    ) -> None:
        for terms, code in (
            (replace(FOUND, owner=""), "rulebook_without_owner"),
            (replace(FOUND, legal_ground=""), "rulebook_without_ground"),
        ):
            with pytest.raises(Unfit) as refusal:
                commands.put_item(version_id=draft.id, actor=writer, terms=terms, now=MONDAY)
            assert refusal.value.code == code
            # As it came along from a version of before.
            PointItem.objects.filter(version=draft).update(**rules.to_json(terms))
            with pytest.raises(Unfit) as refusal:
                consulted(draft, writer)
            assert refusal.value.code == code
        commands.put_item(version_id=draft.id, actor=writer, terms=FOUND, now=MONDAY)
        assert consulted(draft, writer)

    def test_a_code_that_is_not_there_cannot_be_struck(self, draft: RulebookVersion, writer: Person) -> None:
        with pytest.raises(refusals.UnknownItem):
            commands.strike_item(version_id=draft.id, actor=writer, code="ox-77", now=MONDAY)

    def test_another_streets_draft_does_not_exist(self, draft: RulebookVersion, hetang: Street) -> None:
        with in_street(hetang.id):
            stranger = appoint(staff("外", "13900000012"), Role.RULEBOOK_EDITOR)
            with pytest.raises(NotVisible):
                commands.put_item(version_id=draft.id, actor=stranger, terms=FOUND, now=MONDAY)
            with pytest.raises(NotVisible):
                commands.withdraw(version_id=draft.id, actor=stranger, reason="x", now=MONDAY)
            assert queries.in_force(FRIDAY) is None
            assert not Approval.objects.exists()

    def test_each_street_numbers_its_own_versions(self, yunqiao: Street, hetang: Street) -> None:
        for street in (yunqiao, hetang):
            with in_street(street.id):
                assert rulebook(FOUND, since=A_MONTH_AGO).number == 1


class TestCarriedOver:
    """What a withdrawn version changed does not come with one that was begun on top of it."""

    NEW = replace(FOUND, code="woodpecker-66", title="头一条新的", why="少这一条")

    def coming(self, writer: Person, *, terms: Terms, at: datetime) -> RulebookVersion:
        version = commands.draft(author=writer, note="", now=at)
        commands.put_item(version_id=version.id, actor=writer, terms=terms, now=at)
        commands.consult(version_id=version.id, actor=writer, until=at + CONSULTATION, now=at)
        decided = at + CONSULTATION
        return decide(version, writer, effective_from=decided + timedelta(days=40), now=decided)

    def test_what_is_published_on_top_goes_with_what_was_withdrawn(self, writer: Person, members: list[Person]) -> None:
        first = rulebook(FOUND)
        second = self.coming(writer, terms=self.NEW, at=MONDAY)
        third = self.coming(writer, terms=replace(FOUND, points=6, why="偏少"), at=MONDAY + CONSULTATION)
        at = MONDAY + 3 * CONSULTATION
        said = commands.object_to(version_id=second.id, person=resident(), code=self.NEW.code, text="不好", now=at)
        commands.uphold(remark_id=said.id, actor=members[0], answer="是不好", now=at)
        third.refresh_from_db()
        assert third.standing(at) == Standing.WITHDRAWN and "第 2 版" in third.end_reason
        assert queries.item_in_force(self.NEW.code, at + timedelta(days=90)) is None
        assert queries.in_force(at + timedelta(days=90)) == first
        assert not [*verify_ledger(first.street)]

    def test_one_that_holds_nothing_of_it_begins_all_the_same(self, writer: Person) -> None:
        rulebook(FOUND)
        second = self.coming(writer, terms=replace(FOUND, points=7, why="偏少"), at=MONDAY)
        third = self.coming(writer, terms=replace(FOUND, points=6, why="偏多"), at=MONDAY + CONSULTATION)
        at = MONDAY + 3 * CONSULTATION
        commands.withdraw(version_id=second.id, actor=writer, reason="算错了", now=at)
        third.refresh_from_db()
        assert third.ended_at is None and queries.in_force(at + timedelta(days=90)) == third

    def test_a_draft_says_what_came_along_and_takes_it_out(self, writer: Person) -> None:
        rulebook(FOUND, replace(self.NEW, code="woodpecker-05", title="另一条"))
        second = commands.draft(author=writer, note="", now=MONDAY)
        for terms in (self.NEW, replace(FOUND, points=6, why="偏少")):
            commands.put_item(version_id=second.id, actor=writer, terms=terms, now=MONDAY)
        commands.strike_item(version_id=second.id, actor=writer, code="woodpecker-05", why="用不着", now=MONDAY)
        commands.consult(version_id=second.id, actor=writer, until=MONDAY + CONSULTATION, now=MONDAY)
        decide(second, writer, effective_from=MONDAY + timedelta(days=60), now=MONDAY + CONSULTATION)
        at = MONDAY + 2 * CONSULTATION
        third = commands.draft(author=writer, note="", now=at)
        own = replace(FOUND, code="woodpecker-77", title="自己的一条", why="也少")
        commands.put_item(version_id=third.id, actor=writer, terms=own, now=at)
        commands.put_item(version_id=third.id, actor=writer, terms=replace(self.NEW, why="照旧写上"), now=at)
        commands.withdraw(version_id=second.id, actor=writer, reason="算错了", now=at + timedelta(hours=1))
        late = at + timedelta(hours=2)
        assert sorted(queries.carried(third)) == sorted([self.NEW.code, FOUND.code, "woodpecker-05"])
        with pytest.raises(refusals.CarriedOver, match="第 2 版"):
            commands.consult(version_id=third.id, actor=writer, until=late + CONSULTATION, now=late)
        browser = Browser().enter(writer)
        assert "从撤回了的第 2 版带过来" in words(browser.open("rulebook/desk/"))
        browser.send("rulebook/desk/carried/")
        assert commands.take_out_carried(version_id=third.id, actor=writer, now=late) == []
        third.refresh_from_db()
        leads = queries.changes(third)
        assert [change.code for change in leads.all] == [own.code] and third.struck == {}
        commands.consult(version_id=third.id, actor=writer, until=late + CONSULTATION, now=late)
