"""When awards stop, a quarter that was over before is thanked for still; what would stay unpaid is refused at once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from huipai.grid.models import Residence
from huipai.households.commands import assessing, needs
from huipai.households.commands.refusals import AfterTheStop, EndTooNear
from huipai.households.forms import ProposalForm
from huipai.households.models import Assessment
from huipai.households.queries import proof
from huipai.households.words import PUBLIC_DAYS, AssessmentState, NeedKind
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.words import Role
from huipai.points import commands as points
from huipai.points import queries as ledger
from huipai.points.rules import Holder
from huipai.rulebook.rules import EndRule
from tests import cast
from tests.cast import MONDAY
from tests.households.conftest import CALM, Stairwell, join_up

STOP = datetime(2026, 12, 31, 16, tzinfo=UTC)
LAST = STOP + timedelta(days=100)
SECOND, WEEK = timedelta(seconds=1), timedelta(days=PUBLIC_DAYS)
LATEST = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def linked(here: Stairwell) -> None:
    join_up(here)


def end(stop: datetime = STOP, last: datetime = LAST) -> None:
    one, two = (
        cast.appoint(cast.staff(f"雷{n}", f"1390000009{n}"), Role.LEADER, since=cast.A_YEAR_AGO) for n in (1, 2)
    )
    asked = points.propose_closing(awards_until=stop, redeem_until=last, actor=one, now=MONDAY)
    points.approve_closing(closing_id=asked.id, actor=two, now=MONDAY)


def propose(here: Stairwell, at: datetime, quarter: date = LATEST) -> Assessment:
    return assessing.propose(
        household=here.first, item_code=CALM.code, quarter=quarter, note="楼道清爽", actor=here.coordinator, now=at
    )


def test_the_quarter_that_ends_with_the_stop_is_received_after_it_and_paid(here: Stairwell) -> None:
    end()
    asked = propose(here, STOP + SECOND)
    assessing.approve(assessment_id=asked.pk, actor=here.qin, now=STOP + SECOND)
    posted = assessing.post(assessment_id=asked.pk, now=STOP + SECOND + WEEK)
    assert posted is not None and posted.state == AssessmentState.POSTED
    holder = Holder(household_id=here.first.id)
    assert ledger.balance_of(holder, LAST - SECOND).spendable == CALM.points
    assert next(ledger.verify_ledger(here.street), None) is None
    assert next(proof.verify_households(here.street), None) is None
    assert "那以前过完的季度，联户激励在那以后还能提" in "".join(EndRule().sentences())


def test_a_quarter_that_is_over_after_the_stop_is_neither_offered_nor_taken_in(here: Stairwell) -> None:
    end(stop=STOP - timedelta(days=2))
    now = STOP + SECOND
    with pytest.raises(AfterTheStop) as refusal:
        propose(here, now)
    assert refusal.value.field == "quarter" and not Assessment.objects.exists()
    offered = [value for value, _words in ProposalForm(now=now).fields["quarter"].choices]  # type: ignore[attr-defined]
    assert LATEST.isoformat() not in offered and date(2026, 7, 1).isoformat() in offered
    assert propose(here, now, date(2026, 7, 1)).state == AssessmentState.PROPOSED


def test_nobody_stands_in_public_for_points_that_come_too_late(here: Stairwell) -> None:
    end()
    asked = propose(here, LAST - WEEK - SECOND)
    with pytest.raises(EndTooNear):
        assessing.approve(assessment_id=asked.pk, actor=here.qin, now=LAST - WEEK)
    asked.refresh_from_db()
    assert asked.state == AssessmentState.PROPOSED and asked.public_until is None
    with pytest.raises(EndTooNear):
        propose(here, LAST - WEEK, date(2026, 7, 1))
    assert propose(here, LAST) == asked, "asked again, it is the one that waits"


def test_in_time_to_the_second_it_is_paid(here: Stairwell) -> None:
    end()
    at = LAST - WEEK - SECOND
    asked = assessing.approve(assessment_id=propose(here, at).pk, actor=here.qin, now=at)
    posted = assessing.post(assessment_id=asked.pk, now=at + WEEK)
    assert posted is not None and posted.state == AssessmentState.POSTED


def test_a_need_that_is_sent_again_is_answered_when_its_sender_has_moved_away(here: Stairwell) -> None:
    asked = {
        "need_id": new_id(), "household": here.first, "kind": NeedKind.REPAIR, "text": "水龙头", "actor": here.lan,
    }  # fmt: skip
    need = needs.raise_need(**asked, now=MONDAY)  # type: ignore[arg-type]
    with pytest.raises(NotVisible):
        needs.raise_need(**{**asked, "text": "换灯"}, now=MONDAY)  # type: ignore[arg-type]
    Residence.objects.filter(person=here.lan).update(valid_until=MONDAY)
    assert needs.raise_need(**asked, now=MONDAY + WEEK) == need  # type: ignore[arg-type]
    with pytest.raises(Refused):
        needs.raise_need(**{**asked, "need_id": new_id()}, now=MONDAY + WEEK)  # type: ignore[arg-type]
