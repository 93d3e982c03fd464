"""What a worker finds and ticks on the round without a network: kept for that person, done exactly once, answered."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.bundle_words import BundleKind
from huipai.cases.commands import handling
from huipai.cases.models import Case, CasePhoto, FindPhoto, KeptBundle, OwnFind, Report, Transition
from huipai.cases.words import Action, Moment
from huipai.grid import commands as grid
from huipai.kit import clock
from huipai.people.words import Role
from huipai.photos.models import Photo
from tests import cast
from tests.browser.kept import all_sent, kill, living_in, parcel, sign_in, waiting
from tests.browser.looking import axe, photograph, sideways, too_small
from tests.browser.sending import phone, picture, swallow
from tests.cases.conftest import LITTER, Place
from tests.cases.test_kept import colleague
from tests.photos.conftest import folder

__all__ = ["folder", "picture"]
expect.set_options(timeout=20_000)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = Path(__file__).resolve().parents[2] / "var" / "shots"
FINDS, BUNDLES = "**/outbox/finds/", "**/outbox/bundles/"
KEPT = "现在没有网，已存在手机里"
# Whether the pages that stand in have been put away, within ten seconds.
KEPT_PAGES = """async () => {
    for (let tries = 0; tries < 100; tries += 1) {
        const found = await Promise.all(['today/kept/', 'own-finds/offline/'].map((page) =>
            caches.match(`/s/yunqiao/${page}`, {ignoreSearch: true, ignoreVary: true})));
        if (found.every(Boolean)) return true;
        await new Promise((done) => setTimeout(done, 100));
    }
    return false;
}"""
# Nothing is written any more, as where the phone is full: what is as small as this the browser's own quota lets pass.
NO_ROOM = """const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...what) {
    const asked = put.apply(this, what);
    this.transaction.abort();
    return asked;
};"""
Picture = Callable[[int], str]


def visit(page: Page, base: str) -> None:
    """Today's list was opened once with a network: the round lies on the phone."""
    page.goto(f"{base}/today/")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    assert page.evaluate(KEPT_PAGES)
    expect(page.locator("[data-round-kept]")).to_have_count(1)


def fill(page: Page, before: str, after: str) -> None:
    for side, photo in (("photo", before), ("after", after)):
        page.locator(f"#upload-{side} [data-upload-input]").last.set_input_files(photo)
        expect(page.locator(f"#upload-{side} [data-upload-list] li")).to_have_count(1)
    page.get_by_label("是哪一类").select_option(LITTER)


def note(page: Page) -> None:
    page.get_by_role("button", name="记下来").click()


def lose_the_answer(context: BrowserContext, live_server: LiveServer, here: Place, door: str) -> Page:
    """The phone is opened again: what waits arrives, and nothing comes back."""
    sign_in(context, live_server.url, here.wei)
    page = context.new_page()
    page.route(door, swallow)
    page.goto(f"{live_server.url}/s/yunqiao/today/")
    expect(page.locator("[data-outbox-list]")).to_contain_text("现在连不上")
    return page


def send_from_two_tabs(context: BrowserContext, live_server: LiveServer, here: Place) -> list[Page]:
    """Both try what still waits, and both know afterwards that it is there."""
    sign_in(context, live_server.url, here.wei)
    pages = [context.new_page() for _ in range(2)]
    for page in pages:
        page.goto(f"{live_server.url}/s/yunqiao/today/")
    for page in pages:
        all_sent(page)
    return pages


