"""Whose it is that waits on a phone: it goes in nobody else's name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.models import Report
from huipai.kit import clock
from huipai.people import commands as people
from huipai.people.models import Proxy
from huipai.people.words import ProxyScope
from tests.browser.kept import PHONE, all_sent, sign_in, waiting
from tests.browser.sending import KEPT_FORM, fill, phone, picture, send
from tests.cases.conftest import Place
from tests.cases.test_own import helps
from tests.photos.conftest import folder

__all__ = ["folder", "picture"]
expect.set_options(timeout=20_000)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class TestWhoIsThere:
    def test_a_session_that_ended_and_another_person_send_nothing_and_lose_nothing(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            page = context.new_page()
            page.goto(f"{base}/report/")
            fill(page, picture(1))
            expect(page.get_by_text("照片传好了")).to_be_visible()
            Session.objects.all().delete()
            send(page)
            expect(page.get_by_role("heading", name="还差一步，已存在手机里")).to_be_visible()
            link = page.get_by_role("link", name="去办那一步").get_attribute("href")
            assert link == "/s/yunqiao/sign-in/?next=%2Fs%2Fyunqiao%2Fmine%2F"

            sign_in(context, live_server.url, here.hua)
            page.goto(f"{base}/mine/")
            expect(page.get_by_text("手机里还有 1 件是别的账号存的")).to_be_visible()
            expect(page.locator("[data-outbox-list] li")).to_have_count(0)
            assert not Report.objects.exists() and waiting(page) == 1

            sign_in(context, live_server.url, here.lan)
            page.goto(f"{base}/mine/")
            all_sent(page)
        assert Report.objects.get().reporter == here.lan

    def test_what_was_kept_while_nobody_was_signed_in_goes_by_itself_after_signing_in(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        context = browser.new_context(**PHONE)  # type: ignore[arg-type]
        try:
            page = context.new_page()
            page.goto(f"{base}/nearby/")
            page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
            assert page.evaluate(KEPT_FORM)
            context.set_offline(True)
            page.goto(f"{base}/report/")
            fill(page, picture(1))
            send(page)
            expect(page.get_by_role("heading", name="现在没有网，已存在手机里")).to_be_visible()
            context.set_offline(False)
            assert waiting(page) == 1 and not Report.objects.exists()
            sign_in(context, live_server.url, here.lan)
            page.goto(f"{base}/")
            all_sent(page)
        finally:
            context.close()
        assert Report.objects.get().reporter == here.lan

    def test_for_an_elder_it_is_chosen_without_a_network_and_the_server_looks_again(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        helps(here.lan, here.hua, ProxyScope.REPORT, ProxyScope.ANSWER)
        with phone(browser, live_server.url, here.hua) as context:
            page = context.new_page()
            page.goto(f"{base}/report/")
            expect(page.get_by_text("这是谁要报的？")).to_be_visible()
            page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
            page.goto(f"{base}/")
            assert page.evaluate(KEPT_FORM)
            context.set_offline(True)
            page.goto(f"{base}/report/?for={here.lan.id}")
            expect(page.get_by_role("radio", name=here.lan.name)).to_be_checked()
            for number in (1, 2):
                page.goto(f"{base}/report/")
                page.get_by_text(here.lan.name).click()
                fill(page, picture(number))
                send(page)
                expect(page.get_by_role("heading", name="现在没有网，已存在手机里")).to_be_visible()
                if number == 1:
                    page.goto(f"{base}/mine/")
                    expect(page.locator("[data-outbox-list]")).to_contain_text(f"替{here.lan.name} · 车辆乱停")
                    page.get_by_role("link", name="改一改").click()
                    expect(page.get_by_role("radio", name=here.lan.name)).to_be_checked()
                    context.set_offline(False)
                    send(page)
                    page.wait_for_url("**/received/**")
                    people.end_proxy(proxy=Proxy.objects.get(), actor=here.lan, now=clock.now())
                    context.set_offline(True)
            context.set_offline(False)
            page.goto(f"{base}/mine/")
            expect(page.locator("[data-outbox-list]")).to_contain_text("要改一下")
            page.goto(f"{base}/report/")
            assert page.evaluate("() => localStorage.getItem('huipai:elders')") is None
        assert Report.objects.get().reporter == here.lan
