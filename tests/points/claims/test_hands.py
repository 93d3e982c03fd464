"""Whoever had a hand in how points came has none in their going back, nor in what is said against it."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.kit.verdict import NotAllowed
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import policies
from huipai.points.commands.claims import checking, entering, objecting, settling
from huipai.points.models import Correction
from huipai.points.words import OBJECT_FOR, UNDO_FOR, CorrectionReason, CorrectionState, GrantReason
from tests.cast import MONDAY, appoint, staff
from tests.points.claims.world import LATER, World, again

DAY = timedelta(days=1)
TWICE = CorrectionReason.RECORDED_TWICE


def reviewer(number: int) -> Person:
    return appoint(staff(f"审{number}", f"1390000009{number}"), Role.REVIEWER)


@pytest.fixture
def keeper(world: World) -> Person:
    """Asks for points back, and has had no hand in anything."""
    return appoint(staff("何小桥", "13900000080"), Role.COORDINATOR)


def decides_nothing(one: Correction, hand: Person, now: datetime) -> None:
    """Neither by the command nor past it."""
    for decide in (points.approve_correction, points.decline_correction):
        with pytest.raises(NotAllowed) as refusal:
            decide(correction_id=one.id, actor=hand, now=now)
        assert refusal.value.code == "points_other_eyes"
    with pytest.raises(IntegrityError, match="gave"), transaction.atomic():
        Correction.objects.filter(pk=one.pk).update(state=CorrectionState.DECLINED, decided_by=hand, decided_at=now)


def hears_nothing(one: Correction, hand: Person, now: datetime) -> None:
    for hear in (points.uphold_appeal, points.dismiss_appeal):
        with pytest.raises(NotAllowed) as refusal:
            hear(correction_id=one.id, actor=hand, now=now)
        assert refusal.value.code == "points_other_eyes"
    with pytest.raises(IntegrityError, match="gave"), transaction.atomic():
        Correction.objects.filter(pk=one.pk).update(state=CorrectionState.DISMISSED, heard_by=hand, heard_at=now)


def asked_back(world: World, posting_id: object, keeper: Person, now: datetime) -> Correction:
    return points.propose_correction(
        posting_id=posting_id, reason=TWICE, note="记了两次", actor=keeper, now=now  # type: ignore[arg-type]
    )  # fmt: skip


def test_whoever_proposed_points_by_hand(world: World, keeper: Person) -> None:
    grant = points.propose_grant(
        person=world.lan, points=5, reason=GrantReason.MISSED, item_code="ox-01", done_at=MONDAY - DAY,
        paper_number="ZB-1", actor=world.fang, now=MONDAY,
    )  # fmt: skip
    given = points.approve_grant(grant_id=grant.id, actor=world.qin, now=MONDAY)
    one = asked_back(world, given.posting_id, keeper, MONDAY)
    for hand in (world.fang, world.qin):
        decides_nothing(one, hand, MONDAY)
    points.approve_correction(correction_id=one.id, actor=world.bo, now=MONDAY)
    points.appeal_correction(correction_id=one.id, actor=world.lan, text="做了两次", now=MONDAY)
    for hand in (world.fang, world.qin):
        hears_nothing(one, hand, MONDAY)
    assert points.uphold_appeal(correction_id=one.id, actor=reviewer(4), now=MONDAY).state == CorrectionState.UPHELD


def test_whoever_entered_a_claim(world: World, keeper: Person) -> None:
    enterer = appoint(reviewer(4), Role.COORDINATOR)
    claim = entering.enter(
        sending=world.sending(note="替老人登记，买了菜"), claimant=world.lan, enterer=enterer, now=MONDAY
    )
    checking.check(claim_id=claim.id, now=MONDAY)
    now = MONDAY
    for judge in (world.fang, world.qin):
        world.approve(claim, judge, now)
        now += UNDO_FOR + timedelta(seconds=1)
        claim = world.settle(claim, now)
    assert claim.public_until is not None
    settling.post(claim_id=claim.id, now=claim.public_until)
    now = claim.public_until + OBJECT_FOR + DAY
    one = asked_back(world, again(claim).posting_id, keeper, now)
    for hand in (enterer, world.fang, world.qin):
        decides_nothing(one, hand, now)
    assert policies.may_decide_correction(world.bo, one, now)


def test_whoever_dismissed_the_objection_to_it(world: World, keeper: Person) -> None:
    claim = world.posted()
    objecting.dismiss(objection_id=world.objected(claim, now=LATER), judge=world.qin, now=LATER)
    now = LATER + OBJECT_FOR + DAY
    one = asked_back(world, claim.posting_id, keeper, now)
    for hand in (world.fang, world.qin):
        decides_nothing(one, hand, now)
    points.approve_correction(correction_id=one.id, actor=world.bo, now=now)
    points.appeal_correction(correction_id=one.id, actor=world.lan, text="做了", now=now)
    hears_nothing(one, world.qin, now)
