"""What time brings: publicity, points, objections on both sides of them, and appeals."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.cli.verify import problems
from huipai.grid import commands as grid
from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.notices.models import Notice
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import notices, queries, warning
from huipai.points.commands import NotCorrectable
from huipai.points.commands.claims import (
    answering,
    checking,
    entering,
    objecting,
    settling,
    submitting,
)
from huipai.points.commands.claims.answering import AppealedAlready, AppealSaysNothing, NothingToAppeal, TooLateToAppeal
from huipai.points.commands.claims.objecting import NothingSaid, ObjectedAlready, ObjectionDecided, TooLateToObject
from huipai.points.jobs import claiming
from huipai.points.models import Claim, ClaimStep, Correction, Lot, Objection, Posting
from huipai.points.pages import wording
from huipai.points.rules import expires_at, lapses_at
from huipai.points.rules.claiming import ClaimMovedOn
from huipai.points.rules.sending import TooManyEvidencePhotos
from huipai.points.words import (
    MOST_EVIDENCE_PHOTOS,
    UNDO_FOR,
    CheckKind,
    CheckResult,
    ClaimState,
    CorrectionReason,
    ObjectionReason,
    ObjectionResult,
    SecondReason,
    Why,
)
from huipai.rulebook import commands as rulebooks
from huipai.rulebook.models import RulebookVersion
from huipai.rulebook.rules.formula import parse
from tests.cast import MONDAY, TUESDAY, appoint, resident, rulebook, staff
from tests.photos import samples
from tests.points.claims.world import HELP, ITEMS, LARGE, LATER, SOON, World, again
from tests.points.ledger import holds, spendable
from tests.points.test_awarding import home
from tests.rulebook.making import sums, tried

pytestmark = pytest.mark.django_db


class TestPost:
    def test_points_come_when_the_publicity_is_over_by_the_version_of_the_day(self, world: World) -> None:
        claim = world.public()
        rulebook(*(replace(HELP, points=9) if item is HELP else item for item in ITEMS), since=TUESDAY)
        assert settling.post(claim_id=claim.id, now=TUESDAY) is None
        assert settling.post(claim_id=claim.id, now=LATER) is not None
        posting = Posting.objects.get()
        assert (posting.points, posting.subject, posting.received_at) == (5, f"claim:{claim.id}", MONDAY)
        assert posting.actor_id == world.fang.id and again(claim).posting_id == posting.id
        assert settling.post(claim_id=claim.id, now=LATER) is None
        assert spendable(world.lan, LATER) == 5 and holds(world.street)

    def test_a_cap_that_filled_up_meanwhile_pays_nothing_and_says_so(self, world: World) -> None:
        first, second, third = (world.public() for _ in range(3))
        for claim in (first, second, third):
            settling.post(claim_id=claim.id, now=LATER)
        assert spendable(world.lan, LATER) == 10
        assert (again(third).state, again(third).reason) == (ClaimState.REJECTED, Why.DAY_CAP)
        assert again(third).appeal_until is None

    def test_an_amount_gives_what_the_formula_says(self, world: World) -> None:
        counted = replace(HELP, code="ox-07", points=10, day_cap=10, formula=parse("取小(小时 × 5, 10)"))
        rulebook(counted, since=MONDAY)
        world.posted(item=counted, measured={"hours": "1.5"})
        assert spendable(world.lan, LATER) == 7


class TestObjection:
    def test_is_none_of_who_lives_with_the_claimant_now_or_lately(self, world: World) -> None:
        home(world.lan, world.hua)
        claim = world.public()
        with pytest.raises(NotAllowed, match="家里人") as refusal:
            world.objected(claim, by=world.hua)
        assert refusal.value.code == "claim_near_objection"
        grid.move_out(person=world.hua, at=SOON, actor=world.hua, now=SOON)
        with pytest.raises(NotAllowed, match="家里人"):
            world.objected(claim, by=world.hua, now=SOON + timedelta(hours=1))
        assert world.objected(claim, by=resident("温小河", "13800000077"))

    def test_stops_the_publicity_and_if_dismissed_it_goes_on_for_what_was_left(self, world: World) -> None:
        claim = world.public()
        objection = world.objected(claim, now=TUESDAY)
        assert settling.post(claim_id=claim.id, now=LATER) is None and not Posting.objects.exists()
        decided = TUESDAY + timedelta(days=10)
        objecting.dismiss(objection_id=objection, judge=world.qin, now=decided)
        left = claim.public_until - TUESDAY if claim.public_until else timedelta(0)
        assert again(claim).public_until == decided + left
        assert settling.post(claim_id=claim.id, now=decided + left) is not None

    def test_upheld_before_posting_there_is_nothing_to_take_back(self, world: World) -> None:
        claim = world.public()
        objecting.uphold(objection_id=world.objected(claim), judge=world.qin, now=TUESDAY)
        assert again(claim).state == ClaimState.UPHELD and not Posting.objects.exists()

    def test_upheld_after_the_points_were_spent_leaves_a_debt(self, world: World) -> None:
        claim = world.posted()
        points.spend(person=world.lan, subject="order:1", points=4, actor=None, now=LATER)
        objection = world.objected(claim, now=LATER)
        assert spendable(world.lan, LATER) == 1
        objecting.uphold(objection_id=objection, judge=world.qin, now=LATER)
        balance = queries.balance(world.lan, LATER)
        assert (balance.spendable, balance.debt) == (0, 4)
        assert again(claim).state == ClaimState.UPHELD and holds(world.street)

    def test_dismissed_after_posting_the_points_stay(self, world: World) -> None:
        claim = world.posted()
        objecting.dismiss(objection_id=world.objected(claim, now=LATER), judge=world.qin, now=LATER)
        assert again(claim).state == ClaimState.POSTED and spendable(world.lan, LATER) == 5

    def test_dismissed_after_posting_the_others_have_the_days_that_it_took(self, world: World) -> None:
        claim = world.posted()
        until, third = claim.object_until, resident("贾三", "13800000066")
        assert until is not None
        objection = world.objected(claim, now=until - timedelta(days=13))
        with pytest.raises(ObjectedAlready):
            world.objected(claim, third, until - timedelta(days=1))
        judged = until + timedelta(days=5)
        objecting.dismiss(objection_id=objection, judge=world.qin, now=judged)
        stays = again(claim)
        assert stays.object_until == stays.evidence_until == judged + timedelta(days=13)
        assert world.objected(claim, now=judged) == objection  # once a person
        second = world.objected(claim, third, judged + timedelta(days=12))
        objecting.uphold(objection_id=second, judge=world.qin, now=judged + timedelta(days=12))
        assert spendable(world.lan, judged + timedelta(days=12)) == 0 and holds(world.street)

    def test_is_decided_by_somebody_who_has_neither_judged_nor_objected(self, world: World) -> None:
        claim = world.public()
        objection = world.objected(claim, world.bo)
        for judge in (world.fang, world.bo, world.lan, world.hua):
            with pytest.raises(NotAllowed):
                objecting.uphold(objection_id=objection, judge=judge, now=TUESDAY)
        with pytest.raises(IntegrityError, match="somebody else"), transaction.atomic():
            Objection.objects.filter(pk=objection).update(
                decided_by=world.fang, decided_at=TUESDAY, result=ObjectionResult.UPHELD
            )
        first = objecting.uphold(objection_id=objection, judge=world.qin, now=TUESDAY)
        assert objecting.uphold(objection_id=objection, judge=world.qin, now=SOON + timedelta(days=2)) == first
        assert again(claim).steps.filter(action="uphold").count() == 1
        with pytest.raises(ObjectionDecided):
            objecting.dismiss(objection_id=objection, judge=world.qin, now=TUESDAY)
        other = world.public(now=MONDAY + timedelta(minutes=1))
        unfounded = world.objected(other, world.hua)
        for _ in range(2):
            objecting.dismiss(objection_id=unfounded, judge=world.qin, now=TUESDAY)
        assert again(other).state == ClaimState.PUBLICISED

    def test_is_heard_once_with_a_reason_not_ones_own_and_not_for_ever(self, world: World) -> None:
        claim = world.public()
        for reason in (None, ObjectionReason.OTHER):
            with pytest.raises(NothingSaid):
                objecting.object_to(
                    claim_id=claim.id, objector=world.hua, reason=reason, text=" \u200b\u202e", now=SOON
                )
        with pytest.raises(NotAllowed):
            world.objected(claim, world.lan)
        first = world.objected(claim)
        assert world.objected(claim) == first
        for other_words in (ObjectionReason.OLD, ObjectionReason.NOT_DONE):
            with pytest.raises(ObjectedAlready):
                objecting.object_to(
                    claim_id=claim.id, objector=world.hua, reason=other_words, text="还有一句", now=SOON
                )
        with pytest.raises(ObjectedAlready):
            world.objected(claim, world.bo)
        objecting.uphold(objection_id=first, judge=world.qin, now=TUESDAY)
        with pytest.raises(ObjectionDecided):
            world.objected(claim, world.bo)
        with pytest.raises(ObjectionDecided):
            objecting.dismiss(objection_id=first, judge=world.qin, now=TUESDAY)
        posted = world.posted(world.hua)
        with pytest.raises(TooLateToObject):
            world.objected(posted, world.lan, LATER + timedelta(days=15))
        with pytest.raises(NotVisible):
            world.objected(world.checked(world.hua), world.lan)


class TestAppeal:
    def test_is_judged_once_more_by_somebody_who_has_not_seen_it(self, world: World) -> None:
        claim = world.rejected()
        with pytest.raises(AppealSaysNothing):
            answering.appeal(claim_id=claim.id, actor=world.lan, text=" \u200b\u202e", photo_ids=(), now=TUESDAY)
        photo = world.photo(world.lan)
        said = {"claim_id": claim.id, "actor": world.lan, "text": "补一张", "photo_ids": (photo.id,)}
        appeal = answering.appeal(**said, now=TUESDAY)
        assert answering.appeal(**said, now=TUESDAY) == appeal
        assert not queries.waiting_for(world.fang, TUESDAY).exists()
        with pytest.raises(NotAllowed):
            world.approve(claim, world.fang, TUESDAY)
        world.approve(claim, world.qin, TUESDAY)
        assert world.settle(claim, TUESDAY + timedelta(minutes=1)).state == ClaimState.PUBLICISED

    def test_a_second_no_is_the_last(self, world: World) -> None:
        claim = world.rejected()
        answering.appeal(claim_id=claim.id, actor=world.lan, text="不对", photo_ids=(), now=TUESDAY)
        world.refuse(claim, world.qin, TUESDAY)
        claim = world.settle(claim, TUESDAY + timedelta(minutes=1))
        assert claim.state == ClaimState.REJECTED and claim.appeal_until is None
        with pytest.raises(TooLateToAppeal):
            answering.appeal(claim_id=claim.id, actor=world.lan, text="还是不对", photo_ids=(), now=TUESDAY)

    @pytest.mark.parametrize("why", [SecondReason.LARGE, SecondReason.MANUAL, SecondReason.SAMPLED])
    def test_what_wants_two_wants_them_after_a_refusal_too(self, world: World, why: SecondReason) -> None:
        claim = self.wanting_two(world, why)
        world.refuse(claim)
        settling.take_effect(claim_id=claim.id, now=SOON, pick=lambda _most: 0)
        answering.appeal(claim_id=claim.id, actor=world.lan, text="看错了", photo_ids=(), now=TUESDAY)
        world.approve(claim, world.qin, TUESDAY)
        claim = world.settle(claim, TUESDAY + timedelta(minutes=1))
        assert (claim.state, claim.second_reason, claim.round) == (ClaimState.SECOND_REVIEW, why, 1)
        with pytest.raises(NotAllowed):
            world.approve(claim, world.qin, TUESDAY + timedelta(minutes=1))
        world.approve(claim, world.bo, TUESDAY + timedelta(minutes=1))
        assert world.settle(claim, TUESDAY + timedelta(minutes=2)).state == ClaimState.PUBLICISED
        assert list(problems(world.street)) == []

    def test_a_yes_from_before_the_appeal_is_one_of_the_two(self, world: World) -> None:
        claim = self.wanting_two(world, SecondReason.LARGE)
        world.approve(claim)
        world.refuse(world.settle(claim), world.qin, SOON)
        world.settle(claim, SOON + timedelta(minutes=1))
        answering.appeal(claim_id=claim.id, actor=world.lan, text="看错了", photo_ids=(), now=TUESDAY)
        world.approve(claim, world.bo, TUESDAY)
        assert world.settle(claim, TUESDAY + timedelta(minutes=1)).state == ClaimState.PUBLICISED

    @staticmethod
    def wanting_two(world: World, why: SecondReason) -> Claim:
        """A claim that two people have to agree to; what is drawn is known once the first has spoken."""
        if why != SecondReason.MANUAL:
            return world.checked(item=LARGE if why == SecondReason.LARGE else HELP)
        enterer = appoint(staff("何小桥", "13900000077"), Role.COORDINATOR)
        entered = entering.enter(sending=world.sending(), claimant=world.lan, enterer=enterer, now=MONDAY)
        return world.checked_again(entered)

    def test_what_it_shows_is_looked_at_before_anybody_is_given_it(self, world: World) -> None:
        content = samples.encode(samples.scene(cars=3, size=(96, 72), seed=77), "JPEG", quality=70)
        world.posted(world.hua, photo_ids=(world.photo(world.hua, content).id,))
        claim = world.rejected()
        first = set(claim.findings.values_list("kind", "code"))
        assert (CheckKind.EVIDENCE, "evidence_note_only") in first
        photo = world.photo(world.lan, content, now=TUESDAY)
        answering.appeal(claim_id=claim.id, actor=world.lan, text="补一张", photo_ids=(photo.id,), now=TUESDAY)
        assert not queries.waiting_for(world.qin, TUESDAY).filter(pk=claim.pk).exists()
        assert queries.unchecked_appeals().get() == claim
        claiming.check_appeal(street=str(world.street.id), claim=str(claim.id))
        assert queries.waiting_for(world.qin, TUESDAY).filter(pk=claim.pk, has_doubt=True).exists()
        assert not queries.unchecked_appeals().exists()
        assert checking.check_appeal(claim_id=claim.id, now=TUESDAY) is None
        found = {one.kind: (one.result, one.code) for one in claim.findings.filter(round=1)}
        assert found[CheckKind.SAME] == (CheckResult.FAIL, "same_other")
        assert found[CheckKind.EVIDENCE] == (CheckResult.PASS, "evidence_there")
        assert set(claim.findings.filter(round=0).values_list("kind", "code")) == first
        told = wording.explained(again(claim))
        assert len(told) == len(found) and told[0].result == CheckResult.FAIL
        assert list(problems(world.street)) == []

    def test_a_picture_of_the_deed_is_judged_by_when_it_was_shown(self, world: World) -> None:
        claim = world.rejected()
        photo = world.photo(world.lan, taken_at=TUESDAY - timedelta(minutes=5), now=TUESDAY)
        answering.appeal(claim_id=claim.id, actor=world.lan, text="补一张", photo_ids=(photo.id,), now=TUESDAY)
        checking.check_appeal(claim_id=claim.id, now=TUESDAY)
        assert claim.findings.get(round=1, kind=CheckKind.TIME).code == "time_near"

    def test_shows_no_more_pictures_than_a_claim_does(self, world: World) -> None:
        claim = world.rejected()
        photos = tuple(world.photo(world.lan).id for _number in range(MOST_EVIDENCE_PHOTOS + 1))
        with pytest.raises(TooManyEvidencePhotos):
            answering.appeal(claim_id=claim.id, actor=world.lan, text="都在这", photo_ids=photos, now=TUESDAY)
        answering.appeal(claim_id=claim.id, actor=world.lan, text="都在这", photo_ids=photos[1:], now=TUESDAY)

    def test_a_photo_that_came_with_the_second_press_is_not_swallowed(self, world: World) -> None:
        claim, photo = world.rejected(), world.photo(world.lan)
        said = {"claim_id": claim.id, "actor": world.lan, "text": "真的做了", "now": TUESDAY}
        first = answering.appeal(**said, photo_ids=())
        with pytest.raises(AppealedAlready):
            answering.appeal(**said, photo_ids=(photo.id,))
        assert answering.appeal(**said, photo_ids=()) == first
        other = world.rejected(world.hua)
        shown = {**said, "claim_id": other.id, "actor": world.hua, "photo_ids": (world.photo(world.hua).id,)}
        assert answering.appeal(**shown) == answering.appeal(**shown)

    def test_taken_back_twice_is_once(self, world: World) -> None:
        claim = world.checked()
        for _ in range(2):
            answering.withdraw(claim_id=claim.id, actor=world.lan, now=SOON)
        assert again(claim).steps.filter(action="withdraw").count() == 1

    def test_what_was_not_refused_is_not_appealed_against(self, world: World) -> None:
        claim = world.public()
        with pytest.raises(NothingToAppeal):
            answering.appeal(claim_id=claim.id, actor=world.lan, text="不对", photo_ids=(), now=TUESDAY)

    def test_only_the_claimant_and_only_within_a_week(self, world: World) -> None:
        claim = world.rejected()
        with pytest.raises(NotVisible):
            answering.appeal(claim_id=claim.id, actor=world.hua, text="不对", photo_ids=(), now=TUESDAY)
        with pytest.raises(TooLateToAppeal):
            answering.appeal(
                claim_id=claim.id, actor=world.lan, text="不对", photo_ids=(), now=SOON + timedelta(days=8)
            )


class TestLapse:
    def test_points_that_a_late_decision_pays_are_not_over_before_anybody_is_told(self, world: World) -> None:
        item = replace(HELP, code="ox-40", lot_months=1)
        rulebook(*ITEMS, item, since=MONDAY - timedelta(days=1))
        claim = world.public(world.lan, item)
        late = MONDAY + timedelta(days=60)
        objecting.dismiss(objection_id=world.objected(claim), judge=world.qin, now=late)
        over = again(claim).public_until
        assert over is not None
        assert settling.post(claim_id=claim.id, now=over) is not None
        lot = Lot.objects.get(posting=again(claim).posting)
        assert lot.expires_at == expires_at(over, 1) and spendable(world.lan, over) == HELP.points
        assert warning.warn(now=over) == 1 and holds(world.street)

    def test_what_is_paid_in_time_lapses_so_many_months_after_the_deed(self) -> None:
        deed, soon = MONDAY, MONDAY + timedelta(days=14)
        assert lapses_at(deed, soon, 24) == expires_at(deed, 24) and lapses_at(deed, soon, None) is None
        assert lapses_at(deed, deed - timedelta(days=40), 1) == expires_at(deed, 1)


class TestWithdraw:
    def test_as_long_as_nothing_is_paid_and_then_it_may_be_claimed_again(self, world: World) -> None:
        sending = world.sending()
        claim = submitting.submit(sending=sending, claimant=world.lan, now=MONDAY)
        answering.withdraw(claim_id=claim.id, actor=world.lan, now=MONDAY)
        world.claim(note=sending.note)
        posted = world.posted(world.hua)
        with pytest.raises(ClaimMovedOn):
            answering.withdraw(claim_id=posted.id, actor=world.hua, now=LATER)

    def test_what_was_drawn_for_a_second_look_stays_drawn_when_it_is_sent_anew(self, world: World) -> None:
        first = world.checked(note="给老人买菜")
        world.approve(first)
        settling.take_effect(claim_id=first.id, now=SOON, pick=lambda _most: 0)
        answering.withdraw(claim_id=first.id, actor=world.lan, now=SOON)
        states = []
        for note, later in (("给老人送饭。", timedelta(days=1)), ("又送一回饭", timedelta(days=2))):
            claim = world.checked(note=note, now=SOON + later)
            world.approve(claim, now=SOON + later)
            states.append(world.settle(claim, SOON + later + UNDO_FOR).state)
        assert states == [ClaimState.SECOND_REVIEW, ClaimState.PUBLICISED]  # in whatever words: the look is owed once

    def test_what_was_looked_at_a_second_time_and_then_taken_back_owes_no_other_look(self, world: World) -> None:
        first = world.checked(note="给老人买菜")
        world.approve(first)
        settling.take_effect(claim_id=first.id, now=SOON, pick=lambda _most: 0)
        world.approve(first, world.bo, now=SOON)
        assert world.settle(first, SOON + UNDO_FOR).state == ClaimState.PUBLICISED
        answering.withdraw(claim_id=first.id, actor=world.lan, now=SOON + UNDO_FOR)
        other = world.checked(note="给老人送饭", now=SOON + timedelta(days=1))
        world.approve(other, now=SOON + timedelta(days=1))
        assert world.settle(other, SOON + timedelta(days=1) + UNDO_FOR).state == ClaimState.PUBLICISED


class TestFoundLater:
    def test_points_of_a_claim_are_asked_back_once_nobody_can_object_any_more(self, world: World) -> None:
        claim = world.posted()
        assert claim.posting is not None and claim.object_until is not None
        asked = {"posting_id": claim.posting.id, "reason": CorrectionReason.RECORDED_WRONGLY, "note": "照片是拼的"}
        with pytest.raises(NotCorrectable, match="提异议"):
            points.propose_correction(**asked, actor=world.qin, now=LATER)
        late = claim.object_until + timedelta(days=1)
        with pytest.raises(TooLateToObject):
            world.objected(claim, now=late)
        asked_back = points.propose_correction(**asked, actor=world.qin, now=late)
        # Not by whoever let it pass.
        with pytest.raises(NotAllowed, match="您经手过"):
            points.approve_correction(correction_id=asked_back.id, actor=world.fang, now=late)
        with pytest.raises(IntegrityError, match="gave points"), transaction.atomic():
            Correction.objects.update(state="declined", decided_by=world.fang, decided_at=late)
        points.approve_correction(correction_id=asked_back.id, actor=world.bo, now=late)
        assert spendable(world.lan, late) == 0 and holds(world.street)
        points.appeal_correction(correction_id=asked_back.id, actor=world.lan, text="是我拍的", now=late)


class TestDatabase:
    def test_a_claim_stands_where_its_last_step_led_and_steps_stay(self, world: World) -> None:
        claim = world.claim()
        with pytest.raises(IntegrityError, match="its last step led"), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(state=ClaimState.AUTO_CHECKED)
            connection.check_constraints()
        with pytest.raises(IntegrityError), transaction.atomic():
            ClaimStep.objects.update(to_state=ClaimState.POSTED)
        for fields in ({"claimant": world.hua}, {"item_code": "ox-12"}, {"received_at": TUESDAY}):
            with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
                Claim.objects.filter(pk=claim.pk).update(**fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).delete()

    def test_the_journal_holds_no_word_of_a_claim(self, world: World) -> None:
        claim = world.rejected()
        answering.appeal(claim_id=claim.id, actor=world.lan, text="三楼的老人知道", photo_ids=(), now=TUESDAY)
        told = " ".join(str(entry.facts) for entry in Entry.objects.filter(what__startswith="claim."))
        assert "老人" not in told and world.lan.name not in told


class TestNotices:
    def test_the_claimant_hears_at_each_turn_and_the_objector_of_the_end(self, world: World) -> None:
        claim = world.public()
        objection = world.objected(claim, now=TUESDAY)
        objecting.dismiss(objection_id=objection, judge=world.qin, now=TUESDAY)
        for entry in Entry.objects.filter(what__in=notices.TOLD):
            for _twice in range(2):
                notices.tell(entry_id=entry.id, now=TUESDAY)
        told = list(Notice.objects.order_by("created_at").values_list("person", "kind"))
        assert told[0] == (world.lan.id, "claim.publicised")
        assert (world.hua.id, "claim.objection_decided") in told and len(told) == 4
        words = [str(notice.wording.title) for notice in Notice.objects.all()]
        assert any("审过了，正在公示" in title for title in words)
        assert all(world.hua.name not in title for title in words)


def test_a_dry_run_pays_the_claims_that_a_cap_left_unpaid(world: World) -> None:
    """Five people, each with a third claim over the cap of the day: under a higher cap each of them gains."""
    people = [world.lan, world.hua, *(resident(f"居民{n}", f"1380002000{n}") for n in range(3))]
    for person in people:
        claims = [world.posted(person, now=MONDAY + timedelta(minutes=n)) for n in range(3)]
        assert [claim.state for claim in claims] == ["posted", "posted", "rejected"]
    writer, next_month = RulebookVersion.objects.get().author, MONDAY + timedelta(days=31)
    version = rulebooks.draft(author=writer, note="", now=next_month)
    wider = replace(HELP, day_cap=15, why="一天帮三回的人不少")
    rulebooks.put_item(version_id=version.id, actor=writer, terms=wider, now=next_month)
    run = tried(version, writer, now=next_month)
    assert (run.result["deeds"], sums(run)) == (15, (50, 75))
    assert run.result["groups"] == [{"group": "other", "people": 5, "change": 500, "gain": 5, "lose": 0}]
