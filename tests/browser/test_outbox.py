"""What waits on a phone: kept through everything, sent exactly once, in the right street and name."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.models import Case, CasePhoto, DeedStep, GoodDeed, Report
from huipai.kit import clock
from huipai.people import commands as people
from huipai.people.models import Person, Proxy
from huipai.people.words import ProxyScope
from huipai.photos import commands as photos
from huipai.photos.models import Photo
from tests.browser.kept import PHONE, WAITING, all_sent, kill, living_in, sign_in, until, waiting
from tests.browser.looking import looking
from tests.cases.conftest import Place
from tests.cases.test_own import helps
from tests.photos import samples
from tests.photos.conftest import folder

__all__ = ["folder"]
expect.set_options(timeout=20_000)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REPORTS = "**/outbox/reports/"
# Whether the worker has put the empty form of this street away, within ten seconds.
KEPT_FORM = """async () => {
    for (let tries = 0; tries < 100; tries += 1) {
        if (await caches.match('/s/yunqiao/report/offline/', {ignoreSearch: true, ignoreVary: true})) return true;
        await new Promise((done) => setTimeout(done, 100));
    }
    return false;
}"""

# What the phone's store has of who did the deed that is being told.
WHO_DID_IT = """() => new Promise((done) => {
    indexedDB.open('huipai-outbox').onsuccess = (event) => {
        event.target.result.transaction('parcels').objectStore('parcels').getAll().onsuccess =
            (found) => done(found.target.result.at(-1)?.fields.doer ?? '');
    };
})"""

# Where the first button of its kind stands; asked in one go, for the list may be drawn anew at any moment.
FIRST_ANSWER = (
    "() => document.querySelector('[data-same]:not([hidden]) [data-verb=not_same]').getBoundingClientRect().top"
)


@pytest.fixture
def picture(tmp_path: Path, here: Place) -> Callable[[int], str]:
    """A photo of its own for each number, with a place in it."""
    at = here.town.at(50, 50)

    def make(number: int) -> str:
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(samples.jpeg(size=(640 + number, 480), place=(at.lat, at.lng)))
        return str(path)

    return make


@contextmanager
def phone(browser: Browser, base: str, person: Person, **more: object) -> Iterator[BrowserContext]:
    context = browser.new_context(**{**PHONE, **more})  # type: ignore[arg-type]
    sign_in(context, base, person)
    try:
        yield context
    finally:
        context.close()


def fill(page: Page, *pictures: str) -> None:
    """Photos and a category, as somebody does it."""
    page.locator("[data-upload-input]").last.set_input_files(list(pictures))
    expect(page.locator("[data-upload-list] li")).to_have_count(len(pictures))
    page.get_by_text("车辆乱停").click()


def send(page: Page) -> None:
    page.get_by_role("button", name="发送").click()


class TestWithoutANetwork:
    def test_a_report_is_taken_from_a_cold_start_kept_edited_and_sent_once(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan) as context:
            page = context.new_page()
            page.goto(f"{base}/")
            page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
            assert page.evaluate(KEPT_FORM)
            context.set_offline(True)
            page.goto(f"{base}/report/")  # the empty form that the worker keeps
            fill(page, picture(1), picture(2))
            expect(page.locator("[data-upload-status]")).to_contain_text("照片先存在手机里")
            send(page)
            expect(page.get_by_role("heading", name="现在没有网，已存在手机里")).to_be_visible()
            page.goto(f"{base}/mine/")
            expect(page.get_by_role("heading", name="手机里待发送的")).to_be_visible()
            expect(page.locator("[data-outbox-list]")).to_contain_text("车辆乱停")
            expect(page.locator("[data-outbox-count]").first).to_contain_text("1")
            page.get_by_role("link", name="改一改").click()
            expect(page.locator("[data-upload-list] li")).to_have_count(2)
            page.goto(f"{base}/mine/")  # the form is left as it is: the report waits as before
            expect(page.locator("[data-outbox-list]")).to_contain_text("车辆乱停")
            expect(page.locator("[data-outbox-count]").first).to_contain_text("1")
            page.get_by_role("link", name="改一改").click()
            expect(page.locator("[data-upload-list] li")).to_have_count(2)
            page.get_by_label("想说的话").fill("东门堵了")
            page.get_by_role("button", name="去掉这张").first.click()
            send(page)
            expect(page.get_by_role("heading", name="现在没有网，已存在手机里")).to_be_visible()
            assert not Photo.objects.exists()
            context.set_offline(False)
            page.wait_for_url("**/received/")
            assert waiting(page) == 0
        report = Report.objects.get()
        assert (report.text, CasePhoto.objects.filter(report=report).count()) == ("东门堵了", 1)

    def test_a_good_deed_is_told_by_the_door_of_the_report_edited_while_it_waits_and_sent_once(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan) as context:
            page = context.new_page()
            page.goto(f"{base}/")
            page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
            assert page.evaluate(KEPT_FORM.replace("report/offline/", "report/good-deed/offline/"))
            context.set_offline(True)
            page.goto(f"{base}/deeds/")  # a page that is not kept: there is a door for it
            expect(page.get_by_role("link", name="照样能讲好人好事")).to_be_visible()
            page.goto(f"{base}/report/")
            page.get_by_role("link", name="是好人好事？在这里讲").click()
            page.get_by_role("button", name="讲给社区听").click()
            expect(page.get_by_text("还差 3 处")).to_be_visible()
            page.get_by_label("是什么好事").fill("送伞")
            page.get_by_label("怎么找到他").fill("3 号楼的大姐")
            page.get_by_text("别人做的").click()
            until(page, WHO_DID_IT, "other")
            page.reload()  # left half way: what was typed is offered again, without any photo
            page.get_by_role("link", name="接着写").click()
            expect(page.get_by_label("怎么找到他")).to_have_value("3 号楼的大姐")
            page.get_by_role("button", name="讲给社区听").click()
            expect(page.get_by_text("还差一处")).to_be_visible()
            page.locator("[data-upload-input]").last.set_input_files([picture(1)])
            expect(page.locator("[data-upload-status]")).to_contain_text("照片先存在手机里")
            page.get_by_role("button", name="讲给社区听").dblclick()
            expect(page.get_by_role("heading", name="现在没有网，已存在手机里")).to_be_visible()
            expect(page.locator("[data-faults]")).to_be_hidden()
            page.goto(f"{base}/deeds/")
            expect(page.locator("[data-outbox-list]")).to_contain_text("送伞")
            expect(page.locator("[data-outbox-list]")).to_contain_text("讲的")
            page.get_by_role("link", name="改一改").click()
            expect(page.locator("[data-upload-list] li")).to_have_count(1)
            page.get_by_label("是什么好事").fill("雨天送伞")
            page.get_by_role("button", name="讲给社区听").click()
            expect(page.get_by_role("heading", name="现在没有网，已存在手机里")).to_be_visible()
            assert not GoodDeed.objects.exists()
            other = context.new_page()  # a second tab that tries at the same moment
            other.goto(f"{base}/deeds/")
            context.set_offline(False)
            page.wait_for_url("**/deeds/*/")
            expect(page.get_by_text("等社区核实").first).to_be_visible()
            until(page, WAITING, 0)
        deed = GoodDeed.objects.get()
        assert (deed.title, deed.who, deed.reporter, deed.photos.count()) == ("雨天送伞", "3 号楼的大姐", here.lan, 1)
        assert DeedStep.objects.count() == 1

    def test_what_was_sent_and_taken_back_is_not_offered_as_a_forgotten_draft(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            page = context.new_page()
            page.goto(f"{base}/report/")
            fill(page, picture(1))
            page.route(REPORTS, lambda route: route.abort())
            send(page)
            expect(page.get_by_role("heading", name="现在连不上，已替您存着")).to_be_visible()
            page.goto(f"{base}/mine/")
            page.get_by_role("link", name="改一改").click()
            expect(page.locator("[data-upload-list] li")).to_have_count(1)
            # Its form is still open, so that nothing gives it back while the other page looks for drafts.
            other = context.new_page()
            other.goto(f"{base}/report/")
            other.wait_for_timeout(2000)
            expect(other.locator("[data-draft]")).to_be_hidden()
            assert waiting(other) == 1

    @pytest.mark.long
    def test_three_tabs_that_all_try_at_once_send_each_thing_once(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        """Whoever holds a parcel's lock sends it; the others then find it gone."""
        base = f"{live_server.url}/s/yunqiao"
        posted: list[str] = []
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            for path in ("**/outbox/", "**/pieces/", REPORTS):
                context.route(path, lambda route: route.abort())
            pages = [context.new_page() for _ in range(3)]
            for number, page in enumerate(pages):
                page.goto(f"{base}/report/", wait_until="networkidle")
                fill(page, picture(number * 3), picture(number * 3 + 1))
                send(page)
                expect(page.get_by_role("heading", name="现在连不上，已替您存着")).to_be_visible()
            for page in pages:
                page.goto(f"{base}/mine/", wait_until="networkidle")  # where a page stays when its report has gone
            expect(pages[0].locator("[data-outbox-count]").first).to_contain_text("3")
            context.unroute_all()
            context.on("request", lambda call: posted.append(call.url) if call.method != "GET" else None)
            for page in pages:
                page.evaluate("() => { setTimeout(() => window.dispatchEvent(new Event('online')), 200) }")
            for page in pages:
                all_sent(page)
        assert len([url for url in posted if url.endswith("/outbox/reports/")]) == 3
        assert len([url for url in posted if url.endswith("/pieces/")]) == 6
        assert (Report.objects.count(), Case.objects.count(), Photo.objects.count()) == (3, 3, 6)


