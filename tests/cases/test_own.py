"""One's own items: who has it and until when, questions, reviews, and an elder whom one helps."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client

from huipai.cases.commands import (
    asking,
    confirming,
    deciding,
    filing,
    handling,
    joining,
    pressing,
    triage,
    withdrawing,
)
from huipai.cases.models import Case, Question, Transition
from huipai.cases.words import Action, State
from huipai.journal.models import Entry
from huipai.kit import clock, days
from huipai.people import commands as people
from huipai.people.models import Account, Person
from huipai.people.words import ProxyScope
from huipai.streets.current import in_street
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.showing import developed, photo_ids_of, release
from tests.cases.test_neighbours import passed
from tests.cases.test_pages import as_


def helps(elder: Person, helper: Person, *scopes: ProxyScope) -> None:
    """The elder lets the helper do these things, as the pages do it."""
    now = clock.now()
    phone = str(helper.account and helper.account.phone)
    proxy = people.invite_helper(elder=elder, phone=phone, scopes=list(scopes), address="", now=now)
    people.accept_invitation(proxy_id=proxy.id, helper=helper, now=now)


class TestThePage:
    def test_says_who_has_it_and_until_when_and_never_a_person(self, here: Place) -> None:
        case = here.report(now=clock.now())
        handling.accept(case_id=case.id, actor=here.wei, now=clock.now())
        page = as_(here.lan).get(f"/s/yunqiao/mine/{case.code}/").content.decode()
        assert "在办" in page and "前给您答复" in page and here.wei.name not in page
        assert as_(here.lan).get(f"/s/yunqiao/cases/{case.code}/").status_code == 200

    def test_what_is_late_says_that_it_was_urged_only_once_somebody_has(self, here: Place) -> None:
        now = clock.now()
        case = here.report(now=now - timedelta(days=14))
        handling.accept(case_id=case.id, actor=here.wei, now=now - timedelta(days=14))
        page = as_(here.lan).get(f"/s/yunqiao/mine/{case.code}/").content.decode()
        assert "前答复，已经过了" in page and "催过" not in page and "我们在催" not in page
        pressing.urge_as_reporter(case_id=case.id, actor=here.lan, now=now)
        assert "催过" not in as_(here.lan).get(f"/s/yunqiao/mine/{case.code}/").content.decode()
        pressing.urge(case_id=case.id, actor=here.coordinator, text="", now=now)
        today = days.of_the_year(now.astimezone(ZoneInfo("Asia/Shanghai")).date())
        assert f"已经过了，我们{today}催过" in as_(here.lan).get(f"/s/yunqiao/mine/{case.code}/").content.decode()

    def test_says_so_in_english_too(self, here: Place) -> None:
        """In time and past it: an English page once fell over a name that only another page gave."""
        for now in (clock.now(), clock.now() - timedelta(days=14)):
            case = here.report(now=now)
            handling.accept(case_id=case.id, actor=here.wei, now=now)
            client = as_(here.lan)
            client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
            answer = client.get(f"/s/yunqiao/mine/{case.code}/")
            said = "You get an answer by" if now > clock.now() - timedelta(days=1) else "which is past"
            assert answer.status_code == 200 and said in answer.content.decode()

    def test_says_until_which_day_it_rests(self, here: Place) -> None:
        now = clock.now()
        hub = Hub.with_a_case(here, case_type=LITTER, now=now - 5 * HOUR)
        order = hub.signed(now=now - 4 * HOUR)
        until = now + timedelta(days=20)
        deciding.suspend(
            order_id=order.id, actor=here.dispatcher, ground="budget", rests_until=until, text="等经费", now=now
        )
        day = days.of_the_year(until.astimezone(ZoneInfo("Asia/Shanghai")))
        for person, path in (
            (here.lan, f"/s/yunqiao/mine/{hub.case.code}/"), (here.shi, f"/s/yunqiao/orders/{order.id}/"),
            (here.dispatcher, f"/s/yunqiao/desk/?view=all&case={hub.case.code}"),
        ):  # fmt: skip
            page = as_(person).get(path).content.decode().replace("\u00a0", " ")
            assert "先放一放，最晚" in page and day in page, path

    def test_says_the_hub_where_it_lies_with_the_hub(self, here: Place) -> None:
        """Handed up, filed, returned: neither the community nor a unit has it, and nothing was sent back to them."""
        hub = Hub.with_a_case(here, now=clock.now() - 5 * HOUR)
        lan, path = as_(here.lan), f"/s/yunqiao/mine/{hub.case.code}/"
        community = f"{here.town['C'].name}在办"
        assert community in lan.get(path).content.decode()
        filing.hand_up(case_id=hub.case.id, actor=here.wei, text="要吊车", now=clock.now() - 4 * HOUR)
        page = lan.get(path).content.decode()
        assert "街道联动中心在看" in page and community not in page
        order = hub.sent(now=clock.now() - 3 * HOUR)
        hub.returned(order, here.shi, now=clock.now() - 2 * HOUR)
        for page in (lan.get(path).content.decode(), lan.get("/s/yunqiao/mine/").content.decode()):
            assert "街道联动中心在找单位来办" in page and "重新派单" in page
            assert community not in page and "被退回" not in page
        hub.sent(here.police, now=clock.now() - HOUR)
        assert f"{here.police.name}在办" in lan.get(path).content.decode()

    def test_is_only_the_reporters(self, here: Place, there: Place) -> None:
        case = here.report()
        with in_street(there.street.id):
            other = there.report()
        for person in (here.hua, here.wei, here.coordinator, here.qin):
            assert as_(person).get(f"/s/yunqiao/mine/{case.code}/").status_code == 404
            for path in ("answer", "review", "confirmation", "dispute"):
                assert as_(person).post(f"/s/yunqiao/cases/{case.code}/{path}/", {}).status_code == 404
        assert as_(here.lan).get(f"/s/yunqiao/mine/{other.code}/").status_code == 404
        assert Client().get(f"/s/yunqiao/mine/{case.code}/").status_code == 302

    def test_tells_of_the_merge_and_the_number_they_were_given_finds_it(self, here: Place) -> None:
        first = here.report(now=clock.now() - HOUR)
        second = here.report(here.hua, now=clock.now())
        triage.merge(case_id=second.id, into_id=first.id, actor=here.wei, now=clock.now())
        for person, is_told in ((here.hua, True), (here.lan, False)):
            page = as_(person).get(f"/s/yunqiao/mine/{first.code}/").content.decode()
            assert ("和另一件是同一件" in page) == is_told and (f"从并进来的 {second.code} 带来" in page) == is_told
        for number in (first.code, second.code, second.code.lower()):
            found = as_(here.hua).get("/s/yunqiao/mine/", {"q": number}).content.decode()
            assert f"/mine/{first.code}/" in found, number

    def test_leads_on_to_the_case_that_took_it_in(self, here: Place) -> None:
        first = here.report()
        second = here.report(here.hua, now=clock.now())
        triage.merge(case_id=second.id, into_id=first.id, actor=here.wei, now=clock.now())
        answer = as_(here.hua).get(f"/s/yunqiao/cases/{second.code}/")
        assert answer.status_code == 302 and answer["Location"].endswith(f"/{first.code}/")


class TestBeforeItIsSettledWhoseTheyAre:
    """Ruling 2: a number may have changed hands, and a password be known to whoever gave it out."""

    @pytest.mark.parametrize("elder", ["0", "1"])
    def test_no_public_page_shows_ones_own_things(self, here: Place, elder: str) -> None:
        case, lan = here.report(now=clock.now()), as_(here.lan)
        developed(photo_ids_of(case)[0], clock.now())
        lan.cookies["elder"] = elder
        before = lan.get("/s/yunqiao/").content.decode()
        assert case.code in before and "登录还差一步" not in before
        photo = re.search(r'src="(/s/yunqiao/photos/[^"]+)"', lan.get(f"/s/yunqiao/mine/{case.code}/").content.decode())
        assert photo is not None
        answer = lan.get(photo[1])
        assert answer.status_code == 200 and answer.getvalue()
        account = Account.objects.filter(pk=here.lan.account_id)
        for changed, first in (
            ({"phone_confirmed_at": clock.now() - timedelta(days=366)}, "confirm-number"),
            ({"doubted_at": clock.now()}, "whose-number"),
        ):
            account.update(**changed)
            page = lan.get("/s/yunqiao/").content.decode()
            assert case.code not in page and "登录还差一步" in page and f"/me/{first}/" in page
            assert lan.get(photo[1]).status_code == 404
        account.update(doubted_at=None, phone_confirmed_at=clock.now())
        assert case.code in lan.get("/s/yunqiao/").content.decode()

    def test_nor_a_colleague_their_desk_before_the_password_is_their_own(self, here: Place) -> None:
        wei = as_(here.wei)
        assert "去看" in wei.get("/s/yunqiao/").content.decode()
        Account.objects.filter(pk=here.wei.account_id).update(must_change_password=True)
        page = wei.get("/s/yunqiao/").content.decode()
        assert "去看" not in page and "/me/password/" in page


class TestQuestions:
    def asked(self, place: Place) -> Case:
        case = place.report(now=clock.now())
        handling.accept(case_id=case.id, actor=place.wei, now=clock.now())
        asking.ask(case_id=case.id, actor=place.wei, text="一般几点开始堵？", now=clock.now())
        return case

    def test_are_answered_in_place_once(self, here: Place) -> None:
        case, lan = self.asked(here), as_(here.lan)
        assert "一般几点开始堵？" in lan.get(f"/s/yunqiao/mine/{case.code}/").content.decode()
        question = Question.objects.get()
        empty = lan.post(f"/s/yunqiao/cases/{case.code}/answer/", {"question": question.id, "text": " "})
        assert empty.status_code == 422 and "写一句就好" in empty.content.decode()
        said = {"question": question.id, "text": "六点半以后"}
        done = lan.post(f"/s/yunqiao/cases/{case.code}/answer/", said, follow=True)
        assert "告诉他们了" in done.content.decode()
        question.refresh_from_db()
        assert (question.answer, question.answered_by) == ("六点半以后", here.lan)
        again = lan.post(f"/s/yunqiao/cases/{case.code}/answer/", {"question": question.id, "text": "又一句"})
        assert again.status_code == 409 and "又一句" in again.content.decode()

    def test_an_answer_stays_with_the_question_that_was_read(self, here: Place) -> None:
        """The page was opened before that question lapsed and another came."""
        case, lan = self.asked(here), as_(here.lan)
        read = Question.objects.get()
        asking.lapse(question_id=read.id, now=read.until)
        other = asking.ask(case_id=case.id, actor=here.wei, text="可以把车挪走吗？", now=clock.now())
        for named in (str(read.id), "", str(case.id)):
            answer = lan.post(f"/s/yunqiao/cases/{case.code}/answer/", {"question": named, "text": "可以，5 幢"})
            page = answer.content.decode()
            assert answer.status_code == 409 and "可以把车挪走吗？" in page and "可以，5 幢" in page
            assert f'name="question" value="{other.id}"' in page
        other.refresh_from_db()
        assert other.answer == "" and other.closed_at is None

    def test_are_for_whoever_still_waits_and_not_for_who_took_their_report_back(self, here: Place) -> None:
        hub = Hub.with_a_case(here, now=clock.now() - timedelta(days=14))
        case = release(here, hub.case)
        sending = here.sending(here.photo(here.hua), case_type=LITTER)
        joining.join(sending=sending, code=case.code, reporter=here.hua, now=clock.now() - 5 * HOUR)
        withdrawing.withdraw(case_id=case.id, actor=here.hua, now=clock.now() - 4 * HOUR)
        order = hub.signed(now=clock.now() - 3 * HOUR)
        asked = asking.ask_for_unit(order_id=order.id, actor=here.shi, text="几号门？", now=clock.now() - HOUR)
        hua, door = as_(here.hua), f"/s/yunqiao/cases/{case.code}/"
        page = hua.get(f"/s/yunqiao/mine/{case.code}/").content.decode()
        assert not any(words in page for words in ('id="question"', "等您回复", "想问您", "催一催"))
        assert case.code not in hua.get("/s/yunqiao/mine/?view=reply").content.decode()
        assert hua.post(f"{door}answer/", {"question": asked.id, "text": "没有门"}).status_code == 403
        assert hua.post(f"{door}urge/").status_code == 403
        lan = as_(here.lan)
        page = lan.get(f"/s/yunqiao/mine/{case.code}/").content.decode()
        assert 'id="question"' in page and "等您回复" in page and "催一催" in page
        assert case.code in lan.get("/s/yunqiao/mine/?view=reply").content.decode()
        assert lan.post(f"{door}urge/").status_code == 302
        assert lan.post(f"{door}answer/", {"question": asked.id, "text": "三号门"}).status_code == 302
        asked.refresh_from_db()
        assert (asked.answer, asked.answered_by) == ("三号门", here.lan)

    def test_stand_among_what_waits_for_ones_word(self, here: Place) -> None:
        case = self.asked(here)
        other = here.report(case_type=LITTER, now=clock.now())
        page = as_(here.lan).get("/s/yunqiao/mine/?view=reply").content.decode()
        assert case.code in page and other.code not in page

    @pytest.mark.parametrize("is_accepted", [True, False])
    def test_of_what_the_worker_has_done_meanwhile_are_open_no_more(self, here: Place, is_accepted: bool) -> None:
        now, lan = clock.now(), as_(here.lan)
        case = self.asked(here) if is_accepted else here.report(case_type=LITTER, now=now)
        photo_ids = here.photo_ids(here.wei)
        if is_accepted:
            handling.respond(case_id=case.id, actor=here.wei, text="清走了", photo_ids=photo_ids, now=now)
        else:
            asking.ask(case_id=case.id, actor=here.wei, text="在哪一栋？", now=now)
            handling.handle_on_the_spot(case_id=case.id, actor=here.wei, text="清走了", photo_ids=photo_ids, now=now)
        assert Question.objects.get().closed_at == now
        assert "/answer/" not in lan.get(f"/s/yunqiao/mine/{case.code}/").content.decode()
        assert case.code not in lan.get("/s/yunqiao/mine/?view=reply").content.decode()
        said = {"question": Question.objects.get().id, "text": "三栋"}
        later = lan.post(f"/s/yunqiao/cases/{case.code}/answer/", said)
        assert later.status_code == 409 and "三栋" in later.content.decode()
        assert asking.lapse(question_id=Question.objects.get().id, now=now + timedelta(days=4)) is None, "no dead job"


class TestReview:
    def declined(self, place: Place) -> Case:
        case = place.report(now=clock.now())
        return handling.decline(
            case_id=case.id, actor=place.wei, reason="not_the_streets", text="这里归市政", now=clock.now()
        )

    def test_a_refusal_says_why_where_else_and_can_be_looked_at_again_once(self, here: Place) -> None:
        case, lan = self.declined(here), as_(here.lan)
        page = lan.get(f"/s/yunqiao/mine/{case.code}/").content.decode()
        assert "可打 12345" in page and "这里归市政" in page and "请人重新看" in page
        assert "上次说" in lan.get(f"/s/yunqiao/cases/{case.code}/review/").content.decode()
        assert lan.post(f"/s/yunqiao/cases/{case.code}/review/", {"text": ""}).status_code == 422
        lan.post(f"/s/yunqiao/cases/{case.code}/review/", {"text": "我拍的是路面"})
        case.refresh_from_db()
        assert case.state == State.VERIFYING
        assert Transition.objects.filter(case=case, action=Action.ASK_REVIEW).count() == 1
        assert lan.get(f"/s/yunqiao/cases/{case.code}/review/").status_code == 409
        assert lan.post(f"/s/yunqiao/cases/{case.code}/review/", {"text": "再看"}).status_code == 409

    def test_is_not_offered_for_what_goes_on_or_was_taken_back(self, here: Place) -> None:
        running = here.report(now=clock.now())
        lan = as_(here.lan)
        assert "请人重新看" not in lan.get(f"/s/yunqiao/mine/{running.code}/").content.decode()
        lan.post(f"/s/yunqiao/cases/{running.code}/withdrawal/")
        assert "请人重新看" not in lan.get(f"/s/yunqiao/mine/{running.code}/").content.decode()


class TestTheList:
    def test_is_looked_through_by_state_and_by_words(self, here: Place) -> None:
        jam = here.report(now=clock.now())
        litter = here.report(case_type=LITTER, now=clock.now())
        handling.decline(case_id=litter.id, actor=here.wei, reason="not_seen", text="", now=clock.now())
        lan = as_(here.lan)
        for query, shown in (
            ("", {jam.code, litter.code}), ("?view=running", {jam.code}), ("?view=refused", {litter.code}),
            ("?view=done", set()), ("?q=乱停", {jam.code}), (f"?q={litter.code.lower()}", {litter.code}),
            ("?q=没有的事", set()), ("?view=nonsense&page=x", {jam.code, litter.code}),
        ):  # fmt: skip
            page = lan.get(f"/s/yunqiao/mine/{query}").content.decode()
            assert {code for code in (jam.code, litter.code) if f"/mine/{code}/" in page} == shown, query

    def test_who_joined_finds_nothing_by_an_address_that_is_not_shown_to_them(self, here: Place) -> None:
        first = here.report(address="3 幢 302 家楼下", now=clock.now())
        second = here.report(here.hua, now=clock.now())
        triage.merge(case_id=second.id, into_id=first.id, actor=here.wei, now=clock.now())
        for person, found in ((here.lan, True), (here.hua, False)):
            page = as_(person).get("/s/yunqiao/mine/", {"q": "302"}).content.decode()
            assert (f"/mine/{first.code}/" in page) == found

    def test_costs_the_same_however_long_it_is(
        self, here: Place, django_assert_max_num_queries: Callable[..., object]
    ) -> None:
        lan = as_(here.lan)
        for _more in range(2):
            for _each in range(3):
                here.report(now=clock.now())
            with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
                assert lan.get("/s/yunqiao/mine/?view=running").status_code == 200


class TestHowItWasDone:
    def test_who_is_not_satisfied_says_why(self, here: Place) -> None:
        case = here.report(case_type=LITTER, now=clock.now())
        passed(here, case)
        lan, path = as_(here.lan), f"/s/yunqiao/cases/{case.code}/confirmation/"
        for rating in "12":
            refused = lan.post(path, {"round": "1", "rating": rating, "text": " "})
            page = refused.content.decode()
            assert refused.status_code == 422 and 'id="f-text"' in page
            assert f'value="{rating}" checked' in page or re.search(rf'value="{rating}"[^>]*checked', page)
        assert case.state != State.CLOSED
        assert lan.post(path, {"round": "1", "rating": "1", "text": "拖了三天"}).status_code == 302
        case.refresh_from_db()
        assert case.state == State.CLOSED

    @pytest.mark.parametrize("door", ["confirmation", "dispute"])
    def test_a_word_is_about_the_result_that_was_read(self, here: Place, door: str) -> None:
        """The page of the first round stayed open; the second result has not been looked at."""
        hub = Hub.with_a_case(here, case_type=LITTER, now=clock.now())
        now = clock.now()
        order = hub.signed(now=now)
        hub.passed(hub.responded(order, now=now), now=now)
        confirming.dispute(case_id=hub.case.id, actor=here.lan, text="没好", photo_ids=(), now=now)
        hub.passed(hub.responded(order, now=now), now=now)
        lan, path = as_(here.lan), f"/s/yunqiao/cases/{hub.case.code}/{door}/"
        for said in ("1", "", "x"):
            answer = lan.post(path, {"round": said, "rating": "5", "text": "谢谢师傅"})
            page = answer.content.decode()
            assert answer.status_code == 409 and "结果和您看的不一样了" in page and "谢谢师傅" in page
            assert 'name="round" value="2"' in page and f"/mine/{hub.case.code}/" in page
        assert hub.fresh().state == State.CONFIRMING
        assert lan.post(path, {"round": "2", "rating": "5", "text": "谢谢师傅"}).status_code == 302
        assert hub.fresh().state == (State.CLOSED if door == "confirmation" else State.REOPENED)


class TestAnElderWhomOneHelps:
    def test_is_seen_and_answered_for_and_both_stand_in_the_journal(self, here: Place) -> None:
        case = here.report(case_type=LITTER, now=clock.now())
        passed(here, case)
        helps(here.lan, here.hua, ProxyScope.ANSWER)
        hua, query = as_(here.hua), f"?for={here.lan.id}"
        assert "替" in hua.get("/s/yunqiao/mine/").content.decode()
        assert case.code in hua.get(f"/s/yunqiao/mine/{query}").content.decode()
        assert "您看，解决了吗？" in hua.get(f"/s/yunqiao/mine/{case.code}/{query}").content.decode()
        done = hua.post(f"/s/yunqiao/cases/{case.code}/confirmation/{query}", {"round": "1", "rating": "5"})
        assert done.status_code == 302 and done["Location"].endswith(query)
        case.refresh_from_db()
        assert case.state == State.CLOSED
        entry = Entry.objects.get(what="case.acted_for")
        assert (entry.actor_id, entry.facts["elder"]) == (here.hua.id, str(here.lan.id))

    def test_not_without_a_proxy_of_this_scope(self, here: Place) -> None:
        case = here.report(now=clock.now())
        helps(here.lan, here.bo, ProxyScope.REPORT, ProxyScope.POINTS)
        query = f"?for={here.lan.id}"
        for person in (here.hua, here.bo, here.wei):
            client = as_(person)
            assert client.get(f"/s/yunqiao/mine/{query}").status_code == 404
            assert client.get(f"/s/yunqiao/mine/{case.code}/{query}").status_code == 404
            assert client.post(f"/s/yunqiao/cases/{case.code}/dispute/{query}", {"text": "还在"}).status_code == 404
        assert as_(here.hua).get("/s/yunqiao/mine/?for=nonsense").status_code == 404

    def test_not_by_who_handled_it(self, here: Place) -> None:
        case = here.report(case_type=LITTER, now=clock.now())
        helps(here.lan, here.wei, ProxyScope.ANSWER)
        passed(here, case)
        answer = as_(here.wei).post(f"/s/yunqiao/cases/{case.code}/confirmation/?for={here.lan.id}", {})
        assert answer.status_code == 403
        case.refresh_from_db()
        assert case.state == State.CONFIRMING
