"""The screen on the wall at 1920 and 1440: whole without scrolling, refreshed, and honest when the network is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.commands import walls
from huipai.grid.models import Assignment
from huipai.kit import clock
from huipai.people.words import Role
from tests import cast
from tests.browser.looking import axe, photograph, sideways
from tests.cases.conftest import LITTER, Place
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Words on the page that are smaller than main text in elder mode, as they are drawn; the map's own marks are not ours.
SMALL = """() => [...document.querySelectorAll('.wall *')]
    .filter((one) => !one.closest('.maplibregl-map, .sr-only') && one.checkVisibility())
    .filter((one) => [...one.childNodes].some((part) => part.nodeType === 3 && part.textContent.trim()))
    .map((one) => [one.textContent.trim(), one instanceof SVGTextElement
        ? one.getBoundingClientRect().height : parseFloat(getComputedStyle(one).fontSize)])
    .filter(([, size]) => size < 18)"""
SHOTS = settings.BASE_DIR / "var" / "shots"


def test_the_wall(browser: Browser, live_server: LiveServer, here: Place) -> None:
    keeper = cast.staff("席管屏", "13900018888")
    Assignment.objects.create(person=keeper, role=Role.SYSTEM_ADMIN, node=here.town["S"], valid_from=cast.A_MONTH_AGO)
    now = clock.now()
    for hours in (1, 5, 200):
        here.report(here.hua, now=now - timedelta(hours=hours))
        here.report(here.lan, case_type=LITTER, now=now - timedelta(hours=hours))
    _link, token = walls.make(actor=keeper, name="三楼", now=now)
    context = browser.new_context(
        viewport={"width": 1920, "height": 1080}, locale="zh-CN", service_workers="block"
    )  # fmt: skip
    page, spoken = context.new_page(), "zh-hans"
    try:
        page.clock.install()
        page.goto(f"{live_server.url}/s/yunqiao/wall/on/{token}/")
        page.locator("[data-map][data-drawn='yes'][data-heaps-drawn='1']").wait_for()
        SHOTS.mkdir(parents=True, exist_ok=True)
        for language, few, width, height in (
            ("en", "Too few (0)", 1920, 1080), ("en", "", 1440, 900), ("zh-hans", "样本太少", 1440, 900),
            ("zh-hans", "", 1920, 1080),
        ):  # fmt: skip
            page.set_viewport_size({"width": width, "height": height})
            if language != spoken:  # English takes more room
                spoken = language
                context.add_cookies([{"name": "django_language", "value": language, "url": live_server.url}])
                page.reload()
                page.locator("[data-map][data-drawn='yes'][data-heaps-drawn='1']").wait_for()
                expect(page.locator(".wall-left")).to_contain_text(few)
            photograph(page, SHOTS / f"wall-{language}-{width}.png")
            tall = page.evaluate("() => document.documentElement.scrollHeight - innerHeight")
            assert (axe(page), sideways(page), tall) == ([], 0, 0)
            cut = page.evaluate(
                "() => [...document.querySelectorAll('.wall-left *, .wall-right *, .wall-hours *')]"
                ".filter((one) => one.checkVisibility() && !one.closest('.sr-only'))"
                ".map((one) => one.getBoundingClientRect().bottom - innerHeight).filter((over) => over > 0)"
            )
            assert cut == [], (language, width)
        page.set_viewport_size({"width": 360, "height": 740})  # in a leader's hand
        photograph(page, SHOTS / "wall-360.png", full_page=True)
        assert (page.evaluate(SMALL), axe(page), sideways(page)) == ([], [], 0)
        page.set_viewport_size({"width": 1920, "height": 1080})
        here.report(here.hua, now=clock.now())
        page.clock.run_for(31_000)
        expect(page.locator(".wall-numbers dd").first).to_have_text("7件")
        context.route("**/wall/on/*/grids/?*", lambda route: route.abort())  # the map alone stays behind
        page.clock.run_for(31_000)
        expect(page.locator("[data-wall-age]")).to_contain_text("连不上")
        context.unroute("**/wall/on/*/grids/?*")
        page.clock.run_for(31_000)
        expect(page.locator("[data-wall-age]")).not_to_contain_text("连不上")
        context.set_offline(True)
        page.clock.run_for(95_000)
        expect(page.locator("[data-wall-age]")).to_contain_text("连不上，这是 1 分钟前的")
        expect(page.locator(".wall-numbers dd").first).to_have_text("7件")
        photograph(page, SHOTS / "wall-lost.png")
    finally:
        context.close()
