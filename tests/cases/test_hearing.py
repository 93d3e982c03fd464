"""Who is told of which step: one table for every action; a reporter hears at least what a follower hears."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from huipai.cases import along, notices, showing
from huipai.cases.commands import (
    asking,
    checking,
    confirming,
    deciding,
    dispatching,
    filing,
    following,
    handling,
    triage,
    withdrawing,
    working,
)
from huipai.cases.fact_words import Fact
from huipai.cases.jobs import tell, tell_followers
from huipai.cases.models import Case, Check, Follow, Transition
from huipai.cases.rules.hearing import HEARD
from huipai.cases.rules.machine_table import MACHINE
from huipai.cases.words import Action
from huipai.config.wiring import FOLLOWERS, WORDINGS
from huipai.journal.models import Entry
from huipai.notices import commands as inbox
from huipai.notices.models import Notice
from huipai.notices.words import QUIET_FROM, QUIET_UNTIL
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import in_street
from tests import cast
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_alike import join, shown
from tests.cases.test_pages import as_
from tests.cast import MONDAY, TUESDAY

pytestmark = pytest.mark.django_db
SECONDS = timedelta(seconds=1)


def tell_all() -> None:
    """Every follower of every fact of a case, each run twice, in the order of what happened."""
    for entry in Entry.objects.filter(subject__startswith="case:").order_by("happened_at", "id"):
        for follower in (notices, along):
            wired = FOLLOWERS.get(entry.what, ())
            if {notices: tell, along: tell_followers}[follower] in wired:
                for _twice in range(2):
                    follower.tell(entry_id=entry.id, now=entry.happened_at)


def read_by(person: Person) -> list[str]:
    return [str(one.wording.title) for one in Notice.objects.filter(person=person).order_by("created_at", "id")]


def follower_of(case: Case, name: str = "安小路", phone: str = "13800019999") -> Person:
    person = cast.resident(name, phone)
    following.follow(code=case.code, person=person, now=MONDAY)
    return person


class TestTheTable:
    def test_has_a_row_for_every_action(self) -> None:
        assert set(HEARD) == set(Action)
        assert {row.action for row in MACHINE} | {Action.REPORT} == set(HEARD)

    def test_whoever_is_not_told_has_a_reason_and_nobody_who_is_has_one(self) -> None:
        for action, heard in HEARD.items():
            assert bool(heard.why_not) == (not heard.reporters or not heard.followers), action

    def test_reporters_hear_whatever_followers_hear(self) -> None:
        told = {action for action, heard in HEARD.items() if heard.followers}
        assert {action for action in told if not HEARD[action].reporters} == {Action.WITHDRAW}  # by the only one

    def test_followers_hear_what_the_public_page_shows_and_how_it_ended(self) -> None:
        ends = {Action.DECLINE, Action.NOT_FILE, Action.VOID, Action.WITHDRAW, Action.MERGE}
        told = {action for action, heard in HEARD.items() if heard.followers}
        assert told == {*showing.TOLD, *ends, Action.ASK_REVIEW} - {Action.REPORT}

    def test_each_kind_is_worded_and_its_fact_is_followed(self) -> None:
        for heard in HEARD.values():
            assert {kind for kind in (heard.reporters, heard.followers) if kind} <= set(WORDINGS), heard
            assert not heard.reporters or tell in FOLLOWERS[heard.fact], heard
            assert not heard.followers or tell_followers in FOLLOWERS[heard.fact], heard


class TestAlongTheWay:
    def test_each_hears_every_step_once_in_their_own_words(self, here: Place) -> None:
        case = shown(here, case_type=LITTER)
        join(here, case, case_type=LITTER)
        neighbour = follower_of(case)
        cast.appoint(cast.resident("路小远", "13800019997"), Role.CHECKER)
        hub = Hub(here, case)
        order = hub.signed(now=MONDAY + HOUR)
        asked = working.ask_extension(
            order_id=order.id, actor=here.shi, ground="weather", text="雨", days=3, now=MONDAY + 2 * HOUR
        )
        deciding.grant(request_id=asked.id, actor=here.dispatcher, text="等天晴", now=MONDAY + 3 * HOUR)
        deciding.suspend(
            order_id=order.id,
            actor=here.dispatcher,
            ground="budget",
            rests_until=TUESDAY,
            text="等",
            now=MONDAY + 4 * HOUR,
        )
        deciding.take_up(case_id=case.id, actor=here.dispatcher, now=MONDAY + 5 * HOUR)
        hub.failed(hub.responded(order, now=MONDAY + 6 * HOUR), now=MONDAY + 7 * HOUR)
        hub.passed(hub.responded(order, now=MONDAY + 8 * HOUR), now=MONDAY + 9 * HOUR)
        confirming.confirm(case_id=case.id, actor=here.hua, rating=5, text="", now=TUESDAY)
        confirming.dispute(case_id=case.id, actor=here.lan, text="还在", photo_ids=(), now=TUESDAY + HOUR)
        hub.passed(hub.responded(order, now=TUESDAY + 2 * HOUR), now=TUESDAY + 3 * HOUR)
        confirming.close_unanswered(case_id=case.id, now=TUESDAY + timedelta(days=4))
        tell_all()
        unit = "云桥城管中队"
        assert read_by(neighbour) == [
            f"您跟着的事派给{unit}去办", f"{unit}接下了您跟着的事", f"您跟着的事要多等几天，{unit}在办",
            "您跟着的事先放一放，11 月 24 日接着办", f"{unit}接着办您跟着的事",
            f"{unit}说您跟着的事办完了", "您跟着的事，核查没通过，返工", f"{unit}说您跟着的事办完了",
            "您跟着的事，核查过了", "您跟着的事，一位上报人说解决了", "您跟着的事，还没办好，重新办",
            f"{unit}说您跟着的事办完了", "您跟着的事，核查过了", "您跟着的事先办结了",
        ]  # fmt: skip
        own = [
            f"您报的事派给{unit}去办", f"{unit}接下了您报的事", f"您报的事要多等几天，{unit}在办",
            "您报的事先放一放", f"您报的事{unit}接着办了",
            f"{unit}说您报的事办完了", "核查没通过，您报的事要返工", f"{unit}说您报的事办完了", "办好了，您来看看",
            "一位邻居说解决了，还等您看", "另一位邻居说还没有，重新办", f"{unit}说您报的事办完了", "办好了，您来看看",
            "三天没有答复，先办结了",
        ]  # fmt: skip
        assert read_by(here.lan) == own[:10] + own[11:]  # all but what she did herself
        assert read_by(here.hua) == own[:9] + own[10:]
        waits = Notice.objects.get(person=neighbour, kind="along.extension_granted").wording
        assert str(waits.text) == "原因：天气等不可抗力"

    def test_every_step_is_written_down_as_the_fact_that_the_table_says(self, here: Place) -> None:
        hub = Hub.with_a_case(here)
        order = hub.signed()
        asking.ask_for_unit(order_id=order.id, actor=here.shi, text="几点？", now=MONDAY + 2 * HOUR)
        hub.passed(hub.responded(order, now=MONDAY + 3 * HOUR), now=MONDAY + 4 * HOUR)
        confirming.confirm(case_id=hub.case.id, actor=here.lan, rating=5, text="", now=TUESDAY)
        steps = Transition.objects.filter(case=hub.case).order_by("position")
        facts = Entry.objects.filter(subject=hub.case.subject, facts__has_key="round").order_by("happened_at", "id")
        assert [HEARD[Action(step.action)].fact for step in steps][1:] == [entry.what for entry in facts][
            -len(steps) + 1 :
        ]


def _declined(place: Place, case: Case) -> None:
    handling.decline(case_id=case.id, actor=place.wei, reason="private_dispute", text="", now=MONDAY + HOUR)


def _not_filed(place: Place, case: Case) -> None:
    filing.not_file(case_id=case.id, actor=place.dispatcher, reason="settled", text="", now=MONDAY + HOUR)


def _voided(place: Place, case: Case) -> None:
    filing.void(case_id=case.id, actor=place.dispatcher, reason="unlawful", text="不能留", now=MONDAY + HOUR)


def _withdrawn(place: Place, case: Case) -> None:
    withdrawing.withdraw(case_id=case.id, actor=place.lan, now=MONDAY + HOUR)


class TestTheEnds:
    @pytest.mark.parametrize(
        ("end", "said", "own"),
        [
            (_declined, "您跟着的事，这次没受理", "您报的事这次没受理"),
            (_not_filed, "您跟着的事，这次没有立案", "您报的事这次没有立案"),
            (_voided, "您跟着的事作废了", "您报的事作废了"),
            (_withdrawn, "您跟着的事，上报的人撤回了", None),
        ],
    )
    def test_are_told_in_words_for_each_and_neighbours_read_no_reason(
        self, here: Place, end: Callable[[Place, Case], None], said: str, own: str | None
    ) -> None:
        case = shown(here)
        neighbour = follower_of(case)
        end(here, case)
        tell_all()
        assert read_by(neighbour) == [said] and read_by(here.lan) == ([own] if own else [])
        told = Notice.objects.get(person=neighbour).wording
        assert not [word for word in ("民事", "调解", "违法", "恭喜", "办好") if word in f"{told.title}{told.text}"]

    def test_a_review_is_told_too(self, here: Place) -> None:
        case = shown(here)
        join(here, case)
        neighbour = follower_of(case)
        _not_filed(here, case)
        filing.ask_review(case_id=case.id, actor=here.lan, text="还在", now=TUESDAY)
        tell_all()
        assert read_by(neighbour)[-1] == "您跟着的事，换一个人重新看"
        assert read_by(here.hua)[-1] == "一位邻居申请了复核" and read_by(here.lan) == ["您报的事这次没有立案"]

    def test_who_followed_what_was_merged_is_led_to_what_goes_on(self, here: Place) -> None:
        into, case = shown(here), shown(here, by=here.hua, now=MONDAY + HOUR)
        neighbour, of_both = follower_of(case), follower_of(case, "毕小桥", "13800019998")
        following.follow(code=into.code, person=of_both, now=MONDAY)
        triage.merge(case_id=case.id, into_id=into.id, actor=here.wei, now=MONDAY + 2 * HOUR)
        handling.accept(case_id=into.id, actor=here.wei, now=MONDAY + 3 * HOUR)
        tell_all()
        for person in (neighbour, of_both):
            assert read_by(person) == ["您跟着的事和另一件是同一件，合在一起办", "您跟着的事，网格员接下了"]
        assert Notice.objects.get(person=neighbour, kind="along.merged").params["code"] == into.code
        assert not Follow.objects.filter(case=case).exists()


class TestWithinAMinute:
    def test_steps_are_one_notice_the_last_of_them(self, here: Place) -> None:
        case = shown(here)
        neighbour = follower_of(case)
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY + HOUR)
        tell_all()
        assert read_by(neighbour) == ["您跟着的事，网格员接下了"] and read_by(here.lan) == ["网格员接下了您报的事"]
        handling.respond(
            case_id=case.id, actor=here.wei, text="好了", photo_ids=here.photo_ids(here.wei),
            now=MONDAY + HOUR + 30 * SECONDS,
        )  # fmt: skip
        tell_all()
        assert read_by(neighbour) == ["网格员说您跟着的事办完了"] and read_by(here.lan) == ["网格员说您报的事办完了"]

    def test_what_was_read_stays_and_what_waits_for_an_answer_too(self, here: Place) -> None:
        case = shown(here)
        neighbour = follower_of(case)
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY + HOUR)
        asking.ask(case_id=case.id, actor=here.wei, text="几号门？", now=MONDAY + HOUR + 10 * SECONDS)
        tell_all()
        Notice.objects.filter(person=neighbour).update(read_at=MONDAY + HOUR + 20 * SECONDS)
        filing.file(case_id=case.id, actor=here.dispatcher, now=MONDAY + HOUR + 30 * SECONDS)
        tell_all()
        assert read_by(neighbour) == ["您跟着的事，网格员接下了", "您跟着的事立案了"]
        assert read_by(here.lan) == ["想问您一句", "您报的事立案了"]

    def test_it_rings_when_the_minute_is_over_and_once(self, here: Place) -> None:
        case = shown(here)
        inbox.prefer(
            person=here.lan, by_sms=True, quiet_from=QUIET_FROM, quiet_until=QUIET_UNTIL, now=MONDAY
        )  # fmt: skip
        dispatching.dispatch(case_id=case.id, unit_id=here.city.id, actor=here.dispatcher, brief="", now=MONDAY + HOUR)
        tell_all()
        rings = ProcrastinateJob.objects.filter(task_name="notices.deliver")
        assert [job.scheduled_at for job in rings] == [MONDAY + HOUR + 60 * SECONDS]
        assert read_by(here.lan) == ["您报的事派给云桥城管中队去办"]

    def test_a_minute_apart_they_are_two(self, here: Place) -> None:
        case = here.report(case_type=LITTER)
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY + HOUR)
        handling.respond(case_id=case.id, actor=here.wei, text="好", photo_ids=(), now=MONDAY + HOUR + 60 * SECONDS)
        check = Check.objects.get(case=case)
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + 2 * HOUR)
        tell_all()
        assert read_by(here.lan) == ["网格员接下了您报的事", "网格员说您报的事办完了", "办好了，您来看看"]


def test_nobody_of_another_street_is_told(here: Place, there: Place) -> None:
    case = shown(here)
    follower_of(case)
    handling.accept(case_id=case.id, actor=here.wei, now=MONDAY + HOUR)
    tell_all()
    with in_street(there.street.id):
        assert not Notice.objects.exists() and not Follow.objects.exists()


class TestWhatIsDoneAlready:
    def waiting(self, here: Place) -> Case:
        """lan's, done and checked: her word is waited for."""
        case = shown(here, case_type=LITTER)
        handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="好了", photo_ids=(), now=MONDAY + HOUR)
        check = Check.objects.get(case=case)
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + 2 * HOUR)
        return case

    def test_who_is_merged_into_it_reads_that_their_word_is_asked_and_until_when(self, here: Place) -> None:
        into = self.waiting(here)
        case = here.report(here.hua, case_type=LITTER, now=MONDAY + HOUR)
        triage.merge(case_id=case.id, into_id=into.id, actor=here.wei, now=MONDAY + 3 * HOUR)
        tell_all()
        told = Notice.objects.get(person=here.hua, kind=Fact.MERGED).wording
        assert (str(told.title), str(told.text)) == (
            "和另一件是同一件，那件办完了，等您来看",
            "解决没有，11 月 26 日 13:00 前点一下；没有答复就先办结",
        )

    def test_and_whoever_is_merged_into_what_is_being_looked_at_reads_that(self, here: Place) -> None:
        into = here.report(case_type=LITTER)
        handling.handle_on_the_spot(case_id=into.id, actor=here.wei, text="好了", photo_ids=(), now=MONDAY + HOUR)
        case = here.report(here.hua, case_type=LITTER, now=MONDAY + HOUR)
        triage.merge(case_id=case.id, into_id=into.id, actor=here.wei, now=MONDAY + 3 * HOUR)
        tell_all()
        assert (
            str(Notice.objects.get(person=here.hua, kind=Fact.MERGED).wording.text)
            == "那一件已经办完，正在请人去看，看过再问您"
        )

    def test_who_joins_it_is_asked_at_once_with_the_buttons(self, here: Place) -> None:
        case = self.waiting(here)
        received = join(here, case, case_type=LITTER)
        page = as_(here.hua).get(f"/s/yunqiao/reports/{received.report_id}/received/").content.decode()
        assert (
            re.search("这一件已经办完，等您来看。解决没有，[^，。]+11:00 前点一下", page) and "前办好，一步" not in page
        )
        assert f"/cases/{case.code}/confirmation/" in page and f"/cases/{case.code}/dispute/" in page
        confirming.confirm(case_id=case.id, actor=here.hua, rating=5, text="", now=MONDAY + 2 * HOUR)
        page = as_(here.hua).get(f"/s/yunqiao/reports/{received.report_id}/received/").content.decode()
        assert "等另一位上报人来看" in page and "解决了吗" not in page
