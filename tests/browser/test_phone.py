"""What the phone does itself: read a photo before it shrinks, offer a place, find the way, keep what waits."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.commands import handling
from huipai.cases.models import Case, Report
from huipai.cases.words import State
from huipai.kit import clock
from huipai.photos import storage
from huipai.photos.models import Photo
from tests.browser.visiting import visiting
from tests.cases.conftest import Place
from tests.photos import samples
from tests.photos.conftest import folder

__all__ = ["folder"]
# Two slow cores draw a photo and a map; a phone is quicker.
expect.set_options(timeout=20_000)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def big(tmp_path: Path, here: Place) -> Path:
    """A photo of twelve megapixels' shape, with place and time in it."""
    at = here.town.at(50, 50)
    path = tmp_path / "big.jpg"
    path.write_bytes(samples.jpeg(size=(3200, 2400), place=(at.lat, at.lng)))
    return path


@pytest.fixture
def unseen(tmp_path: Path, here: Place) -> Path:
    """A photo of a kind that the browser of these tests cannot show, with place and time in it."""
    at = here.town.at(50, 50)
    path = tmp_path / "unseen.heic"
    path.write_bytes(samples.heic(place=(at.lat, at.lng)))
    return path


@pytest.fixture
def stripped(tmp_path: Path) -> Path:
    path = tmp_path / "stripped.jpg"
    path.write_bytes(samples.stripped())
    return path


def position(place: Place, east: float, north: float) -> dict[str, float]:
    at = place.town.at(east, north)
    return {"longitude": at.lng, "latitude": at.lat}


def add(page: Page, photo: Path) -> None:
    page.locator("[data-upload-input]").last.set_input_files(str(photo))


def field(page: Page, name: str) -> str:
    return page.locator(f"[name={name}]").input_value()


