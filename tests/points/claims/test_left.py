"""What no reviewer may decide reaches the leader, under the same ties; where the leader may not either, whoever names
reviewers is told."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huipai.grid import queries as grid
from huipai.grid.models import Absence, Assignment
from huipai.grid.words import AbsenceKind
from huipai.kit.verdict import NotAllowed
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import jobs, last_resort, policies, queries
from huipai.points.commands.claims import answering, checking, contesting, objecting, reviewing, standing_aside
from huipai.points.models import Conflict, Contest, Correction, Grant, Objection, Review
from huipai.points.words import (
    UNDO_FOR,
    ClaimState,
    ContestResult,
    CorrectionReason,
    CorrectionState,
    GrantReason,
    GrantState,
    ObjectionResult,
)
from tests.cast import MONDAY, TUESDAY, appoint, staff
from tests.points.claims.world import LARGE, LATER, SOON, World, again
from tests.points.test_awarding import home

DAY = timedelta(days=1)
NEXT = LATER + timedelta(hours=1)


@pytest.fixture
def lei(world: World) -> Person:
    return appoint(staff("雷望山", "13900000070"), Role.LEADER)


@pytest.fixture
def ding(world: World) -> Person:
    """Names reviewers."""
    return appoint(staff("丁一平", "13900000071"), Role.SYSTEM_ADMIN)


def aside(person: Person, of: Person) -> None:
    """Says not to judge somebody."""
    Conflict.objects.create(reviewer=person, person=of, declared_at=MONDAY)


def appealed_then_objected(world: World) -> Objection:
    """Refused by one, appealed, passed by the two others, objected to by a neighbour: all three had a hand in it."""
    claim = world.checked(item=LARGE)
    world.refuse(claim)
    claim = world.settle(claim)
    answering.appeal(claim_id=claim.id, actor=world.lan, text="做了", photo_ids=(), now=SOON)
    checking.check_appeal(claim_id=claim.id, now=SOON)
    now = SOON
    for judge in (world.qin, world.bo):
        world.approve(claim, judge, now)
        now += UNDO_FOR + timedelta(seconds=1)
        claim = world.settle(claim, now)
    assert claim.state == ClaimState.PUBLICISED
    return Objection.objects.get(pk=world.objected(claim, now=TUESDAY))


def contested(world: World) -> Contest:
    """Judged by one, the objection upheld by another, and the third lives with the claimant."""
    claim = world.posted()
    objecting.uphold(objection_id=world.objected(claim, now=LATER), judge=world.qin, now=LATER)
    aside(world.bo, world.lan)
    return contesting.contest(claim_id=claim.id, actor=world.lan, text="我做了", now=NEXT)


def granted(world: World, proposer: Person) -> Grant:
    return points.propose_grant(
        person=world.lan, points=5, reason=GrantReason.MISSED, item_code="ox-01", done_at=MONDAY - DAY,
        paper_number="ZB-1", actor=proposer, now=MONDAY,
    )  # fmt: skip


def asked_back(world: World, proposer: Person) -> Correction:
    """Of a grant: proposed by one, approved by another, asked back by somebody else, and agreed to by the third."""
    grant = granted(world, world.fang)
    given = points.approve_grant(grant_id=grant.id, actor=world.qin, now=MONDAY)
    assert given.posting_id is not None
    one = points.propose_correction(
        posting_id=given.posting_id, reason=CorrectionReason.RECORDED_TWICE, note="记了两次", actor=proposer, now=MONDAY
    )
    points.approve_correction(correction_id=one.id, actor=world.bo, now=MONDAY)
    return points.appeal_correction(correction_id=one.id, actor=world.lan, text="做了两次", now=MONDAY)


def told(person: Person) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(person=person).order_by("id").values_list("kind", "subject"))


def no_way_past(why: str, rows: type, pk: UUID, **said: object) -> None:
    """The database asks the leader the same."""
    with pytest.raises(IntegrityError, match=why), transaction.atomic():
        rows.objects.filter(pk=pk).update(**said)  # type: ignore[attr-defined]


class TestObjection:
    def test_reaches_the_leader_once_and_is_decided(self, world: World, lei: Person, ding: Person) -> None:
        objection = appealed_then_objected(world)
        for reviewer in (world.fang, world.qin, world.bo):
            assert policies.may_decide(reviewer, objection, TUESDAY).code == "claim_judged_before"
            assert not queries.objections_for(reviewer, TUESDAY).exists()
        assert queries.objections_for(lei, TUESDAY).get() == objection
        for _ in range(2):
            last_resort.tell(now=TUESDAY)
        assert told(lei) == [("points.left_to_leader", f"objection:{objection.pk}")] and not told(ding)
        objecting.dismiss(objection_id=objection.pk, judge=lei, now=TUESDAY)
        assert objecting.dismiss(objection_id=objection.pk, judge=lei, now=TUESDAY).decided_by == lei
        assert again(objection.claim).state == ClaimState.PUBLICISED

    def test_where_a_reviewer_may_it_is_not_the_leaders(self, world: World, lei: Person) -> None:
        objection = appealed_then_objected(world)
        spare = appoint(staff("严小松", "13900009999"), Role.REVIEWER)
        assert queries.objections_for(spare, TUESDAY).exists() and not queries.objections_for(lei, TUESDAY).exists()
        with pytest.raises(NotAllowed) as refusal:
            objecting.dismiss(objection_id=objection.pk, judge=lei, now=TUESDAY)
        assert refusal.value.code == "points_left_to_reviewers"
        last_resort.tell(now=TUESDAY)
        assert not told(lei) and not last_resort.lines_for(lei, TUESDAY)

    def test_a_reviewer_away_without_an_end_does_not_count_and_who_comes_back_does(
        self, world: World, lei: Person
    ) -> None:
        appealed_then_objected(world)
        spare = appoint(staff("严小松", "13900009999"), Role.REVIEWER)
        gone = Absence.objects.create(
            person=spare, kind=AbsenceKind.LEAVE, valid_from=MONDAY, valid_until=MONDAY + 9 * DAY
        )
        assert not queries.objections_for(lei, TUESDAY).exists()
        Absence.objects.filter(pk=gone.pk).update(valid_until=None)
        assert queries.objections_for(lei, TUESDAY).exists()
        deputy = staff("严大松", "13900009998")
        Assignment.objects.filter(person=spare).update(deputy=deputy)
        assert deputy in grid.acting_as(Role.REVIEWER, TUESDAY) and spare not in grid.acting_as(Role.REVIEWER, TUESDAY)
        assert not queries.objections_for(lei, TUESDAY).exists(), "who stands in may decide it"

    def test_a_leader_of_one_home_may_not_and_whoever_names_reviewers_is_told_once(
        self, world: World, lei: Person, ding: Person
    ) -> None:
        objection = appealed_then_objected(world)
        home(lei, world.hua)
        with pytest.raises(NotAllowed) as refusal:
            objecting.uphold(objection_id=objection.pk, judge=lei, now=TUESDAY)
        assert refusal.value.code == "claim_too_close"
        no_way_past(
            "decided by somebody else", Objection, objection.pk, result=ObjectionResult.UPHELD, decided_by=lei,
            decided_at=TUESDAY,
        )  # fmt: skip
        for _ in range(2):
            last_resort.tell(now=TUESDAY)
        assert told(ding) == [("points.left_to_nobody", f"objection:{objection.pk}")] and not told(lei)
        wording = last_resort.WORDINGS["points.left_to_nobody"](f"objection:{objection.pk}", {})
        assert wording.title == "有一件对申报的异议没有人能定，请再任命一位积分审核员"
        appoint(staff("严小松", "13900009999"), Role.REVIEWER)
        last_resort.tell(now=TUESDAY)
        assert len(told(ding)) == 1

    def test_another_leader_who_may_is_told_and_nobody_else(self, world: World, lei: Person, ding: Person) -> None:
        appealed_then_objected(world)
        home(lei, world.hua)
        other = appoint(staff("雷远山", "13900000072"), Role.LEADER)
        last_resort.tell(now=TUESDAY)
        assert len(told(other)) == 1 and not told(lei) and not told(ding)


class TestContest:
    def test_is_heard_by_the_leader(self, world: World, lei: Person) -> None:
        one = contested(world)
        assert not any(queries.contests_for(each, NEXT).exists() for each in (world.fang, world.qin, world.bo))
        assert queries.contests_for(lei, NEXT).get() == one
        assert contesting.grant(contest_id=one.id, judge=lei, now=NEXT).result == ContestResult.GRANTED
        assert contesting.grant(contest_id=one.id, judge=lei, now=NEXT).decided_by == lei

    def test_by_no_leader_of_the_claimants_home(self, world: World, lei: Person, ding: Person) -> None:
        one = contested(world)
        home(lei, world.lan)
        with pytest.raises(NotAllowed):
            contesting.dismiss(contest_id=one.id, judge=lei, now=NEXT)
        no_way_past("no hand", Contest, one.id, result=ContestResult.DISMISSED, decided_by=lei, decided_at=NEXT)
        last_resort.tell(now=NEXT)
        assert told(ding) == [("points.left_to_nobody", f"contest:{one.id}")]


class TestClaim:
    def test_that_two_passed_on_waits_for_the_leader_who_judges_it_but_once(
        self, world: World, lei: Person, ding: Person
    ) -> None:
        aside(world.bo, world.lan)
        claim = world.checked(item=LARGE)
        now = MONDAY
        for judge in (world.fang, world.qin):
            reviewing.refer(claim_id=claim.id, seen=again(claim).standing, reviewer=judge, now=now)
            now += UNDO_FOR + timedelta(seconds=1)
            claim = world.settle(claim, now)
        assert queries.waiting_for(lei, now).get() == claim
        last_resort.tell(now=now)
        world.approve(claim, lei, now)
        claim = world.settle(claim, now + UNDO_FOR + timedelta(seconds=1))
        if claim.state == ClaimState.SECOND_REVIEW:
            last_resort.tell(now=now)
            assert [kind for kind, _ in told(ding)] == ["points.left_to_nobody"]
            assert policies.may_review(lei, claim, now).code == "claim_seen_before"
        assert [kind for kind, _ in told(lei)] == ["points.left_to_leader"]

    def test_is_held_by_a_leader_as_by_a_reviewer(self, world: World, lei: Person) -> None:
        claim = world.checked()
        assert reviewing.lease(reviewer=lei, now=MONDAY) is None
        for reviewer in (world.fang, world.qin, world.bo):
            standing_aside.stand_aside(reviewer=reviewer, claim_id=claim.id, now=MONDAY)
        assert reviewing.lease(reviewer=lei, now=MONDAY) == claim
        world.approve(claim, lei)
        assert Review.objects.get().reviewer == lei


class TestByHand:
    def test_a_correction_that_all_had_a_hand_in_is_heard_by_the_leader(self, world: World, lei: Person) -> None:
        keeper = appoint(staff("何小桥", "13900000080"), Role.COORDINATOR)
        one = asked_back(world, keeper)
        last_resort.tell(now=MONDAY)
        assert told(lei) == [("points.left_to_leader", f"correction:{one.id}")]
        assert points.uphold_appeal(correction_id=one.id, actor=lei, now=MONDAY).state == CorrectionState.UPHELD

    def test_but_not_by_a_leader_of_the_receivers_home(self, world: World, lei: Person, ding: Person) -> None:
        keeper = appoint(staff("何小桥", "13900000080"), Role.COORDINATOR)
        one = asked_back(world, keeper)
        home(lei, world.lan)
        with pytest.raises(NotAllowed):
            points.dismiss_appeal(correction_id=one.id, actor=lei, now=MONDAY)
        no_way_past(
            "stranger|close", Correction, one.id, state=CorrectionState.DISMISSED, heard_by=lei, heard_at=MONDAY
        )
        last_resort.tell(now=MONDAY)
        assert told(ding) == [("points.left_to_nobody", f"correction:{one.id}")]

    def test_a_grant_whose_receiver_all_know_is_decided_by_the_leader(self, world: World, lei: Person) -> None:
        grant = granted(world, world.fang)
        assert policies.may_decide_grant(lei, grant, MONDAY).code == "points_left_to_reviewers"
        for reviewer in (world.qin, world.bo):
            aside(reviewer, world.lan)
        last_resort.tell(now=MONDAY)
        assert told(lei) == [("points.left_to_leader", f"grant:{grant.id}")]
        assert points.approve_grant(grant_id=grant.id, actor=lei, now=MONDAY).state == GrantState.APPROVED

    def test_a_grant_is_not_decided_by_a_leader_who_lives_with_who_proposed_it(
        self, world: World, lei: Person, ding: Person
    ) -> None:
        grant = granted(world, world.fang)
        for reviewer in (world.qin, world.bo):
            aside(reviewer, world.lan)
        home(lei, world.fang)
        assert policies.may_decide_grant(lei, grant, MONDAY).code == "points_two_of_one_home"
        no_way_past("one home", Grant, grant.id, state=GrantState.APPROVED, decided_by=lei, decided_at=MONDAY)
        last_resort.tell(now=MONDAY)
        assert told(ding) == [("points.left_to_nobody", f"grant:{grant.id}")]


def test_the_queues_and_the_questions_agree(world: World, lei: Person) -> None:
    """What stands in somebody's queue they may decide, and the other way round."""
    open_claim, objection, one = world.checked(world.hua), appealed_then_objected(world), contested(world)
    for person in (world.fang, world.qin, world.bo, lei):
        claims, objections = queries.waiting_for(person, NEXT), queries.objections_for(person, NEXT)
        assert bool(policies.may_review(person, open_claim, NEXT)) == claims.filter(pk=open_claim.pk).exists()
        assert bool(policies.may_decide(person, objection, NEXT)) == objections.filter(pk=objection.pk).exists()
        assert bool(policies.may_hear_contest(person, one, NEXT)) == queries.contests_for(person, NEXT).exists()


