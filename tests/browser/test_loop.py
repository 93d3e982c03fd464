"""The whole loop in a browser, with real photos, in both streets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.models import Case, Check
from huipai.cases.words import Outcome, State
from huipai.cli.seed.town.build import build
from huipai.cli.seed.town.layers import layers
from huipai.cli.seed.town.yunqiao import YUNQIAO
from huipai.grid import commands as grid
from huipai.grid.words import BaseMapKind
from huipai.journal import queries as journal
from huipai.people.models import Person
from huipai.senders.models import Message
from huipai.streets.current import in_street
from tests.browser.looking import photograph
from tests.cases.conftest import Place, settle
from tests.cast import MONDAY
from tests.jobs import run_jobs
from tests.photos import samples
from tests.photos.conftest import folder

__all__ = ["folder"]
LOWER_EDGE = 700
SHOTS = settings.BASE_DIR / "var" / "shots"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class Visitor:
    """Somebody at a phone; each press on our pages is counted."""

    page: Page
    base: str
    presses: int = 0
    problems: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)

    def shot(self, name: str) -> None:
        """A picture of this step as its phone shows it; `make shots` takes them into the docs."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.evaluate("document.fonts.ready")
        for drawing in self.page.locator("[data-map]").all():
            if (drawing.bounding_box() or {"y": LOWER_EDGE})["y"] < LOWER_EDGE:
                expect(drawing).to_have_attribute("data-drawn", "yes", timeout=20_000)
        self.page.wait_for_timeout(500)
        photograph(self.page, SHOTS / f"{name}.png")

    def press(self, words: str) -> None:
        self.presses += 1
        self.page.get_by_role("button", name=words).or_(self.page.get_by_role("link", name=words)).first.click()


@contextmanager
def at_a_phone(
    browser: Browser, live_server: LiveServer, street: str, person: Person | None = None
) -> Iterator[Visitor]:
    context = browser.new_context(
        viewport={"width": 360, "height": 780}, locale="zh-CN", is_mobile=True, has_touch=True
    )
    if person is not None:
        context.add_cookies([_session(person, live_server.url)])
    page = context.new_page()
    visitor = Visitor(page, f"{live_server.url}/s/{street}")
    page.on("pageerror", lambda error: visitor.problems.append(str(error)))
    try:
        yield visitor
    finally:
        context.close()
    assert visitor.problems == []


def _session(person: Person, url: str) -> dict[str, str]:
    client = Client()
    assert person.account is not None
    client.force_login(person.account)
    session = client.session
    assert isinstance(session, SessionStore)
    return {"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": url}


def sign_in_by_code(visitor: Visitor, phone: str) -> None:
    visitor.open("/sign-in/")
    visitor.page.get_by_label("手机号").fill(phone)
    visitor.press("发验证码")
    expect(visitor.page.get_by_label("验证码")).to_be_visible()
    run_jobs()
    text = Message.objects.order_by("-made_at").values_list("text", flat=True)[0]
    code = re.search(r"\d{6}", text)
    assert code is not None
    visitor.page.get_by_label("验证码").fill(code[0])
    visitor.press("登录")
    expect(visitor.page.locator("[data-shoot]").first).to_be_visible()


def report_in_three_taps(visitor: Visitor, photo: Path) -> None:
    visitor.shot("1-home")
    visitor.presses = 0
    with visitor.page.expect_file_chooser() as chooser:
        visitor.page.locator("[data-shoot]").first.click()
        visitor.presses += 1
    chooser.value.set_files(str(photo))
    visitor.page.wait_for_url("**/report/**")
    expect(visitor.page.locator("[data-upload-list] li")).to_have_count(1)
    visitor.page.get_by_text("车辆乱停").click()
    visitor.presses += 1
    visitor.shot("2-report")
    visitor.press("发送")
    visitor.page.wait_for_url("**/received/")
    assert visitor.presses == 3


