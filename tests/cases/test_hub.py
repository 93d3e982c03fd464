"""The way over the street hub: verified, filed, sent, signed, done; its parts, and who stands in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.cases import policies, telling_hub
from huipai.cases.commands import (
    confirming,
    dispatching,
    filing,
    handling,
    splitting,
    stepping,
    triage,
    withdrawing,
    working,
)
from huipai.cases.models import CaseTie, WorkOrder
from huipai.cases.order_words import OrderState
from huipai.cases.queries.checking import checker_pool
from huipai.cases.queries.today import today_of
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Action, Outcome, ReportState, State
from huipai.grid import commands as grid
from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.kit.ids import new_id
from huipai.kit.verdict import Invalid, NotAllowed, NotVisible
from huipai.people.words import Role
from huipai.points.models import Posting
from huipai.streets.current import in_street
from tests import cast
from tests.cases.conftest import PARKING, Place
from tests.cases.hub import HOUR, Hub, order_steps
from tests.cases.test_pages import as_
from tests.cast import MONDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub.with_a_case(here)


class TestTheWholeWay:
    def test_from_the_report_to_the_reporters_word(self, hub: Hub) -> None:
        order = hub.signed()
        hub.passed(hub.responded(order))
        confirming.confirm(case_id=hub.case.id, actor=hub.place.lan, rating=5, text="", now=TUESDAY)
        assert hub.steps() == [
            Action.REPORT, Action.FILE, Action.DISPATCH, Action.SIGN, Action.RESPOND, Action.DRAW_CHECK,
            Action.PASS_CHECK, Action.CONFIRM,
        ]  # fmt: skip
        assert order_steps(order) == ["send", "sign", "respond", "finish"]
        case = hub.fresh()
        assert (case.state, case.handler, case.unit, case.number) == (State.CLOSED, hub.place.shi, hub.place.city, 1)
        order.refresh_from_db()
        assert order.state == OrderState.DONE and order.ended_at == TUESDAY

    def test_the_number_counts_on_in_each_street_for_itself(self, hub: Hub, there: Place) -> None:
        second = Hub.with_a_case(hub.place)
        hub.sent()
        second.sent()
        with in_street(there.street.id):
            other = Hub.with_a_case(there)
            other.sent()
            assert other.fresh().number == 1
        assert (hub.fresh().number, second.fresh().number) == (1, 2)

    def test_filed_again_it_keeps_its_number(self, hub: Hub) -> None:
        order = hub.sent()
        dispatching.recall(order_id=order.id, actor=hub.place.dispatcher, text="", now=TUESDAY)
        hub.sent(hub.place.guard, now=TUESDAY)
        assert hub.fresh().number == 1

    def test_the_short_way_over_the_worker_is_open_as_before(self, hub: Hub) -> None:
        handling.accept(case_id=hub.case.id, actor=hub.place.wei, now=MONDAY + HOUR)
        handling.respond(case_id=hub.case.id, actor=hub.place.wei, text="扫了", photo_ids=(), now=MONDAY + 2 * HOUR)
        assert hub.fresh().state == State.CHECKING and hub.fresh().number is None

    def test_nobody_of_a_unit_that_worked_on_it_is_drawn_to_check(self, hub: Hub) -> None:
        """Not who signed, not their colleagues, not the helpers'."""
        for person in (hub.place.chief, hub.place.xu):
            cast.appoint(person, Role.CHECKER)
        order = hub.signed()
        dispatching.add_helper(
            case_id=hub.case.id, unit_id=hub.place.police.id, actor=hub.place.dispatcher, brief="", now=TUESDAY
        )
        working.respond(order_id=order.id, actor=hub.place.shi, text="清了", photo_ids=(), now=TUESDAY)
        assert set(checker_pool(hub.fresh(), TUESDAY)) == {hub.place.qin.id, hub.place.bo.id}

    def test_of_two_colleagues_one_signs_and_the_other_may_respond(self, hub: Hub) -> None:
        order = hub.signed()
        working.sign(order_id=order.id, actor=hub.place.shi, now=TUESDAY)
        with pytest.raises(NotNow):
            working.sign(order_id=order.id, actor=hub.place.chief, now=TUESDAY)
        hub.responded(order, hub.place.chief, now=TUESDAY)
        assert hub.fresh().handler == hub.place.chief

    def test_needs_the_photo_of_its_closing_standard(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=PARKING)
        order = hub.signed()
        with pytest.raises(handling.AfterPhotoMissing):
            working.respond(order_id=order.id, actor=here.shi, text="好了", photo_ids=(), now=TUESDAY)
        working.respond(order_id=order.id, actor=here.shi, text="好了", photo_ids=here.photo_ids(here.shi), now=TUESDAY)
        assert hub.fresh().state == State.CHECKING

    def test_what_a_unit_has_is_on_no_workers_list(self, hub: Hub) -> None:
        order = hub.signed()
        assert not today_of(hub.place.wei, TUESDAY).exists()
        hub.failed(hub.responded(order))
        assert hub.fresh().state == State.REWORK and not today_of(hub.place.wei, TUESDAY).exists()
        with pytest.raises(NotNow):
            handling.accept(case_id=hub.case.id, actor=hub.place.wei, now=TUESDAY)


