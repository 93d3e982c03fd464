"""From a draft to a rulebook in force: in the open, never retroactive, and what becomes of what was withdrawn."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.grid.models import Unit
from huipai.journal.models import Entry
from huipai.kit.verdict import Moved, Refused
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.points.queries import verify_ledger
from huipai.rulebook import commands, notices, queries
from huipai.rulebook.commands import refusals
from huipai.rulebook.models import PointItem, Proposal, RulebookVersion
from huipai.rulebook.rules import EndRule
from huipai.rulebook.words import ADMITTED_LASTS, CONSULTATION, PUBLICITY, Fact, Outcome, Review, Standing
from huipai.streets.models import Street
from tests.cast import (
    A_MONTH_AGO,
    FOUND,
    FRIDAY,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    rulebook,
)
from tests.rulebook.making import (
    DECIDED,
    NEXT_DAY,
    SHOWN,
    SWEEP,
    approved,
    consulted,
    entered,
    publish,
    tried,
)


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
            commands.withdraw(version_id=version.id, actor=writer, reason=" \u200b\u202e", now=SHOWN)
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
