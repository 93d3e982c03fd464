"""What waits on a phone: kept through everything, sent exactly once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.models import Case, CasePhoto, DeedStep, GoodDeed, Report
from huipai.photos.models import Photo
from tests.browser.kept import WAITING, all_sent, kill, living_in, sign_in, until, waiting
from tests.browser.sending import KEPT_FORM, REPORTS, fill, is_kept, phone, picture, send, send_in_vain, swallow
from tests.cases.conftest import Place
from tests.photos import samples
from tests.photos.conftest import folder

__all__ = ["folder", "picture"]
expect.set_options(timeout=20_000)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What the phone's store has of who did the deed that is being told.
WHO_DID_IT = """() => new Promise((done) => {
    indexedDB.open('huipai-outbox').onsuccess = (event) => {
        event.target.result.transaction('parcels').objectStore('parcels').getAll().onsuccess =
            (found) => done(found.target.result.at(-1)?.fields.doer ?? '');
    };
})"""


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
            send_in_vain(page, base, picture(1))
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
    def test_a_photo_taken_off_while_its_form_is_on_the_way_parts_nothing_from_it(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        base, held = f"{live_server.url}/s/yunqiao", list[Route]()
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            page = context.new_page()
            page.goto(f"{base}/report/", wait_until="networkidle")
            fill(page, picture(1), picture(2))
            page.route(REPORTS, lambda route: held.append(route))
            send(page)
            while not held:
                page.wait_for_timeout(100)
            page.get_by_role("button", name="去掉这张").first.click()
            expect(page.locator("[data-upload-list] li")).to_have_count(1)
            page.wait_for_timeout(500)  # until what the press did to the store is done
            assert waiting(page) == 1
            held[0].continue_()
            page.wait_for_url("**/received/")
            until(page, WAITING, 0)
        assert Report.objects.count() == 1

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
                is_kept(page)
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
            is_kept(page)
            page.goto(f"{base}/report/")
            page.route("**/pieces/", lambda route: route.abort())
            fill(page, picture(4))
            send(page)
            is_kept(page)
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
            is_kept(page)
            # The page tries by itself once; what still passes through here when it is left out again would hang.
            with page.expect_event("requestfailed", lambda request: "/pieces/" in request.url):
                page.goto(f"{base}/mine/")
            expect(page.locator("[data-outbox-list]")).to_contain_text("传了一半，接着传")
            expect(page.locator("[data-outbox-list]")).to_contain_text("1 张照片传了 0 张")
            page.unroute("**/pieces/")
            page.get_by_role("button", name="现在试试").click()
            page.wait_for_url("**/received/")
        assert offsets[0] == 0 and set(offsets[1:]) == {256 * 1024}
        assert Photo.objects.get().size > 2 * 256 * 1024 and Report.objects.count() == 1


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