class TestBeforeFiling:
    def test_a_worker_hands_up_what_the_grid_cannot_solve(self, hub: Hub) -> None:
        handling.accept(case_id=hub.case.id, actor=hub.place.wei, now=MONDAY + HOUR)
        with pytest.raises(handling.WordsMissing):
            filing.hand_up(case_id=hub.case.id, actor=hub.place.wei, text=" \u200b\u202e", now=TUESDAY)
        filing.hand_up(case_id=hub.case.id, actor=hub.place.wei, text="要吊车", now=TUESDAY)
        case = hub.fresh()
        assert (case.state, case.worker, case.handler) == (State.VERIFYING, None, None)
        assert not today_of(hub.place.wei, TUESDAY).exists()

    def test_a_worker_is_asked_to_look_and_vouches(self, hub: Hub) -> None:
        filing.verify(case_id=hub.case.id, worker=hub.place.wei, actor=hub.place.dispatcher, text="", now=MONDAY + HOUR)
        assert hub.case in today_of(hub.place.wei, MONDAY + HOUR)
        filing.vouch(case_id=hub.case.id, actor=hub.place.wei, text="确实有", photo_ids=(), now=MONDAY + 2 * HOUR)
        case = hub.fresh()
        assert (case.state, case.worker, case.wait_until) == (State.VERIFYING, None, None)
        assert filing.file(case_id=case.id, actor=hub.place.dispatcher, now=TUESDAY).state == State.FILED

    def test_or_does_not_look_and_the_hub_has_it_back(self, hub: Hub) -> None:
        filing.verify(
            case_id=hub.case.id, worker=hub.place.wei, actor=hub.place.coordinator, text="", now=MONDAY + HOUR
        )
        assert filing.lapse_verification(case_id=hub.case.id, now=MONDAY + 2 * HOUR) is None
        assert filing.lapse_verification(case_id=hub.case.id, now=WEDNESDAY) is not None
        assert filing.lapse_verification(case_id=hub.case.id, now=WEDNESDAY) is None
        assert hub.fresh().worker is None and hub.steps()[-1] == Action.LAPSE_VERIFY

    def test_the_reporter_is_never_sent_to_look(self, here: Place) -> None:
        hub = Hub(here, here.report(here.wei))
        with pytest.raises(filing.NobodyToLook):
            filing.verify(case_id=hub.case.id, worker=here.wei, actor=here.dispatcher, text="", now=TUESDAY)

    def test_not_filed_has_a_reason_and_one_review(self, hub: Hub) -> None:
        act = {"case_id": hub.case.id, "actor": hub.place.dispatcher, "text": "", "now": TUESDAY}
        with pytest.raises(handling.ReasonMissing):
            filing.not_file(reason="busy", **act)  # type: ignore[arg-type]
        filing.not_file(reason="not_proven", **act)  # type: ignore[arg-type]
        assert (hub.fresh().state, hub.case.outcome) == (State.NOT_FILED, Outcome.NOT_FILED)
        assert hub.case.reports.get().state == ReportState.DECLINED
        due = hub.case.due_at
        with pytest.raises(NotVisible):
            filing.ask_review(case_id=hub.case.id, actor=hub.place.hua, text="有的", now=WEDNESDAY)
        for _twice in range(2):
            filing.ask_review(case_id=hub.case.id, actor=hub.place.lan, text="有的", now=WEDNESDAY)
        assert hub.steps().count("ask_review") == 1
        with pytest.raises(filing.ReviewedAlready, match="还没看完"):
            filing.ask_review(case_id=hub.case.id, actor=hub.place.lan, text="别的话", now=WEDNESDAY)
        assert hub.fresh().state == State.VERIFYING and not hub.case.outcome and hub.case.ended_at is None
        assert hub.case.reports.get().state == ReportState.RECEIVED
        assert due is not None and hub.case.due_at == due + timedelta(days=1), "the day in between does not count"
        with pytest.raises(stepping.LetAnotherLook):
            filing.not_file(reason="settled", **act | {"now": WEDNESDAY})  # type: ignore[arg-type]
        other = cast.appoint(cast.staff("关二", "13900017777"), Role.DISPATCHER)
        filing.not_file(reason="settled", **act | {"now": WEDNESDAY, "actor": other})  # type: ignore[arg-type]
        with pytest.raises(filing.ReviewedAlready):
            filing.ask_review(case_id=hub.case.id, actor=hub.place.lan, text="有的", now=WEDNESDAY)

    def test_who_refused_it_may_take_it_on_after_all_so_that_a_hub_of_one_is_no_dead_end(self, hub: Hub) -> None:
        act = {"case_id": hub.case.id, "actor": hub.place.dispatcher}
        filing.not_file(reason="not_proven", text="", now=TUESDAY, **act)  # type: ignore[arg-type]
        filing.ask_review(case_id=hub.case.id, actor=hub.place.lan, text="有的", now=WEDNESDAY)
        offered = telling_hub.may(hub.fresh(), (), hub.place.dispatcher, WEDNESDAY)
        assert offered["file"] and not offered["not_file"] and not offered["void"] and not offered["decline"]
        filing.file(now=WEDNESDAY, **act)
        assert hub.fresh().state == State.FILED

    def test_a_review_comes_within_thirty_days(self, hub: Hub) -> None:
        filing.void(case_id=hub.case.id, actor=hub.place.dispatcher, reason="test", text="试的", now=TUESDAY)
        with pytest.raises(filing.ReviewTooLate):
            filing.ask_review(case_id=hub.case.id, actor=hub.place.lan, text="?", now=TUESDAY + timedelta(days=31))

    def test_what_one_took_back_oneself_is_not_reviewed(self, hub: Hub) -> None:
        withdrawing.withdraw(case_id=hub.case.id, actor=hub.place.lan, now=TUESDAY)
        with pytest.raises(NotNow):
            filing.ask_review(case_id=hub.case.id, actor=hub.place.lan, text="?", now=TUESDAY)

    def test_voiding_recalls_what_was_sent(self, hub: Hub) -> None:
        order = hub.signed()
        filing.void(case_id=hub.case.id, actor=hub.place.dispatcher, reason="wrong_entry", text="登错", now=TUESDAY)
        order.refresh_from_db()
        assert order.state == OrderState.RECALLED and hub.fresh().outcome == Outcome.VOIDED


