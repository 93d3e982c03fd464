"""When somebody leaves or is away, their open work goes on, and it says so (ruling 4)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from huipai.cases import notices, queries
from huipai.cases.commands import (
    checking,
    confirming,
    dispatching,
    filing,
    handling,
    keeping,
    passing,
    together,
    working,
)
from huipai.cases.fact_words import Fact
from huipai.cases.jobs import pass_on, pass_on_from_deputies
from huipai.cases.models import Case, Check, WorkOrder
from huipai.cases.order_words import OrderState
from huipai.cases.queries import hub as hub_reads
from huipai.cases.queries import sending, today
from huipai.cases.words import Action, CheckResult, KeptDeedKind, State
from huipai.grid import commands as grid
from huipai.grid.models import Absence, Assignment
from huipai.grid.queries import units_in_force
from huipai.grid.words import AbsenceKind
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import in_street
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import Hub
from tests.cases.test_pages import as_
from tests.cast import MONDAY, TUESDAY

HOUR = timedelta(hours=1)


@pytest.fixture
def tao(here: Place) -> Person:
    """Stands in for wei; a worker of another grid."""
    tao = cast.staff("陶小川", "13900019999")
    Assignment.objects.create(person=tao, role=Role.GRID_WORKER, node=here.town["M4"], valid_from=cast.A_MONTH_AGO)
    return tao


def held_by(person: Person) -> Assignment:
    return Assignment.objects.get(person=person, role=Role.GRID_WORKER)


def away(person: Person) -> Entry:
    """The fact that somebody is away from Monday noon on."""
    grid.record_absence(
        person=person, kind=AbsenceKind.ILLNESS, valid_from=MONDAY + 2 * HOUR, valid_until=None, actor=None,
        now=MONDAY + 2 * HOUR,
    )  # fmt: skip
    return Entry.objects.get(what="absence.began")


def follow(place: Place, entry: Entry) -> None:
    pass_on(street=str(place.street.id), entry=str(entry.id))


def follow_back(place: Place, entry: Entry | None) -> None:
    assert entry is not None
    pass_on_from_deputies(street=str(place.street.id), entry=str(entry.id))


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


class TestAbsence:
    def test_open_work_goes_to_the_deputy(self, here: Place, tao: Person) -> None:
        grid.name_deputy(assignment_id=held_by(here.wei).id, deputy=tao, actor=None, now=MONDAY)
        waiting, begun = here.report(), here.report(here.hua)
        handling.accept(case_id=begun.id, actor=here.wei, now=MONDAY + HOUR)
        follow(here, away(here.wei))
        for case in (waiting, begun):
            assert fresh(case).worker == tao and fresh(case).due_at == case.due_at
        assert (fresh(waiting).handler, fresh(begun).handler) == (None, tao)
        assert {waiting, begun} <= set(today.today_of(tao, MONDAY + 3 * HOUR))
        handling.respond(case_id=begun.id, actor=tao, text="好了", photo_ids=here.photo_ids(tao), now=MONDAY + 3 * HOUR)

    def test_comes_back_from_a_deputy_who_works_nowhere_else(self, here: Place) -> None:
        """With the end of the absence nothing is the deputy's any more, whether begun or not."""
        deputy = cast.staff("陶小川", "13900019999")
        grid.name_deputy(assignment_id=held_by(here.wei).id, deputy=deputy, actor=None, now=MONDAY)
        waiting, begun = here.report(), here.report(here.hua)
        follow(here, away(here.wei))
        handling.accept(case_id=begun.id, actor=deputy, now=MONDAY + 3 * HOUR)
        grid.end_absence(absence_id=Absence.objects.get().id, actor=None, now=MONDAY + 4 * HOUR)
        for _ in range(2):
            follow_back(here, Entry.objects.get(what="absence.ended"))
        assert [fresh(case).worker for case in (waiting, begun)] == [here.wei, here.wei]
        assert Entry.objects.filter(what=Fact.REASSIGNED).count() == 4
        assert {waiting, begun} <= set(today.today_of(here.wei, MONDAY + 5 * HOUR))

    def test_takes_nothing_on_before_they_are_back(self, here: Place) -> None:
        """It would lie with somebody who is not there; no deputy hears of it, for the absence has begun long ago."""
        case = here.report()
        mine = here.report(here.hua, at=here.town.at(60, 60))
        handling.accept(case_id=mine.id, actor=here.wei, now=MONDAY + HOUR)
        away(here.wei)
        now = MONDAY + 3 * HOUR
        with pytest.raises(handling.IsAway, match="已经回来"):
            handling.accept(case_id=case.id, actor=here.wei, now=now)
        assert handling.accept(case_id=mine.id, actor=here.wei, now=now).worker == here.wei, "twice is once"
        case.refresh_from_db()
        assert case.state == State.REPORTED
        noted = keeping.Kept(
            id=new_id(), code=case.code, kind=KeptDeedKind.ACCEPT, text="", photo_ids=(), round=case.round
        )  # fmt: skip
        with pytest.raises(keeping.MovedMeanwhile, match="已经回来"):
            keeping.do_kept(kept=noted, actor=here.wei, now=now)
        [came] = together.accept_each(case_ids=[case.id], actor=here.wei, now=now)
        assert isinstance(came.refused, handling.IsAway)
        done = handling.handle_on_the_spot(
            case_id=case.id, actor=here.wei, text="路过扫了", photo_ids=here.photo_ids(here.wei), now=now
        )
        assert done.state != State.REPORTED, "what is done is done"
        grid.end_absence(absence_id=Absence.objects.get().id, actor=here.wei, now=now)
        other = here.report(here.hua, at=here.town.at(70, 70), now=now)
        assert handling.accept(case_id=other.id, actor=here.wei, now=now + HOUR).state == State.ACCEPTED

    def test_the_page_tells_how_to_come_back_first(self, here: Place) -> None:
        now = clock.now()
        case = here.report(now=now - HOUR)
        grid.record_absence(
            person=here.wei, kind=AbsenceKind.ILLNESS, valid_from=now - HOUR, valid_until=None, actor=None, now=now
        )
        page = as_(here.wei).get(f"/s/yunqiao/cases/{case.code}/").content.decode()
        assert "已经回来" in page and "acceptance/" not in page and "/response/" in page
        answer = as_(here.wei).post(f"/s/yunqiao/cases/{case.code}/acceptance/", follow=True)
        assert answer.status_code == 200 and "已经回来" in answer.content.decode()
        assert Case.objects.get().state == State.REPORTED

    def test_is_not_sent_to_look_but_who_stands_in(self, here: Place, tao: Person) -> None:
        case = here.report()
        away(here.wei)
        now = MONDAY + 3 * HOUR
        assert here.wei not in sending.who_could_look(case, now)
        Assignment.objects.filter(pk=held_by(here.wei).pk).update(deputy=tao)
        assert sending.who_could_look(case, now) == [tao]
        with pytest.raises(filing.LookerIsAway):
            filing.verify(case_id=case.id, worker=here.wei, actor=here.dispatcher, text="", now=now)
        sent = filing.verify(case_id=case.id, worker=tao, actor=here.dispatcher, text="", now=now)
        assert (sent.state, sent.worker) == (State.VERIFYING, tao)

    def test_stays_with_a_deputy_who_works_there_anyway(self, here: Place) -> None:
        colleague = cast.staff("陶小川", "13900019999")
        Assignment.objects.create(
            person=colleague, role=Role.GRID_WORKER, node=here.town["G"], valid_from=cast.A_MONTH_AGO
        )
        case = here.report()
        follow(here, away(here.wei))
        assert fresh(case).worker == colleague
        grid.end_absence(absence_id=Absence.objects.get().id, actor=None, now=MONDAY + 4 * HOUR)
        follow_back(here, Entry.objects.get(what="absence.ended"))
        assert fresh(case).worker == colleague

    def test_goes_from_one_deputy_to_the_next(self, here: Place) -> None:
        first, second = cast.staff("陶小川", "13900019999"), cast.staff("纪小川", "13900029999")
        grid.name_deputy(assignment_id=held_by(here.wei).id, deputy=first, actor=None, now=MONDAY)
        case = here.report()
        follow(here, away(here.wei))
        assert fresh(case).worker == first
        grid.name_deputy(assignment_id=held_by(here.wei).id, deputy=second, actor=None, now=MONDAY + 3 * HOUR)
        follow_back(here, Entry.objects.filter(what="deputy.named").order_by("id").last())
        assert fresh(case).worker == second

    def test_without_a_deputy_it_waits_in_the_queue_and_a_colleague_takes_it(self, here: Place) -> None:
        case = here.report(case_type=LITTER)
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY + HOUR)
        follow(here, away(here.wei))
        assert fresh(case).worker is None and fresh(case).state == State.ACCEPTED
        colleague = cast.staff("陶小川", "13900019999")
        Assignment.objects.create(
            person=colleague, role=Role.GRID_WORKER, node=here.town["G"], valid_from=MONDAY + 3 * HOUR
        )
        assert case in today.today_of(colleague, MONDAY + 4 * HOUR)
        handling.accept(case_id=case.id, actor=colleague, now=MONDAY + 4 * HOUR)
        assert [step.action for step in queries.steps_of(case)] == [
            Action.REPORT, Action.ACCEPT, Action.PASS_ON, Action.TAKE_OVER,
        ]  # fmt: skip

    @pytest.mark.parametrize("is_followed", [True, False])
    def test_does_not_stay_with_a_deputy_of_who_left_meanwhile(self, here: Place, is_followed: bool) -> None:
        deputy, next = cast.staff("陶小川", "13900019999"), cast.staff("纪小川", "13900029999")
        post = held_by(here.wei)
        grid.name_deputy(assignment_id=post.id, deputy=deputy, actor=None, now=MONDAY)
        waiting, begun = here.report(), here.report(here.hua)
        follow(here, away(here.wei))
        handling.accept(case_id=begun.id, actor=deputy, now=MONDAY + 3 * HOUR)
        at = MONDAY + 4 * HOUR
        if is_followed:
            grid.hand_over(assignment_id=post.id, to=next, at=at, actor=None, now=at)
        else:
            grid.end_assignment(assignment_id=post.id, at=at, actor=None, now=at)
        follow(here, Entry.objects.get(what="assignment.ended"))
        assert {fresh(case).worker for case in (waiting, begun)} == {next if is_followed else None}

    def test_running_twice_passes_on_once(self, here: Place, tao: Person) -> None:
        grid.name_deputy(assignment_id=held_by(here.wei).id, deputy=tao, actor=None, now=MONDAY)
        case = here.report()
        entry = away(here.wei)
        follow(here, entry)
        follow(here, entry)
        [told] = Entry.objects.filter(what=Fact.REASSIGNED)
        assert told.subject == case.subject
        assert (told.facts["before"], told.facts["worker"]) == (str(here.wei.id), str(tao.id))

    def test_who_is_back_before_the_job_runs_keeps_his_work(self, here: Place) -> None:
        case = here.report()
        entry = away(here.wei)
        grid.end_absence(absence_id=Absence.objects.get().id, actor=None, now=MONDAY + 3 * HOUR)
        assert passing.pass_on_work_of(person_id=here.wei.id, now=MONDAY + 4 * HOUR) == 0
        follow(here, entry)
        assert fresh(case).worker == here.wei

    def test_the_deputy_does_not_get_what_he_reported_or_checked(self, here: Place) -> None:
        """qin is made deputy: what she reported goes into the queue, what she has to check too."""
        Assignment.objects.create(
            person=here.qin, role=Role.GRID_WORKER, node=here.town["M4"], valid_from=cast.A_MONTH_AGO
        )
        Assignment.objects.filter(pk=held_by(here.wei).pk).update(deputy=here.qin)
        own, other = here.report(here.qin), here.report()
        follow(here, away(here.wei))
        assert fresh(own).worker is None and fresh(other).worker == here.qin

    def test_what_comes_back_from_a_check_goes_to_who_is_there(self, here: Place, tao: Person) -> None:
        case = here.report(case_type=LITTER)
        handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="好了", photo_ids=(), now=MONDAY + HOUR)
        grid.name_deputy(assignment_id=held_by(here.wei).id, deputy=tao, actor=None, now=MONDAY + HOUR)
        follow(here, away(here.wei))
        assert fresh(case).worker == here.wei, "nothing is open while somebody looks"
        check = Check.objects.get(case=case)
        checking.fail_check(
            check_id=check.id,
            actor=check.checker,
            text="还在",
            photo_ids=here.photo_ids(check.checker),
            now=MONDAY + 3 * HOUR,
        )
        assert fresh(case).worker == tao and fresh(case).state == State.REWORK

    def test_a_checker_who_is_away_is_not_drawn(self, here: Place) -> None:
        away(here.qin)
        case = here.report(case_type=LITTER)
        handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="好了", photo_ids=(), now=MONDAY + 3 * HOUR)
        assert Check.objects.get(case=case).checker == here.bo