class TestKilled:
    def test_between_two_tries_nothing_is_lost_and_nothing_comes_twice(
        self,
        browser: Browser,
        live_server: LiveServer,
        here: Place,
        folder: Path,
        picture: Callable[[int], str],
        tmp_path: Path,
    ) -> None:
        """The answer of the first try is lost and the browser killed: the server has it, the phone does not know."""
        base, home = f"{live_server.url}/s/yunqiao", tmp_path / "phone"
        with living_in(browser, home, service_workers="block") as context:
            sign_in(context, live_server.url, here.lan)
            page = context.new_page()
            page.goto(f"{base}/report/")
            fill(page, picture(1), picture(2), picture(3))
            page.route(REPORTS, swallow)
            send(page)
            expect(page.get_by_role("heading", name="现在连不上，已替您存着")).to_be_visible()
            page.goto(f"{base}/report/")
            page.route("**/pieces/", lambda route: route.abort())
            fill(page, picture(4))
            send(page)
            expect(page.get_by_role("heading", name="现在连不上，已替您存着")).to_be_visible()
            assert Report.objects.count() == 1
            kill(home)
        with living_in(browser, home, service_workers="block") as context:
            sign_in(context, live_server.url, here.lan)
            page = context.new_page()
            page.goto(f"{base}/mine/")
            all_sent(page)
        assert (Report.objects.count(), Case.objects.count(), CasePhoto.objects.count()) == (2, 2, 4)


