"""What a reporter adds without a network: kept on the phone, sent exactly once, 还在 for the day it was said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.commands import handling
from huipai.cases.models import Addition, CasePhoto, Sighting
from huipai.kit import clock
from tests.browser.kept import all_sent, waiting
from tests.browser.looking import axe, sideways
from tests.browser.sending import phone, picture
from tests.browser.test_round_outbox import NO_ROOM
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR
from tests.photos.conftest import folder

__all__ = ["folder", "picture"]
expect.set_options(timeout=20_000)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT_FORM = """async () => {
    for (let tries = 0; tries < 100; tries += 1) {
        if (await caches.match('/s/yunqiao/additions/new/', {ignoreSearch: true, ignoreVary: true})) return true;
        await new Promise((done) => setTimeout(done, 100));
    }
    return false;
}"""


def test_words_a_photo_and_still_there_without_a_network_are_sent_once(
    browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
) -> None:
    base = f"{live_server.url}/s/yunqiao"
    case = here.report(now=clock.now() - HOUR, case_type=LITTER, text="桶倒在路边")
    handling.accept(case_id=case.id, actor=here.wei, now=clock.now() - HOUR / 2)
    with phone(browser, live_server.url, here.lan) as context:
        page = context.new_page()
        page.goto(f"{base}/mine/{case.code}/")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        assert page.evaluate(KEPT_FORM)
        context.set_offline(True)
        page.get_by_role("button", name="还在").click()
        expect(page.get_by_text("记下了，有网自动发出")).to_be_visible()
        page.goto(f"{base}/mine/{case.code}/")  # the empty form that the worker keeps stands in for it
        expect(page.locator("[data-addition-code]")).to_have_text(case.code)
        page.get_by_role("button", name="补上去").click()
        expect(page.get_by_text("还差一处")).to_be_visible()
        page.get_by_label("想补充的话").fill("又倒了一个")
        page.locator("[data-upload-input]").last.set_input_files([picture(1)])
        expect(page.locator("[data-upload-list] li")).to_have_count(1)
        page.get_by_role("button", name="补上去").click()
        expect(page.get_by_role("heading", name="现在没有网，已存在手机里")).to_be_visible()
        assert not Addition.objects.exists() and not Sighting.objects.exists()
        page.goto(f"{base}/mine/")
        expect(page.locator("[data-outbox-list]")).to_contain_text("补充")
        expect(page.locator("[data-outbox-list]")).to_contain_text("还在")
        context.set_offline(False)
        page.goto(f"{base}/mine/")
        all_sent(page)
        page.goto(f"{base}/mine/{case.code}/")
        expect(page.get_by_text("又倒了一个")).to_be_visible()
        expect(page.get_by_text("今天说过还在")).to_be_visible()
    assert (Addition.objects.count(), Addition.objects.get().photos, Sighting.objects.count()) == (1, 1, 1)
    assert CasePhoto.objects.filter(case=case).count() == 2


def test_still_there_on_a_phone_without_room_says_that_it_is_not_kept_and_goes_with_a_network(
    browser: Browser, live_server: LiveServer, here: Place, folder: Path
) -> None:
    base = f"{live_server.url}/s/yunqiao"
    case = here.report(now=clock.now() - HOUR, case_type=LITTER, text="桶倒在路边")
    handling.accept(case_id=case.id, actor=here.wei, now=clock.now() - HOUR / 2)
    with phone(browser, live_server.url, here.lan, service_workers="block") as context:
        page = context.new_page()
        context.add_init_script(NO_ROOM)
        page.goto(f"{base}/mine/{case.code}/", wait_until="networkidle")
        context.set_offline(True)
        for _twice in range(2):
            page.get_by_role("button", name="还在").click()
            expect(page.get_by_role("alert")).to_contain_text("手机存满了，这一句存不住")
        expect(page.get_by_text("记下了，有网自动发出")).to_have_count(0)
        assert waiting(page) == 0 and sideways(page) == 0 and axe(page) == []
        context.set_offline(False)
        page.get_by_role("button", name="还在").click()
        expect(page.get_by_text("今天说过还在")).to_be_visible()
    assert Sighting.objects.count() == 1
