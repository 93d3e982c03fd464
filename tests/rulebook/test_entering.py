"""What was admitted comes into a draft word for word, and goes when its time is over."""

from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from huipai.grid.models import Assignment, Unit
from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points.queries import verify_ledger
from huipai.rulebook import commands, queries
from huipai.rulebook.commands import refusals
from huipai.rulebook.models import PointItem, Proposal, RulebookVersion
from huipai.rulebook.rules import Unfit
from huipai.rulebook.words import Review
from tests.by_hand import by_hand
from tests.cast import A_MONTH_AGO, A_YEAR_AGO, FOUND, FRIDAY, MONDAY, TUESDAY, decide, staff
from tests.rulebook.making import DECIDED, NEXT_YEAR, SWEEP, admitted, consulted, entered
from tests.rulebook.test_desk import DESK, as_


class TestEnter:
    def test_stands_in_the_draft_as_it_was_admitted(
        self, proposal: Proposal, draft: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        with pytest.raises(refusals.NotWaiting):
            commands.enter(version_id=draft.id, proposal_id=proposal.id, actor=writer, why="", now=MONDAY)
        for _ in range(2):
            admitted(proposal, members[0])
        assert Entry.objects.filter(what="proposal.admitted").count() == 1
        item = commands.enter(version_id=draft.id, proposal_id=proposal.id, actor=writer, why="没人扫", now=MONDAY)
        assert (item.admission, item.owner, item.why) == (proposal, "环卫所", "没人扫")
        consulted(draft, writer)
        decide(draft, writer, effective_from=DECIDED + timedelta(days=8), now=DECIDED)
        proposal.refresh_from_db()
        assert proposal.state == Review.ENTERED

    def test_the_editor_words_only_its_why(
        self, proposal: Proposal, draft: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        admitted(proposal, members[0])
        item = commands.enter(version_id=draft.id, proposal_id=proposal.id, actor=writer, why="", now=MONDAY)
        again = replace(item.terms(), why="换个理由")
        assert commands.put_item(version_id=draft.id, actor=writer, terms=again, now=MONDAY).admission == proposal
        with pytest.raises(refusals.NeedsAdmission):
            commands.put_item(version_id=draft.id, actor=writer, terms=replace(again, points=6), now=MONDAY)
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            PointItem.objects.filter(pk=item.pk).update(points=6)
        assert refusal.value.__cause__.diag.constraint_name == "rulebook_item_is_what_was_admitted"  # type: ignore[union-attr]

    def test_no_way_leads_around_it(self, draft: RulebookVersion, writer: Person, sanitation: Unit) -> None:
        with pytest.raises(refusals.NeedsAdmission):
            terms = replace(FOUND, code="woodpecker-09", owner=sanitation.name)
            commands.put_item(version_id=draft.id, actor=writer, terms=terms, now=MONDAY)
        with pytest.raises(IntegrityError) as refusal, transaction.atomic():
            PointItem.objects.update(owner=sanitation.name)
        assert refusal.value.__cause__.diag.constraint_name == "rulebook_departments_are_admitted"  # type: ignore[union-attr]

    def test_is_not_taken_back_once_it_stands_in_a_draft(
        self, proposal: Proposal, draft: RulebookVersion, writer: Person, members: list[Person], lead: Person
    ) -> None:
        admitted(proposal, members[0])
        commands.enter(version_id=draft.id, proposal_id=proposal.id, actor=writer, why="", now=MONDAY)
        with pytest.raises(refusals.NotWaiting):
            commands.take_proposal_back(proposal_id=proposal.id, actor=lead, reason="不要了", now=MONDAY)
        assert commands.keep_time(now=MONDAY + timedelta(days=80)) == 0


class TestExpiry:
    @pytest.fixture
    def entered(self, proposal: Proposal, draft: RulebookVersion, writer: Person, members: list[Person]) -> Proposal:
        admitted(proposal, members[0])
        commands.enter(version_id=draft.id, proposal_id=proposal.id, actor=writer, why="", now=MONDAY)
        consulted(draft, writer)
        decide(draft, writer, effective_from=DECIDED + timedelta(days=8), now=DECIDED)
        return proposal

    def test_is_warned_of_once_a_month_before(self, entered: Proposal) -> None:
        soon = FRIDAY.replace(year=2027) - timedelta(days=20)
        assert commands.keep_time(now=soon - timedelta(days=30)) == 0
        assert [commands.keep_time(now=soon) for _ in range(2)] == [1, 0]
        assert [item.admission for item in queries.admissions(soon)] == [entered]

    def test_over_the_next_version_goes_without_the_item_and_says_why(self, entered: Proposal, writer: Person) -> None:
        version = commands.draft(author=writer, note="", now=FRIDAY.replace(year=2027) + timedelta(days=2))
        assert [change.code for change in queries.changes(version).removed] == ["ox-20"]
        assert "到期" in version.struck["ox-20"]

    def test_asked_for_again_in_time_it_stays(
        self, entered: Proposal, sanitation: Unit, lead: Person, writer: Person, members: list[Person]
    ) -> None:
        autumn = FRIDAY.replace(year=2027) - timedelta(days=20)
        again = commands.propose(unit=sanitation, proposer=lead, terms=SWEEP, now=autumn)
        commands.admit(
            proposal_id=again.id, seen=again.digest,
            actor=members[0], ground="条例", until=NEXT_YEAR.replace(year=2028), reason="还要",
            is_grid_work=True, now=autumn,
        )  # fmt: skip
        version = commands.draft(author=writer, note="", now=autumn)
        commands.enter(version_id=version.id, proposal_id=again.id, actor=writer, why="接着做", now=autumn)
        assert [change.code for change in queries.changes(version).changed] == ["ox-20"]


def test_each_line_of_the_list_leads_to_what_its_reader_may_open(
    client: Client, sanitation: Unit, lead: Person, writer: Person, members: list[Person]
) -> None:
    """To the review for those who write and decide and for the unit itself, to the item for every other unit."""
    begun = A_MONTH_AGO + timedelta(days=1)
    asked = commands.propose(unit=sanitation, proposer=lead, terms=SWEEP, now=begun)
    entered(asked, writer, members, begun)
    other, fire = staff("火", "13900000022"), Unit.objects.create(code="XF", name="消防站", kind="sanitation")
    Assignment.objects.create(person=other, role=Role.UNIT_LEAD, unit=fire, valid_from=A_YEAR_AGO)
    for person, there in ((writer, f"desk/proposals/{asked.id}/"), (lead, f"desk/proposals/{asked.id}/"),
                          (other, "1/ox-20/")):  # fmt: skip
        page = as_(client, person).get(f"{DESK}admissions/").content.decode()
        assert f'href="/s/yunqiao/rulebook/{there}"' in page
        assert client.get(f"/s/yunqiao/rulebook/{there}").status_code == 200


def test_the_linter_looks_again_at_the_door(proposal: Proposal, members: list[Person]) -> None:
    worse = {**proposal.terms, "evidence": ["likes"]}
    Proposal.objects.filter(pk=proposal.pk).update(terms=worse)
    proposal.refresh_from_db()
    with pytest.raises(Unfit):
        admitted(proposal, members[0])


class TestHandedInAgainByAnother:
    """Two lead the department: who mended the words has written them as much as who proposed them."""

    @pytest.fixture
    def second(self, sanitation: Unit, members: list[Person]) -> Person:
        Assignment.objects.create(person=members[1], role=Role.UNIT_LEAD, unit=sanitation, valid_from=A_YEAR_AGO)
        return members[1]

    @pytest.fixture
    def mended(self, proposal: Proposal, second: Person, members: list[Person]) -> Proposal:
        commands.give_back(proposal_id=proposal.id, seen=proposal.digest, actor=members[0], reason="说清楚", now=MONDAY)
        better = replace(SWEEP, points=9, day_cap=9, title="扫净一条楼道")
        return commands.propose_again(proposal_id=proposal.id, proposer=second, terms=better, now=MONDAY)

    def test_both_are_authors_of_the_draft_that_takes_it_in(
        self, mended: Proposal, lead: Person, second: Person, writer: Person, members: list[Person]
    ) -> None:
        admitted(mended, members[0])
        version = commands.draft(author=writer, note="", now=MONDAY)
        commands.enter(version_id=version.id, proposal_id=mended.id, actor=writer, why="没有人扫", now=MONDAY)
        assert queries.writers(version) == {writer.id, lead.id, second.id}
        # What was entered before they were known is made up for.
        by_hand("DELETE FROM rulebook_writer WHERE street_id = %s AND person_id = %s", [version.street_id, second.id])
        assert any("not among its writers" in str(one) for one in verify_ledger(version.street))
        connection.connection.execute(import_module("huipai.rulebook.migrations.0004_writers_of_proposals").AUTHORS)
        assert queries.writers(version) == {writer.id, lead.id, second.id}
        with pytest.raises(NotAllowed) as refused:
            commands.approve(
                version_id=version.id, approver=second, content_hash=queries.content_hash(version.id), now=MONDAY
            )
        assert refused.value.code == "rulebook_own_draft"

    def test_nor_do_they_admit_it_when_their_post_has_ended(
        self, mended: Proposal, second: Person, members: list[Person]
    ) -> None:
        Assignment.objects.filter(person=second, role=Role.UNIT_LEAD).update(valid_until=TUESDAY)
        with pytest.raises(NotAllowed) as refused:
            admitted(mended, second, TUESDAY)
        assert refused.value.code == "rulebook_own_unit"
        decided = {"state": Review.DECLINED, "reason": "不要", "decided_at": TUESDAY, "is_grid_work": False}
        with pytest.raises(IntegrityError, match="nobody who has written it"), transaction.atomic():
            Proposal.objects.filter(pk=mended.pk).update(decided_by=second, **decided)
        assert admitted(mended, members[0], TUESDAY).state == Review.ADMITTED
