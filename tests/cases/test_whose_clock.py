"""Whose word and whose clock it is: the unit that leads now, and no reporter for the work of their own unit."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from huipai.cases.commands import confirming, deciding, dispatching, joining, working
from huipai.cases.commands.intake import TooLong, TooManyPhotos
from huipai.cases.commands.working import PromiseBroken, TooLateToAsk
from huipai.cases.models import Case, Check, Report, UnitRequest, WorkOrder
from huipai.cases.order_words import ExtensionGround
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import MOST_PHOTOS, Outcome, State
from huipai.grid.models import Assignment
from huipai.kit import clock
from huipai.kit.verdict import NotAllowed
from huipai.people.words import ProxyScope, Role
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.showing import release
from tests.cases.test_own import helps
from tests.cases.test_pages import as_
from tests.cast import MONDAY

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
GROUND = ExtensionGround.values[0]


def suspend(order: WorkOrder, place: Place, now: object) -> Case:
    return deciding.suspend(
        order_id=order.id,
        actor=place.dispatcher,
        ground=GROUND,
        rests_until=now + 10 * DAY,
        text="等材料",
        now=now,  # type: ignore[operator]
    )


class TestWhoLeads:
    def test_an_overdue_case_is_not_set_aside_through_the_order_of_who_helps(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        lead = hub.signed()
        assert lead.due_at is not None
        late = lead.due_at + HOUR
        helper = dispatching.add_helper(
            case_id=hub.case.id, unit_id=here.police.id, actor=here.dispatcher, brief="来帮忙", now=late
        )
        assert helper.due_at is None or helper.due_at > late
        with pytest.raises(TooLateToAsk):
            suspend(lead, here, late)
        with pytest.raises(NotNow):
            suspend(helper, here, late)
        assert hub.fresh().state == State.IN_PROGRESS

    def test_nor_through_one_that_was_sent_back_by_who_acts_for_the_unit_that_has_it(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        returned = hub.returned(hub.sent(here.guard), here.ning)
        order = dispatching.dispatch(
            case_id=hub.case.id, unit_id=here.city.id, actor=here.dispatcher, brief="清", now=MONDAY + 3 * HOUR
        )
        Assignment.objects.create(
            person=here.dispatcher, role=Role.UNIT_HANDLER, unit=here.city, valid_from=cast.A_MONTH_AGO
        )
        working.sign(order_id=order.id, actor=here.shi, now=MONDAY + 4 * HOUR)
        with pytest.raises(NotAllowed):
            suspend(order, here, MONDAY + 5 * HOUR)
        with pytest.raises(NotNow):
            suspend(returned, here, MONDAY + 5 * HOUR)

    def test_who_sent_it_back_asks_for_no_time_that_another_has(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        returned = hub.returned(hub.signed(here.guard, here.ning), here.ning)
        order = dispatching.dispatch(
            case_id=hub.case.id, unit_id=here.city.id, actor=here.dispatcher, brief="清", now=MONDAY + 3 * HOUR
        )
        working.sign(order_id=order.id, actor=here.shi, now=MONDAY + 4 * HOUR)
        now = MONDAY + 5 * HOUR
        with pytest.raises(NotNow):
            working.ask_extension(order_id=returned.id, actor=here.ning, ground=GROUND, text="要几天", days=5, now=now)
        with pytest.raises(NotNow):
            working.ask_suspension(
                order_id=returned.id, actor=here.ning, ground=GROUND, text="等", rests_until=now + 9 * DAY, now=now
            )
        assert not UnitRequest.objects.exists() and hub.fresh().state == State.IN_PROGRESS


class TestOverdueWhileTheUnitIsInTime:
    """The day that was promised is over, the unit's own is not: more time, and no rest in which nobody sees it late."""

    def late(self, here: Place) -> tuple[Hub, WorkOrder, datetime]:
        hub = Hub.with_a_case(here)
        due = hub.fresh().due_at
        assert due is not None
        order = hub.signed(now=due - HOUR)
        assert order.due_at is not None and order.due_at > due + HOUR
        return hub, order, due

    def test_is_not_set_aside(self, here: Place) -> None:
        hub, order, due = self.late(here)
        with pytest.raises(PromiseBroken):
            suspend(order, here, due)
        with pytest.raises(PromiseBroken):
            working.ask_suspension(
                order_id=order.id, actor=here.shi, ground=GROUND, text="等", rests_until=due + 9 * DAY, now=due
            )
        assert hub.fresh().state == State.IN_PROGRESS

    def test_nor_on_a_request_that_came_in_time(self, here: Place) -> None:
        hub, order, due = self.late(here)
        asked = working.ask_suspension(
            order_id=order.id, actor=here.shi, ground=GROUND, text="等", rests_until=due + 9 * DAY, now=due - HOUR / 3
        )
        assert hub.fresh().wait_until == due, "it is over with the day until which it could be granted"
        with pytest.raises(PromiseBroken):
            deciding.grant(request_id=asked.id, actor=here.dispatcher, text="", now=due)
        deciding.lapse(case_id=hub.case.id, now=due)
        assert hub.fresh().state == State.IN_PROGRESS and hub.fresh().due_at == due

    def test_the_unit_may_have_more_time_and_it_stays_overdue(self, here: Place) -> None:
        hub, order, due = self.late(here)
        asked = working.ask_extension(
            order_id=order.id, actor=here.shi, ground=GROUND, text="要几天", days=5, now=due + HOUR / 2
        )
        deciding.grant(request_id=asked.id, actor=here.dispatcher, text="", now=due + HOUR)
        order.refresh_from_db()
        assert order.due_at is not None and order.due_at > due + 5 * DAY and hub.fresh().due_at == due

    def test_no_page_offers_it(self, here: Place) -> None:
        now = clock.now()
        hub = Hub(here, here.report(case_type=LITTER, now=now - 20 * DAY))
        order = hub.signed(now=now - HOUR)
        assert order.due_at is None or order.due_at > now
        page = as_(here.dispatcher).get(f"/s/yunqiao/desk/?case={hub.case.code}").content.decode()
        assert "/recall/" in page and "/suspension/" not in page
        html = as_(here.shi).get(f"/s/yunqiao/orders/{order.id}/extension/").content.decode()
        assert 'name="days"' in html and 'name="until"' not in html and "挂账不用填" not in html


