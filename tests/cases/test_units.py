"""The unit's pages: whose they are, what they do, and that whoever reported it occurs nowhere in them (ruling 11)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from huipai.cases import notices
from huipai.cases.commands import asking, checking, confirming, deciding, dispatching, filing, working
from huipai.cases.models import Case, Check, Question, UnitRequest, WorkOrder
from huipai.cases.notices import TOLD
from huipai.cases.order_words import OrderState
from huipai.cases.words import State
from huipai.journal.models import Entry
from huipai.kit import clock
from huipai.kit.masking import HIDDEN, masked
from huipai.people.models import Person
from huipai.photos import commands as photos
from huipai.photos.models import Photo
from huipai.streets.current import in_street
from tests.cases.conftest import PARKING, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_pages import as_
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = pytest.mark.django_db

BASE = "/s/yunqiao/orders/"


@pytest.fixture
def hub(here: Place) -> Hub:
    return Hub.with_a_case(here, now=clock.now() - HOUR)


def page(order: WorkOrder, name: str = "") -> str:
    return f"{BASE}{order.id}/{name}"


class TestMasking:
    @pytest.mark.parametrize(
        ("said", "shown"),
        [
            ("我是蓝小河，电话 138 0000-0001", f"我是{HIDDEN}，电话 {HIDDEN}"),
            ("加微信13800000001", f"加微信{HIDDEN}"),
            ("座机0512-6660 1234，身份证32050019900101123X", f"座机{HIDDEN}，身份证{HIDDEN}"),
            ("写信给 lan.he@example.com 吧", f"写信给 {HIDDEN} 吧"),
            ("6 幢 2 单元 501，18:30 停了 3 辆，车牌苏E12345", "6 幢 2 单元 501，18:30 停了 3 辆，车牌苏E12345"),
            ("2026-11-23 早上", "2026-11-23 早上"),
        ],
    )
    def test_strikes_out_by_what_somebody_could_be_known(self, said: str, shown: str) -> None:
        assert masked(said, ["蓝小河"]) == shown


class TestAUnitsPeople:
    def test_see_sign_and_respond(self, hub: Hub) -> None:
        order, shi = hub.sent(now=clock.now()), as_(hub.place.shi)
        assert str(order.id) in shi.get(BASE).content.decode()
        html = shi.get(page(order)).content.decode()
        assert "签收" in html and "先到现场" in html and hub.place.city.name not in html.split("<main")[0]
        order.refresh_from_db()
        assert order.read_at is not None
        assert shi.post(page(order, "signature/")).status_code == 302
        blank = shi.post(page(order, "response/"), {"round": "1", "text": " "})
        assert blank.status_code == 422 and "写一句话" in blank.content.decode()
        assert shi.post(page(order, "response/"), {"round": "1", "text": "清走了"}).status_code == 302
        assert hub.fresh().state == State.CHECKING
        assert str(order.id) in shi.get(f"{BASE}?view=waiting").content.decode()

    def test_need_the_photo_and_keep_what_was_typed(self, here: Place) -> None:
        hub = Hub.with_a_case(here, case_type=PARKING, now=clock.now())
        order = hub.signed(now=clock.now())
        answer = as_(here.shi).post(page(order, "response/"), {"round": "1", "text": "拖走了"})
        assert answer.status_code == 422 and "拖走了" in answer.content.decode()
        sent = {"round": "1", "text": "拖走了", "photo_id": [str(here.photo(here.shi).id)]}
        assert as_(here.shi).post(page(order, "response/"), sent).status_code == 302

    def test_send_back_with_a_ground(self, hub: Hub) -> None:
        order, shi = hub.sent(now=clock.now()), as_(hub.place.shi)
        assert "还能退 2 次" in shi.get(page(order, "return/")).content.decode()
        bad = shi.post(page(order, "return/"), {"reason": "", "text": "归物业"})
        assert bad.status_code == 422 and "选一个原因" in bad.content.decode() and "归物业" in bad.content.decode()
        good = {"reason": "not_our_duty", "text": "归物业", "owner": str(hub.place.guard.id)}
        assert shi.post(page(order, "return/"), good).status_code == 302
        assert hub.fresh().state == State.RETURNED
        assert shi.post(page(order, "return/"), good).status_code == 409

    def test_ask_for_days_or_a_rest(self, hub: Hub) -> None:
        order, shi = hub.signed(now=clock.now() - HOUR), as_(hub.place.shi)
        form = {"kind": "extension", "reason": "weather", "text": "连着下雨", "days": "三"}
        bad = shi.post(page(order, "extension/"), form)
        assert bad.status_code == 422 and "写要多少天" in bad.content.decode() and "连着下雨" in bad.content.decode()
        assert shi.post(page(order, "extension/"), form | {"days": "3"}).status_code == 302
        assert "批下来以前时间照算" in shi.get(page(order)).content.decode()
        deciding.refuse(
            request_id=UnitRequest.objects.get().id, actor=hub.place.dispatcher, text="天晴了", now=clock.now()
        )
        day = (clock.now() + timedelta(days=30)).date().isoformat()
        rest = {"kind": "suspension", "reason": "season", "text": "等开春", "until": "nonsense"}
        assert shi.post(page(order, "extension/"), rest).status_code == 422
        assert shi.post(page(order, "extension/"), rest | {"until": day}).status_code == 302

    def test_ask_whoever_reported_it_who_answers_in_place(self, hub: Hub) -> None:
        order, shi, lan = hub.signed(now=clock.now() - HOUR), as_(hub.place.shi), as_(hub.place.lan)
        assert shi.post(page(order, "question/"), {"text": "几点开始堵？"}).status_code == 302
        case = f"/s/yunqiao/cases/{hub.case.code}/"
        html = lan.get(case, follow=True).content.decode()
        assert "几点开始堵？" in html and "等您回复" in html and "史城西" not in html
        asked = str(Question.objects.get().id)
        assert lan.post(f"{case}answer/", {"question": asked, "text": ""}).status_code == 422
        assert lan.post(f"{case}answer/", {"question": asked, "text": "五点"}).status_code == 302
        assert "五点" in shi.get(page(order)).content.decode()
        assert lan.post(f"{case}answer/", {"question": asked, "text": "五点"}).status_code == 302, "twice is once"
        assert lan.post(f"{case}answer/", {"question": asked, "text": "六点"}).status_code == 409
        assert as_(hub.place.hua).post(f"{case}answer/", {"question": asked, "text": "五点"}).status_code == 404

    def test_take_up_what_was_set_aside(self, hub: Hub) -> None:
        order = hub.signed(now=clock.now() - HOUR)
        deciding.suspend(
            order_id=order.id, actor=hub.place.dispatcher, ground="budget", text="等经费",
            rests_until=clock.now() + timedelta(days=9), now=clock.now(),
        )  # fmt: skip
        shi = as_(hub.place.shi)
        assert "接着办" in shi.get(page(order)).content.decode()
        assert shi.post(page(order, "resumption/")).status_code == 302
        assert hub.fresh().state == State.IN_PROGRESS

    def test_a_list_asks_no_more_for_more_orders(
        self, hub: Hub, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        hub.sent(now=clock.now())
        shi = as_(hub.place.shi)
        shi.get(BASE)
        for _more in range(4):
            Hub.with_a_case(hub.place, now=clock.now(), address="柳溪路 18 号").sent(now=clock.now())
        with django_assert_max_num_queries(24):
            assert shi.get(BASE).content.decode().count("/orders/") >= 5


class TestAccess:
    PAGES = ("", "response/", "return/", "extension/", "question/")
    POSTS = ("signature/", "resumption/")

    def test_for_everybody_else_an_order_does_not_exist(self, hub: Hub, there: Place) -> None:
        order, place = hub.sent(now=clock.now()), hub.place
        for person in (place.ning, place.xu, place.lan, place.hua, place.wei, place.coordinator, place.dispatcher):
            client = as_(person)
            for name in self.PAGES:
                assert client.get(page(order, name)).status_code == 404, (person.name, name)
            for name in (*self.PAGES[1:], *self.POSTS):
                assert client.post(page(order, name), {"text": "x"}).status_code == 404, (person.name, name)
        assert hub.fresh().state == State.DISPATCHED

    def test_the_list_is_for_units(self, here: Place) -> None:
        for person in (here.lan, here.wei, here.dispatcher):
            assert as_(person).get(BASE).status_code == 403
        assert Client().get(BASE).status_code == 302

    def test_another_streets_order_does_not_exist(self, hub: Hub, there: Place) -> None:
        with in_street(there.street.id):
            theirs = Hub.with_a_case(there, now=clock.now()).sent(now=clock.now())
        assert as_(hub.place.shi).get(page(theirs)).status_code == 404
        assert as_(hub.place.shi).get(f"{BASE}{uuid4()}/").status_code == 404

    def test_the_page_of_the_case_is_not_theirs(self, hub: Hub) -> None:
        hub.sent(now=clock.now())
        shi = as_(hub.place.shi)
        for name in ("", "response/", "refusal/", "question/", "to-the-hub/"):
            assert shi.get(f"/s/yunqiao/cases/{hub.case.code}/{name}").status_code == 404

    def test_who_reported_it_works_on_nothing(self, here: Place) -> None:
        hub = Hub(here, here.report(here.shi, now=clock.now()))
        order = hub.sent(now=clock.now())
        html = as_(here.shi).get(page(order)).content.decode()
        assert "自己报的事要由别人来办" in html and "signature/" not in html
        assert as_(here.shi).post(page(order, "signature/")).status_code == 403


class TestWhoReportedIt:
    """Every page, notice and file of a handler, through the whole life of a case with a talkative reporter."""

    def test_occurs_on_no_page_notice_or_file(self, here: Place, folder: Path) -> None:
        phone = here.lan.account.phone if here.lan.account else ""
        said = f"我是蓝小河，电话{phone[-11:]}，找我"
        case = here.report(
            case_type=PARKING, text=said, address=f"6 幢 501 蓝小河家 {phone}", now=clock.now() - 2 * HOUR
        )
        self.develop()
        hub = Hub(here, case)
        order = hub.signed(now=clock.now() - HOUR)
        question = asking.ask_for_unit(order_id=order.id, actor=here.shi, text="几点？", now=clock.now())
        asking.answer(question_id=question.id, actor=here.lan, text=said, now=clock.now())
        after = here.photo_ids(here.shi)
        working.respond(order_id=order.id, actor=here.shi, text="挪了", photo_ids=after, now=clock.now())
        check = Check.objects.get(case=case)
        checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=clock.now())
        confirming.dispute(
            case_id=case.id, actor=here.lan, text=said, photo_ids=here.photo_ids(here.lan), now=clock.now()
        )
        self.develop()
        self.tell()
        seen = self.walk(as_(here.shi), order)
        assert len(seen) > 12
        for address, content in seen.items():
            for secret in self.secrets(here.lan, case):
                assert secret.encode() not in content, (address, secret)

    def develop(self) -> None:
        for photo in Photo.objects.filter(public_key=""):
            photos.process(photo_id=photo.id, now=clock.now())

    def tell(self) -> None:
        for entry in Entry.objects.filter(what__in=TOLD):
            notices.tell(entry_id=entry.id, now=entry.happened_at)

    def secrets(self, person: Person, case: Case) -> list[str]:
        phone = person.account.phone.removeprefix("+86") if person.account else ""
        reports = [str(id) for id in case.reports.values_list("id", flat=True)]
        return [person.name, phone, str(person.id), str(person.account_id), *reports]

    def walk(self, client: Client, order: WorkOrder) -> dict[str, bytes]:
        """Every page that a handler can open, and every picture on them with its headers."""
        waiting = [
            "/s/yunqiao/",
            BASE,
            f"{BASE}?view=waiting",
            f"{BASE}?view=over",
            "/s/yunqiao/notices/",
            "/s/yunqiao/me/",
        ]
        waiting += [page(order, name) for name in TestAccess.PAGES]
        waiting += [
            f"/s/yunqiao/cases/{order.case.code}/",
            "/s/yunqiao/desk/",
            "/s/yunqiao/today/",
            "/s/yunqiao/nearby/",
        ]
        seen: dict[str, bytes] = {}
        while waiting:
            address = waiting.pop()
            if address in seen:
                continue
            answer = client.get(address, HTTP_ACCEPT="text/html")
            content = b"".join(answer) if answer.streaming else answer.content
            seen[address] = content + repr(dict(answer.headers)).encode()
            if address.startswith(BASE) or address == "/s/yunqiao/":
                waiting += re.findall(r'src="(/s/yunqiao/photos/[^"]+)"', content.decode(errors="ignore"))
        assert any("/photos/" in address for address in seen)
        return seen


class TestReporters:
    def test_read_which_unit_has_it_and_may_urge_when_it_is_late(self, here: Place) -> None:
        hub = Hub.with_a_case(here, now=clock.now() - timedelta(days=9))
        hub.signed(now=clock.now() - timedelta(days=8))
        lan, case = as_(here.lan), f"/s/yunqiao/cases/{hub.case.code}/"
        html = lan.get(case, follow=True).content.decode()
        assert "云桥城管中队" in html and "催一催" in html and here.shi.name not in html
        assert "催过了" in lan.post(f"{case}urge/", follow=True).content.decode()
        assert "今天已经催过" in lan.post(f"{case}urge/", follow=True).content.decode()

    def test_ask_for_a_review_of_a_refusal(self, hub: Hub) -> None:
        filing.not_file(
            case_id=hub.case.id, actor=hub.place.dispatcher, reason="not_proven", text="没有看到", now=clock.now()
        )
        lan, case = as_(hub.place.lan), f"/s/yunqiao/cases/{hub.case.code}/"
        html = lan.get(case, follow=True).content.decode()
        assert "请人重新看" in html and "现场和说的对不上" in html and "办结" not in html
        assert lan.post(f"{case}review/", {"text": ""}).status_code == 422
        assert lan.post(f"{case}review/", {"text": "有的，晚上来看"}).status_code == 302
        assert hub.fresh().state == State.VERIFYING
        assert lan.post(f"{case}review/", {"text": "有的，晚上来看"}).status_code == 302, "pressed twice is once"
        for again in (lan.get(f"{case}review/"), lan.post(f"{case}review/", {"text": "有的，早上也有"})):
            assert again.status_code == 409 and "已经请人重新看了，还没看完" in again.content.decode()
        assert as_(hub.place.hua).get(f"{case}review/").status_code == 404
        assert as_(hub.place.hua).post(f"{case}review/", {"text": "有的"}).status_code == 404


class TestWorkers:
    def test_pass_to_the_hub_and_ask(self, hub: Hub) -> None:
        wei, case = as_(hub.place.wei), f"/s/yunqiao/cases/{hub.case.code}/"
        html = wei.get(case).content.decode()
        assert "转给联动中心" in html and "问上报人一句" in html
        assert wei.post(f"{case}question/", {"text": "在几楼？"}).status_code == 302
        assert Question.objects.get().text == "在几楼？"
        assert wei.post(f"{case}to-the-hub/", {"text": "要吊车"}).status_code == 302
        assert hub.fresh().state == State.VERIFYING

    def test_say_what_they_found(self, hub: Hub) -> None:
        filing.verify(case_id=hub.case.id, worker=hub.place.wei, actor=hub.place.dispatcher, text="", now=clock.now())
        wei, case = as_(hub.place.wei), f"/s/yunqiao/cases/{hub.case.code}/"
        assert hub.case.code in wei.get("/s/yunqiao/today/").content.decode()
        assert "核实过了，属实" in wei.get(case).content.decode()
        assert wei.post(f"{case}finding/", {"text": "有一堆"}).status_code == 302
        assert hub.fresh().worker is None


def test_a_helper_sees_its_own_part(here: Place) -> None:
    hub = Hub.with_a_case(here, now=clock.now())
    hub.sent(now=clock.now(), helper_ids=(here.guard.id,))
    order = WorkOrder.objects.get(unit=here.guard)
    ning = as_(here.ning)
    assert "协办" in ning.get(page(order)).content.decode()
    ning.post(page(order, "signature/"))
    assert ning.post(page(order, "response/"), {"round": "1", "text": "清了门口"}).status_code == 302
    order.refresh_from_db()
    assert order.state == OrderState.RESPONDED and hub.fresh().state == State.DISPATCHED
    dispatching.recall(order_id=order.id, actor=here.dispatcher, text="", now=clock.now())
    assert "收回" in ning.get(page(order)).content.decode()
