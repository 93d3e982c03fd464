"""Whom each fact of a case concerns, and in which words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huipai.cases import ended_notices, hub_notices, notices
from huipai.cases.commands import checking, confirming, handling, timing, triage
from huipai.cases.fact_words import Fact
from huipai.cases.jobs import tell
from huipai.cases.models import Case, Check
from huipai.cases.notices import TELLING, TOLD, WORDINGS
from huipai.config.wiring import FOLLOWERS
from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.notices.models import Notice
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.streets.current import in_street
from tests.cases.conftest import LITTER, Place
from tests.cases.test_pages import as_
from tests.cast import MONDAY, TUESDAY

HOUR = timedelta(hours=1)
NEVER_SAID = ("系统繁忙", "操作失败", "该诉求", "予以受理", "请知悉", "特此告知", "相关部门", "提交成功", "恭喜")


def told(*whats: Fact) -> list[tuple[Person, str, str]]:
    """What these facts lead to, each follower run twice, as a worker may: who reads which line and what below it."""
    for entry in Entry.objects.filter(what__in=whats):
        for _twice in range(2):
            notices.tell(entry_id=entry.id, now=entry.happened_at + HOUR)
    return [
        (notice.person, str(notice.wording.title), str(notice.wording.text))
        for notice in Notice.objects.order_by("created_at", "id")
    ]


def responded(place: Place, **more: object) -> Check:
    case = place.report(case_type=LITTER, **more)
    handling.handle_on_the_spot(case_id=case.id, actor=place.wei, text="好了", photo_ids=(), now=MONDAY + HOUR)
    return Check.objects.get(case=case)


def passed(place: Place) -> Case:
    check = responded(place)
    checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + 2 * HOUR)
    return check.case


class TestTheReporter:
    def test_hears_that_it_was_taken_on_and_until_when(self, here: Place) -> None:
        case = here.report()
        handling.accept(case_id=case.id, actor=here.wei, now=MONDAY + HOUR)
        assert told(Fact.ACCEPTED) == [(here.lan, "网格员接下了您报的事", "答应 11 月 23 日 15:30 前给您答复")]

    def test_hears_the_date_once_the_calendar_is_known(self, here: Place) -> None:
        """And the new one, when a corrected calendar moves it."""
        case = here.report(now=MONDAY)
        Case.objects.filter(pk=case.pk).update(due_at=None, due_year=MONDAY.year)
        timing.date_again(year=MONDAY.year, now=TUESDAY)
        Case.objects.filter(pk=case.pk).update(due_at=TUESDAY, due_year=None)
        timing.date_again(year=MONDAY.year, now=TUESDAY + HOUR)
        by = "答应 11 月 23 日 15:30 前答复，已经过了"
        assert told(Fact.DUE_RECOMPUTED) == [
            (here.lan, "放假安排公布了，您报的事有了日子", by), (here.lan, "放假安排变了，您报的事换了日子", by),
        ]  # fmt: skip

    def test_hears_why_not_and_where_else(self, here: Place) -> None:
        case = here.report()
        handling.decline(case_id=case.id, actor=here.wei, reason="not_the_streets", text="", now=MONDAY + HOUR)
        assert told(Fact.DECLINED) == [(here.lan, "您报的事这次没受理", "这里不归街道管，可打 12345")]

    def test_is_asked_to_look_when_the_check_has_passed(self, here: Place) -> None:
        passed(here)
        [(person, title, _text)] = told(Fact.CHECK_PASSED)
        assert (person, title) == (here.lan, "办好了，您来看看")

    def test_hears_of_a_response_and_of_a_failed_check_and_that_neither_is_the_end(self, here: Place) -> None:
        check = responded(here)
        checking.fail_check(
            check_id=check.id,
            actor=check.checker,
            text="还在",
            photo_ids=here.photo_ids(check.checker),
            now=MONDAY + 2 * HOUR,
        )
        assert [line for line in told(*map(Fact, TOLD)) if line[0] == here.lan] == [
            (here.lan, "网格员说您报的事办完了", "先请一位没经手的人去看，看过了来问您"),
            (here.lan, "核查没通过，您报的事要返工", "办完再来问您，时间接着原来的算"),
        ]

    def test_is_led_to_the_other_case_when_two_are_made_one(self, here: Place) -> None:
        first, second = here.report(), here.report(here.hua, now=MONDAY + HOUR)
        triage.merge(case_id=second.id, into_id=first.id, actor=here.wei, now=MONDAY + HOUR)
        assert [person for person, _title, _text in told(Fact.MERGED)] == [here.hua]
        assert Notice.objects.get().params["code"] == first.code

    def test_whoever_merges_reads_who_is_told(self, here: Place) -> None:
        first, second = here.report(now=clock.now() - HOUR), here.report(here.hua, now=clock.now())
        wei, page = as_(here.wei), f"/s/yunqiao/cases/{second.code}/merging/"
        assert "照片都并过去，后报的人会知道" in wei.get(page).content.decode()
        merged = wei.post(page, {"into": first.code}, follow=True).content.decode()
        assert "合成一件了，后报的人会知道" in merged
        assert [person for person, _title, _text in told(Fact.MERGED)] == [here.hua]

    def test_reads_once_of_two_merges_of_a_moment(self, here: Place) -> None:
        """What was merged goes on being merged; or two of one reporter come to the same."""
        first, second, third = (
            here.report(by, now=MONDAY + n * HOUR) for n, by in enumerate((here.lan, here.hua, here.hua))
        )
        triage.merge(case_id=third.id, into_id=second.id, actor=here.wei, now=MONDAY + 3 * HOUR)
        assert [person for person, _title, _text in told(Fact.MERGED)] == [here.hua]
        triage.merge(case_id=second.id, into_id=first.id, actor=here.wei, now=MONDAY + 3 * HOUR + HOUR / 120)
        assert [person for person, _title, _text in told(Fact.MERGED)] == [here.hua]
        assert Notice.objects.get().params["code"] == first.code
        fourth = here.report(here.hua, now=MONDAY + 4 * HOUR)
        triage.merge(case_id=fourth.id, into_id=first.id, actor=here.wei, now=MONDAY + 5 * HOUR)
        assert len(told(Fact.MERGED)) == 2, "another time it is news"

    def test_is_not_told_what_they_said_themselves(self, here: Place) -> None:
        case = passed(here)
        confirming.confirm(case_id=case.id, actor=here.lan, rating=5, text="", now=TUESDAY)
        assert told(Fact.CONFIRMED) == []

    def test_hears_what_a_neighbour_said_for_both(self, here: Place) -> None:
        first, second = here.report(case_type=LITTER), here.report(here.hua, case_type=LITTER, now=MONDAY + HOUR)
        triage.merge(case_id=second.id, into_id=first.id, actor=here.wei, now=MONDAY + HOUR)
        handling.handle_on_the_spot(case_id=first.id, actor=here.wei, text="好了", photo_ids=(), now=MONDAY + HOUR)
        check = Check.objects.get()
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=MONDAY + 2 * HOUR)
        for person in (here.hua, here.lan):
            confirming.confirm(case_id=first.id, actor=person, rating=None, text="", now=TUESDAY)
        assert told(Fact.CONFIRMED) == [(here.hua, "您报的事办结了", "上报的人说解决了")]

    def test_is_not_called_content_after_silence(self, here: Place) -> None:
        case = passed(here)
        confirming.close_unanswered(case_id=case.id, now=MONDAY + timedelta(days=4))
        [(person, title, _text)] = told(Fact.UNANSWERED)
        assert (person, title) == (here.lan, "三天没有答复，先办结了")


class TestOthers:
    def test_the_checker_hears_of_the_draw_and_comes_to_the_look(self, here: Place) -> None:
        check = responded(here)
        [(person, title, _text)] = told(Fact.CHECK_DRAWN)
        assert (person, title) == (check.checker, "抽到您去核查 1 件")
        answer = as_(person).post(f"/s/yunqiao/notices/{Notice.objects.get().id}/reading/")
        assert answer["Location"] == f"/s/yunqiao/checks/{check.id}/"

    def test_a_checker_whose_look_was_drawn_anew_is_not_sent_there(self, here: Place) -> None:
        check = responded(here)
        assert check.due_at is not None
        checking.redraw(check_id=check.id, now=check.due_at + HOUR)
        assert [person for person, _title, _text in told(Fact.CHECK_DRAWN)] == [Check.objects.get(result="").checker]

    def test_the_worker_hears_of_rework_and_dispute(self, here: Place) -> None:
        case = passed(here)
        confirming.dispute(case_id=case.id, actor=here.lan, text="还在", photo_ids=(), now=TUESDAY)
        assert [(person, title) for person, title, _text in told(Fact.DISPUTED)] == [
            (here.wei, "上报人说还没有，重新办")
        ]

    def test_the_hub_hears_that_nobody_can_check(self, here: Place) -> None:
        Assignment.objects.filter(role=Role.CHECKER).update(valid_until=MONDAY)
        case = here.report(case_type=LITTER)
        handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="好了", photo_ids=(), now=MONDAY + HOUR)
        assert {person for person, _title, _text in told(Fact.NO_CHECKER)} == {here.coordinator, here.dispatcher}

    def test_the_other_street_hears_nothing(self, here: Place, there: Place) -> None:
        passed(here)
        told(*map(Fact, TOLD))
        with in_street(there.street.id):
            assert not Notice.objects.exists()
            entry = there.report(case_type=LITTER)
            handling.accept(case_id=entry.id, actor=there.wei, now=MONDAY + HOUR)
            assert told(Fact.ACCEPTED)[0][0] == there.lan


def test_the_job_tells_once_however_often_it_runs(here: Place) -> None:
    case = here.report(now=MONDAY)
    handling.accept(case_id=case.id, actor=here.wei, now=MONDAY)
    entry = Entry.objects.get(what=Fact.ACCEPTED)
    for _again in range(3):
        tell(street=str(here.street.id), entry=str(entry.id))
    assert Notice.objects.count() <= 1


def test_old_news_is_not_told(here: Place) -> None:
    case = here.report()
    handling.accept(case_id=case.id, actor=here.wei, now=MONDAY)
    notices.tell(entry_id=Entry.objects.get(what=Fact.ACCEPTED).id, now=MONDAY + timedelta(days=8))
    assert not Notice.objects.exists()


def test_what_is_told_has_words_and_is_wired() -> None:
    """What the hub's facts lead to has kinds of its own; `test_hub_notices` reads each of them."""
    assert set(TELLING) - set(hub_notices.TELLERS) <= set(WORDINGS)
    assert {*TELLING, *ended_notices.FOLLOWED} == set(TOLD)
    assert all(tell in FOLLOWERS[fact] for fact in TOLD)


@pytest.mark.parametrize("kind", sorted(WORDINGS))
def test_the_words_are_a_neighbours(kind: str) -> None:
    of_kind = {hub_notices.DECIDED: Fact.EXTENSION_GRANTED, **dict.fromkeys(ended_notices.WORDINGS, Fact.VOIDED)}
    params = {
        "code": "ABCD2345", "check": "0190", "finding": "0190", "reason": "not_seen",
        "due": 1_790_000_000, "unit": "云桥城管中队",
        "until": 1_790_000_000, "fact": of_kind.get(kind, Fact.SUPERVISED),
        **({"order": "0190"} if kind.startswith("order.") else {}),
    }  # fmt: skip
    wording = WORDINGS[kind]("case:0190", params)
    said = f"{wording.title}{wording.text}"
    assert said and not [phrase for phrase in NEVER_SAID if phrase in said]
    assert ("办好了" in said) <= (kind in {Fact.CHECK_PASSED, Fact.MERGED})
