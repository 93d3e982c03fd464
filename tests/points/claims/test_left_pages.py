"""The leader says yes and no, on the page, to each kind of what no reviewer may decide."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from huipai.kit import clock
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import last_resort, queries
from huipai.points.commands.claims import contesting, objecting, reviewing
from huipai.points.models import Claim, Contest, Correction, Grant, Objection, Posting, Review
from huipai.points.queries.proof import verify_ledger
from huipai.points.words import (
    ClaimState,
    ContestResult,
    CorrectionReason,
    CorrectionState,
    GrantReason,
    GrantState,
    Kind,
    ObjectionResult,
    RefusalReason,
    Verdict,
)
from tests.cast import MONDAY, appoint, staff
from tests.points.claims.test_left import NEXT, appealed_then_objected, aside, asked_back, contested, granted, lei
from tests.points.claims.world import LARGE, LATER, SOON, World, again

__all__ = ["lei"]
S = "/s/yunqiao/points/"
Decide = Callable[[str, str, dict[str, str], datetime], str]


@pytest.fixture
def keeper(world: World) -> Person:
    """Asks points back, and decides nothing."""
    return appoint(staff("何小桥", "13900000080"), Role.COORDINATOR)


@pytest.fixture
def decide(client: Client, world: World, lei: Person, monkeypatch: pytest.MonkeyPatch) -> Decide:
    """Finds on the desk what they were told of, presses a button, and hears no refusal."""
    client.force_login(lei.account)  # type: ignore[arg-type]

    def press(desk: str, door: str, pressed: dict[str, str], now: datetime) -> str:
        monkeypatch.setattr(clock, "now", lambda: now)
        last_resort.tell(now=now)
        assert Notice.objects.filter(person=lei, kind="points.left_to_leader").exists()
        assert f'action="{S}{door}"' in client.get(f"{S}{desk}").content.decode()
        answer = client.post(f"{S}{door}", pressed, follow=True)
        assert answer.status_code == 200, answer.content.decode()
        # Who stands aside here has told the table only.
        assert not [one for one in verify_ledger(world.street) if one.table != "points_conflict"]
        return answer.content.decode()

    return press


def all_aside(world: World, *besides: Person) -> None:
    for reviewer in (world.fang, world.qin, world.bo):
        if reviewer not in besides:
            aside(reviewer, world.lan)


class TestClaim:
    @pytest.mark.parametrize("verdict", Verdict)
    def test_at_the_first_look(self, world: World, lei: Person, decide: Decide, verdict: Verdict) -> None:
        claim = world.checked()
        all_aside(world)
        said = {"verdict": verdict.value, "reason": RefusalReason.UNCLEAR.value, "seen": again(claim).standing}
        decide("review/", f"review/{claim.id}/decision/", said, MONDAY)
        word = Review.objects.get()
        assert (word.reviewer, word.verdict) == (lei, verdict)

    @pytest.mark.parametrize("verdict", [Verdict.APPROVED, Verdict.REFUSED])
    def test_at_the_second_look(self, world: World, lei: Person, decide: Decide, verdict: Verdict) -> None:
        claim = world.checked(item=LARGE)
        reviewing.refer(claim_id=claim.id, seen=again(claim).standing, reviewer=world.fang, now=MONDAY)
        assert world.settle(claim).state == ClaimState.SECOND_REVIEW
        all_aside(world, world.fang)
        said = {"verdict": verdict.value, "reason": RefusalReason.UNCLEAR.value, "seen": again(claim).standing}
        decide("review/?tab=second", f"review/{claim.id}/decision/", said, SOON)
        assert Review.objects.get(reviewer=lei).verdict == verdict


RESULTS = list(ObjectionResult)


class TestObjection:
    @pytest.mark.parametrize("result", RESULTS)
    def test_to_what_is_in_public(self, world: World, lei: Person, decide: Decide, result: ObjectionResult) -> None:
        one = appealed_then_objected(world)
        at = one.filed_at + timedelta(hours=1)
        decide("review/?tab=objections", f"review/objections/{one.pk}/", {"result": result.value}, at)
        one.refresh_from_db()
        assert (one.result, one.decided_by) == (result, lei)

    @pytest.mark.parametrize("result", RESULTS)
    def test_to_what_was_posted(self, world: World, lei: Person, decide: Decide, result: ObjectionResult) -> None:
        claim = world.posted()
        one = Objection.objects.get(pk=world.objected(claim, now=LATER))
        all_aside(world, world.fang)
        decide("review/?tab=objections", f"review/objections/{one.pk}/", {"result": result.value}, NEXT)
        one.refresh_from_db()
        assert (one.result, one.decided_by) == (result, lei)
        assert claim.posting is not None
        back = queries.reversal_of(claim.posting.id)
        if result == ObjectionResult.DISMISSED:
            assert again(claim).state == ClaimState.POSTED and back is None
            return
        assert again(claim).state == ClaimState.UPHELD and back is not None and back.actor_id == lei.id


class TestContest:
    @pytest.mark.parametrize("result", list(ContestResult))
    def test_of_what_was_posted(self, world: World, lei: Person, decide: Decide, result: ContestResult) -> None:
        one = contested(world)
        decide("review/contests/", f"review/contests/{one.id}/", {"result": result.value}, NEXT)
        one.refresh_from_db()
        assert (one.result, one.decided_by) == (result, lei)
        assert (one.restored is not None) == (result == ContestResult.GRANTED)

    @pytest.mark.parametrize("result", list(ContestResult))
    def test_of_what_was_in_public(self, world: World, lei: Person, decide: Decide, result: ContestResult) -> None:
        claim = world.public()
        objecting.uphold(objection_id=world.objected(claim), judge=world.qin, now=SOON)
        aside(world.bo, world.lan)
        one = contesting.contest(claim_id=claim.id, actor=world.lan, text="我做了", now=SOON)
        decide("review/contests/", f"review/contests/{one.id}/", {"result": result.value}, SOON)
        assert Contest.objects.get().decided_by == lei
        shown = ClaimState.PUBLICISED if result == ContestResult.GRANTED else ClaimState.UPHELD
        assert Claim.objects.get().state == shown


class TestCorrection:
    def of_a_grant(self, world: World, keeper: Person) -> Correction:
        """What one proposed and one approved is asked back, and the third stood aside."""
        grant = granted(world, world.fang)
        posting = points.approve_grant(grant_id=grant.id, actor=world.qin, now=MONDAY).posting
        assert posting is not None
        aside(world.bo, world.lan)
        return self.asked(posting, keeper, LATER)

    def asked(self, posting: Posting, keeper: Person, now: datetime) -> Correction:
        return points.propose_correction(
            posting_id=posting.id, reason=CorrectionReason.RECORDED_TWICE, note="记了两次", actor=keeper, now=now
        )

    @pytest.mark.parametrize(("answer", "state"), [("yes", CorrectionState.APPROVED), ("no", CorrectionState.DECLINED)])
    def test_that_was_asked_for(
        self, world: World, lei: Person, keeper: Person, decide: Decide, answer: str, state: CorrectionState
    ) -> None:
        one = self.of_a_grant(world, keeper)
        decide("corrections/", f"corrections/{one.id}/decision/", {"answer": answer}, NEXT)
        one.refresh_from_db()
        assert (one.state, one.decided_by) == (state, lei)
        taken = [back.actor_id for back in Posting.objects.filter(kind=Kind.REVERSAL)]
        assert taken == ([lei.id] if state == CorrectionState.APPROVED else [])

    @pytest.mark.parametrize(
        ("answer", "state"), [("right", CorrectionState.UPHELD), ("wrong", CorrectionState.DISMISSED)]
    )
    def test_that_was_appealed_to(
        self, world: World, lei: Person, keeper: Person, decide: Decide, answer: str, state: CorrectionState
    ) -> None:
        one = asked_back(world, keeper)
        decide("corrections/", f"corrections/{one.id}/decision/", {"answer": answer}, MONDAY)
        one.refresh_from_db()
        assert (one.state, one.heard_by) == (state, lei)

    def test_where_a_reviewer_may_it_stays_theirs(
        self, client: Client, world: World, lei: Person, keeper: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one = self.of_a_grant(world, keeper)
        appoint(staff("严小松", "13900009999"), Role.REVIEWER)
        monkeypatch.setattr(clock, "now", lambda: NEXT)
        client.force_login(lei.account)  # type: ignore[arg-type]
        answer = client.post(f"{S}corrections/{one.id}/decision/", {"answer": "yes"}, follow=True)
        assert "这一件有审核员能定" in answer.content.decode()
        assert not Posting.objects.filter(kind=Kind.REVERSAL).exists()


@pytest.mark.parametrize(("answer", "state"), [("yes", GrantState.APPROVED), ("no", GrantState.DECLINED)])
def test_points_by_hand(world: World, lei: Person, decide: Decide, answer: str, state: GrantState) -> None:
    one = granted(world, world.fang)
    all_aside(world, world.fang)
    decide("grants/", f"grants/{one.id}/decision/", {"answer": answer}, MONDAY)
    kept = Grant.objects.get()
    assert (kept.state, kept.decided_by, kept.reason) == (state, lei, GrantReason.MISSED)