class TestLargePhoto:
    def test_goes_on_where_it_was_cut_off(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, tmp_path: Path
    ) -> None:
        """Of a photo of a megabyte and more the first piece arrives; then the network breaks."""
        base, offsets = f"{live_server.url}/s/yunqiao", list[int]()
        at = here.town.at(50, 50)
        (tmp_path / "noise.jpg").write_bytes(samples.noise(place=(at.lat, at.lng)))

        def once(route: Route) -> None:
            offsets.append(int(route.request.headers["upload-offset"]))
            route.continue_() if len(offsets) == 1 else route.abort()

        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            page = context.new_page()
            page.goto(f"{base}/report/", wait_until="networkidle")
            page.route("**/pieces/", once)
            fill(page, str(tmp_path / "noise.jpg"))
            expect(page.locator("[data-upload-status]")).to_contain_text("照片先存在手机里")
            send(page)
            expect(page.get_by_role("heading", name="现在连不上，已替您存着")).to_be_visible()
            page.goto(f"{base}/mine/")
            expect(page.locator("[data-outbox-list]")).to_contain_text("传了一半，接着传")
            expect(page.locator("[data-outbox-list]")).to_contain_text("1 张照片传了 0 张")
            page.unroute("**/pieces/")
            page.get_by_role("button", name="现在试试").click()
            page.wait_for_url("**/received/")
        assert offsets[0] == 0 and set(offsets[1:]) == {256 * 1024}
        assert Photo.objects.get().size > 2 * 256 * 1024 and Report.objects.count() == 1


