"""A worker's round without a network: kept for one person, done exactly once, and gone when they leave."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.commands import handling
from huipai.cases.models import CasePhoto, KeptDeed, Transition
from huipai.cases.words import Action
from huipai.grid.models import Assignment
from huipai.kit import clock
from huipai.people.words import Role
from tests.browser.kept import all_sent, kill, living_in, parcel, sign_in, waiting
from tests.browser.looking import axe, photograph, sideways, too_small
from tests.browser.sending import phone
from tests.cases.conftest import LITTER, Place
from tests.cast import A_MONTH_AGO, staff
from tests.jobs import run_jobs
from tests.photos import samples
from tests.photos.conftest import folder

__all__ = ["folder"]
expect.set_options(timeout=20_000)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = Path(__file__).resolve().parents[2] / "var" / "shots"
# Whether the page that stands in has been put away, within ten seconds.
KEPT_PAGE = """async () => {
    for (let tries = 0; tries < 100; tries += 1) {
        if (await caches.match('/s/yunqiao/today/kept/', {ignoreSearch: true, ignoreVary: true})) return true;
        await new Promise((done) => setTimeout(done, 100));
    }
    return false;
}"""

# What of a thumbnail's content lies outside of it.
STICKS_OUT = """() => [...document.querySelectorAll('.photo')].filter((one) => one.checkVisibility()).flatMap((one) => {
    const frame = one.getBoundingClientRect();
    return [...one.children].filter((part) => {
        const box = part.getBoundingClientRect();
        return box.height > 0 && (box.bottom > frame.bottom + 1 || box.right > frame.right + 1);
    }).map((part) => part.outerHTML.slice(0, 80));
})"""


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "after.jpg"
    path.write_bytes(samples.jpeg(size=(640, 480)))
    return str(path)


def test_taken_on_and_handled_offline_killed_and_reopened_is_done_exactly_once(
    browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: str, tmp_path: Path
) -> None:
    base, home = f"{live_server.url}/s/yunqiao", tmp_path / "phone"
    case, other = (
        here.report(now=clock.now(), text="东门堵了"),
        here.report(here.hua, now=clock.now(), case_type=LITTER),
    )
    run_jobs()  # with small pictures, for the list keeps them too
    with living_in(browser, home) as context:
        sign_in(context, live_server.url, here.wei)
        page = context.new_page()
        page.goto(f"{base}/today/")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        assert page.evaluate(KEPT_PAGE)
        expect(page.locator("#today[data-round-kept]")).to_have_count(1)
        context.set_offline(True)
        page.goto(f"{base}/today/")
        expect(page.locator("#rounds > li")).to_have_count(2)
        assert sideways(page) == 0 and axe(page) == [] and too_small(page, 44) == []
        expect(page.locator("#rounds img:visible")).to_have_count(2)
        assert page.evaluate(STICKS_OUT) == []
        photograph(page, SHOTS / "rounds-list.png", full_page=True)
        page.locator(f"[data-id='{case.code}'] a").click()
        expect(page.get_by_text("东门堵了")).to_be_visible()
        page.get_by_role("button", name="我来办").click()
        expect(page.locator("[data-rounds-case] > [data-waits]")).to_contain_text("我来办")
        ask_change_and_drop(page)
        page.locator(f"[data-id='{case.code}'] a").click()
        lone, bar = page.get_by_role("button", name="办好了").bounding_box(), page.locator(".decisions").bounding_box()
        assert lone is not None and bar is not None and lone["width"] > bar["width"] * 0.8
        page.get_by_role("button", name="办好了").click()
        expect(page.locator("[data-faults]")).to_contain_text("这一类要拍一张办完以后的照片")
        page.locator("form#deed [data-upload-input]").last.set_input_files(picture)
        page.get_by_label("怎么办的").fill("车挪走了")
        assert sideways(page) == 0 and axe(page) == [] and too_small(page, 44) == []
        photograph(page, SHOTS / "rounds-case.png", full_page=True)
        page.get_by_role("button", name="办好了").click()
        expect(page.get_by_role("heading", name="现在没有网，已存在手机里")).to_be_visible()
        assert waiting(page) == 2 and not KeptDeed.objects.exists()
        kill(home)
    with living_in(browser, home) as context:
        sign_in(context, live_server.url, here.wei)
        pages = [context.new_page() for _ in range(2)]
        for page in pages:
            page.goto(f"{base}/today/")
        for page in pages:
            all_sent(page)
        page = pages[0]
        page.goto(f"{base}/me/")
        page.locator("form[action$='/sign-out/'] button").first.click()
        page.wait_for_load_state()
        assert page.evaluate("() => localStorage.getItem('huipai:round')") is None
        context.set_offline(True)
        page.goto(f"{base}/cases/{other.code}/")
        expect(page.get_by_text("这部手机上没有存下这一页")).to_be_visible()
    taken = list(Transition.objects.filter(case=case).order_by("position").values_list("action", flat=True))
    assert (taken.count(Action.ACCEPT), taken.count(Action.RESPOND)) == (1, 1)
    assert taken.index(Action.ACCEPT) < taken.index(Action.RESPOND)
    assert KeptDeed.objects.count() == 2 and CasePhoto.objects.filter(case=case, moment="after").count() == 1


def ask_change_and_drop(page: Page) -> None:
    """A question that was taken back to change it and left stands there again; in the end it is not sent."""
    page.get_by_text("问上报人一句").click()
    page.get_by_label("想问的话").fill("几点堵？")
    page.get_by_role("button", name="问一句", exact=True).click()
    expect(page.locator("[data-rounds-case] > [data-waits]")).to_contain_text("我来办、问一句")
    expect(page.locator("[data-outbox-list] li")).to_have_count(2)  # the accept was noted before, so this is the last
    page.locator("[data-outbox-list] li").last.get_by_role("link", name="改一改").click()
    expect(page.get_by_label("想问的话")).to_have_value("几点堵？")
    page.reload()
    page.get_by_label("想问的话").fill("早上几点堵？")
    page.get_by_role("button", name="问一句", exact=True).click()
    expect(page.locator("[data-outbox-list] li")).to_have_count(2)
    expect(page.get_by_role("button", name="我来办")).to_be_hidden()
    page.locator("[data-outbox-list] li").last.get_by_role("button", name="不发了").click()
    page.get_by_role("button", name="删掉", exact=True).click()
    expect(page.locator("[data-outbox-list] li")).to_have_count(1)
    page.goto(page.url.split("/s/")[0] + "/s/yunqiao/today/")


def test_what_somebody_else_took_meanwhile_is_said_and_nothing_typed_is_lost(
    browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: str
) -> None:
    base, case = f"{live_server.url}/s/yunqiao", here.report(now=clock.now(), case_type=LITTER)
    colleague = staff("陶小梁", "13900018888")
    Assignment.objects.create(person=colleague, role=Role.GRID_WORKER, node=here.town["G"], valid_from=A_MONTH_AGO)
    with phone(browser, live_server.url, here.wei, service_workers="block") as context:
        page = context.new_page()
        page.goto(f"{base}/cases/{case.code}/response/", wait_until="networkidle")
        context.set_offline(True)
        page.locator("[data-upload-input]").last.set_input_files(picture)
        page.get_by_label("怎么办的").fill("扫干净了")
        page.get_by_role("button", name="办好了").click()
        expect(page.get_by_role("heading", name="现在没有网，已存在手机里")).to_be_visible()
        handling.accept(case_id=case.id, actor=colleague, now=clock.now())
        sign_in(context, live_server.url, colleague)
        context.set_offline(False)
        page.goto(f"{base}/today/")
        expect(page.get_by_text("手机里还有 1 件是别的账号存的")).to_be_visible()
        page.goto(f"{base}/today/kept/?parcel={parcel(page)}")  # an address left behind by who had the phone before
        expect(page.locator("[data-rounds-list], [data-rounds-none]").locator("visible=true").first).to_be_visible()
        expect(page.locator("[data-rounds-case]")).to_be_hidden()
        sign_in(context, live_server.url, here.wei)
        page.goto(f"{base}/today/")
        expect(page.locator("[data-outbox-list]")).to_contain_text("这件事现在不在您手里")
        page.get_by_role("link", name="改一改").click()
        expect(page.locator("[data-faults]")).to_contain_text("这件事现在不在您手里")
        expect(page.get_by_label("怎么办的")).to_have_value("扫干净了")
        expect(page.locator("form#deed [data-upload-list] li")).to_have_count(1)
        photograph(page, SHOTS / "rounds-moved.png", full_page=True)
    assert not KeptDeed.objects.exists()
