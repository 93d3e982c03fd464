"""The whole loop, through the commands, in two streets."""

from datetime import timedelta

import pytest

from huipai.cases import queries
from huipai.cases.commands import checking, confirming, handling
from huipai.cases.models import Case, Check, Transition
from huipai.cases.queries import today
from huipai.cases.words import Action, Outcome, State
from huipai.journal import queries as journal
from huipai.people.models import Person
from huipai.points import queries as points
from huipai.streets.current import in_street
from tests.cases.conftest import Place
from tests.cast import MONDAY

HOUR = timedelta(hours=1)
LATER = MONDAY + timedelta(days=1)


def whole_loop(place: Place) -> Case:
    case = place.report()
    assert case.state == State.REPORTED and case.node.code == "M1" and case.worker == place.wei
    assert case in today.today_of(place.wei, MONDAY)

    handling.accept(case_id=case.id, actor=place.wei, now=MONDAY + HOUR)
    handling.respond(
        case_id=case.id, actor=place.wei, text="车已挪走", photo_ids=place.photo_ids(place.wei), now=MONDAY + 2 * HOUR
    )
    case.refresh_from_db()
    assert case.state == State.CHECKING

    check = Check.objects.get(case=case)
    assert check.checker in (place.qin, place.bo, place.hua) and check.checker not in (place.lan, place.wei)
    checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + 3 * HOUR)
    assert points.balance(place.lan, LATER).spendable == 5

    confirming.confirm(case_id=case.id, actor=place.lan, rating=5, text="谢谢", now=MONDAY + 4 * HOUR)
    case.refresh_from_db()
    return case


def test_from_a_report_to_a_posted_point(here: Place) -> None:
    case = whole_loop(here)
    assert (case.state, case.outcome) == (State.CLOSED, Outcome.CONFIRMED)
    assert list(queries.steps_of(case).values_list("action", flat=True)) == [
        Action.REPORT, Action.ACCEPT, Action.RESPOND, Action.DRAW_CHECK, Action.PASS_CHECK, Action.CONFIRM,
    ]  # fmt: skip
    told = list(journal.about(case.subject).values_list("what", flat=True))
    assert told == [
        "case.reported", "case.accepted", "case.responded", "case.check_drawn", "case.check_passed", "points.awarded",
        "case.confirmed",
    ]  # fmt: skip


def test_neither_street_sees_the_other(here: Place, there: Place) -> None:
    case = whole_loop(here)
    with in_street(there.street.id):
        assert not Case.objects.filter(pk=case.id).exists()
        assert not Transition.objects.exists()
        other = whole_loop(there)
        assert Person.objects.filter(pk=here.lan.id).first() is None
    assert not Case.objects.filter(pk=other.id).exists()


class TestRework:
    def test_goes_back_to_the_handler_and_the_clock_goes_on(self, here: Place) -> None:
        case = here.report()
        due = case.due_at
        handling.handle_on_the_spot(
            case_id=case.id, actor=here.wei, text="好了", photo_ids=here.photo_ids(here.wei), now=MONDAY + HOUR
        )
        check = Check.objects.get(case=case)
        checking.fail_check(
            check_id=check.id,
            actor=check.checker,
            text="还有一辆",
            photo_ids=here.photo_ids(check.checker),
            now=MONDAY + 2 * HOUR,
        )
        case.refresh_from_db()
        assert (case.state, case.round) == (State.REWORK, 2)
        assert due is not None and case.due_at is not None and case.due_at > due
        assert points.balance(here.lan, LATER).spendable == 0
        handling.respond(
            case_id=case.id, actor=here.wei, text="都走了", photo_ids=here.photo_ids(here.wei), now=MONDAY + 3 * HOUR
        )
        second = Check.objects.get(case=case, round=2)
        checking.pass_check(check_id=second.id, actor=second.checker, text="", photo_ids=(), now=MONDAY + 4 * HOUR)
        assert points.balance(here.lan, LATER).spendable == 5

    def test_a_dispute_reopens_and_points_stay(self, here: Place) -> None:
        case = here.report()
        handling.handle_on_the_spot(
            case_id=case.id, actor=here.wei, text="好了", photo_ids=here.photo_ids(here.wei), now=MONDAY + HOUR
        )
        check = Check.objects.get(case=case)
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + 2 * HOUR)
        confirming.dispute(case_id=case.id, actor=here.lan, text="又来了", photo_ids=(), now=MONDAY + 3 * HOUR)
        case.refresh_from_db()
        assert (case.state, case.round) == (State.REOPENED, 2)
        assert points.balance(here.lan, LATER).spendable == 5


def test_silence_closes_and_is_recorded_as_silence(here: Place) -> None:
    case = here.report()
    handling.handle_on_the_spot(
        case_id=case.id, actor=here.wei, text="好了", photo_ids=here.photo_ids(here.wei), now=MONDAY + HOUR
    )
    check = Check.objects.get(case=case)
    passed = MONDAY + 2 * HOUR
    checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=passed)
    assert confirming.close_unanswered(case_id=case.id, now=passed + timedelta(days=2)) is None
    closed = confirming.close_unanswered(case_id=case.id, now=passed + timedelta(days=3, minutes=1))
    assert closed is not None and closed.outcome == Outcome.NO_ANSWER
    assert confirming.close_unanswered(case_id=case.id, now=passed + timedelta(days=4)) is None


def test_a_lapsed_check_is_drawn_anew_for_somebody_else(here: Place) -> None:
    case = here.report()
    handling.handle_on_the_spot(
        case_id=case.id, actor=here.wei, text="好了", photo_ids=here.photo_ids(here.wei), now=MONDAY + HOUR
    )
    first = Check.objects.get(case=case)
    assert first.due_at is not None
    assert checking.redraw(check_id=first.id, now=first.due_at - HOUR) is None
    second = checking.redraw(check_id=first.id, now=first.due_at + HOUR)
    assert second is not None and second.checker != first.checker
    third = checking.redraw(check_id=second.id, now=first.due_at + timedelta(days=5))
    assert third is None
    case.refresh_from_db()
    assert case.state == State.RESPONDED


@pytest.mark.usefixtures("there")
def test_the_pool_leaves_out_whoever_has_a_stake(here: Place) -> None:
    case = here.report(here.qin)
    handling.handle_on_the_spot(
        case_id=case.id, actor=here.wei, text="好了", photo_ids=here.photo_ids(here.wei), now=MONDAY + HOUR
    )
    assert Check.objects.get(case=case).checker == here.bo