def walk(browser: Browser, live_server: LiveServer, place: Place, photos: dict[str, Path], node: str) -> Case:
    slug = place.street.slug
    phone = place.lan.account.phone if place.lan.account else None
    assert phone is not None
    with at_a_phone(browser, live_server, slug) as lan:
        sign_in_by_code(lan, phone.removeprefix("+86"))
        report_in_three_taps(lan, photos["parking_jam.jpg"])
        expect(lan.page.get_by_role("heading", name=f"落在{node}")).to_be_visible()
        run_jobs()
        lan.page.reload()
        lan.shot("3-received")

        with at_a_phone(browser, live_server, slug, place.wei) as wei:
            wei.open("/today/")
            wei.shot("4-today")
            wei.page.locator("#today li a").first.click()
            wei.press("我来办")
            wei.press("办好了，拍一张")
            wei.page.locator("[data-upload-input]").first.set_input_files(str(photos["after.jpg"]))
            expect(wei.page.locator("[data-upload-list] li")).to_have_count(1)
            wei.page.get_by_label("怎么办的").fill("车主挪走了，路口通了")
            wei.shot("5-respond")
            wei.press("办好了")
            expect(wei.page.get_by_text("核查中").first).to_be_visible()
        run_jobs()

        check = Check.objects.select_related("checker__account").get()
        with at_a_phone(browser, live_server, slug, check.checker) as checker:
            checker.open("/checks/")
            checker.page.get_by_role("link", name="车辆乱停").click()
            checker.shot("6-check")
            checker.press("通过")
            expect(checker.page.get_by_text("记下了，谢谢您跑一趟")).to_be_visible()

        lan.open("/mine/")
        lan.page.locator("main li a").first.click()
        lan.shot("7-confirm")
        lan.press("解决了")
        lan.page.get_by_text("非常满意", exact=True).click()
        lan.press("是的，解决了")
        expect(lan.page.get_by_text("已办结").first).to_be_visible()
        lan.shot("8-closed")
        lan.open("/points/")
        expect(lan.page.get_by_text("+5").first).to_be_visible()
        lan.shot("9-points")
    return Case.objects.get()


@pytest.fixture
def photos(tmp_path: Path, here: Place) -> dict[str, Path]:
    at = here.town.at(50, 50)
    return samples.write_all(tmp_path, place=(at.lat, at.lng))


def draw_the_town(place: Place) -> None:
    """The roads, water and houses of the demo's town, moved to where this street lies."""
    drawn = layers(YUNQIAO, build(YUNQIAO, seed=1))
    lng, lat = drawn["place"]["features"][0]["geometry"]["coordinates"]
    at = place.town.at(50, 50)

    def moved(one: Any) -> Any:
        if isinstance(one, dict):
            return {key: moved(value) if key in {"features", "geometry", "coordinates"} else value
                    for key, value in one.items()}  # fmt: skip
        if isinstance(one, list | tuple) and one and isinstance(one[0], int | float):
            return [one[0] - lng + at.lng, one[1] - lat + at.lat]
        return [moved(part) for part in one] if isinstance(one, list | tuple) else one

    for kind in set(BaseMapKind) & set(drawn):
        grid.replace_base_map(kind=kind, features=moved(drawn[kind]), actor=None, now=MONDAY)


def test_the_whole_loop(browser: Browser, live_server: LiveServer, here: Place, photos: dict[str, Path]) -> None:
    draw_the_town(here)
    case = walk(browser, live_server, here, photos, "M1")
    assert (case.state, case.outcome, case.node.code) == (State.CLOSED, Outcome.CONFIRMED, "M1")
    told = set(journal.about(case.subject).values_list("what", flat=True))
    assert {"case.reported", "case.accepted", "case.responded", "case.check_passed", "case.confirmed"} <= told


def test_the_same_in_the_second_street_and_neither_sees_the_other(
    browser: Browser, live_server: LiveServer, here: Place, hetang: object, tmp_path: Path
) -> None:
    there = settle(hetang, 2)  # type: ignore[arg-type]
    ours = here.report()
    at = there.town.at(50, 50)
    with in_street(there.street.id):
        theirs = walk(browser, live_server, there, samples.write_all(tmp_path, place=(at.lat, at.lng)), "M1")
    with at_a_phone(browser, live_server, here.street.slug, here.wei) as wei:
        wei.open(f"/cases/{theirs.code}/")
        expect(wei.page.get_by_text("没有找到这件事").first).to_be_visible()
        wei.open("/today/")
        expect(wei.page.locator("#today li")).to_have_count(1)
    with in_street(there.street.id), at_a_phone(browser, live_server, there.street.slug, there.wei) as wei:
        wei.open(f"/cases/{ours.code}/")
        expect(wei.page.get_by_text("没有找到这件事").first).to_be_visible()
