"""At the same time, on a real PostgreSQL: each race is shown without its guard, and gone with it."""

from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection, transaction

from huipai.grid.models import Unit
from huipai.people.models import Person
from huipai.rulebook import commands, queries
from huipai.rulebook.commands import refusals
from huipai.rulebook.models import Approval, PointItem, Proposal, RulebookVersion
from huipai.rulebook.words import PUBLICITY, Review
from huipai.streets.models import Street
from tests.cast import FOUND, MONDAY
from tests.points.ledger import at_once
from tests.rulebook.making import DECIDED, SWEEP, approved, consulted, tried

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ripe(draft: RulebookVersion, writer: Person, members: list[Person]) -> RulebookVersion:
    """One approval is there; the second is on its way."""
    consulted(draft, writer)
    tried(draft, writer)
    approved(draft, members[1:2])
    return draft


class TestAnEditWhileTheSecondApprovalArrives:
    """What is in force must be what both of the board have read."""

    def publish(self, version: RulebookVersion, writer: Person) -> RulebookVersion:
        shown = DECIDED + PUBLICITY
        return commands.publish(
            version_id=version.id, actor=writer, publicity_until=shown, effective_from=shown, now=DECIDED
        )

    def test_without_the_guard_an_approval_covers_what_nobody_read(
        self, in_yunqiao: Street, ripe: RulebookVersion, members: list[Person]
    ) -> None:
        read, edited = Barrier(2), Barrier(2)

        def hasty_approval() -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                content = queries.content_hash(ripe.id)
                read.wait(10)
                edited.wait(10)
                Approval.objects.create(
                    version=ripe, approver=members[0], content_hash=content, approved_at=DECIDED, seat="resident"
                )

        def hasty_edit() -> None:
            read.wait(10)
            PointItem.objects.update(points=500)
            edited.wait(10)

        assert at_once(in_yunqiao, hasty_approval, hasty_edit) == [None, None]
        approval = Approval.objects.get(approver=members[0])
        assert approval.content_hash != queries.content_hash(ripe.id)

    def test_with_it_whoever_comes_second_is_told(
        self, in_yunqiao: Street, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        read = queries.content_hash(ripe.id)
        approval, edit = at_once(
            in_yunqiao,
            lambda: commands.approve(version_id=ripe.id, approver=members[0], content_hash=read, now=DECIDED),
            lambda: commands.put_item(version_id=ripe.id, actor=writer, terms=replace(FOUND, points=500), now=DECIDED),
        )
        assert isinstance(edit, PointItem)
        # Either the edit was first and the approval was refused, or it came after and left both approvals behind.
        assert isinstance(approval, refusals.ContentMoved | Approval)
        with pytest.raises(refusals.NotTriedOut):
            self.publish(ripe, writer)
        tried(ripe, writer)
        with pytest.raises(refusals.NotApproved):
            self.publish(ripe, writer)

    def test_a_publication_and_an_edit_are_one_after_the_other(
        self, in_yunqiao: Street, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        approved(ripe, members[:1])
        at_once(
            in_yunqiao,
            lambda: self.publish(ripe, writer),
            lambda: commands.put_item(version_id=ripe.id, actor=writer, terms=replace(FOUND, points=500), now=DECIDED),
        )
        ripe.refresh_from_db()
        points = PointItem.objects.get().points
        assert (ripe.published_at is not None, points) in ((True, 5), (False, 500))
        assert ripe.published_at is None or ripe.content_hash == queries.content_hash(ripe.id)


class TestTwoOpeningsOfAReview:
    @pytest.fixture
    def asked(self, sanitation: Unit, lead: Person) -> tuple[Unit, Person]:
        return sanitation, lead

    def propose(self, asked: tuple[Unit, Person]) -> Proposal:
        unit, lead = asked
        return commands.propose(unit=unit, proposer=lead, terms=SWEEP, now=MONDAY)

    def test_without_the_index_both_are_open(self, in_yunqiao: Street, asked: tuple[Unit, Person]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX rulebook_one_open_review")
        try:
            at_once(in_yunqiao, *[lambda: self.propose(asked)] * 2)
            assert Proposal.objects.filter(state=Review.WAITING).count() == 2
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")
                cursor.execute("DELETE FROM rulebook_proposal WHERE street_id = %s", [in_yunqiao.id])
                cursor.execute("SET session_replication_role = origin")
                cursor.execute(
                    "CREATE UNIQUE INDEX rulebook_one_open_review ON rulebook_proposal (street_id, code)"
                    " WHERE state IN ('waiting', 'returned', 'admitted')"
                )

    def test_with_it_the_second_is_refused(self, in_yunqiao: Street, asked: tuple[Unit, Person]) -> None:
        outcomes = at_once(in_yunqiao, *[lambda: self.propose(asked)] * 4)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Proposal", *["ReviewIsOpen"] * 3]

    def test_two_drafts_at_once_are_one(self, in_yunqiao: Street, writer: Person) -> None:
        outcomes = at_once(in_yunqiao, *[lambda: commands.draft(author=writer, note="", now=MONDAY)] * 3)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == [
            "DraftIsOpen", "DraftIsOpen", "RulebookVersion",
        ]  # fmt: skip
