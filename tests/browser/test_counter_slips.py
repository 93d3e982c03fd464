"""Whoever has no account comes back with the slip: number and code are typed, and their word is written down."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.commands import asking, counter, handling
from huipai.cases.commands.counter import Caller
from huipai.cases.models import Addition, Question, Sighting
from huipai.kit import clock
from huipai.people.words import Channel
from tests.browser import looking
from tests.browser.sending import phone
from tests.browser.visiting import session_of, visiting
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR
from tests.photos.conftest import folder

__all__ = ["folder"]
expect.set_options(timeout=20_000)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_answer_and_a_word_more_are_written_down_by_number_and_code(
    browser: Browser, live_server: LiveServer, here: Place, folder: object
) -> None:
    base, now = f"{live_server.url}/s/yunqiao", clock.now()
    caller = Caller("", "王阿婆", Channel.COUNTER, has_agreed=True)
    taken = counter.take_down(
        sending=here.sending(text="楼下有垃圾", case_type=LITTER), caller=caller, actor=here.coordinator,
        address="127.0.0.1", now=now - 3 * HOUR,
    )  # fmt: skip
    handling.accept(case_id=taken.received.case_id, actor=here.wei, now=now - 2 * HOUR)
    asking.ask(case_id=taken.received.case_id, actor=here.wei, text="堆在哪一栋？", now=now - HOUR)
    with visiting(browser, live_server.url, here.coordinator) as page:
        page.goto(f"{base}/counter/slips/")
        page.get_by_label("编号").fill(taken.received.code)
        page.get_by_label("查询码").fill(taken.slip_code)
        page.get_by_role("button", name="查").click()
        expect(page.get_by_text("堆在哪一栋？")).to_be_visible()
        page.get_by_label("他说", exact=True).fill("六栋东头")
        page.get_by_role("button", name="记下他的回答").click()
        expect(page.get_by_text("照他说的记下了")).to_be_visible()
        page.get_by_label("他补充说").fill("又多了两袋")
        page.get_by_role("button", name="替他补上").click()
        expect(page.get_by_text("照他说的记下了")).to_be_visible()
        page.get_by_role("button", name="他说：还在").click()
        expect(page.get_by_text("今天说过还在")).to_be_visible()
        address = page.url.removeprefix(live_server.url)
    assert (Question.objects.get().answer, Addition.objects.get().text) == ("六栋东头", "又多了两袋")
    assert Sighting.objects.count() == 1 and "/counter/slips/" in address
    paths = ["/s/yunqiao/counter/slips/", "/s/yunqiao/retention/"]
    assert looking.faults_of(browser, live_server.url, paths[:1], session_of(here.coordinator)) == []
    assert looking.faults_of(browser, live_server.url, paths[1:], session_of(here.dispatcher), at_a_desk=30) == []


def test_what_is_taken_down_is_followed_by_its_slip(
    browser: Browser, live_server: LiveServer, here: Place, folder: Path
) -> None:
    base, at = f"{live_server.url}/s/yunqiao", here.town.at(50, 50)
    more = {"geolocation": {"longitude": at.lng, "latitude": at.lat}, "permissions": ["geolocation"]}
    with phone(browser, live_server.url, here.coordinator, service_workers="block", **more) as context:
        page = context.new_page()
        page.goto(f"{base}/counter/report/")
        page.get_by_text("在窗口", exact=True).click()
        page.get_by_label("怎么称呼").fill("王阿婆")
        page.get_by_label("是哪一类？").select_option("parking")
        page.get_by_label("他怎么说的").fill("楼下堵了")
        page.get_by_role("button", name="用我现在的位置").click()
        expect(page.locator("[data-place-words]")).to_contain_text("归 C·M1")
        page.get_by_label("本人同意了").check()
        page.get_by_role("button", name="登记，出回执").click()
        number, code = (page.locator(f"[data-{name}]").inner_text() for name in ("code", "slip-code"))
    with looking.looking(browser, live_server.url, "normal") as look:
        look.open(f"{base}/slip/")
        look.page.get_by_label("编号").fill(number)
        look.page.get_by_label("查询码").fill(code)
        look.page.get_by_role("button", name="查").click()
        expect(look.page.get_by_role("heading", name="走到哪一步")).to_be_visible()
