"""From a draft to a rulebook in force: in the open, by others than its author, for exactly what they read."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.grid.models import Absence, Assignment, Unit
from huipai.grid.words import AbsenceKind
from huipai.journal.models import Entry
from huipai.kit.verdict import Moved, NotAllowed, NotVisible, Refused
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points.queries import verify_ledger
from huipai.rulebook import commands, notices, queries, rules
from huipai.rulebook.commands import refusals
from huipai.rulebook.models import Approval, PointItem, Proposal, RulebookVersion
from huipai.rulebook.rules import EndRule, Terms, Unfit
from huipai.rulebook.words import ADMITTED_LASTS, CONSULTATION, PUBLICITY, Evidence, Fact, Outcome, Review, Standing
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.by_hand import by_hand
from tests.cast import (
    A_MONTH_AGO,
    FOUND,
    FRIDAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    appoint,
    decide,
    resident,
    rulebook,
    staff,
)
from tests.people.doors import Browser, words
from tests.rulebook.making import CLAIMED, DECIDED, SWEEP, admitted, approved, consulted, entered, tried

SHOWN = DECIDED + PUBLICITY
NEXT_DAY = DECIDED + timedelta(days=1)


def publish(version: RulebookVersion, writer: Person) -> RulebookVersion:
    return commands.publish(
        version_id=version.id, actor=writer, publicity_until=SHOWN, effective_from=SHOWN + timedelta(days=1),
        now=DECIDED,
    )  # fmt: skip


@pytest.fixture
def ripe(draft: RulebookVersion, writer: Person, members: list[Person]) -> RulebookVersion:
    """Consulted and tried out: the board may decide."""
    consulted(draft, writer)
    tried(draft, writer)
    return draft


class TestTheWholeWay:
    def test_puts_in_force_what_two_sides_of_the_board_have_approved(
        self, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        approved(ripe, members[:2])
        version = publish(ripe, writer)
        standings = [version.standing(at) for at in (MONDAY, DECIDED, SHOWN, SHOWN + timedelta(days=1))]
        assert standings == [Standing.PUBLICITY, Standing.PUBLICITY, Standing.COMING, Standing.EFFECTIVE]
        assert queries.in_force(SHOWN) is None
        assert queries.in_force(SHOWN + timedelta(days=1)) == version
        assert [entry.what for entry in Entry.objects.filter(subject=f"rulebook:{version.id}").order_by("id")] == [
            "rulebook.drafted", "rulebook.item_written", "rulebook.consulted", "rulebook.dry_run_asked",
            "rulebook.dry_run_done", "rulebook.approved", "rulebook.approved", "rulebook.published",
        ]  # fmt: skip

    def test_says_on_the_way_where_it_stands(self, draft: RulebookVersion, writer: Person) -> None:
        assert draft.standing(MONDAY) == Standing.DRAFT
        consulted(draft, writer)
        draft.refresh_from_db()
        assert [draft.standing(at) for at in (TUESDAY, DECIDED)] == [Standing.CONSULTING, Standing.DECIDING]

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


class TestTheEndOfTheScheme:
    def test_is_approved_with_the_items_and_another_rule_leaves_the_approvals_behind(
        self, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        approved(ripe, members[:2])
        commands.set_end_rule(version_id=ripe.id, actor=writer, rule=EndRule(60, 120), now=DECIDED)
        with pytest.raises(Refused):
            publish(ripe, writer)
        again = consulted(RulebookVersion.objects.get(pk=ripe.pk), writer, DECIDED)
        tried(ripe, writer, again)
        approved(ripe, members[:2], again)
        begins = again + PUBLICITY + timedelta(days=1)
        commands.publish(
            version_id=ripe.id, actor=writer, publicity_until=again + PUBLICITY, effective_from=begins, now=again
        )
        assert (queries.end_rule(begins), queries.end_rule(MONDAY)) == (EndRule(60, 120), EndRule())
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            RulebookVersion.objects.update(end_notice_days=90)
        following = commands.draft(author=writer, note="", now=begins)
        assert following.end_rule == EndRule(60, 120)
        assert not [*verify_ledger(ripe.street)]


class TestConsult:
    def test_lasts_seven_days_at_least(self, draft: RulebookVersion, writer: Person) -> None:
        with pytest.raises(refusals.TooShort):
            commands.consult(version_id=draft.id, actor=writer, until=FRIDAY, now=MONDAY)

    def test_refuses_an_empty_book_an_unchanged_one_and_a_change_without_its_why(self, writer: Person) -> None:
        first = commands.draft(author=writer, note="", now=A_MONTH_AGO)
        with pytest.raises(refusals.Empty):
            consulted(first, writer, now=A_MONTH_AGO)
        commands.abandon(version_id=first.id, actor=writer, reason="重来", now=A_MONTH_AGO)
        rulebook(FOUND)
        version = commands.draft(author=writer, note="", now=MONDAY)
        with pytest.raises(refusals.Unchanged):
            consulted(version, writer)
        commands.put_item(version_id=version.id, actor=writer, terms=replace(FOUND, points=6), now=MONDAY)
        with pytest.raises(refusals.Unexplained) as refusal:
            consulted(version, writer)
        assert refusal.value.field == FOUND.code
        changed = replace(FOUND, points=6, why="五分偏少")
        commands.put_item(version_id=version.id, actor=writer, terms=changed, now=MONDAY)
        consulted(version, writer)
        with pytest.raises(refusals.ConsultedAlready):
            consulted(version, writer)

    def test_of_what_happens_at_the_end_alone_with_its_why(self, in_yunqiao: Street) -> None:
        writer = rulebook(FOUND).author
        version = commands.draft(author=writer, note="", now=MONDAY)
        commands.set_end_rule(version_id=version.id, actor=writer, rule=EndRule(60, 120), now=MONDAY)
        with pytest.raises(refusals.Unexplained) as refusal:
            consulted(version, writer)
        assert refusal.value.field == "note"
        commands.reword_note(version_id=version.id, actor=writer, note="老人来不及换", now=MONDAY)
        consulted(version, writer)

    def test_a_strike_wants_its_why_too_and_can_be_undone(self, in_yunqiao: Street) -> None:
        before = rulebook(FOUND, replace(FOUND, code="woodpecker-03"))
        writer = before.author
        version = commands.draft(author=writer, note="", now=MONDAY)
        commands.strike_item(version_id=version.id, actor=writer, code="woodpecker-03", now=MONDAY)
        with pytest.raises(refusals.Unexplained):
            consulted(version, writer)
        commands.restore_item(version_id=version.id, actor=writer, code="woodpecker-03", now=MONDAY)
        version.refresh_from_db()
        assert not queries.changes(version)
        commands.strike_item(version_id=version.id, actor=writer, code="woodpecker-03", why="没人用", now=MONDAY)
        version.refresh_from_db()
        assert [change.why for change in queries.changes(version).removed] == ["没人用"]
        consulted(version, writer)

    def test_what_is_written_in_the_meantime_is_laid_open_again_and_lasts_as_long(
        self, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        assert commands.keep_time(now=DECIDED) == 1
        added = replace(FOUND, code="woodpecker-07")
        commands.put_item(version_id=ripe.id, actor=writer, terms=added, now=DECIDED)
        tried(ripe, writer)
        with pytest.raises(refusals.NotConsultedOnThis):
            approved(ripe, members[:1])
        again = consulted(ripe, writer, now=DECIDED)
        ripe.refresh_from_db()
        assert ripe.standing(DECIDED) == Standing.CONSULTING
        said = commands.comment(
            version_id=ripe.id, person=members[0], code=added.code, text="太多了", now=DECIDED + timedelta(days=1)
        )
        with pytest.raises(refusals.StillConsulting):
            approved(ripe, members[:1])
        commands.answer(remark_id=said.id, actor=writer, outcome=Outcome.KEPT, answer="先试一版", now=again)
        approved(ripe, members[:2], now=again)
        assert [commands.keep_time(now=again) for _ in range(2)] == [1, 0]
        commands.publish(
            version_id=ripe.id, actor=writer, publicity_until=again + PUBLICITY, effective_from=again + PUBLICITY,
            now=again,
        )  # fmt: skip


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
                version_id=version.id, actor=second, file_name="a.xlsx", items=[FOUND], struck={}, now=MONDAY
            )
            assert queries.writers(version) == {writer.id}
            commands.apply_sheet(sheet_id=sheet.id, actor=writer, now=MONDAY)
        assert queries.writers(version) == {writer.id, second.id}

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


class TestPublish:
    def test_is_never_retroactive_nor_too_short(
        self, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        approved(ripe, members[:2])
        for shown, effective, refused in (
            (SHOWN, MONDAY, refusals.Retroactive),
            (SHOWN - timedelta(days=1), SHOWN, refusals.TooShort),
            (SHOWN, SHOWN - timedelta(hours=1), refusals.TooShort),
            (SHOWN, SHOWN + timedelta(days=366), refusals.TooFarOff),
        ):
            with pytest.raises(refused):
                commands.publish(
                    version_id=ripe.id, actor=writer, publicity_until=shown, effective_from=effective, now=DECIDED
                )

    def test_nothing_of_it_can_be_changed_afterwards(self, in_yunqiao: Street) -> None:
        version = rulebook(FOUND)
        changes: tuple[Callable[[], object], ...] = (
            lambda: commands.put_item(version_id=version.id, actor=version.author, terms=FOUND, now=MONDAY),
            lambda: commands.strike_item(version_id=version.id, actor=version.author, code=FOUND.code, now=MONDAY),
            lambda: commands.reword_note(version_id=version.id, actor=version.author, note="x", now=MONDAY),
            lambda: approved(version, [version.author]),
            lambda: publish(version, version.author),
            lambda: commands.abandon(version_id=version.id, actor=version.author, reason="x", now=MONDAY),
        )
        for change in changes:
            with pytest.raises(refusals.Frozen):
                change()


class TestWithdraw:
    def test_in_publicity_the_version_before_goes_on_as_if_nothing_had_been(
        self, writer: Person, members: list[Person]
    ) -> None:
        first = rulebook(FOUND, since=A_MONTH_AGO)
        version = commands.draft(author=writer, note="", now=MONDAY)
        changed = replace(FOUND, points=6, why="偏少")
        commands.put_item(version_id=version.id, actor=writer, terms=changed, now=MONDAY)
        consulted(version, writer)
        tried(version, writer)
        approved(version, members[:2])
        publish(version, writer)
        first.refresh_from_db()
        assert first.effective_until == SHOWN + timedelta(days=1)
        with pytest.raises(refusals.WithoutReason):
            commands.withdraw(version_id=version.id, actor=writer, reason=" ", now=SHOWN)
        commands.withdraw(version_id=version.id, actor=writer, reason="公示里发现算错了", now=SHOWN)
        first.refresh_from_db()
        version.refresh_from_db()
        assert (first.effective_until, version.standing(SHOWN)) == (None, Standing.WITHDRAWN)
        assert queries.in_force(SHOWN + timedelta(days=9)) == first
        assert list(queries.published()) == [first]
        fourth = commands.draft(author=writer, note="", now=SHOWN)
        assert (fourth.number, queries.version_before(fourth)) == (3, first)

    def test_what_came_in_with_it_is_admitted_still_and_enters_the_next(
        self, writer: Person, members: list[Person], sanitation: Unit, lead: Person, in_yunqiao: Street
    ) -> None:
        rulebook(FOUND, since=A_MONTH_AGO)
        proposal = commands.propose(unit=sanitation, proposer=lead, terms=SWEEP, now=MONDAY)
        version = entered(proposal, writer, members)
        commands.withdraw(version_id=version.id, actor=writer, reason="别处写错了", now=NEXT_DAY)
        proposal.refresh_from_db()
        assert (proposal.state, proposal.due_at) == (Review.ADMITTED, NEXT_DAY + ADMITTED_LASTS)
        assert not [*verify_ledger(in_yunqiao)]
        entry = Entry.objects.get(what=Fact.READMITTED)
        notices.tell(entry_id=entry.id, now=NEXT_DAY)
        told = {each.person for each in Notice.objects.filter(kind=Fact.READMITTED)}
        assert {lead, writer} <= told and not told & set(members)
        again = entered(proposal, writer, members, at=NEXT_DAY)
        assert queries.item(again, SWEEP.code)
        proposal.refresh_from_db()
        assert proposal.state == Review.ENTERED and not [*verify_ledger(in_yunqiao)]
        with pytest.raises(IntegrityError, match="what was decided of a proposal stays"), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(state=Review.ADMITTED)
        # What its unit asks for anew is what counts then.
        commands.propose(unit=sanitation, proposer=lead, terms=replace(SWEEP, points=4), now=NEXT_DAY)
        commands.withdraw(version_id=again.id, actor=writer, reason="又写错了", now=NEXT_DAY + CONSULTATION)
        proposal.refresh_from_db()
        assert proposal.state == Review.ENTERED and not [*verify_ledger(in_yunqiao)]

    def test_its_unit_may_take_it_back_then(
        self, writer: Person, members: list[Person], sanitation: Unit, lead: Person
    ) -> None:
        proposal = commands.propose(unit=sanitation, proposer=lead, terms=SWEEP, now=MONDAY)
        version = entered(proposal, writer, members)
        commands.withdraw(version_id=version.id, actor=writer, reason="别处写错了", now=NEXT_DAY)
        commands.take_proposal_back(proposal_id=proposal.id, actor=lead, reason="不要了", now=NEXT_DAY)
        proposal.refresh_from_db()
        assert proposal.state == Review.WITHDRAWN

    def test_what_is_in_force_is_not_withdrawn(self, in_yunqiao: Street) -> None:
        version = rulebook(FOUND)
        with pytest.raises(Moved):
            commands.withdraw(version_id=version.id, actor=version.author, reason="晚了", now=MONDAY)


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


BY_HAND = (
    "UPDATE rulebook_rulebookversion SET effective_from = effective_from + interval '1 day' WHERE number = 2",
    "UPDATE rulebook_rulebookversion SET author_id = (SELECT approver_id FROM rulebook_approval LIMIT 1)",
    "UPDATE rulebook_rulebookversion SET publicity_until = publicity_until + interval '1 hour' WHERE number = 2",
    "UPDATE rulebook_rulebookversion SET effective_until = effective_until - interval '1 hour' WHERE number = 1",
    "DELETE FROM rulebook_approval",
    "UPDATE rulebook_approval SET approver_id = (SELECT author_id FROM rulebook_rulebookversion LIMIT 1)"
    " WHERE id IN (SELECT id FROM rulebook_approval LIMIT 1)",
    "UPDATE rulebook_approval SET seat = 'street' WHERE seat <> 'street'",
    """UPDATE rulebook_dryrun SET result = '{"gain": 0}'""",
    """UPDATE rulebook_dryrun SET told = '{"student:people": {"of": [], "says": 9}}'""",
    "UPDATE rulebook_proposal SET is_grid_work = NULL WHERE state = 'admitted'",
    "UPDATE rulebook_proposal SET is_grid_work = NOT is_grid_work WHERE state = 'declined'",
    "UPDATE rulebook_proposal SET is_grid_work = true WHERE state = 'returned'",
    """UPDATE rulebook_proposal SET findings = '["rulebook_money"]' WHERE state = 'returned'""",
    "UPDATE rulebook_proposal SET warned_at = decided_at WHERE state = 'admitted'",
    "UPDATE rulebook_knownfield SET word = '别的'",
    "UPDATE rulebook_dryrun SET asked_at = asked_at - interval '1 day'",
    "UPDATE rulebook_dryrun SET total = total + 1",
    "UPDATE rulebook_dryrun SET begins = begins - interval '1 day'",
    "UPDATE rulebook_dryrun SET ends = ends + interval '1 day'",
    "UPDATE rulebook_proposal SET minutes_a_month = minutes_a_month + 1 WHERE state = 'admitted'",
    "UPDATE rulebook_proposal SET minutes_a_month = minutes_a_month + 1 WHERE state = 'returned'",
    "UPDATE rulebook_proposal SET reason = '别的' WHERE state = 'returned'",
    "UPDATE rulebook_proposal SET due_at = due_at + interval '90 days' WHERE state = 'returned'",
    "UPDATE rulebook_proposal SET reason = '别的' WHERE state = 'admitted'",
    "DELETE FROM rulebook_dryrun",
    "DELETE FROM rulebook_remark WHERE kind = 'comment'",
    "UPDATE rulebook_remark SET outcome = 'upheld' WHERE kind = 'objection'",
    "UPDATE rulebook_remark SET person_id = (SELECT approver_id FROM rulebook_approval LIMIT 1)",
    "DELETE FROM rulebook_writer",
    "UPDATE rulebook_writer SET person_id = (SELECT approver_id FROM rulebook_approval LIMIT 1) WHERE person_id IN"
    " (SELECT author_id FROM rulebook_rulebookversion WHERE number = 2)",
    """UPDATE rulebook_proposal SET terms = jsonb_set(terms, '{points}', '9') WHERE state = 'returned'""",
    """UPDATE rulebook_proposal SET terms = jsonb_set(terms, '{points}', '9') WHERE state = 'admitted'""",
    "UPDATE rulebook_proposal SET decided_at = decided_at + interval '1 day'",
    "UPDATE rulebook_proposal SET proposer_id = (SELECT author_id FROM rulebook_rulebookversion LIMIT 1)",
    "UPDATE rulebook_proposal SET admitted_until = admitted_until + 300 WHERE state = 'admitted'",
    "UPDATE rulebook_proposal SET admitted_until = admitted_until + 300 WHERE state = 'entered'",
    "UPDATE rulebook_proposal SET state = 'admitted' WHERE state = 'entered'",
    "UPDATE rulebook_proposal SET state = 'entered' WHERE state = 'admitted'",
    "UPDATE rulebook_proposal SET state = 'declined', is_grid_work = false WHERE state = 'returned'",
    "DELETE FROM rulebook_proposal WHERE state = 'returned'",
)


class TestProof:
    """What was decided is proved from the journal, not from a hash beside it."""

    @pytest.fixture
    def lived(
        self, in_yunqiao: Street, writer: Person, members: list[Person], sanitation: Unit, lead: Person
    ) -> Street:
        rulebook(FOUND)
        entered, waiting = (
            admitted(commands.propose(unit=sanitation, proposer=lead, terms=terms, now=MONDAY), members[0])
            for terms in (SWEEP, replace(SWEEP, code="ox-22", title="扫两条楼道"))
        )
        assert waiting.state == Review.ADMITTED
        other = replace(SWEEP, code="ox-21", title="扫小区门口")
        back = commands.propose(unit=sanitation, proposer=lead, terms=other, now=MONDAY)
        commands.give_back(proposal_id=back.id, actor=members[0], reason="写清楚几次", now=TUESDAY)
        third = replace(SWEEP, code="ox-23", title="扫河边")
        off = commands.propose(unit=sanitation, proposer=lead, terms=third, now=MONDAY)
        commands.decline(proposal_id=off.id, actor=members[0], reason="不是", is_grid_work=False, now=TUESDAY)
        commands.add_known(word="扫了几层", reason="系统里有", actor=writer, now=MONDAY)
        version = commands.draft(author=writer, note="月上限高一点", now=MONDAY)
        raised = replace(FOUND, month_cap=(FOUND.month_cap or 50) + 10, why="大家报得多了")
        commands.put_item(version_id=version.id, actor=writer, terms=raised, now=MONDAY)
        commands.enter(version_id=version.id, proposal_id=entered.id, actor=writer, why="", now=MONDAY)
        consulted(version, writer)
        mei = resident("梅", "13800000055")
        remark = commands.comment(version_id=version.id, person=mei, code="", text="再高一点", now=TUESDAY)
        commands.answer(remark_id=remark.id, actor=writer, outcome=Outcome.KEPT, answer="先这样", now=WEDNESDAY)
        tried(version, writer)
        approved(version, members[:2])
        publish(version, writer)
        said = commands.object_to(version_id=version.id, person=mei, code="", text="还是低", now=DECIDED)
        commands.dismiss(remark_id=said.id, actor=members[2], answer="下一版再看", now=DECIDED)
        assert [str(one) for one in verify_ledger(in_yunqiao)] == []
        return in_yunqiao

    @pytest.mark.no_guard
    def test_each_edit_by_hand_is_found(self, lived: Street) -> None:
        assert [statement for statement in BY_HAND if not self.found(lived, statement)] == []

    @pytest.mark.no_guard
    def test_an_item_and_the_hash_rewritten_together_are_found(self, lived: Street) -> None:
        version = RulebookVersion.objects.get(number=2)
        by_hand("UPDATE rulebook_pointitem SET month_cap = 999 WHERE version_id = %s", [version.id])
        by_hand("UPDATE rulebook_rulebookversion SET content_hash = rulebook_content_hash(street_id, id)")
        assert not list(queries.edited_by_hand())
        assert {(one.table, one.row_id) for one in verify_ledger(lived)} == {("rulebook_rulebookversion", version.id)}

    @pytest.mark.no_guard
    @pytest.mark.parametrize(
        "edit",
        [
            "UPDATE rulebook_pointitem SET why = '' WHERE version_id = %s AND code = %s",
            "DELETE FROM rulebook_pointitem WHERE version_id = %s AND code = %s",
        ],
    )
    def test_a_change_passed_off_as_carried_over_is_named(self, lived: Street, edit: str) -> None:
        version = RulebookVersion.objects.get(number=2)
        before = PointItem.objects.get(version__number=1, code=FOUND.code)
        changed = PointItem.objects.get(version=version, code=FOUND.code)
        by_hand(edit, [version.id, FOUND.code])
        by_hand("UPDATE rulebook_rulebookversion SET content_hash = rulebook_content_hash(street_id, id)")
        found = {one.row_id for one in verify_ledger(lived) if one.table == "rulebook_pointitem"}
        assert found == {changed.id if edit.startswith("UPDATE") else before.id}

    def found(self, street: Street, statement: str) -> bool:
        with transaction.atomic():
            assert by_hand(statement), statement
            tables = {one.table for one in verify_ledger(street)}
            transaction.set_rollback(True)
        return any(table in statement for table in tables)


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