class TestTheEndOfAnAssignment:
    def test_hands_over_to_the_successor(self, here: Place) -> None:
        case = here.report()
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY + HOUR)
        new = cast.staff("陶小川", "13900019999")
        grid.hand_over(
            assignment_id=held_by(here.wei).id, to=new, at=MONDAY + 2 * HOUR, actor=None, now=MONDAY + 2 * HOUR
        )
        follow(here, Entry.objects.get(what="assignment.ended"))
        assert fresh(case).worker == new

    def test_or_to_the_deputy_who_works_elsewhere(self, here: Place, tao: Person) -> None:
        grid.name_deputy(assignment_id=held_by(here.wei).id, deputy=tao, actor=None, now=MONDAY)
        case = here.report()
        grid.end_assignment(assignment_id=held_by(here.wei).id, at=TUESDAY, actor=None, now=TUESDAY)
        follow(here, Entry.objects.get(what="assignment.ended"))
        assert fresh(case).worker == tao

    def test_of_another_role_moves_no_work(self, here: Place) -> None:
        case = here.report()
        grid.end_assignment(
            assignment_id=Assignment.objects.get(person=here.qin).id, at=TUESDAY, actor=None, now=TUESDAY
        )
        follow(here, Entry.objects.get(what="assignment.ended"))
        assert fresh(case).worker == here.wei

    def test_leaves_the_other_street_alone(self, here: Place, there: Place) -> None:
        with in_street(there.street.id):
            other = there.report()
        grid.end_assignment(assignment_id=held_by(here.wei).id, at=TUESDAY, actor=None, now=TUESDAY)
        entry = Entry.objects.get(what="assignment.ended")
        with in_street(there.street.id):
            with pytest.raises(Entry.DoesNotExist):
                pass_on(street=str(there.street.id), entry=str(entry.id))
            assert fresh(other).worker == there.wei


