"""People judge claims: strangers only, one at a time, and a decision can be taken back before it counts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.cli.verify import problems
from huipai.households.models import Group, Membership
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import notices, queries
from huipai.points.commands.claims import (
    answering,
    checking,
    entering,
    objecting,
    reviewing,
    settling,
    standing_aside,
)
from huipai.points.commands.claims.answering import TheirsByNow
from huipai.points.commands.claims.reviewing import (
    BeingLookedAt,
    JudgedAlready,
    NoReason,
    NotClean,
    TooLateToUndo,
    UndoneAlready,
)
from huipai.points.models import Claim, Objection, Posting, Review
from huipai.points.pages import wording
from huipai.points.queries.claims import ties
from huipai.points.rules.claiming import ClaimMovedOn
from huipai.points.words import UNDO_FOR, ClaimFact, ClaimPart, ClaimState, RefusalReason, SecondReason, Verdict
from huipai.streets.current import in_street
from tests.cast import MONDAY, appoint, staff
from tests.people.doors import Browser
from tests.points.claims.world import HELP, LARGE, LATER, SOON, World, again, never
from tests.points.ledger import holds as ledger_holds
from tests.points.test_awarding import home

pytestmark = pytest.mark.django_db


class TestDecide:
    def test_a_yes_counts_after_twenty_seconds_and_then_the_neighbours_see_it(self, world: World) -> None:
        claim = world.checked()
        world.approve(claim)
        assert again(claim).state == ClaimState.REVIEWED
        assert settling.take_effect(claim_id=claim.id, now=MONDAY + timedelta(seconds=19), pick=never) is None
        claim = world.settle(claim)
        assert claim.state == ClaimState.PUBLICISED
        assert claim.public_until is not None and claim.public_until.isoformat() == "2026-11-26T16:00:00+00:00"
        assert not Posting.objects.exists()

    def test_a_no_has_a_reason_and_its_claimant_hears_of_it_after_it_counts(self, world: World) -> None:
        claim = world.checked()
        with pytest.raises(NoReason):
            reviewing.refuse(
                claim_id=claim.id, seen=again(claim).standing, reviewer=world.fang, reason=None, now=MONDAY
            )
        world.refuse(claim)
        assert not Entry.objects.filter(what="claim.rejected").exists()
        claim = world.settle(claim)
        assert (claim.state, claim.reason) == (ClaimState.REJECTED, RefusalReason.UNCLEAR)
        assert claim.appeal_until == SOON + timedelta(days=7)

    def test_a_decision_can_be_taken_back_until_it_counts(self, world: World) -> None:
        claim = world.checked()
        world.approve(claim)
        reviewing.undo(claim_id=claim.id, reviewer=world.fang, now=MONDAY + timedelta(seconds=10))
        assert again(claim).state == ClaimState.AUTO_CHECKED
        assert world.settle(claim).state == ClaimState.AUTO_CHECKED
        world.refuse(claim, now=SOON)
        with pytest.raises(NotVisible):
            reviewing.undo(claim_id=claim.id, reviewer=world.qin, now=SOON)
        with pytest.raises(TooLateToUndo):
            reviewing.undo(claim_id=claim.id, reviewer=world.fang, now=SOON + timedelta(seconds=21))
        again_open = world.checked(world.hua)
        world.approve(again_open)
        reviewing.undo(claim_id=again_open.id, reviewer=world.fang, now=MONDAY)
        with pytest.raises(UndoneAlready):
            reviewing.undo(claim_id=again_open.id, reviewer=world.fang, now=MONDAY)
        assert Review.objects.filter(claim=claim, undone_at=None).get().verdict == Verdict.REFUSED

    def test_what_is_decided_is_not_decided_again(self, world: World) -> None:
        claim = world.checked()
        first = world.approve(claim)
        assert world.approve(claim) == first
        assert reviewing.approve_all(claim_ids=[claim.id], reviewer=world.fang, now=MONDAY)[0].refusal is None
        with pytest.raises(JudgedAlready):
            world.refuse(claim)
        with pytest.raises(ClaimMovedOn):
            world.approve(claim, world.qin)
        world.settle(claim)
        assert world.approve(claim) == first and Review.objects.filter(claim=claim).count() == 1
        large = world.checked(item=LARGE)
        world.approve(large)
        assert world.settle(large).state == ClaimState.SECOND_REVIEW
        with pytest.raises(NotAllowed):
            world.approve(large)
        with pytest.raises(ClaimMovedOn):
            world.refuse(world.claim(world.hua))

    def test_only_reviewers_and_nothing_of_another_street(self, world: World, elsewhere: World) -> None:
        claim = world.checked()
        with pytest.raises(NotAllowed):
            world.approve(claim, staff("陶", "13900000088"))
        with in_street(elsewhere.street.id):
            with pytest.raises(NotVisible):
                elsewhere.approve(claim)
            assert not queries.waiting_for(elsewhere.fang, MONDAY).exists()


class TestStrangers:
    def test_nobody_judges_their_own_household(self, world: World) -> None:
        claim = world.checked()
        home(world.lan, world.fang)
        assert not queries.waiting_for(world.fang, MONDAY).exists()
        assert queries.waiting_for(world.qin, MONDAY).get() == claim
        with pytest.raises(NotAllowed):
            world.approve(claim)

    def test_nor_their_household_group(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        group = [world.lan.id, world.fang.id]
        monkeypatch.setattr(ties, "_groups", (lambda person, _since, _at: group if person in group else [],))
        claim = world.checked()
        assert not queries.waiting_for(world.fang, MONDAY).exists()
        with pytest.raises(NotAllowed):
            world.approve(claim)
        world.approve(claim, world.qin)

    def test_two_looks_are_those_of_two_homes(self, world: World) -> None:
        claim = world.checked(item=LARGE)
        world.approve(claim)
        claim = world.settle(claim)
        assert claim.state == ClaimState.SECOND_REVIEW
        home(world.fang, world.qin)
        assert not queries.waiting_for(world.qin, MONDAY).exists()
        assert queries.waiting_for(world.bo, MONDAY).get() == claim
        with pytest.raises(NotAllowed) as refusal:
            world.approve(claim, world.qin)
        assert refusal.value.code == "claim_two_of_one_home"
        with pytest.raises(IntegrityError, match="too close to another reviewer"), transaction.atomic():
            Review.objects.create(
                claim=claim, round=0, claimant=world.lan, reviewer=world.qin, verdict=Verdict.APPROVED,
                decided_at=MONDAY,
            )  # fmt: skip
        world.approve(claim, world.bo)
        assert [name for _word, name in queries.hands_of(claim.id)] == [world.fang.name, world.bo.name]

    def test_who_entered_a_claim_and_who_judged_it_leave_their_homes_out(self, world: World) -> None:
        clerk = appoint(staff("陶", "13900000071"), Role.COORDINATOR)
        home(clerk, world.fang)
        entered = entering.enter(
            sending=world.sending(note="没有手机，当面说的"), claimant=world.lan, enterer=clerk, now=MONDAY
        )
        entered = world.checked_again(entered)
        assert entered not in queries.waiting_for(world.fang, MONDAY)
        assert entered in queries.waiting_for(world.qin, MONDAY)
        with pytest.raises(NotAllowed, match="同住"):
            world.approve(entered, world.fang)
        with pytest.raises(IntegrityError, match="too close to the helper"), transaction.atomic():
            Review.objects.create(
                claim=entered, claimant=world.lan, reviewer=world.fang, round=0, verdict=Verdict.APPROVED,
                decided_at=MONDAY,
            )  # fmt: skip
        # An objection is decided by no home that has judged the claim.
        home(world.qin, world.bo)
        public = world.checked()
        world.approve(public, world.qin)
        objection = world.objected(world.settle(public))
        assert not queries.objections_for(world.bo, SOON).exists()
        assert queries.objections_for(world.fang, SOON).exists()
        with pytest.raises(NotAllowed, match="同住"):
            objecting.dismiss(objection_id=objection, judge=world.bo, now=SOON)
        with pytest.raises(IntegrityError, match="lives with whoever judged"), transaction.atomic():
            Objection.objects.update(decided_by=world.bo, decided_at=SOON, result="dismissed")

    def test_the_database_knows_the_groups_too(self, world: World) -> None:
        claim = world.checked()
        theirs, mine = home(world.lan), home(world.fang)
        group = Group.objects.create(node=mine, name="六幢", opened_at=MONDAY)
        for household, person in ((theirs, world.lan), (mine, world.fang)):
            Membership.objects.create(group=group, household=household, agreed_by=person, valid_from=MONDAY)
        assert not queries.waiting_for(world.fang, MONDAY).exists()
        with pytest.raises(IntegrityError, match="too close"), transaction.atomic():
            Review.objects.create(
                claim=claim, round=0, claimant=world.lan, reviewer=world.fang, verdict=Verdict.APPROVED,
                decided_at=MONDAY,
            )  # fmt: skip
        world.approve(claim, world.qin)

    def test_nor_somebody_whom_they_have_said_not_to_judge(self, world: World) -> None:
        claim, other = world.checked(), world.checked(world.hua)
        conflict = standing_aside.stand_aside(reviewer=world.fang, claim_id=claim.id, now=MONDAY)
        assert standing_aside.stand_aside(reviewer=world.fang, claim_id=claim.id, now=MONDAY) == conflict
        assert queries.waiting_for(world.fang, MONDAY).get() == other
        with pytest.raises(NotAllowed):
            world.approve(claim)
        with pytest.raises(NotVisible):
            standing_aside.stand_by_again(reviewer=world.qin, conflict_id=conflict.id, now=MONDAY)
        standing_aside.stand_by_again(reviewer=world.fang, conflict_id=conflict.id, now=MONDAY)
        world.approve(claim)

    def test_the_database_keeps_them_apart_too(self, world: World) -> None:
        claim = world.checked()
        home(world.lan, world.fang)
        for reviewer, words in [(world.fang, "too close"), (world.lan, "too close")]:
            with pytest.raises(IntegrityError, match=words), transaction.atomic():
                Review.objects.create(
                    claim=claim, round=0, claimant=world.lan, reviewer=reviewer, verdict=Verdict.APPROVED,
                    decided_at=MONDAY,
                )  # fmt: skip
        world.approve(claim, world.qin)
        with pytest.raises(IntegrityError, match="does not wait"), transaction.atomic():
            Review.objects.create(
                claim=claim, round=0, claimant=world.lan, reviewer=world.bo, verdict=Verdict.APPROVED, decided_at=MONDAY
            )


class TestSecond:
    def test_a_large_claim_wants_two_people(self, world: World) -> None:
        claim = world.checked(item=LARGE)
        world.approve(claim)
        claim = world.settle(claim)
        assert (claim.state, claim.second_reason) == (ClaimState.SECOND_REVIEW, SecondReason.LARGE)
        assert not queries.second(world.fang, SOON).exists()
        with pytest.raises(NotAllowed):
            world.approve(claim, now=SOON)
        world.approve(claim, world.qin, SOON)
        assert world.settle(claim, SOON + timedelta(minutes=1)).state == ClaimState.PUBLICISED

    def test_the_second_may_say_no(self, world: World) -> None:
        claim = world.checked(item=LARGE)
        world.approve(claim)
        claim = world.settle(claim)
        world.refuse(claim, world.qin, SOON)
        assert world.settle(claim, SOON + timedelta(minutes=1)).state == ClaimState.REJECTED

    def test_one_in_ten_is_drawn_and_an_item_may_ask_for_it(self, world: World) -> None:
        claim = world.checked()
        world.approve(claim)
        settling.take_effect(claim_id=claim.id, now=SOON, pick=lambda most: {10: 0}[most])
        assert again(claim).second_reason == SecondReason.SAMPLED
        world.approve(again(claim), world.qin, SOON)
        # Drawn once: the second yes settles it, whatever is drawn.
        settling.take_effect(claim_id=claim.id, now=SOON + timedelta(minutes=1), pick=lambda _most: 0)
        assert again(claim).state == ClaimState.PUBLICISED

    def test_who_is_not_sure_lets_another_look(self, world: World) -> None:
        claim = world.checked()
        reviewing.refer(claim_id=claim.id, seen=again(claim).standing, reviewer=world.fang, now=MONDAY)
        claim = world.settle(claim)
        assert (claim.state, claim.second_reason) == (ClaimState.SECOND_REVIEW, SecondReason.REFERRED)
        world.approve(claim, world.qin, SOON)
        assert world.settle(claim, SOON + timedelta(minutes=1)).state == ClaimState.PUBLICISED

    def test_who_lets_another_look_takes_nothing_out_of_the_sample(self, world: World) -> None:
        claim = world.checked()
        reviewing.refer(claim_id=claim.id, seen=again(claim).standing, reviewer=world.fang, now=MONDAY)
        settling.take_effect(claim_id=claim.id, now=SOON, pick=lambda most: {10: 0}[most])
        assert again(claim).second_reason == SecondReason.SAMPLED
        world.approve(again(claim), world.qin, SOON)
        claim = world.settle(claim, SOON + timedelta(minutes=1))
        assert claim.state == ClaimState.SECOND_REVIEW
        third = appoint(staff("严", "13900000077"), Role.REVIEWER)
        world.approve(claim, third, SOON + timedelta(minutes=2))
        assert world.settle(claim, SOON + timedelta(minutes=3)).state == ClaimState.PUBLICISED


class TestByHand:
    def test_a_grant_by_hand_is_entered_by_one_and_approved_by_two_others(self, world: World) -> None:
        tao = appoint(staff("陶小川", "13900000066"), Role.COORDINATOR)
        appoint(tao, Role.REVIEWER)
        claim = entering.enter(sending=world.sending(), claimant=world.lan, enterer=tao, now=MONDAY)
        assert entering.enter(
            sending=replace(world.sending(), claim_id=claim.id), claimant=world.lan, enterer=tao, now=MONDAY
        ) == claim  # fmt: skip
        assert Entry.objects.get(what="claim.entered").actor_id == tao.id
        claim = world.checked_again(claim)
        with pytest.raises(NotAllowed):
            world.approve(claim, tao)
        world.approve(claim)
        claim = world.settle(claim)
        assert (claim.state, claim.second_reason) == (ClaimState.SECOND_REVIEW, SecondReason.MANUAL)
        world.approve(claim, world.qin, SOON)
        world.settle(claim, SOON + timedelta(minutes=1))
        settling.post(claim_id=claim.id, now=LATER)
        assert Posting.objects.get().person_id == world.lan.id

    def entry(self, world: World) -> tuple[Person, Claim]:
        tao = appoint(staff("陶小川", "13900000066"), Role.COORDINATOR)
        entered = entering.enter(sending=world.sending(), claimant=world.lan, enterer=tao, now=MONDAY)
        return tao, world.checked_again(entered)

    def test_who_entered_it_takes_a_wrong_entry_back_and_its_claimant_hears_of_it(self, world: World) -> None:
        tao, claim = self.entry(world)
        for nobody in (world.fang, appoint(staff("桂", "13900000077"), Role.COORDINATOR)):
            with pytest.raises(NotVisible), transaction.atomic():
                answering.withdraw_entry(claim_id=claim.id, enterer=nobody, now=MONDAY)
        for _ in range(2):
            answering.withdraw_entry(claim_id=claim.id, enterer=tao, now=MONDAY)
        step = again(claim).steps.order_by("-position")[0]
        assert (again(claim).state, step.part, step.actor_id) == (ClaimState.WITHDRAWN, ClaimPart.ENTERER, tao.id)
        assert wording.timeline(claim)[0]["title"] == "登记的人撤回了"
        notices.tell(entry_id=Entry.objects.get(what=ClaimFact.WITHDRAWN).id, now=MONDAY)
        told = Notice.objects.get(person=world.lan, kind=ClaimFact.WITHDRAWN)
        assert "撤回了" in str(notices.WORDINGS[told.kind](told.subject, told.params).title)
        assert ledger_holds(world.street)

    def test_what_its_claimant_has_appealed_is_theirs_and_what_they_take_back_is_told_to_nobody(
        self, world: World
    ) -> None:
        tao, claim = self.entry(world)
        world.refuse(claim)
        world.settle(claim)
        answering.appeal(claim_id=claim.id, actor=world.lan, text="真的做了", photo_ids=(), now=SOON)
        with pytest.raises(TheirsByNow), transaction.atomic():
            answering.withdraw_entry(claim_id=claim.id, enterer=tao, now=SOON)
        answering.withdraw(claim_id=claim.id, actor=world.lan, now=SOON)
        notices.tell(entry_id=Entry.objects.get(what=ClaimFact.WITHDRAWN).id, now=SOON)
        assert not Notice.objects.filter(kind=ClaimFact.WITHDRAWN).exists()
        assert ledger_holds(world.street)

    def test_the_page_of_who_enters_has_the_way_back(self, world: World) -> None:
        tao, claim = self.entry(world)
        browser = Browser().enter(tao)
        address = f"points/enter/{claim.id}/withdrawal/"
        assert address in browser.open("points/enter/").content.decode()
        assert browser.send(address).status_code == 302
        page = browser.open("points/enter/").content.decode()
        assert "撤回了，没有记分" in page and "已撤回" in page and address not in page

    def test_never_for_oneself_or_ones_own_and_only_by_staff_of_the_grid(self, world: World) -> None:
        tao = appoint(staff("陶小川", "13900000066"), Role.COORDINATOR)
        home(world.lan, tao)
        with pytest.raises(NotAllowed, match="不能给自己或同住的人登记"):
            entering.enter(sending=world.sending(), claimant=world.lan, enterer=tao, now=MONDAY)
        with pytest.raises(NotAllowed):
            entering.enter(sending=world.sending(), claimant=world.lan, enterer=world.fang, now=MONDAY)
        assert not Claim.objects.exists()


class TestQueue:
    def test_a_claim_that_somebody_looks_at_is_nobody_elses_for_ten_minutes(self, world: World) -> None:
        first, second = world.checked(), world.checked(world.hua, now=MONDAY + timedelta(minutes=1))
        now = MONDAY + timedelta(minutes=2)
        assert reviewing.lease(reviewer=world.fang, now=now) == first
        assert reviewing.lease(reviewer=world.qin, now=now) == second
        assert reviewing.lease(reviewer=world.bo, now=now) is None
        with pytest.raises(BeingLookedAt):
            world.approve(first, world.qin, now)
        # Who goes on to another gives the first one back.
        assert reviewing.lease(reviewer=world.fang, now=now, claim_id=second.id) is None
        late = now + timedelta(minutes=11)
        assert reviewing.lease(reviewer=world.bo, now=late) == first

    def test_what_passed_every_check_may_be_approved_together_with_a_result_each(self, world: World) -> None:
        clean = world.checked(photo_ids=(world.photo(world.lan).id,))
        doubtful = world.checked(world.hua)
        held = world.checked(world.hua, photo_ids=(world.photo(world.hua).id,))
        reviewing.lease(reviewer=world.qin, now=MONDAY, claim_id=held.id)
        results = reviewing.approve_all(
            claim_ids=[clean.id, doubtful.id, held.id, new_id()], reviewer=world.fang, now=MONDAY
        )
        assert [type(one.refusal) for one in results] == [type(None), NotClean, BeingLookedAt, NotVisible]
        assert again(clean).state == ClaimState.REVIEWED
        assert again(doubtful).state == again(held).state == ClaimState.AUTO_CHECKED

    def test_of_those_that_are_not_approved_together_each_says_why(self, world: World) -> None:
        judged, mine, near, large = (world.checked(item=item) for item in (HELP, HELP, HELP, LARGE))
        world.approve(judged, world.qin)
        world.refuse(mine)
        world.approve(large, world.qin)
        world.settle(large)
        far = world.checked(world.hua, photo_ids=(world.photo(world.hua).id,), now=SOON)
        standing_aside.stand_aside(reviewer=world.fang, claim_id=near.id, now=SOON)
        ids = [judged.id, mine.id, near.id, far.id]
        results = reviewing.approve_all(claim_ids=ids, reviewer=world.fang, now=SOON)
        assert [one.refusal and one.refusal.code for one in results] == [
            "claim_judged_by_another",
            "claim_judged_already",
            "claim_too_close",
            None,
        ]
        [second] = reviewing.approve_all(claim_ids=[large.id], reviewer=world.bo, now=SOON)
        assert second.refusal is not None and second.refusal.code == "claim_wants_a_look_alone"

    def test_each_tab_holds_its_own(self, world: World) -> None:
        world.checked()
        world.checked(world.hua, photo_ids=(world.photo(world.hua).id,))
        large = world.checked(item=LARGE)
        world.approve(large)
        world.settle(large)
        assert world.hua != world.lan
        counts = queries.counts(world.qin, SOON)
        assert (counts.look, counts.clean, counts.second, counts.objections) == (1, 1, 1, 0)
        assert queries.counts(world.fang, SOON).second == 0


class TestReferredOnAppeal:
    def test_is_looked_at_by_another_who_reads_why_and_the_proof_knows_it(self, world: World) -> None:
        claim, now = world.rejected(), SOON + timedelta(hours=1)
        answering.appeal(claim_id=claim.id, actor=world.lan, text="看错了", photo_ids=(), now=now)
        checking.check_appeal(claim_id=claim.id, now=now)
        reviewing.refer(claim_id=claim.id, seen=again(claim).standing, reviewer=world.qin, now=now)
        claim = world.settle(claim, now + UNDO_FOR * 2)
        assert (claim.state, claim.second_reason) == (ClaimState.SECOND_REVIEW, SecondReason.REFERRED)
        assert not list(problems(world.street))
        reviewing.approve(claim_id=claim.id, seen=again(claim).standing, reviewer=world.bo, now=now + UNDO_FOR * 3)
        claim = world.settle(claim, now + UNDO_FOR * 5)
        assert claim.state == ClaimState.PUBLICISED and settling.post(claim_id=claim.id, now=now + timedelta(days=9))
        assert not list(problems(world.street))
