"""How often a matter can be sent back, and who was ruled to do it, is not got round by merging (staged limits)."""

from __future__ import annotations

import pytest

from huipai.cases.commands import dispatching, triage, working
from huipai.cases.commands.working import ReturnsUsedUp, RuledHere
from huipai.cases.models import Case
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def older(here: Place) -> Hub:
    return Hub.with_a_case(here, case_type=LITTER)


@pytest.fixture
def younger(here: Place, older: Hub) -> Hub:
    return Hub(here, here.report(here.hua, case_type=LITTER, now=MONDAY + HOUR / 4))


def sent_back(hub: Hub, times: int) -> None:
    """From unit to unit, as often."""
    for number in range(times):
        unit, by = [(hub.place.city, hub.place.shi), (hub.place.guard, hub.place.ning)][number % 2]
        at = MONDAY + (number + 1) * HOUR
        hub.returned(hub.sent(unit, now=at), by, now=at + HOUR / 2)


def merged(younger: Hub, older: Hub) -> Case:
    triage.merge(case_id=younger.case.id, into_id=older.case.id, actor=older.place.dispatcher, now=MONDAY + 4 * HOUR)
    return older.fresh()


class TestUsedReturns:
    def test_of_what_was_merged_away_count_on(self, here: Place, older: Hub, younger: Hub) -> None:
        sent_back(younger, 2)
        assert merged(younger, older).returns == 2 and younger.fresh().returns == 2
        order = older.sent(now=MONDAY + 5 * HOUR)
        with pytest.raises(ReturnsUsedUp):
            older.returned(order, here.shi, now=MONDAY + 6 * HOUR)

    def test_of_what_stays_stay_and_the_more_used_of_both_counts(self, older: Hub, younger: Hub) -> None:
        sent_back(older, 2)
        sent_back(younger, 1)
        assert merged(younger, older).returns == 2


class TestARuling:
    def _ruled(self, hub: Hub) -> None:
        dispatching.rule(
            case_id=hub.case.id, unit_id=hub.place.city.id, actor=hub.place.dispatcher, text="权责清单第 3 条",
            now=MONDAY + 3 * HOUR,
        )  # fmt: skip

    def test_holds_where_the_unit_is_sent_the_case_that_goes_on(self, here: Place, older: Hub, younger: Hub) -> None:
        sent_back(younger, 1)
        self._ruled(younger)
        merged(younger, older)
        order = older.sent(now=MONDAY + 5 * HOUR)
        assert order.is_ruled
        with pytest.raises(RuledHere):
            older.returned(order, here.shi, now=MONDAY + 6 * HOUR)

    def test_holds_where_the_unit_has_that_already(self, here: Place, older: Hub, younger: Hub) -> None:
        sent_back(younger, 1)
        self._ruled(younger)
        order = older.sent(now=MONDAY + 3 * HOUR)
        merged(younger, older)
        with pytest.raises(RuledHere):
            working.return_order(
                order_id=order.id, actor=here.shi, ground="not_found", text="没找到", now=MONDAY + 6 * HOUR
            )

    def test_of_what_stays_stays(self, here: Place, older: Hub, younger: Hub) -> None:
        sent_back(older, 1)
        self._ruled(older)
        merged(younger, older)
        order = older.case.orders.get(is_ruled=True, ended_at=None)
        with pytest.raises(RuledHere):
            older.returned(order, here.shi, now=MONDAY + 6 * HOUR)

    def test_that_the_hub_took_back_before_is_none(self, here: Place, older: Hub, younger: Hub) -> None:
        sent_back(younger, 1)
        self._ruled(younger)
        order = younger.case.orders.get(is_ruled=True)
        dispatching.recall(order_id=order.id, actor=here.dispatcher, text="", now=MONDAY + 3.5 * HOUR)
        merged(younger, older)
        assert not older.sent(now=MONDAY + 5 * HOUR).is_ruled
