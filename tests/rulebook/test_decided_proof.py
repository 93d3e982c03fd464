"""What was decided is proved from the journal."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from huipai.grid.models import Unit
from huipai.people.models import Person
from huipai.points.queries import verify_ledger
from huipai.rulebook import commands, queries
from huipai.rulebook.models import PointItem, RulebookVersion
from huipai.rulebook.words import Fact, Outcome, Review
from huipai.streets.models import Street
from tests.by_hand import by_hand
from tests.cast import (
    FOUND,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    resident,
    rulebook,
)
from tests.rulebook.making import (
    DECIDED,
    SWEEP,
    admitted,
    approved,
    consulted,
    publish,
    tried,
)

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
        commands.give_back(proposal_id=back.id, seen=back.digest, actor=members[0], reason="写清楚几次", now=TUESDAY)
        third = replace(SWEEP, code="ox-23", title="扫河边")
        off = commands.propose(unit=sanitation, proposer=lead, terms=third, now=MONDAY)
        commands.decline(
            proposal_id=off.id, seen=off.digest, actor=members[0], reason="不是", is_grid_work=False, now=TUESDAY
        )
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


@pytest.mark.parametrize("days", [8, 30])
def test_a_draft_that_is_laid_open_again_is_what_was_laid_open_last(in_yunqiao: Street, days: int) -> None:
    rulebook()
    writer = RulebookVersion.objects.get().author
    version = commands.draft(author=writer, note="第一稿", now=MONDAY)
    changed = replace(FOUND, points=6, why="多一分")
    commands.put_item(version_id=version.id, actor=writer, terms=changed, now=MONDAY)
    hashes = []
    for hour in range(6):  # whichever of them is the greatest
        now = MONDAY + timedelta(hours=hour)
        until = now + timedelta(days=days if hour == 0 else 8)
        commands.reword_note(version_id=version.id, actor=writer, note=f"第 {hour} 稿", now=now)
        hashes.append(commands.consult(version_id=version.id, actor=writer, until=until, now=now).consulted_hash)
    assert len(set(hashes)) == 6 and list(map(str, verify_ledger(in_yunqiao))) == []


@pytest.mark.no_guard
def test_what_a_unit_takes_back_after_the_board_spoke_of_it_is_decided_for_its_own_words(
    in_yunqiao: Street, lead: Person, sanitation: Unit, members: list[Person]
) -> None:
    proposal = commands.propose(unit=sanitation, proposer=lead, terms=SWEEP, now=MONDAY)
    commands.give_back(proposal_id=proposal.id, seen=proposal.digest, actor=members[0], reason="补一补", now=MONDAY)
    commands.take_proposal_back(proposal_id=proposal.id, actor=lead, reason="另想办法", now=TUESDAY)
    assert list(map(str, verify_ledger(in_yunqiao))) == []
    by_hand("UPDATE rulebook_proposal SET reason = '别的' WHERE id = %s", [proposal.id])
    assert [one.row_id for one in verify_ledger(in_yunqiao)] == [proposal.id]
    by_hand("UPDATE journal_entry SET facts = facts - 'reason' WHERE what = %s", [Fact.TAKEN_BACK])
    assert list(map(str, verify_ledger(in_yunqiao))) == [], "what the journal did not keep then is not asked"
