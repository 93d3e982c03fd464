"""The board approves exactly what it has read: two of its sides, none of them its author."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.grid import jobs as grid_jobs
from huipai.grid.models import Absence, Assignment
from huipai.grid.words import AbsenceKind
from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.rulebook import commands, queries
from huipai.rulebook.commands import refusals
from huipai.rulebook.commands.refusals import SheetMoved
from huipai.rulebook.models import Approval, RulebookVersion
from huipai.rulebook.words import PUBLICITY
from tests.cast import (
    A_MONTH_AGO,
    FOUND,
    MONDAY,
    TUESDAY,
    appoint,
    resident,
    rulebook,
    staff,
)
from tests.rulebook.making import (
    DECIDED,
    approved,
    consulted,
    publish,
    tried,
)


class TestApprove:
    def test_waits_for_consultation_answers_and_a_dry_run_of_this_content(
        self, draft: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        for step, refused in (
            (lambda: None, refusals.NotConsulted),
            (lambda: consulted(draft, writer), refusals.NotTriedOut),
        ):
            step()
            with pytest.raises(refused):
                approved(draft, members[:1])
        content = queries.content_hash(draft.id)
        with pytest.raises(refusals.StillConsulting):
            commands.approve(version_id=draft.id, approver=members[0], content_hash=content, now=TUESDAY)
        tried(draft, writer)
        approved(draft, members[:1])
        commands.put_item(version_id=draft.id, actor=writer, terms=replace(FOUND, points=6), now=DECIDED)
        with pytest.raises(refusals.NotConsultedOnThis):
            approved(draft, members[:1])
        later = consulted(draft, writer, now=DECIDED)
        with pytest.raises(refusals.NotTriedOut):
            approved(draft, members[:1], now=later)

    def test_waits_for_a_run_of_late_but_not_for_one_more_because_the_month_turned(
        self, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        this_month = DECIDED.replace(day=1)
        turned = (this_month + timedelta(days=32)).replace(day=2)
        late = (turned + timedelta(days=31)).replace(day=2)
        approved(ripe, members[:1], now=turned)
        with pytest.raises(refusals.TriedLongAgo):
            approved(ripe, members[1:2], now=late)
        tried(ripe, writer, now=late)
        approved(ripe, members[1:2], now=late)

    def test_is_for_what_was_read_and_nothing_else(
        self, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        read = queries.content_hash(ripe.id)
        commands.put_item(version_id=ripe.id, actor=writer, terms=replace(FOUND, points=50), now=DECIDED)
        with pytest.raises(refusals.ContentMoved):
            commands.approve(version_id=ripe.id, approver=members[0], content_hash=read, now=DECIDED)

    def test_an_edit_leaves_the_approvals_behind_and_undoing_it_brings_them_back(
        self, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        approved(ripe, members[:2])
        commands.put_item(version_id=ripe.id, actor=writer, terms=replace(FOUND, points=50), now=DECIDED)
        tried(ripe, writer)
        with pytest.raises(refusals.NotConsultedOnThis):
            publish(ripe, writer)
        commands.put_item(version_id=ripe.id, actor=writer, terms=FOUND, now=DECIDED)
        publish(ripe, writer)

    def test_a_reworded_note_is_an_edit(self, ripe: RulebookVersion, writer: Person, members: list[Person]) -> None:
        approved(ripe, members[:2])
        commands.reword_note(version_id=ripe.id, actor=writer, note="换个说法", now=DECIDED)
        with pytest.raises(refusals.NotConsultedOnThis):
            publish(ripe, writer)

    def test_twice_by_one_is_once(self, ripe: RulebookVersion, writer: Person, members: list[Person]) -> None:
        content = queries.content_hash(ripe.id)
        first, second = (
            commands.approve(version_id=ripe.id, approver=members[0], content_hash=content, now=now)
            for now in (DECIDED, DECIDED + timedelta(hours=1))
        )
        assert first == second
        with pytest.raises(refusals.NotApproved):
            publish(ripe, writer)

    def test_two_of_one_side_are_not_enough(self, ripe: RulebookVersion, writer: Person, members: list[Person]) -> None:
        approved(ripe, members[1:])
        assert {each.seat for each in Approval.objects.all()} == {"street"}
        with pytest.raises(refusals.NotApproved):
            publish(ripe, writer)
        approved(ripe, members[:1])
        publish(ripe, writer)

    def test_a_board_of_two_cannot_decide(self, ripe: RulebookVersion, writer: Person, members: list[Person]) -> None:
        approved(ripe, members[:2])
        Assignment.objects.filter(person=members[2]).update(valid_until=TUESDAY)
        with pytest.raises(refusals.BoardTooSmall):
            publish(ripe, writer)

    def test_who_has_left_the_board_since_counts_no_more(
        self, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        approved(ripe, members[:2])
        Assignment.objects.filter(person=members[1], role=Role.BOARD_MEMBER).update(valid_until=DECIDED)
        successor = appoint(staff("补", "13900000091"), Role.BOARD_MEMBER)
        with pytest.raises(refusals.NotApproved, match="街道一方已经离开审议组") as refusal:
            publish(ripe, writer)
        assert members[1].name not in str(refusal.value.reason)
        ripe.refresh_from_db()
        with pytest.raises(IntegrityError, match="must approve this content"), transaction.atomic():
            content = queries.content_hash(ripe.id)
            RulebookVersion.objects.filter(pk=ripe.pk).update(
                content_hash=content, published_at=DECIDED, publicity_until=DECIDED + PUBLICITY,
                effective_from=DECIDED + PUBLICITY,
            )  # fmt: skip
        approved(ripe, [successor])
        publish(ripe, writer)

    def test_nor_does_who_has_left_the_street(
        self, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        """At once; and the job that follows ends what they held, and where they stood in."""
        approved(ripe, members[:2])
        post = Assignment.objects.get(person=members[1], role=Role.BOARD_MEMBER)
        Assignment.objects.filter(pk=post.pk).update(deputy=members[0])
        people.erase(person=members[0], actor=members[0], now=DECIDED)
        with pytest.raises(refusals.BoardTooSmall):
            publish(ripe, writer)
        left = Entry.objects.get(what="person.erased")
        for _twice in range(2):
            grid_jobs.leave_home(street=str(ripe.street_id), entry=str(left.id))
        assert not Assignment.objects.filter(person=members[0], valid_until=None).exists()
        post.refresh_from_db()
        assert post.deputy is None

    def test_the_author_never_approves_even_from_the_board(self, ripe: RulebookVersion, writer: Person) -> None:
        appoint(writer, Role.BOARD_MEMBER)
        with pytest.raises(NotAllowed) as refusal:
            approved(ripe, [writer])
        assert refusal.value.code == "rulebook_own_draft"

    def test_nobody_approves_what_they_have_written_a_word_of_whoever_began_it(
        self, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        second = appoint(members[2], Role.RULEBOOK_EDITOR)
        added = replace(FOUND, code="woodpecker-07", why="常有人问")

        def put_and_take_back() -> None:
            commands.put_item(version_id=ripe.id, actor=second, terms=added, now=MONDAY)
            commands.strike_item(version_id=ripe.id, actor=second, code=added.code, now=MONDAY)

        approved(ripe, [second])
        put_and_take_back()
        with pytest.raises(NotAllowed) as refusal:
            approved(ripe, [second])
        assert refusal.value.code == "rulebook_own_draft"
        ripe.refresh_from_db()
        content = queries.content_hash(ripe.id)
        assert ripe.consulted_hash == content
        assert [each.person for each in queries.board(ripe, content, DECIDED) if each.is_author] == [second]
        fourth = appoint(staff("补", "13900000091"), Role.BOARD_MEMBER)
        commands.approve(version_id=ripe.id, approver=fourth, content_hash=content, now=DECIDED)
        with pytest.raises(refusals.NotApproved):
            publish(ripe, writer)
        approved(ripe, members[:1])
        publish(ripe, writer)

    @pytest.mark.parametrize("deed", ["note", "restore", "sheet", "strike"])
    def test_every_way_to_write_makes_an_author(self, deed: str, writer: Person, members: list[Person]) -> None:
        rulebook(FOUND, since=A_MONTH_AGO)
        version = commands.draft(author=writer, note="", now=MONDAY)
        second = appoint(members[2], Role.RULEBOOK_EDITOR)
        if deed == "note":
            commands.reword_note(version_id=version.id, actor=second, note="一句", now=MONDAY)
        elif deed == "restore":
            commands.restore_item(version_id=version.id, actor=second, code=FOUND.code, now=MONDAY)
        elif deed == "strike":
            commands.strike_item(version_id=version.id, actor=second, code=FOUND.code, now=MONDAY)
        else:
            sheet = commands.keep_sheet(
                version_id=version.id, actor=second, file_name="a.xlsx", items=[FOUND], now=MONDAY
            )
            assert queries.writers(version) == {writer.id}
            commands.apply_sheet(sheet_id=sheet.id, struck={}, actor=writer, now=MONDAY)
        assert queries.writers(version) == {writer.id, second.id}

    def test_whoever_brought_a_workbook_is_its_author_though_another_shows_it_again(
        self, writer: Person, members: list[Person]
    ) -> None:
        rulebook(FOUND, since=A_MONTH_AGO)
        version = commands.draft(author=writer, note="", now=MONDAY)
        bringer, third = (appoint(member, Role.RULEBOOK_EDITOR) for member in members[1:3])
        sheet = commands.keep_sheet(version_id=version.id, actor=bringer, file_name="a.xlsx", items=[FOUND], now=MONDAY)
        commands.strike_item(version_id=version.id, actor=writer, code=FOUND.code, now=MONDAY)
        with pytest.raises(SheetMoved):
            commands.apply_sheet(sheet_id=sheet.id, struck={}, actor=third, now=MONDAY)
        again = commands.keep_again(sheet_id=sheet.id, actor=third, now=TUESDAY)
        commands.apply_sheet(sheet_id=again.id, struck={}, actor=third, now=TUESDAY)
        assert queries.writers(version) == {writer.id, bringer.id, third.id}

    def test_only_the_board_approves(self, ripe: RulebookVersion) -> None:
        with pytest.raises(NotAllowed):
            approved(ripe, [resident()])

    def test_and_each_for_themselves_no_deputy_of_theirs(self, ripe: RulebookVersion, members: list[Person]) -> None:
        """One seat would be two: its holder agrees, is away, and the deputy agrees in their stead."""
        first, deputy = members[0], staff("潘", "13900000077")
        Assignment.objects.filter(person=first, role=Role.BOARD_MEMBER).update(deputy=deputy)
        approved(ripe, [first])
        Absence.objects.create(person=first, kind=AbsenceKind.LEAVE, valid_from=A_MONTH_AGO)
        with pytest.raises(NotAllowed) as refused:
            approved(ripe, [deputy])
        assert refused.value.code == "rulebook_vote_is_personal"
        with pytest.raises(IntegrityError), transaction.atomic():
            Approval.objects.create(
                version=ripe, approver=deputy, content_hash=queries.content_hash(ripe.id), approved_at=MONDAY
            )
