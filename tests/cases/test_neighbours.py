"""Several reporters of one thing: each is asked, any may dispute, the first alone is thanked (rulings 15, 20)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huipai.cases import queries
from huipai.cases.commands import checking, confirming, handling, stepping, triage, withdrawing
from huipai.cases.models import Case, Check, Confirmation, Report
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Action, Answer, Outcome, ReportState, State
from huipai.kit.verdict import NotAllowed
from huipai.people.models import Person
from huipai.points import queries as points
from tests.cases.conftest import LITTER, Place
from tests.cases.test_pages import as_
from tests.cast import MONDAY, TUESDAY

HOUR = timedelta(hours=1)


@pytest.fixture
def shared(here: Place) -> Case:
    """lan reported first, hua an hour later; wei made one of the two."""
    first = here.report(now=MONDAY)
    second = here.report(here.hua, now=MONDAY + HOUR)
    return triage.merge(case_id=second.id, into_id=first.id, actor=here.wei, now=MONDAY + HOUR)


def passed(place: Place, case: Case) -> Check:
    handling.handle_on_the_spot(
        case_id=case.id, actor=place.wei, text="好了", photo_ids=place.photo_ids(place.wei), now=MONDAY + 2 * HOUR
    )
    check = Check.objects.get(case=case)
    return checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + 3 * HOUR)


def confirm(case: Case, by: Person) -> Case:
    return confirming.confirm(case_id=case.id, actor=by, rating=5, text="", now=TUESDAY)


class TestMerging:
    def test_moves_reports_and_photos_and_keeps_the_older_limit(self, here: Place, shared: Case) -> None:
        assert shared.due_at == Case.objects.get(pk=shared.pk).due_at and shared.reported_at == MONDAY
        assert list(Report.objects.filter(case=shared).order_by("id").values_list("state", flat=True)) == [
            ReportState.RECEIVED, ReportState.JOINED,
        ]  # fmt: skip
        assert shared.photos.count() == 2
        gone = Case.objects.get(state=State.MERGED)
        assert (gone.merged_into, gone.outcome) == (shared, Outcome.MERGED)

    def test_the_younger_goes_into_the_older(self, here: Place) -> None:
        older, younger = here.report(), here.report(here.hua, now=MONDAY + HOUR)
        with pytest.raises(triage.YoungerFirst):
            triage.merge(case_id=older.id, into_id=younger.id, actor=here.wei, now=TUESDAY)

    def test_nobody_merges_what_they_reported(self, here: Place) -> None:
        older, younger = here.report(), here.report(here.hua, now=MONDAY + HOUR)
        with pytest.raises(NotAllowed):
            triage.merge(case_id=younger.id, into_id=older.id, actor=here.lan, now=TUESDAY)

    def test_a_case_does_not_take_in_its_own_checker(self, here: Place) -> None:
        older = here.report(case_type=LITTER)
        handling.handle_on_the_spot(case_id=older.id, actor=here.wei, text="好了", photo_ids=(), now=MONDAY + HOUR)
        checker = Check.objects.get(case=older).checker
        younger = here.report(checker, case_type=LITTER, now=MONDAY + HOUR)
        with pytest.raises(triage.NotIntoThis):
            triage.merge(case_id=younger.id, into_id=older.id, actor=here.wei, now=TUESDAY)

    def test_whose_case_was_merged_is_led_to_the_one_that_goes_on(self, here: Place, shared: Case) -> None:
        gone = Case.objects.get(state=State.MERGED)
        answer = as_(here.hua).get(f"/s/yunqiao/cases/{gone.code}/")
        assert answer.status_code == 302 and answer["Location"] == f"/s/yunqiao/cases/{shared.code}/"

    def test_merged_twice_every_number_on_the_way_leads_on(self, here: Place) -> None:
        oldest, middle, youngest = (
            here.report(by, now=MONDAY + hours * HOUR) for hours, by in enumerate((here.lan, here.xu, here.hua))
        )
        triage.merge(case_id=youngest.id, into_id=middle.id, actor=here.wei, now=TUESDAY)
        triage.merge(case_id=middle.id, into_id=oldest.id, actor=here.wei, now=TUESDAY)
        for code in (youngest.code, middle.code):
            for page in ("cases", "mine"):
                answer = as_(here.hua).get(f"/s/yunqiao/{page}/{code}/")
                assert (answer.status_code, answer["Location"]) == (302, f"/s/yunqiao/cases/{oldest.code}/")
        assert as_(here.hua).get(f"/s/yunqiao/cases/{oldest.code}/").status_code == 200
        assert as_(here.qin).get(f"/s/yunqiao/mine/{middle.code}/").status_code == 404

    def test_what_was_taken_back_before_stays_taken_back(self, here: Place) -> None:
        oldest, middle, youngest = (
            here.report(by, now=MONDAY + hours * HOUR) for hours, by in enumerate((here.lan, here.xu, here.hua))
        )
        triage.merge(case_id=youngest.id, into_id=middle.id, actor=here.wei, now=TUESDAY)
        withdrawing.withdraw(case_id=middle.id, actor=here.hua, now=TUESDAY)
        triage.merge(case_id=middle.id, into_id=oldest.id, actor=here.wei, now=TUESDAY)
        assert Report.objects.get(reporter=here.hua).state == ReportState.WITHDRAWN
        assert Report.objects.get(reporter=here.xu).state == ReportState.JOINED


class TestTheLastWord:
    def test_one_yes_waits_for_the_other(self, here: Place, shared: Case) -> None:
        passed(here, shared)
        assert confirm(shared, here.lan).state == State.CONFIRMING
        assert confirm(shared, here.hua).state == State.CLOSED
        assert [step.action for step in queries.steps_of(shared)][-2:] == [Action.AGREE, Action.CONFIRM]

    def test_the_other_may_still_dispute(self, here: Place, shared: Case) -> None:
        passed(here, shared)
        confirm(shared, here.lan)
        reopened = confirming.dispute(case_id=shared.id, actor=here.hua, text="还在", photo_ids=(), now=TUESDAY)
        assert (reopened.state, reopened.round) == (State.REOPENED, 2)

    def test_a_dispute_drops_the_question_to_the_other(self, here: Place, shared: Case) -> None:
        passed(here, shared)
        confirming.dispute(case_id=shared.id, actor=here.hua, text="还在", photo_ids=(), now=TUESDAY)
        assert Confirmation.objects.get(report__reporter=here.lan).answer == Answer.DROPPED
        assert not queries.questions_to(here.lan).exists()
        with pytest.raises(NotNow):
            confirm(shared, here.lan)

    def test_yes_and_silence_end_confirmed_and_the_silence_is_kept(self, here: Place, shared: Case) -> None:
        passed(here, shared)
        confirm(shared, here.lan)
        closed = confirming.close_unanswered(case_id=shared.id, now=TUESDAY + timedelta(days=3))
        assert closed is not None and closed.outcome == Outcome.CONFIRMED
        assert Confirmation.objects.get(report__reporter=here.hua).answer == Answer.NO_ANSWER

    def test_a_closed_case_is_asked_about_no_more(self, here: Place, shared: Case) -> None:
        passed(here, shared)
        confirm(shared, here.lan)
        confirm(shared, here.hua)
        assert not Confirmation.objects.filter(answer="").exists()
        assert confirming.close_unanswered(case_id=shared.id, now=TUESDAY + timedelta(days=9)) is None

    def test_whoever_reported_twice_is_asked_once(self, here: Place) -> None:
        first, again = here.report(), here.report(now=MONDAY + HOUR)
        triage.merge(case_id=again.id, into_id=first.id, actor=here.wei, now=MONDAY + HOUR)
        passed(here, first)
        assert Confirmation.objects.count() == 1
        assert confirm(first, here.lan).state == State.CLOSED

    def test_a_newcomer_to_a_case_that_is_being_confirmed_is_asked_too(self, here: Place) -> None:
        first = here.report()
        passed(here, first)
        again = here.report(here.hua, now=MONDAY + 4 * HOUR)
        triage.merge(case_id=again.id, into_id=first.id, actor=here.wei, now=TUESDAY)
        assert [one.case for one in queries.questions_to(here.hua)] == [first]

    def test_the_first_alone_is_thanked(self, here: Place, shared: Case) -> None:
        passed(here, shared)
        assert points.balance(here.lan, TUESDAY).spendable == 5
        assert points.balance(here.hua, TUESDAY).spendable == 0

    def test_the_timeline_does_not_put_words_into_ones_mouth(self, here: Place, shared: Case) -> None:
        passed(here, shared)
        confirm(shared, here.lan)
        page = as_(here.hua).get(f"/s/yunqiao/cases/{shared.code}/").content.decode()
        assert "一位邻居说解决了，还等您看" in page and "您说解决了" not in page


def test_declining_declines_every_report_of_it(here: Place, shared: Case) -> None:
    handling.decline(case_id=shared.id, actor=here.wei, reason="not_seen", text="", now=TUESDAY)
    assert set(Report.objects.filter(case=shared).values_list("state", flat=True)) == {ReportState.DECLINED}


def test_a_photo_is_used_once(here: Place) -> None:
    photo = here.photo(here.lan)
    here.receive(here.sending(photo), here.lan)
    with pytest.raises(stepping.PhotoUsed):
        here.receive(here.sending(photo), here.lan)
    assert Case.objects.count() == 1


def test_who_checked_does_not_handle(here: Place) -> None:
    """A checker who becomes a worker of the grid may not handle what he checked."""
    case = here.report(case_type=LITTER)
    handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="好了", photo_ids=(), now=MONDAY + HOUR)
    check = Check.objects.get(case=case)
    checking.fail_check(
        check_id=check.id,
        actor=check.checker,
        text="还在",
        photo_ids=here.photo_ids(check.checker),
        now=MONDAY + 2 * HOUR,
    )
    Case.objects.filter(pk=case.pk).update(worker=check.checker)
    with pytest.raises(NotAllowed, match="自己去核查的事"):
        handling.respond(case_id=case.id, actor=check.checker, text="好了", photo_ids=(), now=MONDAY + 3 * HOUR)


class TestNobodyToCheck:
    def test_the_hub_is_told_once_and_the_draw_goes_on(self, here: Place) -> None:
        """Both let it lapse: the hub hears of it, and after that they are drawn again rather than nobody for ever."""
        case = here.report(case_type=LITTER)
        handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="好了", photo_ids=(), now=MONDAY + HOUR)
        for _again in range(2):
            check = Check.objects.get(case=case, result="")
            assert check.due_at is not None
            late = check.due_at + HOUR
            checking.redraw(check_id=check.id, now=late)
        assert Case.objects.get(pk=case.pk).state == State.RESPONDED
        assert checking.draw_again(case_id=case.id, now=late + HOUR) is not None
        assert checking.draw_again(case_id=case.id, now=late + 2 * HOUR) is None

    def test_drawing_again_for_a_case_that_moved_on_does_nothing(self, here: Place) -> None:
        assert checking.draw_again(case_id=here.report().id, now=TUESDAY) is None
