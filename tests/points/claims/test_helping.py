"""A helper claims for an elder, a guardian for a child: theirs in everything, and neither household judges it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.notices.models import Notice
from huipai.people import commands as people
from huipai.people.models import Person, Proxy
from huipai.people.words import ProxyScope, Role
from huipai.points import notices
from huipai.points.commands.claims import answering, helping, objecting, settling
from huipai.points.commands.claims.helping import NotTheirClaimHelper
from huipai.points.commands.claims.objecting import NotTheirObjectionHelper
from huipai.points.commands.claims.submitting import NotThisClaimId, TooManyClaims
from huipai.points.models import Claim, Objection, Review
from huipai.points.queries.claims import queue
from huipai.points.words import CLAIMS_A_DAY, UNDO_FOR, ClaimFact, ClaimPart, ClaimState, ObjectionReason
from huipai.streets.current import in_street
from tests import cast
from tests.by_hand import by_hand
from tests.cases.test_own import helps
from tests.people.doors import Browser
from tests.photos.makers import sent
from tests.points.claims.test_pages import read
from tests.points.claims.world import World, again, unlike
from tests.points.ledger import holds, spendable
from tests.points.test_awarding import home

# Long enough ago for a decision to have come into effect, whenever the pages are asked.
NOW = clock.now() - 2 * UNDO_FOR
LATER = NOW + timedelta(days=6)
FORM = "points/items/ox-01/claim/"


@pytest.fixture
def helper(world: World) -> Person:
    """Hua may claim for Lan, who has asked her to."""
    helps(world.lan, world.hua, ProxyScope.CLAIM)
    return world.hua


def claimed(world: World, by: Person, whose: Person, **more: object) -> Claim:
    told = world.sending(**{"photo_ids": (), "note": f"替他买了菜 {new_id()}", **more})
    return helping.submit_for(sending=told, claimant_id=whose.id, helper=by, now=clock.now())


def stopped(elder: Person, helper: Person) -> None:
    people.end_proxy(proxy=Proxy.objects.get(elder=elder, helper=helper), actor=elder, now=clock.now())


class TestAtThePage:
    def test_the_form_asks_whose_it_is_and_it_is_the_elders(self, world: World, helper: Person) -> None:
        browser = Browser().enter(helper)
        assert "这是谁做的？" in read(browser, FORM) and "这是谁做的？" not in read(Browser().enter(world.lan), FORM)
        page = read(browser, f"{FORM}?for={world.lan.id}")
        assert f"替{world.lan.name}报" in page and f'name="for" value="{world.lan.id}"' in page
        assert 'data-report="claim"' not in page and "先存着" not in page, "a phone keeps one's own alone"
        claim_id = str(new_id())
        typed = {"claim_id": claim_id, "for": str(world.lan.id), "note": "替他买了菜", "photo": sent(unlike())}
        answer = browser.send(FORM, **typed)
        assert answer.status_code == 302 and f"报在{world.lan.name}名下" in read(
            browser, f"points/claims/{claim_id}/received/"
        )
        claim = Claim.objects.get()
        assert (claim.claimant, claim.entered_by, claim.source) == (world.lan, helper, "helper")
        assert claim.evidence.get().photo.uploader_id == helper.id  # type: ignore[union-attr]
        step = claim.steps.get()
        assert (step.part, step.actor_id) == (ClaimPart.HELPER, helper.id)
        entry = Entry.objects.get(what=ClaimFact.HELPED)
        assert (entry.actor_id, entry.facts["claimant"]) == (helper.id, str(world.lan.id))
        assert claim_id in read(browser, f"points/claims/?for={world.lan.id}")
        assert claim_id not in read(browser, "points/claims/")
        assert claim_id in read(Browser().enter(world.lan), "points/claims/")
        assert "家人替本人报的" in read(Browser().enter(world.lan), f"points/claims/{claim_id}/")

    def test_errors_keep_whose_it_is(self, world: World, helper: Person) -> None:
        page = read(Browser().enter(helper), FORM)
        answer = Browser().enter(helper).send(FORM, claim_id=new_id(), **{"for": str(world.lan.id)})
        assert answer.status_code == 422 and f'name="for" value="{world.lan.id}"' in answer.content.decode()
        assert 'name="for"' not in page

    @pytest.mark.parametrize("whose", ["a stranger", "of another street", "of another scope", "ended", "nonsense"])
    def test_not_for_whoever_did_not_ask(self, world: World, elsewhere: World, whose: str) -> None:
        said = str(world.lan.id)
        if whose == "of another street":
            said = str(elsewhere.lan.id)
        elif whose == "of another scope":
            helps(world.lan, world.hua, ProxyScope.POINTS, ProxyScope.REPORT, ProxyScope.ANSWER)
        elif whose == "ended":
            helps(world.lan, world.hua, ProxyScope.CLAIM)
            stopped(world.lan, world.hua)
        elif whose == "nonsense":
            said = "奶奶"
        browser = Browser().enter(world.hua)
        for page in (FORM, "points/claims/"):
            assert browser.open(f"{page}?for={said}").status_code == 404
        answer = browser.send(FORM, claim_id=new_id(), note="替她买的", **{"for": said})
        assert answer.status_code == 422 and "现在不能替这一位申报" in answer.content.decode()
        assert "替她买的" in answer.content.decode() and not Claim.objects.exists()

    def test_the_other_street_sees_nothing_of_it(self, world: World, helper: Person, elsewhere: World) -> None:
        claim = claimed(world, helper, world.lan)
        with in_street(elsewhere.street.id):
            there = Browser("hetang").enter(elsewhere.hua)
            for page in (f"points/claims/{claim.id}/", f"points/claims/{claim.id}/received/"):
                assert there.open(page).status_code == 404
            assert there.send(f"points/claims/{claim.id}/withdrawal/").status_code == 404


class TestOnce:
    def test_the_same_again_gets_the_same_answer_even_when_the_permission_has_ended(
        self, world: World, helper: Person
    ) -> None:
        told = world.sending(note="一样的")
        first = helping.submit_for(sending=told, claimant_id=world.lan.id, helper=helper, now=clock.now())
        stopped(world.lan, helper)
        assert helping.submit_for(sending=told, claimant_id=world.lan.id, helper=helper, now=LATER).id == first.id
        with pytest.raises(NotTheirClaimHelper):
            claimed(world, helper, world.lan)
        helps(world.lan, world.bo, ProxyScope.CLAIM)
        with pytest.raises(NotThisClaimId):
            other = world.sending(claim_id=told.claim_id, note="另一句")
            helping.submit_for(sending=other, claimant_id=world.lan.id, helper=world.bo, now=clock.now())

    def test_nobody_claims_for_crowds(self, world: World, helper: Person) -> None:
        helps(world.fang, helper, ProxyScope.CLAIM)
        for _number in range(CLAIMS_A_DAY):
            claimed(world, helper, world.lan)
        with pytest.raises(TooManyClaims):
            claimed(world, helper, world.fang)


class TestAnswering:
    def test_a_helper_takes_back_and_appeals_while_the_permission_holds(self, world: World, helper: Person) -> None:
        claim = world.checked_again(claimed(world, helper, world.lan), NOW)
        with pytest.raises(NotVisible):
            answering.withdraw(claim_id=claim.id, actor=world.fang, now=clock.now())
        assert answering.withdraw(claim_id=claim.id, actor=helper, now=clock.now()).state == ClaimState.WITHDRAWN
        assert claim.steps.latest("position").part == ClaimPart.HELPER
        refused = world.rejected(world.lan, now=NOW)
        browser = Browser().enter(helper)
        assert "觉得看错了" in read(browser, f"points/claims/{refused.id}/")
        answer = browser.send(f"points/claims/{refused.id}/appeal/", text="那天的确去了")
        assert answer.status_code == 302 and again(refused).state == ClaimState.APPEALED
        assert Entry.objects.get(what=ClaimFact.APPEALED).actor_id == helper.id
        assert holds(world.street)
        stopped(world.lan, helper)
        assert browser.open(f"points/claims/{refused.id}/").status_code == 404
        assert browser.send(f"points/claims/{refused.id}/withdrawal/").status_code == 404

    def test_the_points_come_to_the_elder_who_is_told_at_once(self, world: World, helper: Person) -> None:
        claim = claimed(world, helper, world.lan)
        now = clock.now()
        claim = world.checked_again(claim, now)
        world.approve(claim, now=now)
        world.settle(claim, now + UNDO_FOR + timedelta(seconds=1))
        settling.post(claim_id=claim.id, now=LATER)
        notices.tell(entry_id=Entry.objects.get(what=ClaimFact.HELPED).id, now=now)
        assert Notice.objects.get(kind=ClaimFact.HELPED).person_id == world.lan.id
        assert (spendable(world.lan, LATER), spendable(helper, LATER)) == (5, 0)
        assert holds(world.street)


class TestNotices:
    def test_reach_the_helper_too_who_alone_can_appeal_for_somebody_without_a_phone(
        self, world: World, helper: Person
    ) -> None:
        claim, now = claimed(world, helper, world.lan), clock.now()
        world.refuse(world.checked_again(claim, now), now=now)
        settled = now + UNDO_FOR + timedelta(seconds=1)
        world.settle(claim, settled)
        entry = Entry.objects.get(what=ClaimFact.REJECTED)
        for _twice in range(2):
            notices.tell(entry_id=entry.id, now=settled)
        told = {one.person: str(one.wording.title) for one in Notice.objects.filter(cause=f"entry:{entry.id}")}
        assert set(told) == {world.lan, helper}
        assert told[helper] == f"您代办的：{told[world.lan]}"
        assert "申诉" in read(Browser().enter(helper), f"points/claims/{claim.id}/")

    def test_not_of_what_they_send_themselves_nor_after_the_permission(self, world: World, helper: Person) -> None:
        sent, now = claimed(world, helper, world.lan), clock.now()
        own = world.checked(now=now)
        for claim in (own, world.checked_again(sent, now)):
            world.refuse(claim, now=now)
        settled = now + UNDO_FOR + timedelta(seconds=1)
        for claim in (own, sent):
            world.settle(claim, settled)
        stopped(world.lan, helper)
        for entry in Entry.objects.filter(what=ClaimFact.REJECTED):
            notices.tell(entry_id=entry.id, now=clock.now())
        assert set(Notice.objects.filter(kind=ClaimFact.REJECTED).values_list("person", flat=True)) == {world.lan.id}


class TestJudging:
    def test_neither_household_judges_it(self, world: World, helper: Person) -> None:
        home(helper, world.fang)
        claim = claimed(world, helper, world.lan)
        now = clock.now()
        claim = world.checked_again(claim, now)
        with pytest.raises(NotAllowed, match="同住"):
            world.approve(claim, world.fang, now)
        assert claim not in queue.waiting_for(world.fang, now) and claim in queue.waiting_for(world.qin, now)
        with pytest.raises(IntegrityError, match="too close to the helper"), transaction.atomic():
            Review.objects.create(claim=claim, reviewer=world.fang, verdict="approved", decided_at=now)
        world.approve(claim, world.qin, now)
        soon = now + timedelta(minutes=2)
        public = world.settle(claim, now + UNDO_FOR + timedelta(seconds=1))
        with pytest.raises(NotAllowed, match="自己的申报"):
            objecting.object_to(claim_id=claim.id, objector=helper, reason=ObjectionReason.OLD, text="", now=soon)
        objection = world.objected(public, world.bo, soon)
        with pytest.raises(NotAllowed, match="同住"):
            objecting.dismiss(objection_id=objection, judge=world.fang, now=now + timedelta(minutes=3))
        assert not queue.objections_for(world.fang, now).exists()

    def test_a_reviewer_who_helps_judges_nothing_of_it(self, world: World) -> None:
        helps(world.lan, world.fang, ProxyScope.CLAIM)
        claim = world.checked_again(claimed(world, world.fang, world.lan), NOW)
        with pytest.raises(NotAllowed):
            world.approve(claim, world.fang, NOW)


class TestChildren:
    def test_a_guardian_claims_for_a_child_until_that_ends(self, world: World) -> None:
        clerk = cast.appoint(cast.staff("陶", "13900000066"), Role.COORDINATOR)
        bond = people.record_guardian_of_child(
            guardian=world.lan,
            name="小满",
            birth_year=NOW.year - 9,
            paper_number="1",
            age_seen=True,
            actor=clerk,
            now=NOW,
        )
        claim = claimed(world, world.lan, bond.minor)
        assert (claim.claimant_id, claim.entered_by_id) == (bond.minor_id, world.lan.id)
        assert "小满" in read(Browser().enter(world.lan), FORM)
        people.end_guardianship(guardianship=bond, actor=clerk, now=clock.now())
        assert Browser().enter(world.lan).open(f"points/claims/{claim.id}/").status_code == 404


class TestObjecting:
    @pytest.mark.no_guard
    def test_a_helper_objects_in_the_elders_name_and_counts_with_them(self, world: World) -> None:
        elder = cast.resident("岳奶奶", "13800000071")
        helps(elder, world.hua, ProxyScope.CLAIM)
        home(world.hua, world.qin)
        public = world.public(now=NOW)
        door = f"points/publicity/{public.id}/objection/"
        browser = Browser().enter(world.hua)
        assert "这是谁的意见？" in read(browser, door) and "这是谁的意见？" not in read(Browser().enter(elder), door)
        assert f"替{elder.name}提" in read(browser, f"{door}?for={elder.id}")
        typed = {"for": str(elder.id), "reason": "not_done", "text": "那天他不在"}
        empty = browser.send(door, **{**typed, "reason": ""})
        assert empty.status_code == 422 and f'name="for" value="{elder.id}"' in empty.content.decode()
        assert [browser.send(door, **typed).status_code for _ in range(2)] == [302, 302]
        objection = Objection.objects.get()
        assert (objection.objector, objection.sent_by) == (elder, world.hua)
        entry = Entry.objects.get(what=ClaimFact.OBJECTED)
        assert (entry.actor_id, entry.facts["objector"]) == (world.hua.id, str(elder.id))
        notices.tell(entry_id=entry.id, now=NOW)
        told = set(Notice.objects.filter(cause=f"entry:{entry.id}").values_list("person", "kind"))
        assert told == {(world.lan.id, "claim.objected"), (elder.id, "claim.objected_for")}
        # Neither home decides it.
        assert not queue.objections_for(world.qin, NOW).exists() and queue.objections_for(world.bo, NOW).exists()
        with pytest.raises(NotAllowed, match="同住"):
            objecting.dismiss(objection_id=objection.id, judge=world.qin, now=clock.now())
        with pytest.raises(IntegrityError, match="objected for another"), transaction.atomic():
            Objection.objects.update(decided_by=world.qin, decided_at=clock.now(), result="dismissed")
        assert holds(world.street)
        by_hand("UPDATE points_objection SET sent_by_id = NULL")
        assert not holds(world.street)
        by_hand("UPDATE points_objection SET sent_by_id = %s", [world.hua.id])
        objecting.dismiss(objection_id=objection.id, judge=world.bo, now=clock.now())
        end = Entry.objects.get(what=ClaimFact.DISMISSED)
        notices.tell(entry_id=end.id, now=NOW)
        decided = Notice.objects.filter(cause=f"entry:{end.id}", kind="claim.objection_decided")
        assert set(decided.values_list("person", flat=True)) == {elder.id, world.hua.id} and holds(world.street)

    def test_it_ends_with_the_permission_and_is_no_way_round_what_is_ones_own(self, world: World) -> None:
        def objected(claim: Claim, whose: Person, by: Person) -> Objection:
            return objecting.object_for(
                claim_id=claim.id, objector_id=whose.id, helper=by, reason=ObjectionReason.OLD, text="", now=clock.now()
            )

        elder = cast.resident("岳奶奶", "13800000071")
        helps(elder, world.hua, ProxyScope.CLAIM)
        helps(elder, world.lan, ProxyScope.CLAIM)
        public = world.public(now=NOW)
        with pytest.raises(NotAllowed, match="自己的申报"):
            objected(public, elder, world.lan)
        with pytest.raises(NotTheirObjectionHelper):
            objected(public, world.bo, world.hua)
        first = objected(public, elder, world.hua)
        stopped(elder, world.hua)
        assert objected(public, elder, world.hua) == first, "who did not hear the answer hears it"
        other = world.public(now=NOW)
        with pytest.raises(NotTheirObjectionHelper):
            objected(other, elder, world.hua)
        door = f"points/publicity/{other.id}/objection/"
        assert Browser().enter(world.hua).open(f"{door}?for={elder.id}").status_code == 404
        answer = Browser().enter(world.hua).send(door, reason="old", **{"for": str(elder.id)})
        assert answer.status_code == 422 and "现在不能替这一位提异议" in answer.content.decode()

    def test_a_guardian_objects_for_a_child_and_nobody_for_another_street(self, world: World, elsewhere: World) -> None:
        clerk = cast.appoint(cast.staff("陶", "13900000066"), Role.COORDINATOR)
        bond = people.record_guardian_of_child(
            guardian=world.hua, name="小满", birth_year=NOW.year - 9, paper_number="1", age_seen=True, actor=clerk,
            now=NOW,
        )  # fmt: skip
        public, later = world.public(now=NOW), world.public(now=NOW)

        def objected(claim: Claim, whose: Person) -> Objection:
            return objecting.object_for(
                claim_id=claim.id, objector_id=whose.id, helper=world.hua, reason=ObjectionReason.OLD, text="",
                now=clock.now(),
            )  # fmt: skip

        with pytest.raises(NotTheirObjectionHelper):
            objected(public, elsewhere.lan)
        assert objected(public, bond.minor).objector_id == bond.minor_id
        people.end_guardianship(guardianship=bond, actor=clerk, now=clock.now())
        with pytest.raises(NotTheirObjectionHelper):
            objected(later, bond.minor)
