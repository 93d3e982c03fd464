"""Whoever had a hand in an incentive has none in its going back, nor in what is said against it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huipai.households.commands import assessing
from huipai.kit.verdict import NotAllowed
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points.models import Correction
from huipai.points.words import CorrectionReason, CorrectionState
from tests import cast
from tests.cast import A_YEAR_AGO, MONDAY
from tests.households.conftest import Stairwell, join_up
from tests.households.test_assessing import AFTER, in_public
from tests.people.doors import Browser


def test_who_proposed_approved_or_defended_it_decides_nothing(here: Stairwell) -> None:
    join_up(here)
    asking, fourth, fifth = (
        cast.appoint(cast.staff(f"审{number}", f"1390000009{number}"), Role.REVIEWER, since=A_YEAR_AGO)
        for number in (1, 2, 3)
    )
    assessment = in_public(here)
    objection = assessing.object_to(assessment_id=assessment.pk, text="看看", actor=here.hua, now=MONDAY)
    assessing.dismiss(objection_id=objection.pk, answer="看过了", actor=here.bo, now=MONDAY)
    cast.appoint(here.coordinator, Role.REVIEWER, since=A_YEAR_AGO)
    posted = assessing.post(assessment_id=assessment.pk, now=AFTER)
    assert posted is not None and posted.posting_id is not None
    now, hands = AFTER + timedelta(days=1), (here.coordinator, here.qin, here.bo)
    one = points.propose_correction(
        posting_id=posted.posting_id, reason=CorrectionReason.DEED_UNDONE, note="没有做", actor=asking, now=now
    )
    for hand in hands:
        with pytest.raises(NotAllowed) as refusal:
            points.approve_correction(correction_id=one.id, actor=hand, now=now)
        assert refusal.value.code == "points_other_eyes"
        with pytest.raises(IntegrityError, match="gave"), transaction.atomic():
            Correction.objects.update(state=CorrectionState.DECLINED, decided_by=hand, decided_at=now)
    points.approve_correction(correction_id=one.id, actor=fourth, now=now)
    points.appeal_correction(correction_id=one.id, actor=here.lan, text="做了", now=now)
    for hand in hands:
        with pytest.raises(NotAllowed):
            points.dismiss_appeal(correction_id=one.id, actor=hand, now=now)
        with pytest.raises(IntegrityError, match="gave"), transaction.atomic():
            Correction.objects.update(state=CorrectionState.DISMISSED, heard_by=hand, heard_at=now)
    assert points.uphold_appeal(correction_id=one.id, actor=fifth, now=now).state == CorrectionState.UPHELD


def test_the_home_reads_that_it_was_taken_back_and_where_to_say_no(here: Stairwell) -> None:
    join_up(here)
    asking, another = (
        cast.appoint(cast.staff(f"审{number}", f"1390000009{number}"), Role.REVIEWER, since=A_YEAR_AGO)
        for number in (1, 2)
    )
    posted = assessing.post(assessment_id=in_public(here).pk, now=AFTER)
    assert posted is not None and posted.posting_id is not None
    now, browser = AFTER + timedelta(days=1), Browser().enter(here.lan)
    one = points.propose_correction(
        posting_id=posted.posting_id, reason=CorrectionReason.DEED_UNDONE, note="没有做", actor=asking, now=now
    )
    page, address = browser.open("household/").content.decode(), f"points/corrections/{one.id}/"
    assert "已记分" in page and address not in page
    points.approve_correction(correction_id=one.id, actor=another, now=now)
    page = browser.open("household/").content.decode()
    assert "记过分，后来退回了" in page and "已记分" not in page and address in page
    assert browser.open(address).status_code == 200
