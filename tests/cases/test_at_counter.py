"""Who reported at the counter without an account: the slip tells what waits for their word, the counter writes it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from huipai.cases import notices, policies
from huipai.cases.commands import (
    asking,
    at_counter,
    checking,
    counter,
    filing,
    finding_false,
    handling,
    splitting,
    triage,
)
from huipai.cases.commands.at_counter import Held, SlipReplaced
from huipai.cases.commands.counter import Caller
from huipai.cases.fact_words import Fact
from huipai.cases.finding_words import FindingState
from huipai.cases.models import Addition, Case, Check, Confirmation, Finding, Question, Report, Sighting, Slip
from huipai.cases.pages import at_counter as door
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Action, Answer, State
from huipai.grid.models import Assignment
from huipai.grid.words import Level
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.models import Account, Person
from huipai.people.words import Channel, Role
from huipai.streets.current import in_street
from tests import cast
from tests.by_hand import by_hand
from tests.cases.conftest import LITTER, Place
from tests.cases.test_pages import as_
from tests.photos.conftest import folder

__all__ = ["folder"]
HOUR = timedelta(hours=1)
SLIP, DESK, LOST = "/s/yunqiao/slip/", "/s/yunqiao/counter/slips/", "/s/yunqiao/counter/slips/lost/"
SEEN = "王阿婆 13812345678 说的地方去看过，没有垃圾"


@pytest.fixture
def window(here: Place) -> Person:
    """A colleague of the coordinator, with no hand in anything."""
    person = cast.staff("邵窗口", "13900010088")
    Assignment.objects.create(
        person=person, role=Role.COORDINATOR, node=here.town["C"], valid_from=cast.A_MONTH_AGO
    )  # fmt: skip
    return person


def of_the_far_window(here: Place) -> Person:
    """Who coordinates another community."""
    person = cast.staff("远窗口", "13900010099")
    node = here.town.add(Level.COMMUNITY, "D", "S")
    Assignment.objects.create(person=person, role=Role.COORDINATOR, node=node, valid_from=cast.A_MONTH_AGO)
    return person


@pytest.fixture
def done(here: Place) -> counter.TakenDown:
    """Taken down by the coordinator, accepted by the worker."""
    return taken(here)


def taken(here: Place, **caller: object) -> counter.TakenDown:
    who = replace(Caller("", "王阿婆", Channel.COUNTER, has_agreed=True), **caller)  # type: ignore[arg-type]
    sending = here.sending(text="楼下有垃圾", case_type=LITTER)
    return counter.take_down(
        sending=sending, caller=who, actor=here.coordinator, address="127.0.0.1", now=clock.now() - 3 * HOUR
    )


def held(done: counter.TakenDown) -> Held:
    return Held(done.received.report_id, Slip.objects.get(report=done.received.report_id).digest)


def asked(here: Place, done: counter.TakenDown) -> Question:
    now = clock.now() - 2 * HOUR
    handling.accept(case_id=done.received.case_id, actor=here.wei, now=now)
    return asking.ask(
        case_id=done.received.case_id, actor=here.wei, text="王阿婆，堆在哪一栋？13812345678", now=now
    )  # fmt: skip


def responded(here: Place, done: counter.TakenDown) -> Case:
    now, case_id = clock.now() - HOUR, done.received.case_id
    handling.handle_on_the_spot(
        case_id=case_id, actor=here.wei, text="好了", photo_ids=here.photo_ids(here.wei), now=now
    )  # fmt: skip
    check = Check.objects.get(case=case_id, result="")
    return checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=now)


def found(here: Place, done: counter.TakenDown) -> Finding:
    handling.decline(case_id=done.received.case_id, actor=here.wei, reason="not_seen", text="没有", now=clock.now())
    return finding_false.find(
        case_id=done.received.case_id, report_id=None, actor=here.dispatcher, ground="made_up", text=SEEN,
        now=clock.now(),
    )  # fmt: skip


def typed(done: counter.TakenDown) -> dict[str, str]:
    return {"number": done.received.code, "code": done.slip_code}


def paper(done: counter.TakenDown, client: Client | None = None) -> str:
    answer = (client or Client()).post(SLIP, typed(done))
    assert answer.status_code == 200
    return answer.content.decode()


def at_desk(person: Person, done: counter.TakenDown) -> tuple[Client, str]:
    """Number and code typed; the client and the page of the slip."""
    client = as_(person)
    answer = client.post(DESK, typed(done))
    assert answer.status_code == 302
    return client, answer["Location"]


class TestThePaper:
    def test_tells_the_question_masked_and_where_to_say_it(self, here: Place, done: counter.TakenDown) -> None:
        asked(here, done)
        page = paper(done)
        assert "堆在哪一栋" in page and "报编号和查询码" in page
        assert "王阿婆" not in page and "13812345678" not in page and here.wei.name not in page

    def test_tells_that_the_result_waits_and_until_when(self, here: Place, done: counter.TakenDown) -> None:
        responded(here, done)
        page = paper(done)
        assert 'data-waits="word"' in page and "解决了还是没有" in page and "到窗口或者打电话" in page

    def test_tells_a_finding_its_grounds_and_how_to_appeal(self, here: Place, done: counter.TakenDown) -> None:
        finding = found(here, done)
        page = paper(done)
        assert "被认定为不属实" in page and "没有垃圾" in page and "可以申诉" in page
        assert "王阿婆" not in page and "13812345678" not in page and here.dispatcher.name not in page
        by_hand(
            "UPDATE cases_finding SET appeal_until = %s WHERE street_id = %s AND id = %s",
            [clock.now(), here.street.id, finding.id],
        )
        later = paper(done)
        assert "可以申诉" not in later and "申诉的时间到" in later

    def test_in_english_too(self, here: Place, done: counter.TakenDown) -> None:
        found(here, done)
        client = Client()
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        page = paper(done, client)
        assert "found to be false" in page and "number and code" in page

    def test_tells_none_of_it_where_the_reporter_has_pages(self, here: Place) -> None:
        assert here.lan.account is not None
        done = taken(here, phone=here.lan.account.phone, name="")
        asked(here, done)
        page = paper(done)
        assert "堆在哪一栋" not in page and "登录以后" in page
        Account.objects.filter(pk=here.lan.account_id).update(doubted_at=clock.now())
        assert "堆在哪一栋" in paper(done)


class TestSaying:
    def test_an_answer_twice_is_one_and_the_pages_say_how(
        self, here: Place, window: Person, done: counter.TakenDown
    ) -> None:
        question = asked(here, done)
        client, page = at_desk(window, done)
        shown = client.get(page).content.decode()
        assert "堆在哪一栋" in shown and "王阿婆" not in shown and "13812345678" not in shown
        assert "别的上报人只知道有人说过" in shown, "it is read out who reads it"
        said = {"question": str(question.id), "answer": "3 幢后面"}
        for _twice in range(2):
            assert client.post(f"{page}answer/", said).status_code == 302
        stored = Question.objects.get()
        assert (stored.answer, stored.answered_by) == ("3 幢后面", Slip.objects.get().reporter)
        entry = Entry.objects.get(what=Fact.ACTED_FOR)
        assert entry.actor_id == window.id and entry.facts == {
            "elder": str(Slip.objects.get().reporter_id), "scope": "counter", "fact": Fact.QUESTION_ANSWERED,
        }  # fmt: skip
        staff = as_(here.wei).get(f"/s/yunqiao/cases/{done.received.code}/").content.decode()
        assert "3 幢后面" in staff and "在窗口或者电话里说的" in staff and window.name not in staff
        assert "现在没有等他说的" in client.get(page).content.decode()
        with pytest.raises(NotNow):
            at_counter.answer(held=held(done), hand=window, question_id=question.id, text="别处", now=clock.now())

    def test_solved_with_stars_and_a_reason(self, here: Place, window: Person, done: counter.TakenDown) -> None:
        responded(here, done)
        client, page = at_desk(window, done)
        again = client.post(f"{page}confirm/", {"round": "1", "rating": "2", "confirm": " "})
        assert again.status_code == 422 and 'id="f-confirm-error"' in again.content.decode()
        assert client.post(f"{page}confirm/", {"round": "1", "rating": "9"}).status_code == 422
        for _twice in range(2):
            assert (
                client.post(f"{page}confirm/", {"round": "1", "rating": "2", "confirm": "拖了三天"}).status_code == 302
            )
        case = Case.objects.get()
        assert case.state == State.CLOSED and Confirmation.objects.get().rating == 2
        assert Entry.objects.filter(what=Fact.ACTED_FOR).count() == 1
        assert "由工作人员记下" in paper(done) and window.name not in paper(done)

    def test_not_solved_and_it_is_worked_on_again(self, here: Place, window: Person, done: counter.TakenDown) -> None:
        responded(here, done)
        client, page = at_desk(window, done)
        assert client.post(f"{page}dispute/", {"round": "1", "dispute": ""}).status_code == 422
        for _twice in range(2):
            assert client.post(f"{page}dispute/", {"round": "1", "dispute": "还有一袋"}).status_code == 302
        assert Confirmation.objects.get().answer == Answer.DISPUTED
        assert Case.objects.get().round == 2 and Entry.objects.filter(what=Fact.ACTED_FOR).count() == 1

    def test_an_appeal_that_somebody_else_then_hears(
        self, here: Place, window: Person, done: counter.TakenDown
    ) -> None:
        finding = found(here, done)
        client, page = at_desk(window, done)
        assert "没有垃圾" in client.get(page).content.decode()
        said = {"finding": str(finding.id), "appeal": "当天下午就在东门"}
        for _twice in range(2):
            assert client.post(f"{page}appeal/", said).status_code == 302
        assert Finding.objects.get().state == FindingState.APPEALED and "收到您的申诉" in paper(done)
        staff = as_(here.dispatcher).get(f"/s/yunqiao/findings/{finding.id}/").content.decode()
        assert "在窗口或者电话里说的" in staff and window.name not in staff
        for hand in (window, here.coordinator):
            with pytest.raises(NotAllowed) as refused:
                finding_false.uphold(finding_id=finding.id, actor=hand, text=SEEN, now=clock.now())
            assert refused.value.code == "hands_on_the_report"

    def test_a_review_of_a_refusal_is_asked_for_once(
        self, here: Place, window: Person, done: counter.TakenDown
    ) -> None:
        case_id, now = done.received.case_id, clock.now()
        handling.decline(case_id=case_id, actor=here.wei, reason="not_the_streets", text="", now=now)
        assert "请另一个人重新看一次" in paper(done)
        client, page = at_desk(window, done)
        assert client.post(f"{page}review/", {"review": " "}).status_code == 422
        assert client.post(f"{page}review/", {"review": "是街道的树"}).status_code == 302
        again = client.post(f"{page}review/", {"review": "是街道的<树>"})
        assert again.status_code == 409 and "刚才写的" in again.content.decode()
        assert "是街道的&lt;树&gt;" in again.content.decode()
        entry = Entry.objects.get(what=Fact.ACTED_FOR)
        assert (entry.actor_id, entry.facts["fact"]) == (window.id, Fact.REVIEW_ASKED)
        assert 'data-waits="review"' not in paper(done)
        with pytest.raises(NotAllowed):  # who refused it passes nothing on
            at_counter.ask_review(held=held(done), hand=here.wei, text="是", now=now)

    def test_words_and_address_are_put_right_until_somebody_begins(
        self, here: Place, window: Person, done: counter.TakenDown
    ) -> None:
        client, page = at_desk(window, done)
        before = Report.objects.get()
        assert client.post(f"{page}correct/", {"correct": " ", "address": ""}).status_code == 422
        for _twice in range(2):
            assert client.post(f"{page}correct/", {"correct": "", "address": "3 幢后面"}).status_code == 302
        report = Report.objects.get()
        assert (report.text, report.address) == (before.text, "3 幢后面") and report.lng == before.lng
        assert Entry.objects.filter(what=Fact.ACTED_FOR).count() == 1
        handling.accept(case_id=report.case_id, actor=here.wei, now=clock.now())
        assert client.post(f"{page}correct/", {"correct": "别的"}).status_code == 409
        assert Report.objects.get().text == before.text and "他要改登记的内容" not in client.get(page).content.decode()

    def test_it_is_taken_back_until_somebody_begins(self, here: Place, window: Person, done: counter.TakenDown) -> None:
        client, page = at_desk(window, done)
        assert "替他撤回" in client.get(page).content.decode()
        for _twice in range(2):
            assert client.post(f"{page}withdraw/").status_code == 302
        assert Case.objects.get().state == State.VOIDED and Entry.objects.filter(what=Fact.ACTED_FOR).count() == 1
        assert "替他撤回" not in client.get(page).content.decode() and "由工作人员记下" in paper(done)

    def test_whose_report_was_merged_hears_that_only_their_part_is_taken_back(
        self, here: Place, window: Person
    ) -> None:
        first = here.report(now=clock.now() - 4 * HOUR, case_type=LITTER)
        done = taken(here)
        client, page = at_desk(window, done)
        assert "撤回了就不办了" in client.get(page).content.decode()
        triage.merge(case_id=done.received.case_id, into_id=first.id, actor=here.wei, now=clock.now())
        html = client.get(page).content.decode()
        came = f"从并进来的 {Case.objects.get(pk=done.received.case_id).code} 带来"
        assert came in html and came in paper(done), "the number on their paper, and why another stands here"
        assert "撤回的只是他这一份" in html and "撤回了就不办了" not in html
        assert client.post(f"{page}withdraw/").status_code == 302
        assert Case.objects.get(pk=first.pk).state == State.REPORTED

    def test_who_said_it_reads_the_counter_and_no_name_once_they_have_pages(self, here: Place, window: Person) -> None:
        assert here.lan.account is not None
        done = taken(here, phone=here.lan.account.phone, name="")
        question = asked(here, done)
        accounts = Account.objects.filter(pk=here.lan.account_id)
        accounts.update(doubted_at=clock.now())
        at_counter.answer(held=held(done), hand=window, question_id=question.id, text="东边", now=clock.now())
        accounts.update(doubted_at=None)
        for entry in Entry.objects.filter(what=Fact.ACTED_FOR):
            notices.tell(entry_id=entry.id, now=clock.now())
        lan = as_(here.lan)
        own = lan.get(f"/s/yunqiao/mine/{done.received.code}/").content.decode()
        assert "窗口替您回答了" in own and window.name not in own
        assert "窗口凭回执" in lan.get("/s/yunqiao/notices/").content.decode()


class TestWhoseHand:
    def test_never_who_works_on_it_checks_it_found_it_refused_it_or_reported_it(
        self, here: Place, window: Person, done: counter.TakenDown
    ) -> None:
        finding = found(here, done)
        say = {"held": held(done), "finding_id": finding.id, "text": "在的", "now": clock.now()}
        node, since = here.town["C"], cast.A_MONTH_AGO
        for person in (here.wei, here.dispatcher, here.qin):
            with pytest.raises(NotAllowed):
                at_counter.appeal(hand=person, **say)  # type: ignore[arg-type]
        for person in (here.wei, here.dispatcher):  # who refused it, who found it: also where they sit at the counter
            Assignment.objects.create(person=person, role=Role.COORDINATOR, node=node, valid_from=since)
            with pytest.raises(NotAllowed) as refused:
                at_counter.appeal(hand=person, **say)  # type: ignore[arg-type]
            assert refused.value.code == "let_another_speak"
            assert as_(person).post(DESK, typed(done)).status_code == 403
        assert Finding.objects.get().state == FindingState.FOUND
        at_counter.appeal(hand=here.coordinator, **say)  # type: ignore[arg-type]  # who took it down may

    def test_who_was_drawn_to_check_it_or_has_it_in_hand_does_not(
        self, here: Place, window: Person, done: counter.TakenDown
    ) -> None:
        responded(here, done)
        checker = Check.objects.get().checker
        for person in (checker, here.wei):
            Person.objects.filter(pk=person.pk).update(is_staff=True)
            person.refresh_from_db()
            Assignment.objects.create(
                person=person, role=Role.COORDINATOR, node=here.town["C"], valid_from=cast.A_MONTH_AGO
            )  # fmt: skip
            with pytest.raises(NotAllowed) as refused:
                at_counter.dispute(held=held(done), hand=person, text="还在", seen=1, now=clock.now())
            assert refused.value.code == "let_another_speak"

    def test_not_for_who_has_pages(self, here: Place, window: Person) -> None:
        assert here.lan.account is not None
        done = taken(here, phone=here.lan.account.phone, name="")
        question = asked(here, done)
        with pytest.raises(NotAllowed) as refused:
            at_counter.answer(held=held(done), hand=window, question_id=question.id, text="是", now=clock.now())
        assert refused.value.code == "reporter_has_pages"
        answer = as_(window).post(DESK, typed(done))
        assert answer.status_code == 403 and "自己的账号" in answer.content.decode()

    def test_who_took_it_down_does_not_find_it_false(self, here: Place, done: counter.TakenDown) -> None:
        handling.decline(case_id=done.received.case_id, actor=here.wei, reason="not_seen", text="没", now=clock.now())
        with pytest.raises(NotAllowed) as refused:
            finding_false.find(
                case_id=done.received.case_id, report_id=None, actor=here.coordinator, ground="made_up", text=SEEN,
                now=clock.now(),
            )  # fmt: skip
        assert refused.value.code == "hands_on_the_report"


class TestTheKey:
    def test_a_slip_that_was_printed_anew_opens_nothing_more(
        self, here: Place, window: Person, done: counter.TakenDown
    ) -> None:
        question, old = asked(here, done), held(done)
        client, page = at_desk(window, done)
        counter.issue_again(report_id=done.received.report_id, actor=here.coordinator, now=clock.now())
        with pytest.raises(SlipReplaced):
            at_counter.answer(held=old, hand=window, question_id=question.id, text="是", now=clock.now())
        assert client.get(page)["Location"] == DESK
        said = {"question": str(question.id), "answer": "是"}
        assert client.post(f"{page}answer/", said).status_code == 409
        assert Question.objects.get().closed_at is None

    def test_a_lost_one_is_printed_anew_by_a_colleague_of_the_window(
        self, here: Place, window: Person, done: counter.TakenDown
    ) -> None:
        """Whoever took it down may have left: its holder would lose every say."""
        Assignment.objects.filter(person=here.coordinator).update(valid_until=clock.now() - HOUR)
        slip = f"/s/yunqiao/counter/reports/{done.received.report_id}/slip/"
        client = as_(window)
        assert "回执丢了" in client.get(DESK).content.decode()
        assert client.get(LOST).status_code == 200
        assert client.get(LOST, {"number": done.received.code.lower()})["Location"] == slip
        before = client.get(slip).content.decode()
        assert "········" in before and "王阿婆" not in before
        printed = client.post(slip, follow=True).content.decode()
        code = re.search(r"data-slip-code>(\w{8})<", printed)
        assert code is not None
        assert Client().post(SLIP, typed(done)).status_code == 422, "the old one is void"
        assert Client().post(SLIP, {**typed(done), "code": code[1]}).status_code == 200
        told = Entry.objects.get(what=Fact.SLIP_ISSUED)
        assert (told.actor_id, told.facts["report"]) == (window.id, str(done.received.report_id))

    def test_a_lost_one_is_not_for_another_community_nor_for_a_hand_in_it(
        self, here: Place, window: Person, done: counter.TakenDown
    ) -> None:
        slip = f"/s/yunqiao/counter/reports/{done.received.report_id}/slip/"
        now = clock.now()
        far = of_the_far_window(here)
        for person in (far, here.wei):
            assert as_(person).get(slip).status_code == 404 and as_(person).post(slip).status_code == 404
            assert as_(person).get(LOST, {"number": done.received.code}).status_code == 422
        for person in (here.lan, here.dispatcher):
            assert as_(person).get(LOST).status_code == 403
        handling.decline(case_id=done.received.case_id, actor=window, reason="not_seen", text="没有", now=now)
        with pytest.raises(NotAllowed) as refused:
            counter.issue_again(report_id=done.received.report_id, actor=window, now=now)
        assert refused.value.code == "let_another_print"

    def test_what_was_taken_down_here_of_another_community_is_printed_here(
        self, here: Place, window: Person, done: counter.TakenDown
    ) -> None:
        far = of_the_far_window(here)
        Case.objects.filter(pk=done.received.case_id).update(node=here.town["D"])
        for person in (far, window):
            counter.issue_again(report_id=done.received.report_id, actor=person, now=clock.now())

    def test_whoever_printed_it_anew_does_not_handle_it(
        self, here: Place, window: Person, done: counter.TakenDown
    ) -> None:
        counter.issue_again(report_id=done.received.report_id, actor=window, now=clock.now())
        case = Case.objects.get(pk=done.received.case_id)
        assert policies.took_down(window, case)

    def test_after_minutes_or_without_it_the_code_is_asked_for_again(
        self, here: Place, window: Person, done: counter.TakenDown, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        question = asked(here, done)
        client, page = at_desk(window, done)
        said = {"question": str(question.id), "answer": "就在 3 幢门口"}
        assert as_(window).post(f"{page}answer/", said)["Location"] == DESK, "another window"
        later = clock.now() + timedelta(minutes=door.MINUTES)
        monkeypatch.setattr(clock, "now", lambda: later)
        assert client.post(f"{page}answer/", said)["Location"] == DESK
        assert Question.objects.get().closed_at is None
        assert "就在 3 幢门口" not in client.get(DESK).content.decode()
        assert client.post(DESK, typed(done))["Location"] == page
        assert "就在 3 幢门口" in client.get(page).content.decode(), "what was written is there again"
        assert "就在 3 幢门口" not in client.get(page).content.decode(), "once"

    def test_wrong_codes_are_counted_and_opens_no_other_things(
        self, here: Place, there: Place, window: Person, done: counter.TakenDown
    ) -> None:
        question = asked(here, done)
        other = taken(here, name="李大爷")
        with pytest.raises(NotVisible):
            at_counter.answer(held=held(other), hand=window, question_id=question.id, text="是", now=clock.now())
        with in_street(there.street.id):
            strange = taken(there)
        client = as_(window)
        assert client.post(DESK, typed(strange)).status_code == 422
        assert client.get(f"{DESK}{strange.received.report_id}/").status_code == 404
        assert client.post(f"{DESK}{strange.received.report_id}/answer/").status_code == 404
        for _ in range(5):
            assert client.post(DESK, {"number": done.received.code, "code": "AAAAAAAA"}).status_code == 422
        assert client.post(DESK, typed(done)).status_code == 429

    def test_each_door_for_each_person(self, here: Place, window: Person, done: counter.TakenDown) -> None:
        _client, page = at_desk(window, done)
        for person in (here.wei, here.lan, here.dispatcher, here.qin, here.shi):
            client = as_(person)
            assert client.get(DESK).status_code == 403 and client.get(page).status_code == 403
            assert client.post(f"{page}answer/").status_code == 403
        assert as_(window).get(DESK).status_code == 200
        link = as_(window).get("/s/yunqiao/counter/report/").content.decode()
        assert DESK in link
        assert _client.post(f"{page}nonsense/").status_code == 404


class TestAdding:
    def test_words_and_that_it_is_still_there_by_the_slip_once(self, here: Place, done: counter.TakenDown) -> None:
        handling.accept(case_id=done.received.case_id, actor=here.wei, now=clock.now() - HOUR)
        client, page = at_desk(here.coordinator, done)
        form = client.get(page).content.decode()
        assert "他还要补充" in form and "他说：还在" in form
        sent = {"addition": re.findall(r'name="addition" value="([^"]+)"', form)[0], "add": "又多了两袋"}
        for _twice in range(2):
            assert client.post(f"{page}add/", sent).status_code == 302
        assert client.post(f"{page}still/").status_code == 302
        addition, seen = Addition.objects.get(), Sighting.objects.get()
        slip = Slip.objects.get(report=done.received.report_id)
        assert (addition.text, addition.report_id, seen.person_id) == ("又多了两袋", slip.report_id, slip.reporter_id)
        acted = Entry.objects.filter(what="case.acted_for", facts__scope="counter", actor_id=here.coordinator.id)
        assert acted.count() >= 2
        again = client.get(page).content.decode()
        assert "今天说过还在" in again and "他说：还在" not in again

    def test_nothing_written_and_nothing_in_hand(self, here: Place, done: counter.TakenDown) -> None:
        client, page = at_desk(here.coordinator, done)
        assert "他还要补充" not in client.get(page).content.decode(), "while it can be put right, that is done"
        handling.accept(case_id=done.received.case_id, actor=here.wei, now=clock.now() - HOUR)
        empty = client.post(f"{page}add/", {"addition": str(done.received.report_id), "add": " "})
        assert empty.status_code == 422 and "写一句" in empty.content.decode()


class TestWhatWasSplitOff:
    def test_is_followed_by_the_slip_and_its_refusal_looked_at_again(
        self, here: Place, done: counter.TakenDown, window: Person
    ) -> None:
        now, case_id = clock.now() - HOUR, done.received.case_id
        part = splitting.split(
            part_id=new_id(), case_id=case_id, case_type=LITTER, actor=here.dispatcher, text="墙那边", now=now
        )
        page = paper(done)
        assert "分出一件，请别的单位一起办" in page and part.code in page and "重新看一次" not in page
        filing.void(case_id=part.id, actor=here.dispatcher, reason="wrong_entry", text="王阿婆那边没有", now=now)
        page = paper(done)
        assert "那边没有" in page and "王阿婆" not in page and "重新看一次" in page
        client, slip = at_desk(window, done)
        link = f"{slip}?part={part.id}"
        assert link in client.get(slip).content.decode() and "替他请人重新看" in client.get(link).content.decode()
        answer = client.post(f"{slip}review/?part={part.id}", {"review": "墙那边真的有"})
        assert answer["Location"] == link
        assert part.transitions.order_by("-position").values_list("action", flat=True)[0] == Action.ASK_REVIEW
        assert Entry.objects.get(what=Fact.ACTED_FOR).subject == part.subject
        other = here.report(now=clock.now())
        assert client.get(f"{slip}?part={other.id}").status_code == 404, "no part of this slip's case"
