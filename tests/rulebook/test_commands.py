"""From a draft to a rulebook in force: by others than its author, for exactly what they read."""

from dataclasses import replace

import pytest

from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed, NotVisible, Refused
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.rulebook import commands, queries
from huipai.rulebook.commands import Empty, Frozen, NotApproved, Retroactive, UnknownItem
from huipai.rulebook.models import Approval, PointItem, RulebookVersion
from huipai.rulebook.rules import Unfit
from huipai.rulebook.words import Evidence, Standing
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import A_MONTH_AGO, FOUND, FRIDAY, MONDAY, TUESDAY, WEDNESDAY, appoint, resident, rulebook, staff


@pytest.fixture
def writer(in_yunqiao: Street) -> Person:
    return appoint(staff("编", "13900000011"), Role.RULEBOOK_EDITOR)


@pytest.fixture
def board(in_yunqiao: Street) -> list[Person]:
    return [appoint(resident(name, f"1380000010{n}"), Role.BOARD_MEMBER) for n, name in enumerate("甲乙丙")]


@pytest.fixture
def draft(writer: Person) -> RulebookVersion:
    version = commands.draft(author=writer, note="头一版", now=MONDAY)
    commands.put_item(version_id=version.id, actor=writer, terms=FOUND, now=MONDAY)
    return version


class TestPublish:
    def test_puts_in_force_what_two_of_the_board_have_approved(
        self, draft: RulebookVersion, writer: Person, board: list[Person]
    ) -> None:
        for member in board[:2]:
            commands.approve(version_id=draft.id, approver=member, now=MONDAY)
        version = commands.publish(version_id=draft.id, actor=writer, effective_from=WEDNESDAY, now=TUESDAY)
        assert version.standing(TUESDAY) == Standing.COMING
        assert queries.in_force(TUESDAY) is None
        assert queries.in_force(WEDNESDAY) == version
        assert [entry.what for entry in Entry.objects.filter(subject=f"rulebook:{version.id}").order_by("id")] == [
            "rulebook.drafted", "rulebook.item_written", "rulebook.approved", "rulebook.approved", "rulebook.published",
        ]  # fmt: skip

    def test_refuses_one_approval_and_the_same_one_twice(
        self, draft: RulebookVersion, writer: Person, board: list[Person]
    ) -> None:
        first = commands.approve(version_id=draft.id, approver=board[0], now=MONDAY)
        assert commands.approve(version_id=draft.id, approver=board[0], now=TUESDAY) == first
        with pytest.raises(NotApproved):
            commands.publish(version_id=draft.id, actor=writer, effective_from=FRIDAY, now=TUESDAY)

    def test_an_edit_leaves_the_approvals_behind(
        self, draft: RulebookVersion, writer: Person, board: list[Person]
    ) -> None:
        for member in board[:2]:
            commands.approve(version_id=draft.id, approver=member, now=MONDAY)
        commands.put_item(version_id=draft.id, actor=writer, terms=replace(FOUND, points=50), now=MONDAY)
        with pytest.raises(NotApproved):
            commands.publish(version_id=draft.id, actor=writer, effective_from=FRIDAY, now=TUESDAY)
        commands.put_item(version_id=draft.id, actor=writer, terms=FOUND, now=MONDAY)
        commands.publish(version_id=draft.id, actor=writer, effective_from=FRIDAY, now=TUESDAY)

    def test_is_never_retroactive(self, draft: RulebookVersion, writer: Person, board: list[Person]) -> None:
        for member in board[:2]:
            commands.approve(version_id=draft.id, approver=member, now=MONDAY)
        with pytest.raises(Retroactive):
            commands.publish(version_id=draft.id, actor=writer, effective_from=MONDAY, now=TUESDAY)

    def test_refuses_an_empty_rulebook(self, draft: RulebookVersion, writer: Person) -> None:
        commands.strike_item(version_id=draft.id, actor=writer, code=FOUND.code, now=MONDAY)
        with pytest.raises(Empty):
            commands.publish(version_id=draft.id, actor=writer, effective_from=FRIDAY, now=TUESDAY)
        with pytest.raises(UnknownItem):
            commands.strike_item(version_id=draft.id, actor=writer, code=FOUND.code, now=MONDAY)

    def test_ends_the_version_before_it_and_begins_the_next_with_its_items(self, in_yunqiao: Street) -> None:
        first = rulebook(FOUND)
        second = rulebook(FOUND, replace(FOUND, code="woodpecker-03"), since=TUESDAY)
        first.refresh_from_db()
        assert (first.number, second.number) == (1, 2)
        assert first.effective_until == second.effective_from
        assert queries.in_force(MONDAY) == first
        assert queries.in_force(TUESDAY) == second
        third = commands.draft(author=second.author, note="", now=WEDNESDAY)
        assert PointItem.objects.filter(version=third).count() == 2

    def test_nothing_of_it_can_be_changed_afterwards(self, in_yunqiao: Street) -> None:
        version = rulebook(FOUND)
        for change in (
            lambda: commands.put_item(version_id=version.id, actor=version.author, terms=FOUND, now=MONDAY),
            lambda: commands.strike_item(version_id=version.id, actor=version.author, code=FOUND.code, now=MONDAY),
            lambda: commands.approve(version_id=version.id, approver=version.author, now=MONDAY),
            lambda: commands.publish(version_id=version.id, actor=version.author, effective_from=FRIDAY, now=MONDAY),
        ):
            with pytest.raises(Frozen):
                change()


class TestWho:
    def test_only_an_editor_writes(self, draft: RulebookVersion, board: list[Person]) -> None:
        with pytest.raises(NotAllowed):
            commands.put_item(version_id=draft.id, actor=board[0], terms=FOUND, now=MONDAY)
        with pytest.raises(NotAllowed):
            commands.draft(author=board[0], note="", now=MONDAY)

    def test_the_author_never_approves_even_from_the_board(self, draft: RulebookVersion, writer: Person) -> None:
        appoint(writer, Role.BOARD_MEMBER)
        with pytest.raises(NotAllowed) as refusal:
            commands.approve(version_id=draft.id, approver=writer, now=MONDAY)
        assert refusal.value.code == "rulebook_own_draft"

    def test_only_the_board_approves(self, draft: RulebookVersion) -> None:
        with pytest.raises(NotAllowed):
            commands.approve(version_id=draft.id, approver=resident(), now=MONDAY)

    def test_an_unfit_item_says_its_ground(self, draft: RulebookVersion, writer: Person) -> None:
        terms = replace(FOUND, evidence=(Evidence.LIKES,), assessable=True)
        with pytest.raises(Unfit) as refusal:
            commands.put_item(version_id=draft.id, actor=writer, terms=terms, now=MONDAY)
        assert isinstance(refusal.value, Refused) and refusal.value.status == 422

    def test_another_streets_draft_does_not_exist(self, draft: RulebookVersion, hetang: Street) -> None:
        with in_street(hetang.id):
            stranger = appoint(staff("外", "13900000012"), Role.RULEBOOK_EDITOR)
            with pytest.raises(NotVisible):
                commands.put_item(version_id=draft.id, actor=stranger, terms=FOUND, now=MONDAY)
            assert queries.in_force(FRIDAY) is None
            assert not Approval.objects.exists()

    def test_each_street_numbers_its_own_versions(self, yunqiao: Street, hetang: Street) -> None:
        for street in (yunqiao, hetang):
            with in_street(street.id):
                assert rulebook(FOUND, since=A_MONTH_AGO).number == 1