class TestPages:
    def open(self, client: Client, person: Person, path: str) -> str:
        client.force_login(person.account)  # type: ignore[arg-type]
        answer = client.get(f"/s/yunqiao/{path}")
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.content.decode()

    def test_the_leaders_page_says_how_many_and_leads_there(self, client: Client, world: World, lei: Person) -> None:
        objection = appealed_then_objected(world)
        html = self.open(client, lei, "")
        assert "1 件对申报的异议要您来定" in html and "/points/review/?tab=objections" in html
        html = self.open(client, lei, "points/review/?tab=objections")
        assert LARGE.title in html and "这里只有审核员都定不了的" in html
        client.post(f"/s/yunqiao/points/review/objections/{objection.pk}/", {"result": "upheld"})
        objection.refresh_from_db()
        assert objection.decided_by == lei
        assert "要您来定" not in self.open(client, lei, "")

    def test_a_reviewers_home_counts_contests_too(self, client: Client, world: World) -> None:
        contested(world)
        appoint(staff("严小松", "13900009999"), Role.REVIEWER)
        spare = Person.objects.get(name="严小松")
        assert "1 条申报等您审" in self.open(client, spare, "")

    def test_the_page_asks_the_same_however_many_there_are(self, client: Client, world: World, lei: Person) -> None:
        for reviewer in (world.fang, world.qin, world.bo):
            aside(reviewer, world.lan)
        asked = []
        for more in (1, 5):
            for _ in range(more):
                world.checked()
            self.open(client, lei, "")
            with CaptureQueriesContext(connection) as statements:
                assert "件申报要您来定" in self.open(client, lei, "")
            asked.append(len(statements))
        assert asked[0] == asked[1]


def test_the_clock_tells_once_a_street(world: World, lei: Person) -> None:
    appealed_then_objected(world)
    jobs.tell_of_left(street=str(world.street.id))
    jobs.tell_of_left(street=str(world.street.id))
    assert len(told(lei)) == 1