class TestAUnit:
    def test_whose_only_person_is_away_without_an_end_is_as_one_with_nobody(self, here: Place) -> None:
        place, hub = here, Hub.with_a_case(here)
        order = hub.sent(place.police)
        working.sign(order_id=order.id, actor=place.xu, now=MONDAY + 2 * HOUR)
        until = TUESDAY + 72 * HOUR
        self.away(place.xu, TUESDAY, until)
        order.refresh_from_db()
        assert order.state == OrderState.SIGNED, "back on a day that is known"
        known = list(units_in_force())
        assert place.police in [one.unit for one in hub_reads.offers(hub.fresh(), known, TUESDAY)]
        gone = until + 24 * HOUR
        self.away(place.xu, gone, None)
        order.refresh_from_db()
        assert order.state == OrderState.RECALLED and hub.fresh().state == State.FILED
        assert place.police not in [one.unit for one in hub_reads.offers(hub.fresh(), known, gone)]
        with pytest.raises(dispatching.NobodyAtTheUnit):
            hub.sent(place.police, now=gone)

    def away(self, person: Person, since: datetime, until: datetime | None) -> None:
        grid.record_absence(
            person=person, kind=AbsenceKind.LEAVE, valid_from=since, valid_until=until, actor=None, now=since
        )
        entry = Entry.objects.filter(what="absence.began").latest("happened_at")
        pass_on(street=str(entry.street_id), entry=str(entry.id))


