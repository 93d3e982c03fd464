"""Two of one home are not two: neither author and approver, nor two approvers, nor who decides and a side."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from huipai.grid import queries as grid
from huipai.grid.models import Assignment, Residence, Unit
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed
from huipai.people.models import Person, Proxy
from huipai.people.words import ProxyScope, Role
from huipai.rulebook import commands, policies, queries
from huipai.rulebook.commands import refusals
from huipai.rulebook.models import Approval, Proposal, Remark, RulebookVersion
from huipai.rulebook.words import PUBLICITY, Outcome, Review
from huipai.streets.models import Street
from tests.cases.test_own import helps
from tests.cast import A_MONTH_AGO, FOUND, FRIDAY, MONDAY, appoint, resident, rulebook, staff
from tests.points.ledger import at_once
from tests.points.test_awarding import home
from tests.rulebook.making import DECIDED, SWEEP, approved, consulted, tried


@pytest.fixture
def ripe(draft: RulebookVersion, writer: Person, members: list[Person]) -> RulebookVersion:
    consulted(draft, writer)
    tried(draft, writer)
    return draft


def publish(version: RulebookVersion, writer: Person) -> RulebookVersion:
    shown = DECIDED + PUBLICITY
    return commands.publish(
        version_id=version.id, actor=writer, publicity_until=shown, effective_from=shown, now=DECIDED
    )


def written(version: RulebookVersion, approver: Person) -> None:
    """Past the command."""
    Approval.objects.create(
        version=version, approver=approver, content_hash=queries.content_hash(version.id), approved_at=DECIDED
    )


def published_by_hand(version: RulebookVersion) -> None:
    RulebookVersion.objects.filter(pk=version.pk).update(
        content_hash=queries.content_hash(version.id), published_at=DECIDED, publicity_until=DECIDED + PUBLICITY,
        effective_from=DECIDED + PUBLICITY,
    )  # fmt: skip


@pytest.mark.django_db
class TestApproval:
    def test_not_by_the_home_of_an_author(self, ripe: RulebookVersion, writer: Person, members: list[Person]) -> None:
        home(writer, members[0])
        with pytest.raises(NotAllowed) as refusal:
            approved(ripe, members[:1])
        assert refusal.value.code == "rulebook_authors_home"
        with pytest.raises(IntegrityError, match="their home has written"), transaction.atomic():
            written(ripe, members[0])

    def test_not_by_who_is_helped_by_an_author(
        self, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        helps(members[0], writer, ProxyScope.CLAIM)
        Proxy.objects.update(valid_from=MONDAY, accepted_at=MONDAY)
        assert policies.may_approve(members[0], ripe, DECIDED).code == "rulebook_authors_home"
        with pytest.raises(IntegrityError, match="their home has written"), transaction.atomic():
            written(ripe, members[0])

    def test_not_by_two_of_one_home(self, ripe: RulebookVersion, writer: Person, members: list[Person]) -> None:
        home(*members[:2])
        approved(ripe, members[:1])
        approved(ripe, members[:1])
        with pytest.raises(NotAllowed) as refusal:
            approved(ripe, members[1:2])
        assert refusal.value.code == "rulebook_two_of_one_home"
        with pytest.raises(IntegrityError, match="two of one home"), transaction.atomic():
            written(ripe, members[1])
        approved(ripe, members[2:])
        publish(ripe, writer)

    def test_a_vote_of_who_has_left_the_board_stands_in_nobodys_way(
        self, ripe: RulebookVersion, members: list[Person]
    ) -> None:
        home(*members[:2])
        approved(ripe, members[:1])
        Assignment.objects.filter(person=members[0], role=Role.BOARD_MEMBER).update(valid_until=DECIDED)
        assert policies.may_approve(members[1], ripe, DECIDED)
        approved(ripe, members[1:2])

    def test_who_moved_together_since_are_one(
        self, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        """Asked again when it is published, in the database too."""
        approved(ripe, members[:2])
        home(*members[:2])
        with pytest.raises(refusals.NotApproved):
            publish(ripe, writer)
        ripe.refresh_from_db()
        with pytest.raises(IntegrityError, match="two homes"), transaction.atomic():
            published_by_hand(ripe)
        Residence.objects.all().delete()
        home(members[0], writer)
        with pytest.raises(refusals.NotApproved):
            publish(ripe, writer)
        with pytest.raises(IntegrityError, match="two homes"), transaction.atomic():
            published_by_hand(ripe)
        Residence.objects.all().delete()
        publish(ripe, writer)


@pytest.mark.django_db
class TestAdmission:
    def test_is_not_decided_by_the_proposers_home(self, sanitation: Unit, lead: Person, members: list[Person]) -> None:
        proposal = commands.propose(unit=sanitation, terms=SWEEP, proposer=lead, now=MONDAY)
        home(lead, members[0])
        with pytest.raises(NotAllowed) as refusal:
            commands.decline(
                proposal_id=proposal.id,
                seen=proposal.digest,
                actor=members[0],
                reason="不是",
                is_grid_work=False,
                now=MONDAY,
            )
        assert refusal.value.code == "rulebook_near_a_side"
        with pytest.raises(IntegrityError, match="another home"), transaction.atomic():
            Proposal.objects.filter(pk=proposal.pk).update(
                state=Review.DECLINED, decided_by=members[0], decided_at=MONDAY, reason="不是"
            )
        commands.decline(
            proposal_id=proposal.id,
            seen=proposal.digest,
            actor=members[1],
            reason="不是",
            is_grid_work=False,
            now=MONDAY,
        )

    def test_a_board_of_one_home_says_so(self, sanitation: Unit, lead: Person, members: list[Person]) -> None:
        proposal = commands.propose(unit=sanitation, terms=SWEEP, proposer=lead, now=MONDAY)
        home(lead, *members)
        verdict = policies.may_review(members[0], proposal, MONDAY)
        assert verdict.code == "rulebook_board_of_one_home" and "请系统管理员补上" in str(verdict.reason)


@pytest.mark.django_db
class TestObjection:
    @pytest.fixture
    def remark(self, members: list[Person]) -> Remark:
        version = rulebook(FOUND, since=A_MONTH_AGO)
        hua = resident("华小山", "13800000077")
        return commands.object_to(version_id=version.id, person=hua, code=FOUND.code, text="太多", now=MONDAY)

    @pytest.mark.parametrize("side", ["author", "objector"])
    def test_is_not_decided_by_the_home_of_a_side(self, remark: Remark, members: list[Person], side: str) -> None:
        home(members[0], remark.version.author if side == "author" else remark.person)
        with pytest.raises(NotAllowed) as refusal:
            commands.dismiss(remark_id=remark.id, actor=members[0], answer="不多", now=MONDAY)
        assert refusal.value.code == "rulebook_near_a_side"
        with pytest.raises(IntegrityError, match="another home"), transaction.atomic():
            Remark.objects.filter(pk=remark.pk).update(
                outcome=Outcome.DISMISSED, answer="不多", answered_by=members[0], answered_at=MONDAY
            )
        commands.dismiss(remark_id=remark.id, actor=members[1], answer="不多", now=MONDAY)


@pytest.mark.django_db
class TestPage:
    @pytest.fixture
    def open(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> Callable[[Person], str]:
        monkeypatch.setattr(clock, "now", lambda: DECIDED)

        def get(person: Person) -> str:
            client.force_login(person.account)  # type: ignore[arg-type]
            answer = client.get("/s/yunqiao/rulebook/desk/")
            assert answer.status_code == 200, answer.status_code
            return answer.content.decode()

        return get

    def test_says_why_one_may_not_vote_and_whether_two_can_be_found(
        self, ripe: RulebookVersion, writer: Person, members: list[Person], open: Callable[[Person], str]
    ) -> None:
        cannot = "审议组里凑不出不同方面、不是一家、也不和起草的人是一家的两位"
        assert cannot not in open(writer)
        home(writer, members[0])
        html = open(members[0])
        assert "请别家的成员来表态" in html and "和起草的人是一家，不投" in html
        # What is left sits for one side only.
        assert cannot in html and cannot in open(writer)
        appoint(resident("议事员二", "13700000055"), Role.BOARD_MEMBER, since=A_MONTH_AGO)
        assert cannot not in open(writer)

    def test_counts_only_agreement_of_two_homes_as_done(
        self, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        approved(ripe, members[:2])
        content = queries.content_hash(ripe.id)

        def step() -> queries.Step:
            found = queries.board(ripe, content, DECIDED)
            return queries.steps(ripe, content, found, None, DECIDED)[4]

        assert step().is_done
        home(*members[:2])
        assert not step().is_done


@pytest.mark.django_db(transaction=True)
class TestTwoOfOneHomeAtOnce:
    def test_with_the_lock_one_is_refused(
        self, in_yunqiao: Street, ripe: RulebookVersion, members: list[Person]
    ) -> None:
        home(*members[:2])
        content = queries.content_hash(ripe.id)
        came_of = at_once(
            in_yunqiao,
            *[
                lambda each=each: commands.approve(version_id=ripe.id, approver=each, content_hash=content, now=DECIDED)
                for each in members[:2]
            ],
        )
        assert sorted(type(each).__name__ for each in came_of) == ["Approval", "NotAllowed"]
        assert Approval.objects.count() == 1

    def test_without_it_both_are_there_and_nothing_is_published(
        self, in_yunqiao: Street, ripe: RulebookVersion, writer: Person, members: list[Person]
    ) -> None:
        home(*members[:2])

        def hasty(member: Person) -> None:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                seat = "resident" if member == members[0] else "street"
                Approval.objects.create(
                    version=ripe, approver=member, content_hash=queries.content_hash(ripe.id), approved_at=DECIDED,
                    seat=seat,
                )  # fmt: skip

        assert at_once(in_yunqiao, lambda: hasty(members[0]), lambda: hasty(members[1])) == [None, None]
        with pytest.raises(refusals.NotApproved):
            publish(ripe, writer)
        with pytest.raises(IntegrityError, match="two homes"), transaction.atomic():
            published_by_hand(ripe)


@pytest.mark.django_db
def test_near_is_the_same_in_the_database(writer: Person, members: list[Person]) -> None:
    home(writer, members[0])
    helps(members[1], writer, ProxyScope.CLAIM)
    Proxy.objects.update(valid_from=MONDAY, accepted_at=MONDAY)
    far = staff("远", "13900000033")
    for other in (*members, far):
        with connection.cursor() as cursor:
            cursor.execute("SELECT rulebook_is_near(%s, %s, %s, %s)", [writer.street_id, writer.pk, other.pk, FRIDAY])
            assert cursor.fetchone() == (other.pk in grid.near_to([writer.pk], FRIDAY),)
