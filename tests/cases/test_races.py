"""At the same time, on a real PostgreSQL: each race of a case is shown without its guard where it has one to show,
and gone with it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
from django.db import OperationalError, transaction
from pytest_django import Settings

from huipai.cases.commands import (
    allowing,
    checking,
    confirming,
    deciding,
    dispatching,
    filing,
    handling,
    keeping,
    stepping,
    triage,
    types,
    withdrawing,
    working,
)
from huipai.cases.commands.handling import TakenByAnother
from huipai.cases.commands.intake import NotThisId, Received, Sending
from huipai.cases.commands.keeping import Kept
from huipai.cases.models import Case, CaseType, Check, Confirmation, KeptDeed, Report, Transition, WorkOrder
from huipai.cases.queries import types as read_types
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Action, Answer, CheckResult, KeptDeedKind, Outcome, State
from huipai.grid.models import Assignment
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points.models import Posting
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests import cast
from tests.cases.conftest import LITTER, Place, settle
from tests.cast import MONDAY, TUESDAY
from tests.points.ledger import at_once

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
Deed = Callable[[], object]


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def responded(place: Place, case: Case, now: object = MONDAY + HOUR) -> Check:
    handling.handle_on_the_spot(
        case_id=case.id, actor=place.wei, text="扫了", photo_ids=(), now=now,  # type: ignore[arg-type]
    )  # fmt: skip
    return Check.objects.get(case=case, result="")


def confirmed(place: Place) -> Case:
    """A case that waits for the word of whoever reported it."""
    case = place.report(case_type=LITTER)
    check = responded(place, case)
    checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + 2 * HOUR)
    return case


def steps(case: Case) -> list[str]:
    """The actions of a case; each step begins where the one before ended, and none is missing."""
    taken = list(Transition.objects.filter(case=case).order_by("position"))
    assert [step.position for step in taken] == list(range(1, len(taken) + 1))
    for before, after in itertools.pairwise(taken):
        assert after.from_state == before.to_state
    assert taken[-1].to_state == fresh(case).state
    return [step.action for step in taken]


@pytest.fixture
def here(yunqiao: Street) -> Iterator[Place]:
    """云桥街道, in force; committed, so that other connections see it."""
    place = settle(yunqiao, 1)
    with in_street(yunqiao.id):
        yield place


@pytest.fixture
def tao(here: Place) -> Person:
    """A second worker of the same grid."""
    tao = cast.staff("陶小川", "13900019999")
    Assignment.objects.create(person=tao, role=Role.GRID_WORKER, node=here.town["G"], valid_from=cast.A_MONTH_AGO)
    return tao


class TestTypes:
    def test_of_two_changes_at_once_one_is_shown_again(self, here: Place) -> None:
        keeper = cast.appoint(cast.staff("柯管理", "13900090001"), Role.SYSTEM_ADMIN)
        now = read_types.book()[LITTER]

        def put(metres: int) -> Deed:
            wanted = replace(now, radius_m=metres)
            return lambda: types.change(terms=wanted, seen=1, reason="试", actor=keeper, now=MONDAY)

        came_of = at_once(here.street, put(60), put(70))
        assert [type(one) for one in came_of if isinstance(one, Exception)] == [types.TypesMoved]
        assert CaseType.objects.get(code=LITTER).edition == 2


class TestAllowance:
    """An hour of two reports, asked for three times at once."""

    def sendings(self, place: Place) -> list[Sending]:
        return [place.sending(place.photo(place.lan), at=place.town.at(50 + 90 * n, 50)) for n in range(3)]

    def test_counting_first_lets_all_of_them_in(self, here: Place) -> None:
        together, all_of_them = Barrier(3), self.sendings(here)

        def hasty(sending: Sending) -> bool:
            sent = Report.objects.filter(reporter=here.lan).count()
            together.wait(10)
            return sent < 2 and bool(here.receive(sending, here.lan))

        assert at_once(here.street, *(lambda one=one: hasty(one) for one in all_of_them)) == [True, True, True]  # type: ignore[misc]

    def test_the_row_of_the_person_lets_two(self, here: Place, settings: Settings) -> None:
        settings.REPORTS_AN_HOUR = 2
        deeds = [lambda one=one: here.receive(one, here.lan) for one in self.sendings(here)]  # type: ignore[misc]
        came_of = at_once(here.street, *deeds)
        [refused] = [one for one in came_of if isinstance(one, Exception)]
        assert isinstance(refused, allowing.TooManyReports) and Report.objects.count() == 2


class TestAcceptance:
    def test_without_the_lock_both_believe_it_is_theirs(self, here: Place, tao: Person) -> None:
        case, together = here.report(), Barrier(2)

        def hasty(worker: Person) -> str:
            seen = fresh(case)
            together.wait(10)
            assert seen.state == State.REPORTED
            Case.objects.filter(pk=case.pk).update(state=State.ACCEPTED, handler=worker)
            return "mine"

        assert at_once(here.street, lambda: hasty(here.wei), lambda: hasty(tao)) == ["mine", "mine"]

    def test_with_it_one_has_it_and_the_other_is_told_who(self, here: Place, tao: Person) -> None:
        case = here.report()
        outcomes = at_once(
            here.street,
            *(
                lambda worker=worker: handling.accept(case_id=case.id, actor=worker, now=MONDAY + HOUR)
                for worker in (here.wei, tao)
            ),
        )
        [refusal] = [outcome for outcome in outcomes if not isinstance(outcome, Case)]
        handler = fresh(case).handler
        assert handler is not None and isinstance(refusal, TakenByAnother)
        assert refusal.status == 409 and refusal.reason == f"这件事{handler.name}先接了，看下一件"
        assert steps(case) == [Action.REPORT, Action.ACCEPT]

    def test_one_accepts_while_the_other_is_done_on_the_spot(self, here: Place, tao: Person) -> None:
        case = here.report(case_type=LITTER)
        outcomes = at_once(
            here.street,
            lambda: handling.accept(case_id=case.id, actor=here.wei, now=MONDAY + HOUR),
            lambda: handling.handle_on_the_spot(
                case_id=case.id, actor=tao, text="扫了", photo_ids=(), now=MONDAY + HOUR
            ),
        )
        assert sorted(type(outcome) for outcome in outcomes if not isinstance(outcome, Case)) == [TakenByAnother]
        assert steps(case)[1:] in ([Action.ACCEPT], [Action.HANDLE_ON_THE_SPOT, Action.DRAW_CHECK])


class TestIntake:
    def test_three_retries_at_once_are_one_case_and_one_answer(self, here: Place) -> None:
        sending = here.sending(here.photo(here.lan))
        outcomes = at_once(here.street, *[lambda: here.receive(sending, here.lan)] * 3)
        assert all(isinstance(outcome, Received) for outcome in outcomes) and len(set(outcomes)) == 1
        assert Case.objects.count() == Report.objects.count() == 1
        assert steps(Case.objects.get()) == [Action.REPORT]

    def test_two_people_with_one_id_are_one_case_and_a_refusal(self, here: Place) -> None:
        sending = here.sending(here.photo(here.lan))
        outcomes = at_once(
            here.street, lambda: here.receive(sending, here.lan), lambda: here.receive(sending, here.hua)
        )
        kinds = {type(outcome) for outcome in outcomes}
        assert Report.objects.count() <= 1 and kinds <= {Received, NotThisId, stepping.PhotoMissing}

    def test_one_photo_sent_twice_belongs_to_one_case(self, here: Place) -> None:
        photo = here.photo(here.lan)
        outcomes = at_once(here.street, *[lambda: here.receive(here.sending(photo), here.lan)] * 2)
        assert {type(outcome) for outcome in outcomes} == {Received, stepping.PhotoUsed}
        assert Case.objects.count() == 1


class TestCheck:
    @pytest.mark.parametrize("decide", [checking.pass_check, checking.fail_check])
    def test_the_checker_decides_while_the_look_lapses(self, here: Place, decide: Callable[..., Check]) -> None:
        case = here.report(case_type=LITTER)
        check = responded(here, case)
        assert check.due_at is not None
        late, seen = check.due_at + HOUR, here.photo_ids(check.checker)
        outcomes = at_once(
            here.street,
            lambda: decide(check_id=check.id, actor=check.checker, text="还在", photo_ids=seen, now=late),
            lambda: checking.redraw(check_id=check.id, now=late),
        )
        check.refresh_from_db()
        if check.result == CheckResult.LAPSED:
            assert isinstance(outcomes[0], NotNow)
            assert steps(case)[-2:] == [Action.LAPSE_CHECK, Action.DRAW_CHECK]
            assert Check.objects.get(case=case, result="").checker != check.checker
        else:
            assert outcomes[1] is None
            assert steps(case)[-1] in (Action.PASS_CHECK, Action.FAIL_CHECK)

    def test_eight_presses_pass_once_and_pay_once(self, here: Place) -> None:
        case = here.report()
        handling.handle_on_the_spot(
            case_id=case.id, actor=here.wei, text="好了", photo_ids=here.photo_ids(here.wei), now=MONDAY + HOUR
        )
        check = Check.objects.get(case=case)
        press = lambda: checking.pass_check(  # noqa: E731
            check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + 2 * HOUR
        )
        outcomes = at_once(here.street, *[press] * 8)
        # Each press is answered like the first, and the case takes one step.
        assert all(isinstance(outcome, Check) for outcome in outcomes)
        assert steps(case).count(Action.PASS_CHECK) == 1
        assert Posting.objects.count() == Confirmation.objects.count() == 1

    def test_two_jobs_draw_one_checker(self, here: Place) -> None:
        case = here.report(case_type=LITTER)
        check = responded(here, case)
        assert check.due_at is not None
        late = check.due_at + HOUR
        outcomes = at_once(here.street, *[lambda: checking.redraw(check_id=check.id, now=late)] * 3)
        assert sum(isinstance(outcome, Check) for outcome in outcomes) == 1
        assert Check.objects.filter(case=case, result="").count() == 1


class TestMerging:
    def test_the_other_order_of_locks_would_be_a_deadlock(self, here: Place) -> None:
        one, two = here.report(case_type=LITTER), here.report(case_type=LITTER, now=MONDAY + HOUR)
        together = Barrier(2)

        def lock(first: UUID, second: UUID) -> str:
            with transaction.atomic():
                stepping.locked(first)
                together.wait(10)
                stepping.locked(second)
            return "both"

        outcomes = at_once(here.street, lambda: lock(one.id, two.id), lambda: lock(two.id, one.id))
        [error] = [outcome for outcome in outcomes if outcome != "both"]
        assert isinstance(error, OperationalError) and "deadlock" in str(error)

    def test_two_that_cross_each_other_merge_once(self, here: Place) -> None:
        one, two = here.report(case_type=LITTER), here.report(here.hua, case_type=LITTER, now=MONDAY + HOUR)
        cross = [(one, two), (two, one)] * 2
        outcomes = at_once(
            here.street,
            *(lambda a=a, b=b: triage.merge(case_id=a.id, into_id=b.id, actor=here.wei, now=TUESDAY) for a, b in cross),
        )
        # Pressed twice it is answered twice, with the one that goes on, and was done once.
        assert [outcome for outcome in outcomes if isinstance(outcome, Case)] == [one, one]
        assert Transition.objects.filter(action=Action.MERGE).count() == 1
        assert not [outcome for outcome in outcomes if isinstance(outcome, OperationalError)]
        assert fresh(two).merged_into == one and fresh(one).state == State.REPORTED
        assert Report.objects.filter(case=one).count() == 2

    def test_a_chain_merged_at_once_leaves_no_report_behind(self, here: Place) -> None:
        """C into B and B into A: whichever comes first, nothing ends up in a case that has ended."""
        a = here.report(here.lan, case_type=LITTER)
        b = here.report(here.hua, case_type=LITTER, now=MONDAY + HOUR)
        c = here.report(here.qin, case_type=LITTER, now=MONDAY + 2 * HOUR)
        at_once(
            here.street,
            lambda: triage.merge(case_id=c.id, into_id=b.id, actor=here.wei, now=TUESDAY),
            lambda: triage.merge(case_id=b.id, into_id=a.id, actor=here.wei, now=TUESDAY),
        )
        assert fresh(b).merged_into == a
        assert not Report.objects.filter(case=b).exists()
        assert Report.objects.filter(case=a).count() == (3 if fresh(c).state == State.MERGED else 2)

    def test_into_a_case_whose_reporter_disputes(self, here: Place) -> None:
        """Whichever comes first: the new reporter is asked, or is part of the round that was reopened."""
        older = confirmed(here)
        younger = here.report(here.hua, case_type=LITTER, now=MONDAY + 3 * HOUR)
        outcomes = at_once(
            here.street,
            lambda: triage.merge(case_id=younger.id, into_id=older.id, actor=here.coordinator, now=TUESDAY),
            lambda: confirming.dispute(case_id=older.id, actor=here.lan, text="又来了", photo_ids=(), now=TUESDAY),
        )
        assert all(isinstance(outcome, Case) for outcome in outcomes)
        assert fresh(older).state == State.REOPENED and fresh(older).round == 2
        assert not Confirmation.objects.filter(case=older, answer="").exists()
        assert {report.reporter for report in Report.objects.filter(case=older)} == {here.lan, here.hua}

    def test_into_a_case_that_is_just_confirmed(self, here: Place) -> None:
        """Closed first: the younger one stays its own. Merged first: the case waits for the newcomer too."""
        older = confirmed(here)
        younger = here.report(here.hua, case_type=LITTER, now=MONDAY + 3 * HOUR)
        at_once(
            here.street,
            lambda: triage.merge(case_id=younger.id, into_id=older.id, actor=here.coordinator, now=TUESDAY),
            lambda: confirming.confirm(case_id=older.id, actor=here.lan, rating=None, text="", now=TUESDAY),
        )
        merged = fresh(younger).state == State.MERGED
        assert fresh(older).state == (State.CONFIRMING if merged else State.CLOSED)
        if merged:
            assert Confirmation.objects.get(case=older, answer="").report.reporter == here.hua


class TestTheLastWord:
    def test_confirmed_in_the_moment_of_silence(self, here: Place) -> None:
        case = confirmed(here)
        late = MONDAY + timedelta(days=3, hours=3)
        outcomes = at_once(
            here.street,
            lambda: confirming.confirm(case_id=case.id, actor=here.lan, rating=4, text="", now=late),
            lambda: confirming.close_unanswered(case_id=case.id, now=late),
        )
        outcome = fresh(case).outcome
        [question] = Confirmation.objects.filter(case=case)
        if outcome == Outcome.CONFIRMED:
            assert outcomes[1] is None and question.answer == Answer.CONFIRMED
        else:
            assert isinstance(outcomes[0], NotNow) and question.answer == Answer.NO_ANSWER and question.rating is None
        assert steps(case)[-1] in (Action.CONFIRM, Action.CLOSE_UNANSWERED)

    def test_two_reporters_who_disagree_at_once_are_one_rework(self, here: Place) -> None:
        case = here.report(case_type=LITTER)
        second = here.report(here.hua, case_type=LITTER, now=MONDAY + HOUR / 2)
        triage.merge(case_id=second.id, into_id=case.id, actor=here.wei, now=MONDAY + HOUR / 2)
        check = responded(here, case)
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + 2 * HOUR)
        dispute = [
            lambda by=by: confirming.dispute(case_id=case.id, actor=by, text="还在", photo_ids=(), now=TUESDAY)
            for by in (here.lan, here.hua)
        ]
        outcomes = at_once(here.street, *dispute)
        assert sum(isinstance(outcome, Case) for outcome in outcomes) == 1
        assert any(isinstance(outcome, NotNow | NotVisible) for outcome in outcomes)
        assert fresh(case).round == 2


class TestTheHub:
    """Whatever the hub, a unit and a reporter do in the same moment, one order of things comes out of it."""

    def test_two_dispatchers_send_one_case_once(self, here: Place) -> None:
        case = here.report(case_type=LITTER)
        outcomes = at_once(
            here.street,
            *(
                lambda unit=unit: dispatching.dispatch(
                    case_id=case.id, unit_id=unit.id, actor=here.dispatcher, brief="", now=MONDAY + HOUR
                )
                for unit in (here.city, here.guard)
            ),
        )
        [refusal] = [outcome for outcome in outcomes if not isinstance(outcome, WorkOrder)]
        assert isinstance(refusal, filing.StillWithAUnit)
        assert WorkOrder.objects.live().leading().filter(case=case).count() == 1
        assert steps(case) == [Action.REPORT, Action.FILE, Action.DISPATCH]

    def test_two_cases_filed_at_once_have_two_numbers(self, here: Place) -> None:
        cases = [here.report(by, case_type=LITTER) for by in (here.lan, here.hua, here.qin)]
        at_once(
            here.street,
            *(lambda case=case: filing.file(case_id=case.id, actor=here.dispatcher, now=TUESDAY) for case in cases),
        )
        assert sorted(fresh(case).number or 0 for case in cases) == [1, 2, 3]

    def test_dispatch_while_the_reporter_withdraws(self, here: Place) -> None:
        case = here.report(case_type=LITTER)
        outcomes = at_once(
            here.street,
            lambda: dispatching.dispatch(
                case_id=case.id, unit_id=here.city.id, actor=here.dispatcher, brief="", now=MONDAY + HOUR
            ),
            lambda: withdrawing.withdraw(case_id=case.id, actor=here.lan, now=MONDAY + HOUR),
        )
        if fresh(case).state == State.VOIDED:
            assert isinstance(outcomes[0], NotNow) and not WorkOrder.objects.filter(case=case).exists()
        else:
            assert fresh(case).state == State.DISPATCHED and isinstance(outcomes[1], NotNow)

    def test_two_colleagues_sign_one_order_once(self, here: Place) -> None:
        order = dispatching.dispatch(
            case_id=here.report(case_type=LITTER).id, unit_id=here.city.id, actor=here.dispatcher, brief="", now=MONDAY
        )
        outcomes = at_once(
            here.street,
            *(
                lambda by=by: working.sign(order_id=order.id, actor=by, now=MONDAY + HOUR)
                for by in (here.shi, here.chief)
            ),
        )
        assert sorted(type(outcome) for outcome in outcomes if not isinstance(outcome, WorkOrder)) == [NotNow]
        order.refresh_from_db()
        assert order.handler in (here.shi, here.chief) and fresh(order.case).handler == order.handler

    def test_the_unit_returns_while_the_hub_recalls(self, here: Place) -> None:
        case = here.report(case_type=LITTER)
        order = dispatching.dispatch(
            case_id=case.id, unit_id=here.city.id, actor=here.dispatcher, brief="", now=MONDAY + HOUR
        )
        outcomes = at_once(
            here.street,
            lambda: working.return_order(
                order_id=order.id, actor=here.shi, ground="not_our_area", text="不归", now=TUESDAY
            ),
            lambda: dispatching.recall(order_id=order.id, actor=here.dispatcher, text="", now=TUESDAY),
        )
        assert sum(isinstance(outcome, NotNow) for outcome in outcomes) == 1
        assert fresh(case).state in (State.RETURNED, State.FILED) and fresh(case).unit is None

    def test_the_hub_grants_while_the_clock_lapses(self, here: Place) -> None:
        case = here.report(case_type=LITTER)
        order = dispatching.dispatch(case_id=case.id, unit_id=here.city.id, actor=here.dispatcher, brief="", now=MONDAY)
        working.sign(order_id=order.id, actor=here.shi, now=MONDAY)
        asked = working.ask_extension(
            order_id=order.id, actor=here.shi, ground="weather", text="雨", days=2, now=MONDAY + HOUR
        )
        late = fresh(case).wait_until
        assert late is not None
        outcomes = at_once(
            here.street,
            lambda: deciding.grant(request_id=asked.id, actor=here.dispatcher, text="", now=late),
            lambda: deciding.lapse(case_id=case.id, now=late),
        )
        asked.refresh_from_db()
        assert fresh(case).state == State.IN_PROGRESS and asked.decision in ("granted", "lapsed")
        assert isinstance(outcomes[0], NotNow) == (asked.decision == "lapsed")

    def test_a_checker_is_drawn_while_the_case_is_reopened(self, here: Place) -> None:
        """The job that draws comes late: it finds the case elsewhere and draws nobody."""
        case = confirmed(here)
        outcomes = at_once(
            here.street,
            lambda: confirming.dispute(case_id=case.id, actor=here.lan, text="又来了", photo_ids=(), now=TUESDAY),
            lambda: checking.draw_again(case_id=case.id, now=TUESDAY),
        )
        assert isinstance(outcomes[0], Case) and outcomes[1] is None
        assert fresh(case).state == State.REOPENED and not Check.objects.filter(case=case, result="").exists()

    def test_merged_away_while_the_unit_answers(self, here: Place) -> None:
        older = here.report(case_type=LITTER)
        younger = here.report(here.hua, case_type=LITTER, now=MONDAY + HOUR)
        order = dispatching.dispatch(
            case_id=younger.id, unit_id=here.city.id, actor=here.dispatcher, brief="", now=MONDAY + 2 * HOUR
        )
        working.sign(order_id=order.id, actor=here.shi, now=MONDAY + 2 * HOUR)
        at_once(
            here.street,
            lambda: triage.merge(case_id=younger.id, into_id=older.id, actor=here.dispatcher, now=TUESDAY),
            lambda: working.respond(order_id=order.id, actor=here.shi, text="清了", photo_ids=(), now=TUESDAY),
        )
        order.refresh_from_db()
        merged = fresh(younger).state == State.MERGED
        assert merged == (order.state == "recalled") and (merged or fresh(younger).state == State.CHECKING)


def test_a_deed_kept_on_a_phone_and_sent_by_three_retries_at_once_is_done_once(yunqiao: Street, folder: Path) -> None:
    with in_street(yunqiao.id):
        place = settle(yunqiao, 1)
        case = place.report(now=MONDAY, case_type=LITTER)
        deed = Kept(id=new_id(), code=case.code, kind=KeptDeedKind.RESPOND, text="扫了", photo_ids=(), round=1)
        came = at_once(
            place.street,
            *[lambda: keeping.do_kept(kept=deed, actor=place.wei, now=MONDAY + HOUR) for _retry in range(3)],
        )
        assert [one for one in came if isinstance(one, Exception)] == []
        assert KeptDeed.objects.count() == 1
        assert Transition.objects.filter(case=case, action=Action.HANDLE_ON_THE_SPOT).count() == 1
