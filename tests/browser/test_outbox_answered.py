"""What the server says to what a phone sent: the same already, arrived before, refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.models import Case, CasePhoto, Report
from huipai.photos.models import Photo
from tests.browser.kept import WAITING, until, waiting
from tests.browser.sending import REPORTS, fill, is_kept, phone, picture, send, send_in_vain, shown_now, swallow
from tests.cases.conftest import Place
from tests.photos import samples
from tests.photos.conftest import folder

__all__ = ["folder", "picture"]
expect.set_options(timeout=20_000)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Where the first button of its kind stands; asked in one go, for the list may be drawn anew at any moment.
FIRST_ANSWER = (
    "() => document.querySelector('[data-same]:not([hidden]) [data-verb=not_same]').getBoundingClientRect().top"
)

PIECES = "**/pieces/"


def too_large(route: Route) -> None:
    """As a proxy answers that takes less at once than the server."""
    route.fulfill(status=413, content_type="text/html", body="<h1>413 Request Entity Too Large</h1>")


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
    @pytest.mark.long
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
                is_kept(page)
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


class TestEditedAfterItArrived:
    def arrived_and_edited(self, page: Page, base: str, picture: str) -> None:
        """Its answer is lost; its owner changes it without a network, knowing nothing of that."""
        page.goto(f"{base}/report/")
        fill(page, picture)
        page.get_by_label("想说的话").fill("先写的")
        page.route(REPORTS, swallow)
        send(page)
        is_kept(page)
        page.route("**/outbox/**", lambda route: route.abort())
        page.goto(f"{base}/mine/")
        page.get_by_role("link", name="改一改").click()
        expect(page.locator("[data-upload-list] li")).to_have_count(1)
        page.get_by_label("想说的话").fill("后来改的")

    @pytest.mark.long
    def test_what_was_written_since_waits_under_another_id_until_its_owner_sends_it(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            page = context.new_page()
            self.arrived_and_edited(page, base, picture(1))
            send(page)
            is_kept(page)
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

    @pytest.mark.long
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
    @pytest.mark.long
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
            is_kept(page)
            page.unroute(REPORTS)
            page.goto(f"{base}/")
            until(page, WAITING, 0)
            expect(page.locator("[data-outbox-count]").first).to_be_hidden()
        assert Report.objects.count() == 1

    @pytest.mark.long
    def test_what_a_proxy_finds_too_large_is_said_to_be_and_the_words_stay(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        """It answers with a page of its own: the sentence is the phone's."""
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            page = context.new_page()
            page.goto(f"{base}/report/", wait_until="networkidle")
            page.route(PIECES, too_large)
            context.set_offline(True)
            fill(page, picture(1))
            page.get_by_label("想说的话").fill("东门堵了")
            send(page)
            expect(page.get_by_role("heading", name="现在没有网，已存在手机里")).to_be_visible()
            context.set_offline(False)
            page.goto(f"{base}/mine/")
            expect(page.locator("[data-outbox-list]")).to_contain_text(
                "照片太大（超过 20 MB）或者网络那头不收，压小或者换个网络再传"
            )
            page.get_by_role("link", name="改一改").click()
            expect(page.get_by_label("想说的话")).to_have_value("东门堵了")
            send(page)
            expect(page.locator("[data-upload-status]")).to_have_text(
                "照片太大（超过 20 MB）或者网络那头不收，压小或者换个网络再传"
            )
            expect(page.locator("[data-upload-list] li")).to_have_count(0)
            expect(page.get_by_label("想说的话")).to_have_value("东门堵了")
        assert not Report.objects.exists()

    @pytest.mark.long
    def test_so_it_is_on_a_form_that_is_not_kept_on_the_phone(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        with phone(browser, live_server.url, here.coordinator, service_workers="block") as context:
            page = context.new_page()
            page.goto(f"{live_server.url}/s/yunqiao/counter/report/", wait_until="networkidle")
            page.route(PIECES, too_large)
            page.locator("[name=text]").fill("东门堵了")
            page.locator("[data-upload-input]").last.set_input_files(picture(1))
            expect(page.locator("[data-upload-status]")).to_have_text(
                "照片太大（超过 20 MB）或者网络那头不收，压小或者换个网络再传"
            )
            expect(page.locator("[data-upload-list] li")).to_have_count(0)
            expect(page.locator("[name=text]")).to_have_value("东门堵了")

    @pytest.mark.long
    def test_what_a_proxy_takes_only_in_small_pieces_goes_in_those(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, tmp_path: Path
    ) -> None:
        base, sizes = f"{live_server.url}/s/yunqiao", []

        def narrow(route: Route) -> None:
            sizes.append(len(route.request.post_data_buffer or b""))
            too_large(route) if sizes[-1] > 100_000 else route.continue_()

        at = here.town.at(50, 50)
        big = samples.jpeg(size=(1600, 1200), place=(at.lat, at.lng))
        (tmp_path / "big.jpg").write_bytes(big)
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            page = context.new_page()
            page.goto(f"{base}/report/", wait_until="networkidle")
            page.route(PIECES, narrow)
            fill(page, str(tmp_path / "big.jpg"))
            send(page)
            page.wait_for_url("**/received/")
        assert Report.objects.count() == 1 and len(sizes) > 2 and max(sizes) > 100_000 > sizes[-1]

    @pytest.mark.long
    def test_can_be_dropped_before_it_is_sent(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Callable[[int], str]
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            page = context.new_page()
            send_in_vain(page, base, picture(1))
            page.goto(f"{base}/mine/")
            page.get_by_role("button", name="不发了").click()
            page.get_by_role("button", name="删掉", exact=True).click()
            expect(page.locator("[data-outbox]")).to_be_hidden()
            until(page, WAITING, 0)  # taken back first, then thrown away
        assert not Report.objects.exists()