class TestParts:
    def test_the_whole_is_answered_when_its_parts_are_done(self, hub: Hub) -> None:
        from_hub = {"actor": hub.place.dispatcher, "now": MONDAY + HOUR}
        lead = hub.signed()
        part = Hub(
            hub.place,
            splitting.split(part_id=new_id(), case_id=hub.case.id, case_type=PARKING, text="车也要挪", **from_hub),
        )
        with pytest.raises(Invalid):
            splitting.split(part_id=new_id(), case_id=part.case.id, case_type=PARKING, text="再分", **from_hub)
        with pytest.raises(stepping.PartsOpen):
            hub.responded(lead)
        order = part.signed(hub.place.police, hub.place.xu)
        working.respond(
            order_id=order.id, actor=hub.place.xu, text="挪了", photo_ids=hub.place.photo_ids(hub.place.xu),
            now=MONDAY + 2 * HOUR,
        )  # fmt: skip
        part.passed(part.fresh().checks.get())
        assert part.fresh().state == State.CONFIRMING and not part.case.confirmations.exists()
        assert not Posting.objects.filter(subject=part.case.subject).exists(), "a report is thanked once"
        hub.passed(hub.responded(lead, now=TUESDAY), now=TUESDAY)
        assert hub.fresh().state == State.CONFIRMING
        confirming.confirm(case_id=hub.case.id, actor=hub.place.lan, rating=5, text="", now=TUESDAY + HOUR)
        assert (part.fresh().state, part.case.outcome) == (State.CLOSED, Outcome.PART_DONE)

    def test_cases_are_tied_without_moving(self, hub: Hub) -> None:
        other = hub.place.report(hub.place.hua)
        for one, another in ((hub.case, other), (hub.case, other), (other, hub.case)):
            splitting.tie(
                case_id=one.id, other_id=another.id, tie="same_cause", actor=hub.place.dispatcher, now=TUESDAY
            )
        made = CaseTie.objects.get()
        assert (made.case, made.other) == (hub.case, other) and hub.fresh().state == State.REPORTED
        with pytest.raises(IntegrityError, match="cases_one_tie_a_pair"), transaction.atomic():
            CaseTie.objects.create(case=other, other=hub.case, tie="follows", tied_by=made.tied_by, tied_at=TUESDAY)

    def test_a_tie_is_said_otherwise_and_taken_back(self, hub: Hub) -> None:
        other, by = hub.place.report(hub.place.hua), {"actor": hub.place.dispatcher, "now": TUESDAY}
        pair, back = {"case_id": hub.case.id, "other_id": other.id}, {"case_id": other.id, "other_id": hub.case.id}
        splitting.tie(**pair, tie="same_cause", **by)  # type: ignore[arg-type]
        splitting.tie(**back, tie="follows", **by)  # type: ignore[arg-type]
        made = CaseTie.objects.get()
        assert (made.case, made.other, made.tie) == (other, hub.case, "follows")
        page = as_(hub.place.dispatcher).get(f"/s/yunqiao/desk/?view=all&case={hub.case.code}").content.decode()
        assert "连错了，和哪一件断开" in page
        assert f"引起了它 · {other.case_type.name} {other.code}" in page
        with pytest.raises(NotAllowed):
            splitting.untie(**pair, actor=hub.place.shi, now=TUESDAY)  # type: ignore[arg-type]
        for _twice in range(2):
            path = f"/s/yunqiao/desk/{hub.case.code}/untie/"
            assert as_(hub.place.dispatcher).post(path, {"other_case": other.code}).status_code == 302
        assert not CaseTie.objects.exists()
        assert Entry.objects.filter(what="case.untied").count() == 1

    def test_what_came_with_a_merge_is_untied_with_it(self, hub: Hub) -> None:
        place, by = hub.place, {"actor": hub.place.dispatcher, "now": TUESDAY}
        gone, third = place.report(place.hua), place.report(place.lan)
        splitting.tie(case_id=gone.id, other_id=third.id, tie="same_cause", **by)  # type: ignore[arg-type]
        triage.merge(case_id=gone.id, into_id=hub.case.id, **by)  # type: ignore[arg-type]
        splitting.untie(case_id=hub.case.id, other_id=third.id, **by)  # type: ignore[arg-type]
        assert not CaseTie.objects.exists()

    def test_only_who_sorts_the_other_too_is_offered_to_untie_it(self, hub: Hub) -> None:
        place = hub.place
        other = place.report(place.dispatcher)
        colleague = cast.appoint(cast.staff("关二", "13900017777"), Role.DISPATCHER)
        splitting.tie(case_id=hub.case.id, other_id=other.id, tie="same_cause", actor=colleague, now=TUESDAY)
        page = f"/s/yunqiao/desk/?view=all&case={hub.case.code}"
        assert "和哪一件断开" in as_(colleague).get(page).content.decode()
        assert "和哪一件断开" not in as_(place.dispatcher).get(page).content.decode()