class TestOwnFinds:
    @pytest.mark.long
    def test_from_a_cold_start_kept_changed_killed_and_with_its_answer_lost_recorded_once(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Picture, tmp_path: Path
    ) -> None:
        base, home = f"{live_server.url}/s/yunqiao", tmp_path / "phone"
        with living_in(browser, home) as context:
            sign_in(context, live_server.url, here.wei)
            page = context.new_page()
            visit(page, base)
            context.set_offline(True)
            page.goto(f"{base}/today/")
            page.get_by_role("link", name="自己发现，顺手办了").click()
            note(page)
            for words in ("办之前拍一张", "办之后拍一张", "选一下是哪一类", "还不知道在哪里"):
                expect(page.locator("[data-faults]")).to_contain_text(words)
            fill(page, picture(1), picture(2))
            expect(page.locator("[data-place-words]")).to_contain_text("照片里带着位置")
            expect(page.locator("#upload-after [data-upload-status]")).to_contain_text("照片先存在手机里")
            assert sideways(page) == 0 and axe(page) == [] and too_small(page, 44) == []
            photograph(page, SHOTS / "find-offline.png", full_page=True)
            note(page)
            expect(page.get_by_role("heading", name=KEPT)).to_be_visible()
            page.get_by_role("link", name="看今天的").click()
            row = page.locator("[data-outbox-list] li")
            expect(row).to_contain_text("在现场记下")
            expect(row).to_contain_text("待发送")
            photograph(page, SHOTS / "find-waits.png", full_page=True)
            row.get_by_role("link", name="改一改").click()
            expect(page.get_by_label("是哪一类")).to_have_value(LITTER)
            page.locator("#upload-after").get_by_role("button", name="去掉这张").click()
            page.locator("#upload-after [data-upload-input]").last.set_input_files(picture(3))
            page.get_by_label("看到什么，怎么办的").fill("两袋垃圾，扎好放进桶里")
            note(page)
            expect(page.get_by_role("heading", name=KEPT)).to_be_visible()
            assert waiting(page) == 1 and not Photo.objects.exists()
            kill(home)
        with living_in(browser, home, service_workers="block") as context:
            page = lose_the_answer(context, live_server, here, FINDS)
            assert OwnFind.objects.count() == 1 and waiting(page) == 1
            kill(home)
        with living_in(browser, home) as context:
            send_from_two_tabs(context, live_server, here)
        find = OwnFind.objects.get()
        assert (find.worker, find.text, Photo.objects.count()) == (here.wei, "两袋垃圾，扎好放进桶里", 2)
        assert sorted(FindPhoto.objects.values_list("moment", flat=True)) == [Moment.AFTER, Moment.BEFORE]

    @pytest.mark.long
    def test_what_another_reported_meanwhile_comes_back_with_everything_and_says_where(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Picture
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.wei, service_workers="block") as context:
            page = context.new_page()
            page.goto(f"{base}/own-finds/new/", wait_until="networkidle")
            context.set_offline(True)
            fill(page, picture(1), picture(2))
            page.get_by_label("看到什么，怎么办的").fill("扎好放进桶里")
            note(page)
            expect(page.get_by_role("heading", name=KEPT)).to_be_visible()
            case = here.report(now=clock.now(), case_type=LITTER)
            sign_in(context, live_server.url, here.hua)  # somebody else on the same phone
            context.set_offline(False)
            page.goto(f"{base}/mine/")
            expect(page.get_by_text("手机里还有 1 件是别的账号存的")).to_be_visible()
            expect(page.locator("[data-outbox-list] li")).to_have_count(0)
            assert not OwnFind.objects.exists() and not Photo.objects.filter(uploader=here.wei).exists()

            sign_in(context, live_server.url, here.wei)
            page.goto(f"{base}/own-finds/")
            expect(page.locator("[data-outbox-list]")).to_contain_text("附近有人报过同一类的")
            page.get_by_role("link", name="改一改").click()
            expect(page.locator("[data-faults]")).to_contain_text("请从那一件办完")
            expect(page.locator("#another a")).to_have_attribute("href", f"/s/yunqiao/cases/{case.code}/")
            expect(page.get_by_label("看到什么，怎么办的")).to_have_value("扎好放进桶里")
            expect(page.locator("[data-upload-list] li")).to_have_count(2)
            assert sideways(page) == 0 and axe(page) == [] and too_small(page, 44) == []
            photograph(page, SHOTS / "find-near.png", full_page=True)
            page.get_by_label("都不是同一件").check()
            note(page)
            page.wait_for_url("**/own-finds/*-*/")
            expect(page.get_by_text("扎好放进桶里")).to_be_visible()
            assert waiting(page) == 0
        assert OwnFind.objects.get().photos.count() == 2

    @pytest.mark.long
    def test_in_another_grid_it_becomes_a_report_with_everything_in_it(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Picture
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        elsewhere = cast.staff("巫小岭", "13900018877")
        grid.assign(person=elsewhere, role=Role.GRID_WORKER, node=here.town["M4"], actor=None, now=cast.A_MONTH_AGO)
        with phone(browser, live_server.url, elsewhere, service_workers="block") as context:
            page = context.new_page()
            page.goto(f"{base}/own-finds/new/", wait_until="networkidle")
            fill(page, picture(1), picture(2))
            page.get_by_label("看到什么，怎么办的").fill("扎好放进桶里")
            note(page)
            expect(page.locator("[data-faults]")).to_contain_text("这里不在您的网格里")
            page.get_by_role("button", name="改成上报").click()
            page.wait_for_url("**/report/?parcel=*")
            expect(page.locator("[data-upload-list] li")).to_have_count(2)
            expect(page.get_by_label("想说的话")).to_have_value("扎好放进桶里")
            page.get_by_role("button", name="发送").click()
            page.wait_for_url("**/received/")
            assert waiting(page) == 0
        report = Report.objects.get()
        assert (report.reporter, report.text, report.case.case_type.code) == (elsewhere, "扎好放进桶里", LITTER)
        assert CasePhoto.objects.filter(report=report).count() == 2 and not OwnFind.objects.exists()


def tick(page: Page, *cases: Case) -> None:
    for case in cases:
        page.locator(f"[name=tick][value='{case.code}']").check()


def take_on(page: Page) -> None:
    page.get_by_role("button", name="勾上的都我来办").click()


class TestTicked:
    def test_from_a_cold_start_kept_changed_killed_and_with_its_answer_lost_done_once_with_a_result_each(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, tmp_path: Path
    ) -> None:
        base, home = f"{live_server.url}/s/yunqiao", tmp_path / "phone"
        one, two, three = (here.report(now=clock.now(), case_type=LITTER) for _each in range(3))
        with living_in(browser, home) as context:
            sign_in(context, live_server.url, here.wei)
            page = context.new_page()
            visit(page, base)
            context.set_offline(True)
            page.goto(f"{base}/today/")
            take_on(page)
            expect(page.get_by_role("alert")).to_contain_text("先勾几件")
            tick(page, one, two)
            assert sideways(page) == 0 and axe(page) == [] and too_small(page, 44) == []
            photograph(page, SHOTS / "ticks-offline.png", full_page=True)
            take_on(page)
            expect(page.locator("[data-ticks-kept]")).to_contain_text("已存在手机里")
            expect(page.locator("[data-outbox-list]")).to_contain_text("勾上的 2 件都我来办")
            for case, words in ((one, "我来办 · 待发送"), (two, "我来办 · 待发送"), (three, "")):
                expect(page.locator(f"#rounds [data-id='{case.code}'] [data-waits] span")).to_have_text(words)
            assert sideways(page) == 0 and axe(page) == [] and too_small(page, 44) == []
            photograph(page, SHOTS / "ticks-wait.png", full_page=True)
            page.get_by_role("link", name="改一改").click()
            expect(page.locator("[data-ticks-begun]")).to_contain_text("上次勾的 2 件还没发")
            expect(page.locator(f"[name=tick][value='{one.code}']")).to_be_checked()
            tick(page, three)
            page.get_by_text("勾上的都转给联动中心").click()
            page.get_by_role("button", name="一起转").click()
            expect(page.get_by_role("alert")).to_contain_text("写一句为什么办不了")
            take_on(page)
            expect(page.locator("[data-outbox-list]")).to_contain_text("勾上的 3 件都我来办")
            assert waiting(page) == 1 and not KeptBundle.objects.exists()
            kill(home)
        handling.accept(case_id=two.id, actor=colleague(here), now=clock.now())
        with living_in(browser, home, service_workers="block") as context:
            page = lose_the_answer(context, live_server, here, BUNDLES)
            assert KeptBundle.objects.count() == 1 and waiting(page) == 1
            kill(home)
        with living_in(browser, home) as context:
            pages = send_from_two_tabs(context, live_server, here)
            page = pages[0]
            page.reload()
            photograph(page, SHOTS / "ticks-today.png", full_page=True)
            page.get_by_text("一起办的办成 2 件，没办成 1 件").click()
            expect(page.get_by_text("陶小梁先接了")).to_be_visible()
            expect(page.get_by_text("接下了")).to_have_count(2)
            assert sideways(page) == 0 and axe(page) == [] and too_small(page, 44) == []
            photograph(page, SHOTS / "ticks-results.png", full_page=True)
        taken = Transition.objects.filter(action=Action.ACCEPT, actor=here.wei)
        assert KeptBundle.objects.count() == 1 and set(taken.values_list("case", flat=True)) == {one.id, three.id}
        assert taken.count() == 2

    @pytest.mark.long
    def test_with_a_network_at_once_and_on_a_shared_phone_in_nobody_elses_name(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        one, two = (here.report(now=clock.now(), case_type=LITTER) for _each in range(2))
        with phone(browser, live_server.url, here.wei, service_workers="block") as context:
            page = context.new_page()
            page.goto(f"{base}/today/", wait_until="networkidle")
            tick(page, one)
            take_on(page)
            page.wait_for_url("**/today/together/*/")
            expect(page.get_by_text("办成 1 件")).to_be_visible()
            page.goto(f"{base}/today/", wait_until="networkidle")
            context.set_offline(True)
            tick(page, one, two)
            page.get_by_text("勾上的都转给联动中心").click()
            page.get_by_label("为什么网格办不了").fill("要修路")
            page.get_by_role("button", name="一起转").click()
            expect(page.locator("[data-outbox-list]")).to_contain_text("勾上的 2 件都转给联动中心")

            other = colleague(here)
            sign_in(context, live_server.url, other)
            context.set_offline(False)
            page.goto(f"{base}/today/", wait_until="networkidle")
            expect(page.get_by_text("手机里还有 1 件是别的账号存的")).to_be_visible()
            expect(page.locator("[data-outbox-list] li")).to_have_count(0)
            page.goto(f"{base}/today/?parcel={parcel(page)}", wait_until="networkidle")
            assert page.locator("[name=tick]:checked").count() == 0 and waiting(page) == 1
            assert Transition.objects.filter(action=Action.HAND_UP).count() == 0

            sign_in(context, live_server.url, here.wei)
            page.goto(f"{base}/today/")
            all_sent(page)
        assert Transition.objects.filter(action=Action.HAND_UP, actor=here.wei).count() == 2
        assert set(KeptBundle.objects.values_list("kind", flat=True)) == {BundleKind.ACCEPT, BundleKind.HAND_UP}

    @pytest.mark.long
    def test_on_a_phone_without_room_nothing_is_said_to_wait_and_all_goes_with_a_network(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, tmp_path: Path
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        one, two, three = (here.report(now=clock.now(), case_type=LITTER) for _each in range(3))
        with living_in(browser, tmp_path / "phone") as context:
            sign_in(context, live_server.url, here.wei)
            page = context.new_page()
            visit(page, base)
            context.add_init_script(NO_ROOM)
            context.set_offline(True)
            page.goto(f"{base}/today/")
            tick(page, one, two)
            take_on(page)
            expect(page.get_by_role("alert")).to_contain_text("手机存满了")
            expect(page.locator("[name=tick]:checked")).to_have_count(2)
            expect(page.locator("[data-outbox-list] li")).to_have_count(0)
            page.locator(f"[data-id='{three.code}'] a").click()
            page.get_by_role("button", name="我来办").click()
            expect(page.locator("[data-faults]")).to_contain_text("手机存满了，这一步存不住")
            expect(page.locator("[data-rounds-case] > [data-waits]")).to_be_hidden()
            assert sideways(page) == 0 and axe(page) == []
            photograph(page, SHOTS / "rounds-full.png", full_page=True)
            page.get_by_text("问上报人一句").click()
            page.get_by_label("想问的话").fill("在哪一栋？")
            page.get_by_role("button", name="问一句").click()
            expect(page.locator("[data-faults]")).to_contain_text("手机存满了，这一步存不住")
            expect(page.get_by_label("想问的话")).to_have_value("在哪一栋？")
            context.set_offline(False)
            page.get_by_role("button", name="我来办").click()
            expect(page.get_by_role("button", name="我来办")).to_be_hidden()
            until_taken(three)
            page.goto(f"{base}/today/", wait_until="networkidle")
            expect(page.get_by_text("今天的清单存不进这部手机")).to_be_visible()
            photograph(page, SHOTS / "today-full.png", full_page=True)
            tick(page, one, two)
            take_on(page)
            page.wait_for_url("**/today/together/*/")
            expect(page.get_by_text("办成 2 件")).to_be_visible()
        assert Transition.objects.filter(action=Action.ACCEPT, actor=here.wei).count() == 3


def until_taken(case: Case) -> None:
    """The press has gone out by itself; the page says nothing more of it."""
    for _tenth in range(100):
        if Transition.objects.filter(case=case, action=Action.ACCEPT).exists():
            return
        time.sleep(0.1)
    raise AssertionError("never taken on")
