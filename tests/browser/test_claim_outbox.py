"""A claim that waits on a phone: kept through everything, evidence first, taken in once, refused in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from huipai.kit import clock
from huipai.photos.models import Photo
from huipai.points.models import Claim
from huipai.points.words import Shown
from huipai.streets.models import Street
from tests.browser.kept import PHONE, all_sent, kill, living_in, sign_in, until, waiting
from tests.browser.looking import photograph
from tests.grid.conftest import Town, town
from tests.photos import samples
from tests.photos.conftest import folder
from tests.points.claims.world import EITHER, HELP, SHIFT, World, make

__all__ = ["folder", "town"]
expect.set_options(timeout=20_000)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHOTS = Path(__file__).resolve().parents[2] / "var" / "shots"
KEPT = "现在没有网，已存在手机里"
# Who was last here, as the phone's own store says.
VISITOR = """() => new Promise((done) => {
    indexedDB.open('huipai-outbox').onsuccess = (event) => {
        event.target.result.transaction('visitors').objectStore('visitors').get('yunqiao').onsuccess =
            (found) => done(found.target.result?.person ?? '');
    };
})"""


@pytest.fixture
def world(in_yunqiao: Street, town: Town) -> World:
    return make(in_yunqiao)


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "deed.jpg"
    path.write_bytes(samples.encode(samples.scene(cars=2, size=(1200, 900), seed=5), "JPEG", quality=80))
    return str(path)


@pytest.fixture
def screenshot(tmp_path: Path) -> str:
    path = tmp_path / "screen.png"
    path.write_bytes(samples.screenshot())
    return str(path)


def kept_form(page: Page, base: str) -> None:
    """The street was visited once with a network: its empty form lies on the phone."""
    page.goto(f"{base}/")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.evaluate(
        """async () => {
            while (!(await caches.match('/s/yunqiao/points/claim/', {ignoreSearch: true})))
                await new Promise((done) => setTimeout(done, 50));
        }"""
    )


# As a browser leaves it that was killed while the worker took in what a page needs.
LOSE_A_SCRIPT = """async () => {
    const cache = await caches.open((await caches.keys()).find((name) => name.startsWith('shell-')));
    const script = (await cache.keys()).find(({ url }) => /\\/claim-[^/]*\\.js$/.test(url));
    return cache.delete(script);
}"""
HAS_THE_SCRIPT = """async () => {
    const cache = await caches.open((await caches.keys()).find((name) => name.startsWith('shell-')));
    return (await cache.keys()).some(({ url }) => /\\/claim-[^/]*\\.js$/.test(url));
}"""


def send(page: Page) -> None:
    page.get_by_role("button", name="交上来").click()


def test_without_a_network_it_is_kept_changed_and_after_the_phone_dies_taken_in_once(
    browser: Browser, live_server: LiveServer, world: World, folder: Path, photo: str, screenshot: str, tmp_path: Path
) -> None:
    base, home = f"{live_server.url}/s/yunqiao", tmp_path / "phone"
    with living_in(browser, home) as context:
        sign_in(context, live_server.url, world.lan)
        page = context.new_page()
        kept_form(page, base)
        assert page.evaluate(LOSE_A_SCRIPT) and not page.evaluate(HAS_THE_SCRIPT)
        context.set_offline(True)
        page.goto(f"{base}/points/items/ox-01/claim/")
        expect(page.locator("form#claim")).to_have_count(0)  # no form rather than a dead one
        door = page.get_by_role("link", name="照样能报积分，先存在手机里")
        expect(page.get_by_role("heading", name="现在没有网")).to_be_visible()
        page.wait_for_timeout(500)
        expect(door).to_be_hidden()  # nor a door to it
        context.set_offline(False)
        page.goto(f"{base}/")
        until(page, HAS_THE_SCRIPT, answer=True)
        context.set_offline(True)
        page.goto(f"{base}/points/thanks/")
        expect(door).to_be_visible()
        page.evaluate("() => localStorage.clear()")  # nor is this on the disk when a browser dies soon
        page.goto(f"{base}/points/on-site/scanned/")  # the code shows the one thing that takes it, and nothing else
        expect(page.get_by_text(f"当凭据：{SHIFT.title}。")).to_be_visible()
        page.locator(f"details:has([value={HELP.code}]) > summary").click()
        page.locator(f"[value={HELP.code}]").check()
        send(page)
        expect(page.locator("[data-faults]")).to_contain_text("还差凭据")
        page.goto(f"{base}/points/items/ox-01/claim/")  # the worker's form, with this item chosen
        expect(page.get_by_role("radio", name="帮独居老人买菜")).to_be_checked()
        send(page)
        expect(page.locator("[data-faults]")).to_contain_text("还差凭据")
        page.locator("[data-upload-input]").first.set_input_files(photo)
        expect(page.locator("#upload-photo [data-upload-status]")).to_contain_text("照片先存在手机里")
        send(page)
        expect(page.get_by_role("heading", name=KEPT)).to_be_visible()
        page.goto(f"{base}/points/claims/")
        row = page.locator("[data-outbox-list] li")
        expect(row).to_contain_text("帮独居老人买菜")
        expect(row).to_contain_text("待发送")
        page.get_by_role("link", name="改一改").click()
        expect(page.get_by_role("radio", name="帮独居老人买菜")).to_be_checked()
        expect(page.locator("[data-upload-list] li")).to_have_count(1)
        page.get_by_label("说一句").fill("周一早上，三楼")
        send(page)
        expect(page.get_by_role("heading", name=KEPT)).to_be_visible()
        assert not Photo.objects.exists() and not Claim.objects.exists()
        kill(home)
    with living_in(browser, home) as context:
        sign_in(context, live_server.url, world.lan)
        page = context.new_page()
        page.goto(f"{base}/points/claims/")
        all_sent(page)
        page.reload()
        expect(page.get_by_role("link", name="帮独居老人买菜")).to_have_count(1)
        # Of an item that takes both the sender says which a picture is; that of another kind was not asked for before.
        page.goto(f"{base}/points/claim/")
        page.locator(f"details:has([value={HELP.code}]) > summary").click()
        page.locator(f"[value={HELP.code}]").check()
        expect(page.locator("#upload-screenshot")).to_be_hidden()
        page.goto(f"{base}/points/items/{EITHER.code}/claim/")
        page.locator("#upload-photo [data-upload-input]").first.set_input_files(photo)
        page.locator("#upload-screenshot [data-upload-input]").set_input_files(screenshot)
        expect(page.locator("[data-upload-list] li")).to_have_count(2)
        photograph(page, SHOTS / "claim-either.png", full_page=True)
        send(page)
        page.wait_for_url("**/received/")
    claim, either = Claim.objects.order_by("received_at")
    shown = {one.kind: (one.photo.width, one.photo.height) for one in either.evidence.all() if one.photo}
    assert shown == {Shown.PHOTO: (1200, 900), Shown.SCREENSHOT: (540, 960)}
    assert (claim.item_code, claim.note, claim.claimant_id) == ("ox-01", "周一早上，三楼", world.lan.id)
    assert claim.evidence.get().kind == Shown.PHOTO and Photo.objects.count() == 3


@pytest.mark.long
def test_three_tabs_send_one_and_a_rule_that_says_no_afterwards_loses_nothing(
    browser: Browser, live_server: LiveServer, world: World, folder: Path, photo: str
) -> None:
    base, posted = f"{live_server.url}/s/yunqiao", list[str]()
    context = browser.new_context(service_workers="block", **PHONE)  # type: ignore[arg-type]
    sign_in(context, live_server.url, world.lan)
    context.on("request", lambda call: posted.append(call.url) if call.method != "GET" else None)
    first, *others = (context.new_page() for _ in range(3))
    first.goto(f"{base}/points/items/ox-01/claim/", wait_until="networkidle")
    for page in others:
        page.goto(f"{base}/points/claims/", wait_until="networkidle")
    context.set_offline(True)
    first.locator("[data-upload-input]").first.set_input_files(photo)
    expect(first.locator("#upload-photo [data-upload-status]")).to_contain_text("照片先存在手机里")
    send(first)
    for page in others:
        expect(page.locator("[data-outbox-list]")).to_contain_text("帮独居老人买菜")
    context.set_offline(False)
    first.wait_for_url("**/received/")
    for page in others:
        expect(page.locator("[data-outbox]")).to_be_hidden()
    assert Claim.objects.get().evidence.count() == 1
    assert [url.rsplit("/s/yunqiao/")[1] for url in posted if "/outbox/" in url] == ["outbox/claims/"]

    told = "帮三楼的老人买了菜和米"
    first.goto(f"{base}/points/items/ox-01/claim/", wait_until="networkidle")
    context.set_offline(True)
    first.get_by_label("说一句").fill(told)
    send(first)
    expect(first.get_by_role("heading", name=KEPT)).to_be_visible()
    world.claim(note=told, now=clock.now())  # told at the counter meanwhile
    first.close()
    context.set_offline(False)
    page = others[0]
    page.goto(f"{base}/mine/")
    expect(page.locator("[data-outbox-list]")).to_contain_text("这件事今天已经报过一次")
    expect(page.locator("[data-outbox-list]")).to_contain_text("要改一下")
    page.get_by_role("link", name="改一改").click()
    expect(page.locator("[data-faults]")).to_contain_text("这件事今天已经报过一次")
    expect(page.get_by_label("说一句")).to_have_value(told)
    page.get_by_label("说一句").fill("给五楼的老人买了米")
    send(page)
    page.wait_for_url("**/received/")
    assert Claim.objects.count() == 3
    context.close()


@pytest.mark.long
def test_a_phone_that_died_knows_whose_it_is_and_whose_it_is_not(
    browser: Browser, live_server: LiveServer, world: World, folder: Path, photo: str, tmp_path: Path
) -> None:
    """What the browser notes of who was here may be lost with it; what was kept is told as its owner's all the same."""
    base, home = f"{live_server.url}/s/yunqiao", tmp_path / "phone"
    with living_in(browser, home) as context:
        sign_in(context, live_server.url, world.lan)
        page = context.new_page()
        kept_form(page, base)
        until(page, HAS_THE_SCRIPT, answer=True)
        context.set_offline(True)
        page.goto(f"{base}/points/items/ox-01/claim/")
        page.locator("[data-upload-input]").first.set_input_files(photo)
        expect(page.locator("#upload-photo [data-upload-status]")).to_contain_text("照片先存在手机里")
        page.get_by_label("说一句").fill("周一早上")
        send(page)
        expect(page.get_by_role("heading", name=KEPT)).to_be_visible()
        kill(home)
    with living_in(browser, home) as context:
        sign_in(context, live_server.url, world.lan)
        context.set_offline(True)
        page = context.new_page()
        page.goto(f"{base}/points/claims/")
        page.evaluate("localStorage.clear()")
        page.reload()
        expect(page.get_by_role("link", name="改一改")).to_be_visible()
        expect(page.locator("[data-outbox-others]")).to_be_hidden()
        # Another account is here now; that too is known when the browser has lost its notes.
        context.set_offline(False)
        page.route("**/outbox/**", lambda route: route.abort())
        sign_in(context, live_server.url, world.hua)
        page.goto(f"{base}/points/")
        until(page, VISITOR, str(world.hua.pk))
        context.set_offline(True)
        page.evaluate("localStorage.clear()")
        page.goto(f"{base}/points/claims/")
        expect(page.locator("[data-outbox-others]")).to_contain_text("别的账号")
        expect(page.get_by_role("link", name="改一改")).to_have_count(0)
        assert waiting(page) == 1


