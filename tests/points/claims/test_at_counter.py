"""What somebody without an account does not agree with is written down at the counter, and looked at by others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.verdict import Moved, NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import policies, queries
from huipai.points.commands.claims import answering, contesting, entering, objecting, settling
from huipai.points.models import Appeal, Claim, Contest, Correction, Objection, Review
from huipai.points.queries import verify_ledger
from huipai.points.words import (
    APPEAL_FOR,
    OBJECT_FOR,
    ClaimPart,
    ClaimState,
    CorrectionReason,
    CorrectionState,
    GrantReason,
)
from huipai.streets.current import in_street
from tests.by_hand import by_hand
from tests.cast import MONDAY, appoint, resident, staff
from tests.people.doors import Browser, found, leads_to
from tests.points.claims.world import SOON, World, again, unlike
from tests.points.test_awarding import home

pytestmark = pytest.mark.django_db
NOW = clock.now()
MINUTE = timedelta(minutes=1)


@pytest.fixture
def tao(world: World) -> Person:
    """Sits at the counter."""
    return appoint(staff("陶小川", "13900000066"), Role.COORDINATOR)


@pytest.fixture
def elder(world: World) -> Person:
    """Has no account: what is said of her points reaches her at the counter alone."""
    one = resident("桂奶奶", "13800000088")
    Person.objects.filter(pk=one.pk).update(account=None)
    return Person.objects.get(pk=one.pk)


def entered(world: World, elder: Person, tao: Person, now: datetime = MONDAY) -> Claim:
    claim = entering.enter(sending=world.sending(note=f"替她登记 {now}"), claimant=elder, enterer=tao, now=now)
    return world.checked_again(claim, now)


def refused(world: World, elder: Person, tao: Person, now: datetime = MONDAY) -> Claim:
    claim = entered(world, elder, tao, now)
    world.refuse(claim, now=now)
    claim = world.settle(claim, now + MINUTE)
    assert claim.state == ClaimState.REJECTED
    return claim


def upheld(world: World, elder: Person, tao: Person, now: datetime = MONDAY) -> Claim:
    claim, then = entered(world, elder, tao, now), now
    for judge in (world.fang, world.qin):
        world.approve(claim, judge, then)
        then += MINUTE
        claim = world.settle(claim, then)
    objecting.uphold(objection_id=world.objected(claim, now=then), judge=world.bo, now=then)
    return again(claim)


def taken_back(world: World, elder: Person, now: datetime = MONDAY) -> Correction:
    """Points by hand that were asked back, and taken."""
    grant = points.propose_grant(
        person=elder, points=5, reason=GrantReason.MISSED, item_code="ox-01", done_at=now - timedelta(days=1),
        paper_number="ZB-1", actor=world.fang, now=now,
    )  # fmt: skip
    given = points.approve_grant(grant_id=grant.id, actor=world.qin, now=now)
    asker = appoint(staff("何小桥", "13900000080"), Role.COORDINATOR)
    one = points.propose_correction(
        posting_id=given.posting_id, reason=CorrectionReason.RECORDED_TWICE, note="记了两次", actor=asker, now=now
    )
    return points.approve_correction(correction_id=one.id, actor=world.bo, now=now)


def say_appeal(claim: Claim, hand: Person, now: datetime = SOON + MINUTE, text: str = "我真去买了") -> Appeal:
    return answering.appeal_at_counter(claim_id=claim.id, hand=hand, text=text, photo_ids=(), now=now)


class TestAppeal:
    def test_is_hers_by_the_hand_of_staff_and_goes_to_other_eyes(
        self, world: World, elder: Person, tao: Person
    ) -> None:
        appoint(tao, Role.REVIEWER)
        claim = refused(world, elder, tao)
        made = say_appeal(claim, tao)
        assert say_appeal(claim, tao) == made, "twice is once"
        step = again(claim).steps.order_by("-position")[0]
        assert (step.action, step.part, step.actor_id) == ("appeal", ClaimPart.ENTERER, tao.id)
        assert Entry.objects.get(what="claim.appealed").facts["at_counter"] is True
        claim = world.checked_again(claim, SOON + MINUTE)
        for hand in (world.fang, tao):
            assert not policies.may_review(hand, claim, SOON + MINUTE)
            assert claim not in queries.waiting_for(hand, SOON + MINUTE)
        world.approve(claim, world.qin, SOON + MINUTE)
        assert list(verify_ledger(world.street)) == []

    def test_nobody_who_wrote_it_down_judges_it_past_the_command(
        self, world: World, elder: Person, tao: Person
    ) -> None:
        claim = refused(world, elder, appoint(staff("另一位", "13900000067"), Role.GRID_WORKER))
        appoint(tao, Role.REVIEWER)
        say_appeal(claim, tao)
        assert policies.may_review(tao, again(claim), SOON + MINUTE).code == "claim_too_close"
        with pytest.raises(IntegrityError, match="whoever spoke"), transaction.atomic():
            Review.objects.create(
                claim=claim, claimant=elder, reviewer=tao, verdict="approved", decided_at=SOON + 2 * MINUTE
            )

    def test_says_in_the_table_whose_hand_it_was(self, world: World, elder: Person, tao: Person) -> None:
        claim = refused(world, elder, tao)
        with pytest.raises(IntegrityError, match="who filed it"), transaction.atomic():
            Appeal.objects.create(claim=claim, text="谁说的", filed_at=SOON)
        made = say_appeal(claim, tao)
        by_hand(
            "UPDATE points_appeal SET filed_by_id = NULL WHERE street_id = %s AND id = %s", [made.street_id, made.id]
        )
        assert [one.table for one in verify_ledger(world.street)] == ["points_appeal"]

    def test_takes_a_picture_that_staff_took(self, world: World, elder: Person, tao: Person) -> None:
        claim = refused(world, elder, tao)
        photo = world.photo(tao, unlike(), now=SOON)
        answering.appeal_at_counter(
            claim_id=claim.id, hand=tao, text="小票在这里", photo_ids=(photo.id,), now=SOON + MINUTE
        )
        assert again(claim).evidence.get(round=1).photo_id == photo.id
        assert list(verify_ledger(world.street)) == []

    def test_is_once_and_within_seven_days(self, world: World, elder: Person, tao: Person) -> None:
        claim = refused(world, elder, tao)
        assert claim.appeal_until is not None
        with pytest.raises(answering.TooLateToAppeal):
            say_appeal(claim, tao, claim.appeal_until)
        say_appeal(claim, tao)
        with pytest.raises(Moved):
            say_appeal(claim, tao, text="另一句")

    def test_after_it_the_entry_is_hers(self, world: World, elder: Person, tao: Person) -> None:
        claim = refused(world, elder, tao)
        say_appeal(claim, tao)
        with pytest.raises(answering.TheirsByNow):
            answering.withdraw_entry(claim_id=claim.id, enterer=tao, now=SOON + MINUTE)


class TestNothingElse:
    """Whoever wrote a word down, or spoke for somebody, decides nothing of that claim later on."""

    def passed(self, world: World, claim: Claim, hand: Person) -> tuple[Claim, datetime]:
        """Appealed at the counter, and approved by two."""
        say_appeal(claim, hand)
        now = SOON + MINUTE
        claim = world.checked_again(claim, now)
        for judge in (world.qin, world.bo):
            world.approve(claim, judge, now)
            now += MINUTE
            claim = world.settle(claim, now)
        return claim, now

    def test_of_a_later_objection_nor_of_a_contest(self, world: World, elder: Person, tao: Person) -> None:
        clerk = appoint(staff("另一位", "13900000067"), Role.GRID_WORKER)
        claim, now = self.passed(world, refused(world, elder, clerk), tao)
        appoint(tao, Role.REVIEWER)
        objection = Objection.objects.get(pk=world.objected(claim, now=now))
        assert not policies.may_decide(tao, objection, now)
        assert objection not in queries.objections_for(tao, now)
        with pytest.raises(IntegrityError, match="whoever spoke"), transaction.atomic():
            Objection.objects.filter(pk=objection.pk).update(result="upheld", decided_by=tao, decided_at=now)
        judge = appoint(staff("严", "13900000077"), Role.REVIEWER)
        objecting.uphold(objection_id=objection.pk, judge=judge, now=now)
        made = contesting.contest_at_counter(claim_id=claim.id, hand=clerk, text="我做了", now=now)
        assert not policies.may_hear_contest(tao, made, now) and made not in queries.contests_for(tao, now)
        with pytest.raises(IntegrityError, match="whoever spoke"), transaction.atomic():
            Contest.objects.filter(pk=made.pk).update(result="dismissed", decided_by=tao, decided_at=now)

    def test_of_its_points_that_are_asked_back(self, world: World, elder: Person, tao: Person) -> None:
        clerk = appoint(staff("另一位", "13900000067"), Role.GRID_WORKER)
        claim, now = self.passed(world, refused(world, elder, clerk), tao)
        assert claim.public_until is not None
        settling.post(claim_id=claim.id, now=claim.public_until)
        appoint(tao, Role.REVIEWER)
        now = claim.public_until + OBJECT_FOR + timedelta(days=1)
        asker = appoint(staff("何小桥", "13900000080"), Role.COORDINATOR)
        one = points.propose_correction(
            posting_id=again(claim).posting_id, reason=CorrectionReason.RECORDED_TWICE, note="两次", actor=asker,
            now=now,
        )  # fmt: skip
        assert policies.may_decide_correction(tao, one, now).code == "points_other_eyes"
        with pytest.raises(IntegrityError, match="whoever spoke"), transaction.atomic():
            Correction.objects.filter(pk=one.pk).update(state=CorrectionState.DECLINED, decided_by=tao, decided_at=now)


class TestByWhom:
    def refuses(self, code: str, deed: Callable[[], object]) -> None:
        with pytest.raises(NotAllowed) as refusal, transaction.atomic():
            deed()
        assert refusal.value.code == code

    def test_by_the_counter_for_who_has_no_account_and_is_no_relation(
        self, world: World, elder: Person, tao: Person, elsewhere: World
    ) -> None:
        claim = refused(world, elder, tao)
        for nobody in (world.lan, world.hua, world.qin, staff("没有岗位", "13900000068")):
            self.refuses("claim_not_enterer", lambda nobody=nobody: say_appeal(claim, nobody))
        appoint(world.fang, Role.COORDINATOR)
        self.refuses("claim_spoken_by_judge", lambda: say_appeal(claim, world.fang))
        own = world.rejected()
        self.refuses("claim_speaks_for_themselves", lambda: say_appeal(own, tao))
        home(elder, tao)
        self.refuses("claim_entered_for_oneself", lambda: say_appeal(claim, tao))
        with in_street(elsewhere.street.id):
            far = appoint(staff("别街的", "13900000069"), Role.COORDINATOR)
            with pytest.raises(NotVisible):
                say_appeal(claim, far)

    def test_who_left_the_counter_takes_no_entry_back_either(self, world: World, elder: Person, tao: Person) -> None:
        claim = entered(world, elder, tao)
        Assignment.objects.filter(person=tao).update(valid_until=MONDAY)
        self.refuses("claim_not_enterer", lambda: answering.withdraw_entry(claim_id=claim.id, enterer=tao, now=MONDAY))
        assert again(claim).state == ClaimState.AUTO_CHECKED


class TestContest:
    def test_is_written_down_and_heard_by_somebody_else(self, world: World, elder: Person, tao: Person) -> None:
        claim = upheld(world, elder, tao)
        now = SOON + 2 * MINUTE
        say = lambda: contesting.contest_at_counter(claim_id=claim.id, hand=tao, text="我做了", now=now)  # noqa: E731
        made = say()
        assert say() == made and made.filed_by_id == tao.id and made.claimant_id == elder.id
        appoint(tao, Role.REVIEWER)
        assert not policies.may_hear_contest(tao, made, now)
        judge = appoint(staff("严", "13900000077"), Role.REVIEWER)
        contesting.grant(contest_id=made.id, judge=judge, now=now)
        claim = again(claim)
        assert claim.state == ClaimState.PUBLICISED and list(verify_ledger(world.street)) == []
        # She has spoken: who entered it takes nothing back any more.
        with pytest.raises(answering.TheirsByNow):
            answering.withdraw_entry(claim_id=claim.id, enterer=tao, now=now)
        assert "登记错了" not in Browser().enter(tao).open("points/enter/").content.decode()
        assert claim.public_until is not None
        settling.post(claim_id=claim.id, now=claim.public_until)
        assert again(claim).state == ClaimState.POSTED

    def test_not_by_who_upheld_it_nor_late(self, world: World, elder: Person, tao: Person) -> None:
        claim = upheld(world, elder, tao)
        appoint(world.bo, Role.COORDINATOR)
        with pytest.raises(NotAllowed):
            contesting.contest_at_counter(claim_id=claim.id, hand=world.bo, text="我做了", now=SOON + 2 * MINUTE)
        with pytest.raises(contesting.TooLateToContest):
            contesting.contest_at_counter(
                claim_id=claim.id, hand=tao, text="我做了", now=SOON + 5 * MINUTE + APPEAL_FOR
            )
        assert not Contest.objects.exists()


class TestAskedBack:
    def test_what_was_taken_is_spoken_against_and_heard_by_somebody_else(
        self, world: World, elder: Person, tao: Person
    ) -> None:
        one = taken_back(world, elder)
        assert queries.taken_from(elder, SOON) == [one]
        say = lambda: points.appeal_correction_at_counter(  # noqa: E731
            correction_id=one.id, hand=tao, text="做了两次", now=SOON
        )
        assert say() == say() and queries.taken_from(elder, SOON) == []
        one.refresh_from_db()
        assert (one.state, one.appealed_by_id) == (CorrectionState.APPEALED, tao.id)
        appoint(tao, Role.REVIEWER)
        for hear in (points.uphold_appeal, points.dismiss_appeal):
            with pytest.raises(NotAllowed):
                hear(correction_id=one.id, actor=tao, now=SOON)
        with pytest.raises(IntegrityError, match="does not hear it"), transaction.atomic():
            Correction.objects.filter(pk=one.pk).update(state=CorrectionState.DISMISSED, heard_by=tao, heard_at=SOON)
        judge = appoint(staff("严", "13900000077"), Role.REVIEWER)
        points.uphold_appeal(correction_id=one.id, actor=judge, now=SOON)
        assert list(verify_ledger(world.street)) == []

    def test_not_by_a_hand_in_it_nor_for_who_has_an_account(self, world: World, elder: Person, tao: Person) -> None:
        one = taken_back(world, elder)
        appoint(world.bo, Role.COORDINATOR)
        for hand, code in (
            (world.bo, "claim_spoken_by_judge"), (one.proposed_by, "claim_spoken_by_judge"),
            (world.hua, "claim_not_enterer"),
        ):  # fmt: skip
            with pytest.raises(NotAllowed) as refusal:
                points.appeal_correction_at_counter(correction_id=one.id, hand=hand, text="做了两次", now=SOON)
            assert refusal.value.code == code
        account = world.lan.account
        Person.objects.filter(pk=world.lan.pk).update(account=None)
        Person.objects.filter(pk=elder.pk).update(account=account)
        with pytest.raises(NotAllowed) as refusal:
            points.appeal_correction_at_counter(correction_id=one.id, hand=tao, text="做了两次", now=SOON)
        assert refusal.value.code == "claim_speaks_for_themselves"


class TestPages:
    def test_from_the_name_to_the_written_word(self, world: World, elder: Person, tao: Person) -> None:
        claim = refused(world, elder, tao, NOW - timedelta(hours=1))
        desk = Browser().enter(tao)
        assert "points/said/" in desk.open("points/enter/").content.decode()
        assert "是谁的？" in desk.open("points/said/").content.decode()
        nobody = desk.send("points/said/", act="find", name="查无此人")
        assert nobody.status_code == 422 and "查无此人" in nobody.content.decode()
        who = found(desk, "points/said/", name="桂奶奶")
        page = desk.open(f"points/said/?who={who}").content.decode()
        assert f"points/said/claims/{claim.id}/" in page and "可以申诉" in page
        page = desk.open(f"points/said/claims/{claim.id}/?who={who}").content.decode()
        assert "他觉得看错了" in page and "桂奶奶" not in page
        empty = desk.send(f"points/said/claims/{claim.id}/appeal/", who=who, text=" ")
        assert empty.status_code == 422 and "写一句哪里看错了" in empty.content.decode()
        written = desk.send(f"points/said/claims/{claim.id}/appeal/", who=who, text="我真去买了")
        assert leads_to(written).startswith("/s/yunqiao/points/said/?who=")
        assert again(claim).state == ClaimState.APPEALED
        page = desk.open(f"points/said/claims/{claim.id}/?who={who}").content.decode()
        assert "我真去买了" in page and "他觉得看错了" not in page
        assert "结果请本人来窗口问" in page and "结果告诉您" not in page
        late = desk.send(f"points/said/claims/{claim.id}/appeal/", who=who, text="还有一句")
        assert late.status_code == 409 and "还有一句" in late.content.decode()

    def test_what_they_have_is_told_to_whom_they_may_hear_it_from(
        self, world: World, elder: Person, tao: Person
    ) -> None:
        desk = Browser().enter(tao)
        who = found(desk, "points/said/", name="桂奶奶")
        assert "可以用 0 分" in desk.open(f"points/said/?who={who}").content.decode()
        world.posted(elder)
        page = desk.open(f"points/said/?who={who}").content.decode()
        assert "可以用 5 分" in page and "最近怎么来的" in page and "+5" in page
        account = world.lan.account
        Person.objects.filter(pk=world.lan.pk).update(account=None)
        Person.objects.filter(pk=elder.pk).update(account=account)
        page = desk.open(f"points/said/?who={who}").content.decode()
        assert "这一位自己有账号" in page and "可以用" not in page

    def test_a_contest(self, world: World, elder: Person, tao: Person) -> None:
        claim = upheld(world, elder, tao, NOW - timedelta(hours=1))
        desk = Browser().enter(tao)
        who = found(desk, "points/said/", name="桂奶奶")
        assert "可以申诉" in desk.open(f"points/said/?who={who}").content.decode()
        assert "他觉得异议不对" in desk.open(f"points/said/claims/{claim.id}/?who={who}").content.decode()
        long = "长" * 301
        refusal = desk.send(f"points/said/claims/{claim.id}/contest/", who=who, text=long)
        assert refusal.status_code == 422 and long in refusal.content.decode()
        leads_to(desk.send(f"points/said/claims/{claim.id}/contest/", who=who, text="我做了"))
        assert Contest.objects.get().filed_by_id == tao.id
        assert "我做了" in desk.open(f"points/said/claims/{claim.id}/?who={who}").content.decode()

    def test_asks_the_same_however_many_were_upheld(self, world: World, elder: Person, tao: Person) -> None:
        desk = Browser().enter(tao)
        who, asked = found(desk, "points/said/", name="桂奶奶"), []
        for hours in (3, 2, 1):
            upheld(world, elder, tao, NOW - timedelta(hours=hours))
            with CaptureQueriesContext(connection) as counted:
                assert desk.open(f"points/said/?who={who}").content.decode().count("可以申诉") == 4 - hours
            asked.append(len(counted))
        assert asked[1] == asked[2]

    def test_what_was_asked_back(self, world: World, elder: Person, tao: Person) -> None:
        one = taken_back(world, elder, NOW - timedelta(hours=1))
        desk = Browser().enter(tao)
        who = found(desk, "points/said/", name="桂奶奶")
        where = f"points/said/corrections/{one.id}/"
        assert where in desk.open(f"points/said/?who={who}").content.decode()
        assert "记了两次" in desk.open(f"{where}?who={who}").content.decode()
        assert desk.send(where, who=who, text="").status_code == 422
        leads_to(desk.send(where, who=who, text="做了两次"))
        late = desk.send(where, who=who, text="还有一句")
        assert late.status_code == 409 and "还有一句" in late.content.decode()
        lan = found(desk, "points/said/", name=world.hua.name)
        assert desk.open(f"{where}?who={lan}").status_code == 403

    def test_only_of_whom_was_found_and_has_no_account(self, world: World, elder: Person, tao: Person) -> None:
        claim = refused(world, elder, tao, NOW - timedelta(hours=1))
        desk = Browser().enter(tao)
        lan = found(desk, "points/said/", name=world.lan.name)
        assert "自己有账号" in desk.open(f"points/said/?who={lan}").content.decode()
        who = found(desk, "points/said/", name="桂奶奶")
        for seal, status in (("", 404), ("forged", 404), (lan, 403)):
            assert desk.open(f"points/said/claims/{claim.id}/?who={seal}").status_code == status
            assert desk.send(f"points/said/claims/{claim.id}/appeal/", who=seal, text="不").status_code == status
        mine = world.rejected(now=NOW - timedelta(hours=1))
        assert desk.open(f"points/said/claims/{mine.id}/?who={who}").status_code == 404
        for other in (world.lan, world.fang):
            assert Browser().enter(other).open("points/said/").status_code == 403
            answer = Browser().enter(other).send(f"points/said/claims/{claim.id}/appeal/", who=who, text="不")
            assert answer.status_code == 403
        assert again(claim).state == ClaimState.REJECTED