class TestDeputies:
    def test_who_stands_in_for_a_handler_signs(self, hub: Hub) -> None:
        order = hub.sent()
        held = Assignment.objects.get(person=hub.place.shi)
        grid.name_deputy(assignment_id=held.id, deputy=hub.place.xu, actor=None, now=MONDAY)
        grid.record_absence(
            person=hub.place.shi, kind="leave", valid_from=MONDAY, valid_until=None, actor=None, now=MONDAY,  # type: ignore[arg-type]
        )  # fmt: skip
        with pytest.raises(handling.IsAway):
            working.sign(order_id=order.id, actor=hub.place.shi, now=TUESDAY)
        page = as_(hub.place.shi).get(f"/s/yunqiao/orders/{order.id}/").content.decode()
        assert "您登记着请假" in page and "/sign/" not in page
        assert working.sign(order_id=order.id, actor=hub.place.xu, now=TUESDAY).handler == hub.place.xu


@pytest.mark.no_guard
def test_a_lead_is_one_in_the_database_too(hub: Hub) -> None:
    first = hub.sent()
    with pytest.raises(IntegrityError, match="cases_one_unit_leads"), transaction.atomic():
        WorkOrder.objects.create(
            case=hub.case, unit=hub.place.guard, sent_by=hub.place.dispatcher, sent_at=TUESDAY, clock_started_at=TUESDAY
        )
    assert first.state == OrderState.SENT and connection.in_atomic_block