class TestALook:
    def drawn(self, here: Place) -> Check:
        case = here.report(case_type=LITTER)
        handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="好了", photo_ids=(), now=MONDAY + HOUR)
        return Check.objects.get(case=case)

    def test_of_who_is_away_is_drawn_again_at_once_and_once(self, here: Place) -> None:
        look = self.drawn(here)
        entry = away(look.checker)
        assert checking.draw_for_looks_of(person_id=look.checker_id, now=MONDAY + 2 * HOUR) == 1
        follow(here, entry)
        [first, second] = Check.objects.order_by("drawn_at", "id")
        assert (first.result, first.decided_at) == (CheckResult.LAPSED, MONDAY + 2 * HOUR)
        assert {first.checker, second.checker} == {here.qin, here.bo} and second.result == ""
        assert fresh(look.case).state == State.CHECKING and first.due_at and first.due_at > MONDAY + 2 * HOUR

    def test_of_who_is_away_is_found_by_what_follows_an_absence(self, here: Place) -> None:
        look = self.drawn(here)
        follow(here, away(look.checker))
        assert Check.objects.get(result="").checker != look.checker

    @pytest.mark.parametrize("since", ["unit", "home", "role"])
    def test_is_not_taken_of_who_has_a_stake_by_now(self, here: Place, since: str) -> None:
        look = self.drawn(here)
        looker, later = look.checker, MONDAY + 2 * HOUR
        if since == "unit":
            for person in (here.wei, looker):
                Assignment.objects.create(person=person, role=Role.UNIT_HANDLER, unit=here.city, valid_from=later)
        elif since == "home":
            for person in (here.lan, looker):
                grid.move_in(person=person, household=here.town["H1"], at=later, actor=None, now=later)
        else:
            held = Assignment.objects.get(person=looker, role=Role.CHECKER)
            grid.end_assignment(assignment_id=held.id, at=later, actor=None, now=later)
        pressed = {"check_id": look.id, "actor": looker, "text": "好了", "photo_ids": here.photo_ids(looker)}
        with pytest.raises(checking.HasAStake):
            checking.pass_check(**pressed, now=later + HOUR)
        with pytest.raises(checking.HasAStake):
            checking.fail_check(**pressed, now=later + HOUR)
        assert checking.draw_for_looks_of(person_id=looker.id, now=later + HOUR) == 1
        [first, second] = Check.objects.order_by("drawn_at", "id")
        assert (first.result, second.result) == (CheckResult.LAPSED, "") and second.checker != looker

    def test_of_who_checks_no_more_goes_to_another(self, here: Place) -> None:
        look = self.drawn(here)
        held = Assignment.objects.get(person=look.checker, role=Role.CHECKER)
        grid.end_assignment(assignment_id=held.id, at=MONDAY + 2 * HOUR, actor=None, now=MONDAY + 2 * HOUR)
        follow(here, Entry.objects.get(what="assignment.ended"))
        assert Check.objects.get(result="").checker != look.checker

    def test_of_who_is_there_stays(self, here: Place) -> None:
        look = self.drawn(here)
        assert checking.draw_for_looks_of(person_id=look.checker_id, now=MONDAY + 2 * HOUR) == 0
        assert Check.objects.get() == look