@pytest.mark.long
def test_what_a_second_page_wrote_when_the_first_had_sent_it_is_one_more_with_a_photo_of_its_own(
    browser: Browser, live_server: LiveServer, world: World, folder: Path, photo: str
) -> None:
    base = f"{live_server.url}/s/yunqiao"
    context = browser.new_context(service_workers="block", **PHONE)  # type: ignore[arg-type]
    sign_in(context, live_server.url, world.lan)
    page = context.new_page()
    page.goto(f"{base}/points/items/ox-01/claim/", wait_until="networkidle")
    context.route("**/outbox/claims/", lambda route: route.abort())
    page.locator("[data-upload-input]").first.set_input_files(photo)
    expect(page.locator("[data-upload-list] li")).to_have_count(1)
    send(page)
    expect(page.get_by_role("heading", name="现在连不上，已替您存着")).to_be_visible()
    page.goto(f"{base}/points/claims/", wait_until="networkidle")
    address = page.get_by_role("link", name="改一改").get_attribute("href")
    first, second = context.new_page(), context.new_page()
    page.close()
    for one in (first, second):
        one.goto(f"{live_server.url}{address}", wait_until="networkidle")
        expect(one.locator("[data-upload-list] li")).to_have_count(1)
    context.unroute("**/outbox/claims/")
    first.get_by_label("说一句").fill("给三楼的老人买了菜")
    send(first)
    first.wait_for_url("**/received/")
    second.get_by_label("说一句").fill("给五楼的老人买了米")
    send(second)
    expect(second.locator("[data-faults]")).to_contain_text("先前发的那一件已经收到了")
    expect(second.get_by_label("说一句")).to_have_value("给五楼的老人买了米")
    expect(second.locator("[data-upload-list] li")).to_have_count(1)
    assert Claim.objects.get().note == "给三楼的老人买了菜" and waiting(second) == 1
    context.close()
