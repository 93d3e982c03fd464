"""Whoever has no account comes back with the slip: number and code are typed, and their word is written down."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.commands import asking, counter, handling
from huipai.cases.commands.counter import Caller
from huipai.cases.models import Addition, Question, Sighting
from huipai.kit import clock
from huipai.people.words import Channel
from tests.browser import looking
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
        now=now - 3 * HOUR,
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