class TestPhoto:
    def test_is_read_before_it_is_made_smaller(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, big: Path
    ) -> None:
        with visiting(browser, live_server.url, here.lan) as page:
            page.goto(f"{live_server.url}/s/yunqiao/report/")
            add(page, big)
            expect(page.get_by_text("照片传好了")).to_be_visible()
        photo = Photo.objects.get()
        at = here.town.at(50, 50)
        assert (photo.claims.source, round(photo.claims.lat or 0, 4)) == ("exif", round(at.lat, 4))
        assert photo.claims.taken_at is not None
        with storage.photos().open(photo.key_of("original")) as file, Image.open(file) as sent:
            assert max(sent.size) == 2048 and not sent.getexif()

    def test_that_no_browser_here_shows_has_a_tile_and_offers_its_place_and_a_person_has_the_last_word(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, unseen: Path
    ) -> None:
        with visiting(browser, live_server.url, here.lan) as page:
            page.goto(f"{live_server.url}/s/yunqiao/report/")
            add(page, unseen)
            tile = page.locator("[data-upload-list] .shot-blind")
            expect(tile).to_have_text("照片")
            expect(tile.locator("svg")).to_be_visible()
            page.get_by_role("button", name="您拍的照片").click()
            expect(page.get_by_text("这部手机看不了这种照片，照样发得出去")).to_be_visible()
            expect(page.get_by_role("dialog").locator("img")).to_be_hidden()
            page.get_by_role("button", name="好了").click()
            expect(page.get_by_role("button", name="去掉这张")).to_be_visible()
            expect(page.locator("[data-place-words]")).to_contain_text("照片里带着位置，您看对不对。归 C·M1")
            assert field(page, "position_source") == "exif"
            picker = page.locator("[data-map-pick]")
            picker.scroll_into_view_if_needed()
            expect(picker).to_have_attribute("data-drawn", "yes")
            picker.click(position={"x": 250, "y": 40})
            expect(page.locator("[data-place-words]")).to_contain_text("按您在图上点的位置")
            assert field(page, "position_source") == "pin"
            add(page, unseen)  # another photo does not move what was put down by hand
            expect(page.locator("[data-upload-list] li")).to_have_count(2)
            expect(page.get_by_text("照片传好了")).to_be_visible()
            assert field(page, "position_source") == "pin"

    def test_a_long_screenshot_is_sent_as_wide_as_one_can_read_it(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, tmp_path: Path
    ) -> None:
        long = tmp_path / "long.png"
        Image.new("RGB", (1080, 8000), "white").save(long)
        with visiting(browser, live_server.url, here.lan) as page:
            page.goto(f"{live_server.url}/s/yunqiao/report/")
            add(page, long)
            expect(page.get_by_text("照片传好了")).to_be_visible()
        photo = Photo.objects.get()
        with storage.photos().open(photo.key_of("original")) as file, Image.open(file) as sent:
            assert sent.size == (720, 5333)

    def test_without_a_place_the_phone_is_asked(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, stripped: Path
    ) -> None:
        more = {"geolocation": position(here, 350, 350), "permissions": ["geolocation"]}
        with visiting(browser, live_server.url, here.lan, **more) as page:
            page.goto(f"{live_server.url}/s/yunqiao/report/")
            assert field(page, "lng") == ""
            add(page, stripped)
            expect(page.locator("[data-place-words]")).to_contain_text("已用手机的位置。归 C·M4")
            expect(page.locator("[data-upload-status]")).to_contain_text("照片传好了")  # nothing is on its way any more

    def test_a_place_outside_is_said_at_once(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, stripped: Path
    ) -> None:
        more = {"geolocation": position(here, 5000, 5000), "permissions": ["geolocation"]}
        with visiting(browser, live_server.url, here.lan, **more) as page:
            page.goto(f"{live_server.url}/s/yunqiao/report/")
            add(page, stripped)
            expect(page.locator("[data-place-words]")).to_contain_text("位置在云桥街道以外，请挪到事发地点")
            expect(page.locator("[data-upload-status]")).to_contain_text("照片传好了")  # nothing is on its way any more

    def test_waits_for_the_network_and_goes_once(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, big: Path
    ) -> None:
        with visiting(browser, live_server.url, here.lan) as page:
            page.goto(f"{live_server.url}/s/yunqiao/report/")
            page.wait_for_load_state("networkidle")  # what reads photos has come too
            page.get_by_text("车辆乱停").click()
            page.context.set_offline(True)
            add(page, big)
            expect(page.locator("[data-upload-status]")).to_contain_text("现在没有网")
            page.get_by_role("button", name="发送").click()
            assert page.url.endswith("/report/")
            page.context.set_offline(False)
            page.wait_for_url("**/received/")
        assert (Photo.objects.count(), Report.objects.count()) == (1, 1)

    def test_what_is_no_photo_gets_its_own_sentence(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "letter.jpg").write_bytes(b"Dear street, ...")
        with visiting(browser, live_server.url, here.lan) as page:
            page.goto(f"{live_server.url}/s/yunqiao/report/")
            add(page, tmp_path / "letter.jpg")
            expect(page.locator("[data-upload-status]")).to_contain_text("不是图片")
            expect(page.locator("[data-upload-list] li")).to_have_count(0)

    def test_an_empty_file_is_said_before_anything_is_sent_and_the_others_go(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, stripped: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "empty.jpg").write_bytes(b"")
        errors: list[str] = []
        with visiting(browser, live_server.url, here.lan) as page:
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(f"{live_server.url}/s/yunqiao/")
            page.locator("[data-shoot-input]").first.set_input_files(str(tmp_path / "empty.jpg"))
            page.wait_for_url("**/report/?parcel=*")  # taken on the home page, judged by the form
            expect(page.locator("[data-upload-status]")).to_contain_text("这个文件是空的")
            page.locator("[data-upload-input]").last.set_input_files([str(tmp_path / "empty.jpg"), str(stripped)])
            expect(page.locator("[data-upload-list] li")).to_have_count(1)
            expect(page.locator("[data-upload-list] progress")).to_be_hidden()
            expect(page.locator("[data-upload-status]")).to_contain_text("这个文件是空的")
        assert errors == [] and Photo.objects.count() == 1

    def test_a_server_that_cannot_keep_it_is_said_and_tried_again(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, big: Path
    ) -> None:
        """A file lies where the folder should be: nothing can be written, as on a full disk."""
        folder.write_text("")
        with visiting(browser, live_server.url, here.lan) as page:
            page.clock.install()
            page.goto(f"{live_server.url}/s/yunqiao/report/")
            page.get_by_text("车辆乱停").click()
            add(page, big)
            expect(page.locator("[data-upload-status]")).to_contain_text("服务器现在存不下照片")
            page.get_by_role("button", name="发送").click()
            expect(page.get_by_role("heading", name="已存在手机里，晚点自动再发")).to_be_visible()
            expect(page.locator("[data-kept-reason]")).to_contain_text("服务器现在存不下照片")
            assert not Report.objects.exists()
            page.goto(f"{live_server.url}/s/yunqiao/report/")
            add(page, big)
            expect(page.locator("[data-upload-status]")).to_contain_text("服务器现在存不下照片")
            folder.unlink()
            page.clock.fast_forward(15_000)
            expect(page.locator("[data-upload-status]")).to_contain_text("照片传好了")
            page.goto(f"{live_server.url}/s/yunqiao/mine/")
            for _try in range(100):  # the count on the page is hidden, too, before the phone has looked into its store
                if Report.objects.exists():
                    break
                page.wait_for_timeout(200)
        assert (Photo.objects.count(), Report.objects.count()) == (2, 1)

    def test_a_press_while_it_is_on_its_way_is_kept(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, big: Path
    ) -> None:
        with visiting(browser, live_server.url, here.lan) as page:
            page.goto(f"{live_server.url}/s/yunqiao/report/")
            page.route("**/photos/**", lambda route: (page.wait_for_timeout(800), route.continue_()))
            page.get_by_text("车辆乱停").click()
            add(page, big)
            expect(page.locator("[data-upload-list] progress")).to_be_visible()
            page.get_by_role("button", name="发送").click()
            page.wait_for_url("**/received/")
        assert Report.objects.count() == 1


