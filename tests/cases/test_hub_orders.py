"""The orders of the hub: who sends what to whom, who leads and who helps, and what comes back."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from huipai.cases import notices
from huipai.cases.commands import (
    confirming,
    dispatching,
    filing,
    handling,
    passing,
    working,
)
from huipai.cases.commands.dispatching import RulingNeeded, UnitHasIt
from huipai.cases.commands.working import ReturnsUsedUp, RuledHere
from huipai.cases.fact_words import Fact
from huipai.cases.jobs import pass_on
from huipai.cases.models import Case, Transition, WorkOrder
from huipai.cases.order_words import OrderState, Part
from huipai.cases.queries import hub as hub_reads
from huipai.cases.words import Action, State
from huipai.grid import commands as grid
from huipai.grid.models import Assignment, Unit
from huipai.grid.queries import units_in_force
from huipai.grid.words import Level, UnitKind
from huipai.journal.models import Entry
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.notices.models import Notice
from tests.cases.conftest import Place
from tests.cases.hub import HOUR, Hub
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub.with_a_case(here)


class TestWhoMay:
    def test_only_the_hub_files_and_sends(self, hub: Hub) -> None:
        for person in (hub.place.wei, hub.place.coordinator, hub.place.shi, hub.place.lan):
            with pytest.raises(NotAllowed):
                dispatching.dispatch(
                    case_id=hub.case.id, unit_id=hub.place.city.id, actor=person, brief="", now=TUESDAY
                )
            with pytest.raises(NotAllowed):
                filing.file(case_id=hub.case.id, actor=person, now=TUESDAY)

    def test_nobody_sends_on_what_they_reported(self, here: Place) -> None:
        hub = Hub(here, here.report(here.dispatcher))
        with pytest.raises(NotAllowed) as refusal:
            hub.sent()
        assert refusal.value.code == "own_report"

    def test_an_order_does_not_exist_for_another_unit(self, hub: Hub) -> None:
        order = hub.sent()
        for person in (hub.place.ning, hub.place.wei, hub.place.lan, hub.place.dispatcher):
            with pytest.raises(NotVisible):
                working.sign(order_id=order.id, actor=person, now=TUESDAY)
        with pytest.raises(NotVisible):
            working.sign(order_id=uuid4(), actor=hub.place.shi, now=TUESDAY)

    def test_who_reported_it_leaves_it_to_a_colleague(self, here: Place) -> None:
        hub = Hub(here, here.report(here.shi))
        order = hub.sent()
        with pytest.raises(NotAllowed):
            working.sign(order_id=order.id, actor=here.shi, now=TUESDAY)
        assert working.sign(order_id=order.id, actor=here.chief, now=TUESDAY).handler == here.chief

    def test_a_closed_unit_gets_nothing_and_what_it_had_comes_back(self, hub: Hub) -> None:
        order = hub.signed()
        grid.close_unit(unit_id=hub.place.city.id, actor=None, now=TUESDAY)
        with pytest.raises(dispatching.NoUnit):
            Hub.with_a_case(hub.place).sent()

        assert passing.recall_from_unit(unit_id=hub.place.city.id, now=TUESDAY) == 1
        assert passing.recall_from_unit(unit_id=hub.place.city.id, now=TUESDAY) == 0
        order.refresh_from_db()
        assert order.state == OrderState.RECALLED and hub.fresh().state == State.FILED

    def test_who_has_nobody_left_gets_nothing_and_what_they_had_comes_back(self, hub: Hub) -> None:
        place, now = hub.place, MONDAY + HOUR
        order = hub.sent(place.police)
        working.sign(order_id=order.id, actor=place.xu, now=now)
        grid.end_assignment(assignment_id=Assignment.objects.get(person=place.xu).id, at=now, actor=None, now=now)
        entry = Entry.objects.get(what="assignment.ended")
        pass_on(street=str(place.street.id), entry=str(entry.id))
        order.refresh_from_db()
        assert order.state == OrderState.RECALLED and hub.fresh().state == State.FILED
        recalled = Entry.objects.get(what=Fact.RECALLED)
        notices.tell(entry_id=recalled.id, now=recalled.happened_at)
        assert list(Notice.objects.values_list("person", "kind")) == [(place.dispatcher.id, "case.unit_empty")]
        offered = hub_reads.offers(hub.fresh(), list(units_in_force()), TUESDAY)
        assert place.police not in [one.unit for one in offered] and place.city in [one.unit for one in offered]
        with pytest.raises(dispatching.NobodyAtTheUnit):
            hub.sent(place.police)


class TestAUnitOfAnotherPlace:
    """What the desk does not offer is not sent by any way to it."""

    @pytest.fixture
    def elsewhere(self, hub: Hub) -> Unit:
        node = hub.place.town.add(Level.COMMUNITY, "C9", "S")
        return Unit.objects.create(code="U-else", name="荷花里物业", kind=UnitKind.PROPERTY, node=node)

    def test_is_neither_offered_nor_sent_to(self, hub: Hub, elsewhere: Unit) -> None:
        case, by = hub.fresh(), hub.place.dispatcher
        assert elsewhere not in [one.unit for one in hub_reads.offers(case, list(units_in_force()), TUESDAY)]
        with pytest.raises(dispatching.NotItsPlace):
            hub.sent(elsewhere)
        with pytest.raises(dispatching.NotItsPlace):
            dispatching.rule(case_id=case.id, unit_id=elsewhere.id, actor=by, text="清单", now=TUESDAY)
        with pytest.raises(dispatching.NotItsPlace):
            dispatching.dispatch_each(case_ids=[case.id], unit_id=elsewhere.id, actor=by, brief="", now=TUESDAY)
        with pytest.raises(dispatching.NotItsPlace):
            hub.sent(helper_ids=(elsewhere.id,))
        assert not WorkOrder.objects.filter(case=case).exists()

    def test_nor_asked_to_help_later(self, hub: Hub, elsewhere: Unit) -> None:
        hub.sent()
        with pytest.raises(dispatching.NotItsPlace):
            dispatching.add_helper(
                case_id=hub.case.id, unit_id=elsewhere.id, actor=hub.place.dispatcher, brief="", now=TUESDAY
            )


class TestSeveralOrders:
    def test_a_lead_and_helpers(self, hub: Hub) -> None:
        place = hub.place
        lead = hub.sent(helper_ids=(place.guard.id, place.police.id, place.city.id))
        helpers = WorkOrder.objects.filter(case=hub.case, part=Part.HELPER)
        assert {order.unit for order in helpers} == {place.guard, place.police}
        guards = helpers.get(unit=place.guard)
        working.sign(order_id=guards.id, actor=place.ning, now=MONDAY + 2 * HOUR)
        assert hub.fresh().state == State.DISPATCHED, "a helper does not move the case"
        working.respond(order_id=guards.id, actor=place.ning, text="清了门口", photo_ids=(), now=MONDAY + 2 * HOUR)
        working.sign(order_id=lead.id, actor=place.shi, now=MONDAY + 2 * HOUR)
        hub.passed(hub.responded(lead, now=MONDAY + 3 * HOUR), now=TUESDAY)
        confirming.confirm(case_id=hub.case.id, actor=place.lan, rating=None, text="", now=TUESDAY)
        ends = dict(WorkOrder.objects.filter(case=hub.case).values_list("unit__code", "state"))
        assert ends == {"U-city": "done", "U-guard": "done", "U-police": "recalled"}

    def test_one_unit_leads_and_has_one_order(self, hub: Hub) -> None:
        hub.sent()
        with pytest.raises(UnitHasIt):
            dispatching.add_helper(
                case_id=hub.case.id, unit_id=hub.place.city.id, actor=hub.place.dispatcher, brief="", now=TUESDAY
            )

    def test_sent_to_another_only_when_it_was_recalled_from_the_first(self, hub: Hub) -> None:
        first = hub.signed()
        with pytest.raises(filing.StillWithAUnit):
            hub.sent(hub.place.guard, now=TUESDAY)
        dispatching.recall(order_id=first.id, actor=hub.place.dispatcher, text="改派", now=TUESDAY)
        second = hub.sent(hub.place.guard, now=TUESDAY)
        first.refresh_from_db()
        assert first.state == OrderState.RECALLED and hub.fresh().unit == hub.place.guard
        assert WorkOrder.objects.live().get(case=hub.case) == second


class TestReturns:
    def test_has_a_ground_and_names_the_next_owner(self, hub: Hub) -> None:
        order = hub.signed()
        with pytest.raises(handling.ReasonMissing):
            working.return_order(order_id=order.id, actor=hub.place.shi, ground="busy", text="忙", now=TUESDAY)
        hub.returned(order, hub.place.shi)
        case = hub.fresh()
        assert (case.state, case.unit, case.handler, case.returns) == (State.RETURNED, None, None, 1)
        assert Transition.objects.get(case=case, action=Action.RETURN).unit == hub.place.city

    def test_after_the_second_only_a_ruling_sends_it_on_and_that_is_final(self, hub: Hub) -> None:
        place = hub.place
        hub.returned(hub.sent(place.city), place.shi)
        hub.returned(hub.sent(place.guard, now=TUESDAY), place.ning, now=TUESDAY)
        with pytest.raises(RulingNeeded):
            hub.sent(place.police, now=TUESDAY)
        with pytest.raises(handling.WordsMissing):
            dispatching.rule(case_id=hub.case.id, unit_id=place.city.id, actor=place.dispatcher, text="", now=TUESDAY)
        order = dispatching.rule(
            case_id=hub.case.id, unit_id=place.city.id, actor=place.dispatcher, text="权责清单第 12 项", now=TUESDAY
        )
        with pytest.raises(RuledHere):
            hub.returned(order, place.shi, now=TUESDAY)
        assert hub.fresh().state == State.DISPATCHED

    def test_a_recall_and_a_third_unit_win_no_third_return(self, hub: Hub) -> None:
        place = hub.place
        hub.returned(hub.sent(place.city), place.shi)
        hub.returned(hub.sent(place.guard, now=TUESDAY), place.ning, now=TUESDAY)
        Case.objects.filter(pk=hub.case.pk).update(state=State.FILED)
        with pytest.raises(ReturnsUsedUp):
            hub.returned(hub.sent(place.police, now=TUESDAY), place.xu, now=TUESDAY)

    def test_the_database_itself_refuses_the_return_of_a_ruled_order(self, hub: Hub) -> None:
        order = hub.sent()
        with pytest.raises(IntegrityError, match="cases_a_ruled_order_is_not_returned"), transaction.atomic():
            WorkOrder.objects.filter(pk=order.pk).update(is_ruled=True, state="returned", ended_at=TUESDAY)

    def test_a_helpers_return_leaves_the_case_where_it_is(self, hub: Hub) -> None:
        hub.sent(helper_ids=(hub.place.guard.id,))
        helper = WorkOrder.objects.get(case=hub.case, part=Part.HELPER)
        hub.returned(helper, hub.place.ning)
        assert hub.fresh().state == State.DISPATCHED and hub.case.returns == 0