class TestOrders:
    """What somebody signed for their unit does not stay in their name while others of it are there."""

    def signed(self, place: Place) -> Hub:
        hub = Hub.with_a_case(place)
        hub.signed()
        return hub

    def told(self, place: Place) -> set[str]:
        [entry] = Entry.objects.filter(what=Fact.ORDER_PASSED_ON)
        notices.tell(entry_id=entry.id, now=MONDAY + 3 * HOUR)
        return set(Notice.objects.filter(kind=Fact.ORDER_PASSED_ON).values_list("person__name", flat=True))

    def test_of_who_is_away_go_to_a_colleague_and_the_unit_is_told(self, here: Place) -> None:
        hub = self.signed(here)
        due = hub.fresh().due_at
        follow(here, away(here.shi))
        order = WorkOrder.objects.get()
        assert (order.handler, order.state, hub.fresh().handler) == (here.chief, OrderState.SIGNED, here.chief)
        assert hub.fresh().due_at == due and self.told(here) == {here.chief.name}
        assert passing.pass_on_orders_of(unit_id=here.city.id, now=MONDAY + 3 * HOUR) == 0

    def test_go_to_who_stands_in_and_from_there_when_they_do_so_no_more(self, here: Place) -> None:
        hub, tao = self.signed(here), cast.staff("陶小川", "13900019998")
        held = Assignment.objects.get(person=here.shi)
        grid.name_deputy(assignment_id=held.id, deputy=tao, actor=None, now=MONDAY + HOUR)
        follow(here, away(here.shi))
        assert WorkOrder.objects.get().handler == hub.fresh().handler == tao and tao.name in self.told(here)
        grid.end_absence(absence_id=Absence.objects.get().id, actor=None, now=MONDAY + 4 * HOUR)
        follow_back(here, Entry.objects.get(what="absence.ended"))
        assert WorkOrder.objects.get().handler != tao

    def test_of_who_left_go_to_a_colleague_who_may_handle_it(self, here: Place) -> None:
        hub = self.signed(here)
        held = Assignment.objects.get(person=here.shi)
        grid.end_assignment(assignment_id=held.id, at=MONDAY + 2 * HOUR, actor=None, now=MONDAY + 2 * HOUR)
        follow(here, Entry.objects.get(what="assignment.ended"))
        assert WorkOrder.objects.get().handler == hub.fresh().handler == here.chief

    def test_of_who_is_away_go_on_when_they_come_back_from_a_check(self, here: Place) -> None:
        """What was answered names who answered it; what is open again does not wait for them."""
        hub = Hub.with_a_case(here)
        check = hub.responded(hub.signed())
        follow(here, away(here.shi))
        assert WorkOrder.objects.get().handler == here.shi, "nothing is open while somebody looks"
        hub.failed(check)
        order = WorkOrder.objects.get()
        assert (order.handler, order.state, hub.fresh().handler) == (here.chief, OrderState.SIGNED, here.chief)
        assert self.told(here) == {here.chief.name}

    def test_of_who_left_go_on_when_the_reporter_disputes(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        hub.passed(hub.responded(hub.signed()))
        held = Assignment.objects.get(person=here.shi)
        grid.end_assignment(assignment_id=held.id, at=MONDAY + 3 * HOUR, actor=None, now=MONDAY + 3 * HOUR)
        follow(here, Entry.objects.get(what="assignment.ended"))
        confirming.dispute(case_id=hub.case.id, actor=here.lan, text="还没有", photo_ids=(), now=MONDAY + 4 * HOUR)
        assert WorkOrder.objects.get().handler == hub.fresh().handler == here.chief


class TestSayingSo:
    def told(self, place: Place) -> Notice:
        """Run the follower of the only reassignment, twice."""
        entry = Entry.objects.get(what=Fact.REASSIGNED)
        for _twice in range(2):
            notices.tell(entry_id=entry.id, now=MONDAY + 3 * HOUR)
        return Notice.objects.get(cause__startswith=f"passed:{entry.facts['before']}:")

    def test_to_who_takes_it_on(self, here: Place, tao: Person) -> None:
        grid.name_deputy(assignment_id=held_by(here.wei).id, deputy=tao, actor=None, now=MONDAY)
        here.report()
        follow(here, away(here.wei))
        notice = self.told(here)
        assert notice.person == tao and str(notice.wording.title) == "有 1 件事转给您接着办"

    def test_many_at_once_as_one_with_their_number(self, here: Place, tao: Person) -> None:
        grid.name_deputy(assignment_id=held_by(here.wei).id, deputy=tao, actor=None, now=MONDAY)
        cases = [here.report() for _n in range(4)]
        follow(here, away(here.wei))
        passed = Entry.objects.filter(what=Fact.REASSIGNED)
        for entry in [*passed, *passed]:
            notices.tell(entry_id=entry.id, now=MONDAY + 3 * HOUR)
        [notice] = Notice.objects.filter(person=tao)
        page = as_(tao).get("/s/yunqiao/notices/").content.decode()
        assert "有 4 件事转给您接着办" in page and "有 1 件事" not in page
        assert set(notice.params["codes"]) == {case.code for case in cases}

    def test_read_meanwhile_it_is_new_again(self, here: Place, tao: Person) -> None:
        grid.name_deputy(assignment_id=held_by(here.wei).id, deputy=tao, actor=None, now=MONDAY)
        for _n in range(2):
            here.report()
        follow(here, away(here.wei))
        first, second = Entry.objects.filter(what=Fact.REASSIGNED).order_by("id")
        notices.tell(entry_id=first.id, now=MONDAY + 3 * HOUR)
        Notice.objects.filter(person=tao).update(read_at=MONDAY + 3 * HOUR)
        notices.tell(entry_id=first.id, now=MONDAY + 4 * HOUR)
        assert Notice.objects.get(person=tao).read_at is not None
        notices.tell(entry_id=second.id, now=MONDAY + 4 * HOUR)
        assert Notice.objects.get(person=tao).read_at is None

    def test_to_the_community_when_nobody_does(self, here: Place) -> None:
        here.report()
        follow(here, away(here.wei))
        notices.tell(entry_id=Entry.objects.get(what=Fact.REASSIGNED).id, now=MONDAY + 3 * HOUR)
        told = Notice.objects.all()
        assert {notice.person for notice in told} == {here.coordinator, here.dispatcher}
        assert {str(notice.wording.title) for notice in told} == {"有 1 件事等人接"}

    def test_on_the_page_of_the_case(self, here: Place, tao: Person) -> None:
        grid.name_deputy(assignment_id=held_by(here.wei).id, deputy=tao, actor=None, now=MONDAY)
        case = here.report()
        follow(here, away(here.wei))
        page = as_(here.lan).get(f"/s/yunqiao/cases/{case.code}/").content.decode()
        assert "换人接着办，时间照原来的算" in page