class TestOwnUnit:
    def test_its_lead_who_reported_says_no_and_not_yes(self, here: Place) -> None:
        hub = Hub(here, here.report(here.chief, case_type=LITTER))
        hub.passed(hub.responded(hub.signed()))
        with pytest.raises(NotAllowed) as refused:
            confirming.confirm(case_id=hub.case.id, actor=here.chief, rating=5, text="", now=MONDAY + 4 * HOUR)
        assert refused.value.code == "own_units_work"
        html = as_(here.chief).get(f"/s/yunqiao/mine/{hub.case.code}/").content.decode()
        assert "confirmation/" not in html and "dispute/" in html
        assert as_(here.chief).get(f"/s/yunqiao/cases/{hub.case.code}/confirmation/").status_code == 403
        confirming.dispute(case_id=hub.case.id, actor=here.chief, text="还在", photo_ids=(), now=MONDAY + 5 * HOUR)
        assert hub.fresh().state == State.REOPENED

    def test_nor_who_joined_before_it_was_sent_there(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        release(here, hub.case)
        sending = here.sending(here.photo(here.chief), case_type=hub.case.case_type.code)
        joining.join(sending=sending, code=hub.case.code, reporter=here.chief, now=MONDAY)
        hub.passed(hub.responded(hub.signed()))
        with pytest.raises(NotAllowed):
            confirming.confirm(case_id=hub.case.id, actor=here.chief, rating=5, text="", now=MONDAY + 4 * HOUR)
        confirming.close_unanswered(case_id=hub.case.id, now=MONDAY + 20 * DAY)
        assert hub.fresh().outcome == Outcome.NO_ANSWER

    def test_of_what_was_taken_from_it_unsigned_its_people_say_yes(self, here: Place) -> None:
        hub = Hub(here, here.report(here.ning, case_type=LITTER))
        order = hub.sent(here.guard)
        dispatching.recall(order_id=order.id, actor=here.dispatcher, text="派错了", now=MONDAY + 2 * HOUR)
        order = hub.signed(now=MONDAY + 3 * HOUR)
        hub.passed(hub.responded(order, now=MONDAY + 4 * HOUR), now=MONDAY + 5 * HOUR)
        confirming.confirm(case_id=hub.case.id, actor=here.ning, rating=5, text="", now=MONDAY + 6 * HOUR)
        assert hub.fresh().outcome == Outcome.CONFIRMED

    def test_nor_by_its_hand_for_an_elder_who_reported(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        helps(here.lan, here.chief, ProxyScope.ANSWER)
        hub.passed(hub.responded(hub.signed()))
        chief, query = as_(here.chief), f"?for={here.lan.id}"
        html = chief.get(f"/s/yunqiao/mine/{hub.case.code}/{query}").content.decode()
        assert "confirmation/" not in html and "dispute/" in html
        door = f"/s/yunqiao/cases/{hub.case.code}/confirmation/"
        assert chief.get(door + query).status_code == 403
        assert chief.post(door + query, {"round": "1", "rating": "5"}).status_code == 403
        assert hub.fresh().state == State.CONFIRMING
        assert as_(here.lan).get(door).status_code == 200
        assert as_(here.lan).post(door, {"round": "1", "rating": "5"}).status_code == 302
        assert hub.fresh().outcome == Outcome.CONFIRMED

    def test_nor_is_it_offered_where_the_report_was_received(self, here: Place) -> None:
        hub = Hub(here, here.report(here.chief, case_type=LITTER))
        mine = Hub.with_a_case(here)
        pages = []
        for one, reporter in ((hub, here.chief), (mine, here.lan)):
            one.passed(one.responded(one.signed()))
            report = Report.objects.get(case=one.case)
            pages.append(as_(reporter).get(f"/s/yunqiao/reports/{report.id}/received/").content.decode())
        assert ["dispute/" in html for html in pages] == [True, True]
        assert ["confirmation/" in html for html in pages] == [False, True]


class TestTheLastWord:
    @pytest.fixture
    def hub(self, here: Place) -> Hub:
        hub = Hub.with_a_case(here)
        hub.passed(hub.responded(hub.signed()))
        return hub

    def test_says_until_when_and_what_silence_brings(self, here: Place, hub: Hub) -> None:
        html = as_(here.lan).get(f"/s/yunqiao/mine/{hub.case.code}/").content.decode()
        assert "data-until" in html and "到时候没有回音，就算办结" in html

    def test_is_of_a_length_that_is_read(self, here: Place, hub: Hub) -> None:
        now = MONDAY + 4 * HOUR
        many = tuple(here.photo(here.lan).id for _ in range(MOST_PHOTOS + 1))
        with pytest.raises(TooManyPhotos):
            confirming.dispute(case_id=hub.case.id, actor=here.lan, text="还在", photo_ids=many, now=now)
        with pytest.raises(TooLong):
            confirming.dispute(case_id=hub.case.id, actor=here.lan, text="还" * 2001, photo_ids=(), now=now)
        with pytest.raises(TooLong):
            confirming.confirm(case_id=hub.case.id, actor=here.lan, rating=5, text="好" * 2001, now=now)
        assert hub.fresh().state == State.CONFIRMING
        confirming.dispute(case_id=hub.case.id, actor=here.lan, text="还在", photo_ids=many[1:], now=now)
        assert not Check.objects.filter(case=hub.case, result="").exists()
