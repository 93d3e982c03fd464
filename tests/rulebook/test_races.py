"""At the same time, on a real PostgreSQL: each race is shown without its guard, and gone with it."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier, Event

import pytest
from django.db import connection, transaction

from huipai.grid.models import Unit
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.rulebook import commands, queries
from huipai.rulebook.commands import approving, refusals
from huipai.rulebook.models import Approval, PointItem, Proposal, Remark, RulebookVersion
from huipai.rulebook.rules import Terms
from huipai.rulebook.words import PUBLICITY, Outcome, Review
from huipai.streets.models import Street
from tests.cast import FOUND, MONDAY, resident
from tests.points.ledger import at_once, until_another_waits
from tests.rulebook.making import DECIDED, SWEEP, admitted, approved, consulted, tried

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

    def publish(self, version: RulebookVersion, writer: Person, now: datetime = DECIDED) -> RulebookVersion:
        shown = now + PUBLICITY
        return commands.publish(
            version_id=version.id, actor=writer, publicity_until=shown, effective_from=shown, now=now
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
        with pytest.raises(refusals.NotConsultedOnThis):
            self.publish(ripe, writer)
        later = consulted(ripe, writer, now=DECIDED)
        tried(ripe, writer, now=later)
        with pytest.raises(refusals.NotApproved):
            self.publish(ripe, writer, now=later)

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

    def propose(self, asked: tuple[Unit, Person], points: int = SWEEP.points) -> Proposal:
        unit, lead = asked
        return commands.propose(unit=unit, proposer=lead, terms=replace(SWEEP, points=points), now=MONDAY)

    def test_without_the_index_both_are_open(self, in_yunqiao: Street, asked: tuple[Unit, Person]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX rulebook_one_open_review")
        try:
            at_once(in_yunqiao, lambda: self.propose(asked, 3), lambda: self.propose(asked, 4))
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
        outcomes = at_once(
            in_yunqiao,
            *[lambda points=points: self.propose(asked, points) for points in range(3, 7)],  # type: ignore[misc]
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Proposal", *["ReviewIsOpen"] * 3]

    def test_two_drafts_at_once_are_one(self, in_yunqiao: Street, writer: Person) -> None:
        outcomes = at_once(in_yunqiao, *[lambda: commands.draft(author=writer, note="", now=MONDAY)] * 3)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == [
            "DraftIsOpen", "DraftIsOpen", "RulebookVersion",
        ]  # fmt: skip


class TestNewProposalsAtOnce:
    """A department asks for three new items, and sends one of them twice."""

    def terms(self, number: int) -> Terms:
        return replace(SWEEP, title=f"新的一条 {number}")

    def test_numbered_before_the_lock_all_but_one_are_refused(
        self, in_yunqiao: Street, sanitation: Unit, lead: Person
    ) -> None:
        numbered = Barrier(3)

        def hasty(number: int) -> Proposal:
            code = queries.next_code(SWEEP.port)
            assert code is not None
            numbered.wait(10)
            terms = replace(self.terms(number), code=code)
            return commands.propose(unit=sanitation, proposer=lead, terms=terms, now=MONDAY)

        at_once(in_yunqiao, *[partial(hasty, number) for number in range(3)])
        assert Proposal.objects.count() == 1

    def test_numbered_under_it_each_is_there_once(self, in_yunqiao: Street, sanitation: Unit, lead: Person) -> None:
        def ask(number: int) -> Proposal:
            return commands.propose_new(unit=sanitation, proposer=lead, terms=self.terms(number), now=MONDAY)

        at_once(in_yunqiao, *[partial(ask, number) for number in (1, 2, 3, 3)])
        found = Proposal.objects.values_list("code", "terms__title")
        assert len(found) == 3 == len({code for code, _title in found}) == len({title for _code, title in found})


class TestNewItemsAtOnce:
    """Four editors, or one in four tabs, each write another new item."""

    def written(self, draft: RulebookVersion) -> int:
        return PointItem.objects.filter(version=draft, title__startswith="新的一条").count()

    def terms(self, number: int) -> Terms:
        return replace(FOUND, title=f"新的一条 {number}")

    def test_numbered_before_the_lock_one_overwrites_the_other(
        self, in_yunqiao: Street, draft: RulebookVersion, writer: Person
    ) -> None:
        numbered = Barrier(4)

        def hasty(number: int) -> PointItem:
            code = queries.next_code(FOUND.port)
            assert code is not None
            numbered.wait(10)
            terms = replace(self.terms(number), code=code)
            return commands.put_item(version_id=draft.id, actor=writer, terms=terms, now=MONDAY)

        at_once(in_yunqiao, *[partial(hasty, number) for number in range(4)])
        assert self.written(draft) == 1

    def test_numbered_under_it_each_is_there(self, in_yunqiao: Street, draft: RulebookVersion, writer: Person) -> None:
        def add(number: int) -> PointItem:
            return commands.add_item(version_id=draft.id, actor=writer, terms=self.terms(number), now=MONDAY)

        at_once(in_yunqiao, *[partial(add, number) for number in (1, 2, 3, 4, 4)])
        assert self.written(draft) == 4


class TestTheSameWordsSentTwice:
    def test_a_comment_and_an_objection_are_there_once(
        self, in_yunqiao: Street, draft: RulebookVersion, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        lan, one, other = resident(), new_id(), new_id()
        spoken = {"version_id": draft.id, "person": lan, "code": "", "text": "太少"}
        comments = at_once(
            in_yunqiao, *[lambda: commands.comment(**spoken, now=MONDAY, remark_id=one)] * 4  # type: ignore[arg-type]
        )  # fmt: skip
        assert {comment.id for comment in comments if isinstance(comment, Remark)} == {one}
        commands.answer(remark_id=one, actor=writer, outcome=Outcome.KEPT, answer="够了", now=DECIDED)
        approved(ripe, members[:1])
        shown = DECIDED + PUBLICITY
        commands.publish(version_id=ripe.id, actor=writer, publicity_until=shown, effective_from=shown, now=DECIDED)
        objections = at_once(
            in_yunqiao,
            *[lambda: commands.object_to(**spoken, now=DECIDED, remark_id=other)] * 4,  # type: ignore[arg-type]
        )
        assert {objection.id for objection in objections if isinstance(objection, Remark)} == {other}
        assert [type(outcome) for outcome in (*comments, *objections)] == [Remark] * 8


class TestPublishedWhileAnotherWritesTheSameProposalIn:
    """Both hold the version before its proposals."""

    def test_the_second_finds_it_published(
        self, sanitation: Unit, lead: Person, writer: Person, members: list[Person], in_yunqiao: Street,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        proposal = commands.propose(unit=sanitation, proposer=lead, terms=SWEEP, now=MONDAY)
        admitted(proposal, members[0])
        version = commands.draft(author=writer, note="", now=MONDAY)
        commands.enter(version_id=version.id, proposal_id=proposal.id, actor=writer, why="没有人扫", now=MONDAY)
        decided = consulted(version, writer)
        tried(version, writer, decided)
        approved(version, members, decided)
        held, real = Event(), approving.check_content

        def check(one: RulebookVersion) -> None:
            held.set()
            until_another_waits()
            real(one)

        monkeypatch.setattr(approving, "check_content", check)
        shown = decided + PUBLICITY

        def write_in() -> PointItem:
            assert held.wait(10)
            return commands.enter(
                version_id=version.id, proposal_id=proposal.id, actor=writer, why="还是没有人扫", now=decided
            )

        published, late = at_once(
            in_yunqiao,
            lambda: commands.publish(
                version_id=version.id, actor=writer, publicity_until=shown, effective_from=shown, now=decided
            ),
            write_in,
        )
        assert isinstance(published, RulebookVersion) and isinstance(late, refusals.Frozen)


class TestPublishedWhileTheOneBeforeItIsTakenBack:
    def ready(
        self, writer: Person, members: list[Person], points: int, at: datetime
    ) -> tuple[RulebookVersion, datetime]:
        version = commands.draft(author=writer, note="新", now=at)
        terms = replace(FOUND, points=points, why="改")
        commands.put_item(version_id=version.id, actor=writer, terms=terms, now=at)
        decided = consulted(version, writer, at)
        tried(version, writer, decided)
        approved(version, members, decided)
        return version, decided

    def test_it_follows_the_one_in_force(
        self, writer: Person, members: list[Person], in_yunqiao: Street, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def publish(version: RulebookVersion, decided: datetime, days: int = 0) -> RulebookVersion:
            shown = decided + PUBLICITY
            return commands.publish(
                version_id=version.id, actor=writer, publicity_until=shown,
                effective_from=shown + timedelta(days=days), now=decided,
            )  # fmt: skip

        first = publish(*self.ready(writer, members, 5, MONDAY))
        second, second_decided = self.ready(writer, members, 7, MONDAY + timedelta(days=30))
        publish(second, second_decided, 30)
        third, decided = self.ready(writer, members, 9, second_decided)
        taken = Event()

        def take_back() -> None:
            with transaction.atomic():
                commands.withdraw(version_id=second.id, actor=writer, reason="撤", now=decided)
                taken.set()
                until_another_waits()

        def come_after() -> RulebookVersion:
            assert taken.wait(10)
            return publish(third, decided, 40)

        _back, published = at_once(in_yunqiao, take_back, come_after)
        assert isinstance(published, RulebookVersion), published
        first.refresh_from_db()
        assert first.effective_until == published.effective_from