class TestNeighbours:
    def test_the_same_is_offered_before_sending_and_joined(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        base, case = f"{live_server.url}/s/yunqiao", shown_now(here)
        with phone(browser, live_server.url, here.hua, service_workers="block") as context:
            page = context.new_page()
            page.goto(f"{base}/report/", wait_until="networkidle")
            fill(page, picture(1))
            expect(page.get_by_text("米外有一件很像的事")).to_be_visible()
            send(page)
            expect(page.get_by_role("heading", name="是同一件事吗？")).to_be_visible()
            expect(page.get_by_role("img", name="邻居拍的照片")).to_be_visible()
            assert Report.objects.count() == 1
            page.get_by_role("button", name="是同一件，我也跟着").click()
            page.wait_for_url("**/received/")
            page.goto(f"{base}/report/", wait_until="networkidle")
            fill(page, picture(2))
            send(page)  # what one has reported oneself is not asked about
            page.wait_for_url("**/received/")
        assert Report.objects.filter(case=case).count() == 2 and Case.objects.count() == 2


class TestAskedLater:
    def test_what_comes_up_beside_a_neighbours_case_is_joined_or_sent_as_another_from_the_list(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        """The form could not ask: only the server, when what waited arrives, sees that a neighbour was first."""
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.hua, service_workers="block") as context:
            page = context.new_page()
            for number in (1, 2):
                page.goto(f"{base}/report/", wait_until="networkidle")
                fill(page, picture(number))
                page.route(REPORTS, lambda route: route.abort())
                send(page)
                expect(page.get_by_role("heading", name="现在连不上，已替您存着")).to_be_visible()
            case = shown_now(here)
            page.unroute(REPORTS)
            page.goto(f"{base}/mine/", wait_until="networkidle")
            same, another = (
                page.get_by_role("button", name=name) for name in ("是同一件，我也跟着", "不是同一件，照样报")
            )
            for number in (0, 1):
                page.get_by_role("button", name="现在试试").nth(number).click()
                expect(same.nth(number)).to_be_visible()
            expect(page.get_by_text("不答也不要紧，过十分钟照样发出")).to_have_count(2)
            press_while_it_is_drawn_again(page, another.first)
            page.wait_for_url("**/received/")
            page.goto(f"{base}/mine/", wait_until="networkidle")
            expect(same).to_have_count(1)
            same.click()
            page.wait_for_url("**/received/")
            until(page, WAITING, 0)
        assert Case.objects.count() == 2
        assert Report.objects.filter(reporter=here.hua).count() == 2
        assert Report.objects.filter(reporter=here.hua, case=case).count() == 1


def press_while_it_is_drawn_again(page: Page, button: Locator) -> None:
    """Before the finger is down nothing moves under it; between down and up the press must count."""
    button.hover()
    before = page.evaluate(FIRST_ANSWER)
    draw_again(page)
    assert page.evaluate(FIRST_ANSWER) == before
    page.mouse.down()
    draw_again(page)
    page.mouse.up()


def draw_again(page: Page) -> None:
    """The network goes and comes: each time the list is drawn anew."""
    for is_gone in (True, False):
        page.context.set_offline(is_gone)
    page.wait_for_timeout(300)


def shown_now(here: Place) -> Case:
    """A neighbour's case whose photo was looked at and released a moment ago."""
    case = here.report(now=clock.now())
    for one in case.photos.select_related("photo"):
        photos.process(photo_id=one.photo_id, now=clock.now())
        one.photo.refresh_from_db()
        photos.release(photo=one.photo, by=here.coordinator, copy_seen=one.photo.public_sha256, now=clock.now())
    return case


class TestCounter:
    def test_is_taken_down_and_followed_by_its_slip(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path
    ) -> None:
        base, at = f"{live_server.url}/s/yunqiao", here.town.at(50, 50)
        more = {"geolocation": {"longitude": at.lng, "latitude": at.lat}, "permissions": ["geolocation"]}
        with phone(browser, live_server.url, here.coordinator, service_workers="block", **more) as context:
            page = context.new_page()
            page.goto(f"{base}/counter/report/")
            page.get_by_label("怎么称呼").fill("王阿婆")
            page.get_by_label("是哪一类？").select_option("parking")
            page.get_by_label("他怎么说的").fill("楼下堵了")
            page.get_by_role("button", name="用我现在的位置").click()
            expect(page.locator("[data-place-words]")).to_contain_text("归 C·M1")
            page.get_by_label("本人同意了").check()
            page.get_by_role("button", name="登记，出回执").click()
            number, code = (page.locator(f"[data-{name}]").inner_text() for name in ("code", "slip-code"))
        with looking(browser, live_server.url, "normal") as look:
            look.open(f"{base}/slip/")
            look.page.get_by_label("编号").fill(number)
            look.page.get_by_label("查询码").fill(code)
            look.page.get_by_role("button", name="查").click()
            expect(look.page.get_by_role("heading", name="走到哪一步")).to_be_visible()


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


class TestFull:
    def test_a_phone_without_room_says_so_and_sends_with_a_network_all_the_same(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            page = context.new_page()
            # Before the page comes: the browser goes on for a while by the room that it found at the first write.
            quota = {"origin": live_server.url, "quotaSize": 1024}
            context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", quota)
            page.goto(f"{base}/report/")
            context.set_offline(True)
            fill(page, picture(1))
            expect(page.locator("[data-upload-status]")).to_contain_text("手机存满了")
            send(page)
            expect(page.locator("[data-faults]")).to_contain_text("手机存满了，这一件存不住")
            expect(page.locator("[data-upload-list] li")).to_have_count(1)
            context.set_offline(False)
            expect(page.get_by_text("照片传好了")).to_be_visible()
            send(page)
            page.wait_for_url("**/received/")
        assert CasePhoto.objects.filter(report=Report.objects.get()).count() == 1

    def test_one_whose_store_cannot_be_opened_sends_all_the_same(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            context.add_init_script("IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError') }")
            page = context.new_page()
            page.goto(f"{live_server.url}/s/yunqiao/report/")
            fill(page, picture(1))
            expect(page.get_by_text("照片传好了")).to_be_visible()
            send(page)
            page.wait_for_url("**/received/")
        assert CasePhoto.objects.filter(report=Report.objects.get()).count() == 1


class TestEditedAfterItArrived:
    def arrived_and_edited(self, page: Page, base: str, picture: str) -> None:
        """Its answer is lost; its owner changes it without a network, knowing nothing of that."""
        page.goto(f"{base}/report/")
        fill(page, picture)
        page.get_by_label("想说的话").fill("先写的")
        page.route(REPORTS, swallow)
        send(page)
        expect(page.get_by_role("heading", name="现在连不上，已替您存着")).to_be_visible()
        page.route("**/outbox/**", lambda route: route.abort())
        page.goto(f"{base}/mine/")
        page.get_by_role("link", name="改一改").click()
        expect(page.locator("[data-upload-list] li")).to_have_count(1)
        page.get_by_label("想说的话").fill("后来改的")

    def test_what_was_written_since_waits_under_another_id_until_its_owner_sends_it(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            page = context.new_page()
            self.arrived_and_edited(page, base, picture(1))
            send(page)
            expect(page.get_by_role("heading", name="现在连不上，已替您存着")).to_be_visible()
            page.unroute_all()
            page.goto(f"{base}/mine/")
            rows = page.locator("[data-outbox-list]")
            expect(rows).to_contain_text("先前发的那一件已经收到了")
            expect(rows).to_contain_text("要改一下")
            assert Report.objects.get().text == "先写的"
            page.get_by_role("link", name="改一改").click()
            expect(page.locator("[data-faults]")).to_contain_text("先前发的那一件已经收到了")
            expect(page.get_by_label("想说的话")).to_have_value("后来改的")
            expect(page.locator("[data-upload-list] li")).to_have_count(1)
            send(page)
            page.wait_for_url("**/received/")
            assert waiting(page) == 0
        assert sorted(Report.objects.values_list("text", flat=True)) == ["先写的", "后来改的"]
        assert Photo.objects.count() == CasePhoto.objects.count() == 2

    def test_taken_up_again_with_a_network_the_words_are_still_there_and_can_be_dropped(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            page = context.new_page()
            self.arrived_and_edited(page, base, picture(1))
            left = page.url
            page.unroute_all()
            page.goto(f"{base}/sign-in/")  # away from the form, and back before anything is tried
            page.goto(left)
            expect(page.get_by_label("想说的话")).to_have_value("后来改的")
            expect(page.locator("[data-faults]")).to_contain_text("先前发的那一件已经收到了")
            assert page.url != left
            page.goto(f"{base}/mine/")
            page.get_by_role("button", name="不发了").click()
            page.get_by_role("button", name="删掉", exact=True).click()
            expect(page.locator("[data-outbox]")).to_be_hidden()
            until(page, WAITING, 0)
        assert Report.objects.get().text == "先写的"


class TestRefused:
    def test_stays_with_its_sentence_until_it_is_changed(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, tmp_path: Path
    ) -> None:
        """Outside the street, which nobody could say without a network; a server that is down loses nothing either."""
        base = f"{live_server.url}/s/yunqiao"
        far, near = (here.town.at(*place) for place in ((5000, 5000), (50, 50)))
        (tmp_path / "bare.jpg").write_bytes(samples.stripped())
        more = {"geolocation": {"longitude": far.lng, "latitude": far.lat}, "permissions": ["geolocation"]}
        with phone(browser, live_server.url, here.lan, service_workers="block", **more) as context:
            page = context.new_page()
            page.goto(f"{base}/report/", wait_until="networkidle")
            context.set_offline(True)
            fill(page, str(tmp_path / "bare.jpg"))
            expect(page.locator("[data-place-words]")).to_contain_text("已用手机的位置")
            send(page)
            expect(page.get_by_role("heading", name="现在没有网，已存在手机里")).to_be_visible()
            context.set_offline(False)
            expect(page.locator("[data-outbox-count]").first).to_be_visible()
            page.goto(f"{base}/mine/")
            expect(page.locator("[data-outbox-list]")).to_contain_text("位置在本街道以外，请挪到事发地点")
            expect(page.locator("[data-outbox-list]")).to_contain_text("要改一下")
            context.set_geolocation({"longitude": near.lng, "latitude": near.lat})
            page.get_by_role("link", name="改一改").click()
            expect(page.locator("[data-faults]")).to_contain_text("位置在本街道以外")
            page.get_by_role("button", name="用我现在的位置").click()
            expect(page.locator("[data-place-words]")).to_contain_text("归 C·M1")
            page.route(REPORTS, lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
            send(page)
            expect(page.get_by_role("heading", name="现在连不上，已替您存着")).to_be_visible()
            page.unroute(REPORTS)
            page.goto(f"{base}/")
            until(page, WAITING, 0)
            expect(page.locator("[data-outbox-count]").first).to_be_hidden()
        assert Report.objects.count() == 1

    def test_can_be_dropped_before_it_is_sent(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            page = context.new_page()
            page.goto(f"{base}/report/")
            fill(page, picture(1))
            page.route(REPORTS, lambda route: route.abort())
            send(page)
            expect(page.get_by_role("heading", name="现在连不上，已替您存着")).to_be_visible()
            page.goto(f"{base}/mine/")
            page.get_by_role("button", name="不发了").click()
            page.get_by_role("button", name="删掉", exact=True).click()
            expect(page.locator("[data-outbox]")).to_be_hidden()
            until(page, WAITING, 0)  # taken back first, then thrown away
        assert not Report.objects.exists()


def swallow(route: Route) -> None:
    """The server takes it in; its answer never arrives."""
    with contextlib.suppress(Error):
        route.fetch()
    route.abort()