class TestReviewAcrossAMerge:
    """Another person than who refused it looks again, also once the hub has put it together with another case."""

    def test_the_worker_who_declined_it_does_not_decline_what_it_came_to(self, here: Place) -> None:
        into, gone = here.report(now=MONDAY), here.report(here.hua, now=MONDAY + HOUR)
        handling.decline(case_id=gone.id, actor=here.wei, reason="not_seen", text="", now=MONDAY + 2 * HOUR)
        filing.ask_review(case_id=gone.id, actor=here.hua, text="是的", now=MONDAY + 3 * HOUR)
        triage.merge(case_id=gone.id, into_id=into.id, actor=here.dispatcher, now=MONDAY + 4 * HOUR)
        act = {"case_id": into.id, "reason": "not_seen", "text": "", "now": MONDAY + 5 * HOUR}
        into.refresh_from_db()
        assert not policies.looks_anew(here.wei, into)
        with pytest.raises(stepping.LetAnotherLook):
            handling.decline(actor=here.wei, **act)  # type: ignore[arg-type]
        handling.accept(case_id=into.id, actor=here.wei, now=MONDAY + 5 * HOUR)
        with pytest.raises(stepping.LetAnotherLook):
            handling.decline(actor=here.wei, **act)  # type: ignore[arg-type]

    def test_what_was_decided_of_a_third_case_before_it_came_decides_nothing_of_this(self, here: Place) -> None:
        into, gone, third = (
            here.report(by, now=MONDAY + n * HOUR / 4) for n, by in enumerate((here.lan, here.hua, here.lan))
        )
        handling.decline(case_id=gone.id, actor=here.wei, reason="not_seen", text="", now=MONDAY + 2 * HOUR)
        filing.ask_review(case_id=gone.id, actor=here.hua, text="是的", now=MONDAY + 3 * HOUR)
        triage.merge(case_id=gone.id, into_id=into.id, actor=here.dispatcher, now=MONDAY + 4 * HOUR)
        filing.file(case_id=third.id, actor=here.dispatcher, now=MONDAY + 5 * HOUR)
        triage.merge(case_id=third.id, into_id=into.id, actor=here.dispatcher, now=MONDAY + 6 * HOUR)
        into.refresh_from_db()
        assert not policies.looks_anew(here.wei, into)

    def test_once_it_was_decided_there_it_is_over(self, here: Place) -> None:
        into, gone = here.report(now=MONDAY), here.report(here.hua, now=MONDAY + HOUR)
        act = {"actor": here.dispatcher, "text": ""}
        filing.not_file(case_id=gone.id, reason="not_proven", now=MONDAY + 2 * HOUR, **act)  # type: ignore[arg-type]
        filing.ask_review(case_id=gone.id, actor=here.hua, text="是的", now=MONDAY + 3 * HOUR)
        triage.merge(case_id=gone.id, into_id=into.id, actor=here.dispatcher, now=MONDAY + 4 * HOUR)
        with pytest.raises(stepping.LetAnotherLook):
            filing.not_file(case_id=into.id, reason="settled", now=MONDAY + 5 * HOUR, **act)  # type: ignore[arg-type]
        other = cast.appoint(cast.staff("关二", "13900017777"), Role.DISPATCHER)
        filing.file(case_id=into.id, actor=other, now=MONDAY + 5 * HOUR)
        into.refresh_from_db()
        assert policies.looks_anew(here.dispatcher, into)