class TestWithoutAMap:
    def test_a_place_is_chosen_from_the_list_that_opens_by_itself(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, stripped: Path
    ) -> None:
        """No WebGL, or a production street before its 审图号; and a phone that gives no position."""
        with visiting(browser, live_server.url, here.lan) as page:
            page.route("**/map/base.json*", lambda route: route.fulfill(status=404, body="{}"))
            page.goto(f"{live_server.url}/s/yunqiao/report/")
            page.get_by_text("车辆乱停").click()
            add(page, stripped)
            expect(page.locator("[data-upload-status]")).to_contain_text("照片传好了")
            page.locator("[data-map-pick]").scroll_into_view_if_needed()
            spot = page.get_by_label("从列表里选一处最近的")
            expect(spot.locator("option", has_text="M4")).to_have_count(1)
            page.locator("[name=address]").fill("B1")
            page.locator("[name=address]").blur()
            expect(page.locator("optgroup[label='和您写的像的'] option")).to_have_text(["M1 B1"])
            spot.select_option(label="M4")
            expect(page.locator("[data-place-words]")).to_contain_text("按您选的地方")
            expect(page.locator("[data-place-words]")).to_contain_text("M4")
            # Left and gone on with later, what was chosen is still chosen.
            page.goto(f"{live_server.url}/s/yunqiao/report/")
            page.get_by_role("link", name="接着写").click()
            expect(page.locator("select[name=spot] option:checked")).to_have_text("M4")
            expect(page.locator("[name=spot]")).to_have_count(1)
            page.get_by_role("button", name="发送").click()
            page.wait_for_url("**/received/")
        report = Report.objects.get()
        assert (report.case.node.code, report.position_source) == ("M4", "address")


class TestToday:
    def test_is_put_in_walking_order_and_the_position_stays_here(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path
    ) -> None:
        far = here.report(at=here.town.at(380, 380))
        handling.accept(case_id=far.id, actor=here.wei, now=clock.now())  # its words are "办好了"
        near = here.report(here.hua, at=here.town.at(60, 60))
        where = position(here, 20, 20)
        said: list[str] = []
        with visiting(browser, live_server.url, here.wei, geolocation=where, permissions=["geolocation"]) as page:
            page.on("request", lambda call: said.append(f"{call.url} {call.post_data or ''}"))
            page.goto(f"{live_server.url}/s/yunqiao/today/")
            expect(page.locator("#today > li").first).to_contain_text("离您")
            order = page.locator("#today > li").evaluate_all("rows => rows.map(row => row.dataset.id)")
            first, deeds = page.locator("#today > li").first, page.locator("#today [data-at-once] a")
            expect(first.locator("[data-at-once] a")).to_have_text(["现场办完", "不归我们"])
            led = [link.get_attribute("href") or "" for link in deeds.all()]
            assert len(led) == 2 and all(f"/cases/{near.code}/" in href for href in led)
            # What waits with nobody, and was handled before, is opened and not refused, when it comes to stand first.
            Case.objects.filter(pk=near.pk).update(state=State.REWORK, worker=None, responded_at=clock.now())
            page.reload()
            expect(page.locator("#today > li").first).to_contain_text("离您")
            expect(deeds.first).to_have_text("打开看看")
            expect(deeds.last).to_be_hidden()
            assert (deeds.first.get_attribute("href") or "").endswith(f"/cases/{near.code}/")
            expect(page.locator("[data-walk]")).to_contain_text("一圈约")
            page.wait_for_timeout(500)
        assert order == [near.code, far.code]
        assert Case.objects.count() == 2
        for number in (f"{where['longitude']:.4f}", f"{where['latitude']:.4f}"):
            assert not any(number in call for call in said)


class TestBeforeAfter:
    def test_is_moved_by_arrow_keys_and_named(self, browser: Browser, live_server: LiveServer, here: Place) -> None:
        with visiting(browser, live_server.url, here.lan) as page:
            page.goto(f"{live_server.url}/s/yunqiao/gallery/")
            slider = page.get_by_role("slider", name="左右拖动，对比处理前后")
            slider.focus()
            page.keyboard.press("ArrowRight")
            cut = "() => document.querySelector('[data-before-after]').style.getPropertyValue('--cut')"
            assert page.evaluate(cut) == "51%"


class TestWithoutScript:
    def test_a_report_is_sent_with_its_file(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, big: Path
    ) -> None:
        with visiting(browser, live_server.url, here.lan, java_script_enabled=False) as page:
            page.goto(f"{live_server.url}/s/yunqiao/report/")
            page.locator("input[name=photo_album]").set_input_files(str(big))
            page.get_by_text("车辆乱停").click()
            page.get_by_role("button", name="发送").click()
            page.wait_for_url("**/report*/**")
            assert Photo.objects.count() == 1
