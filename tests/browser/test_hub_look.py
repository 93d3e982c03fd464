"""The hub at work by keys alone, and the unit on its phone: both read well."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.models import WorkOrder
from huipai.cases.words import State
from huipai.grid.models import Assignment
from huipai.kit import clock
from huipai.people.words import Role
from tests import cast
from tests.browser import looking
from tests.browser.looking import photograph
from tests.browser.visiting import session_of, visiting
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.jobs import run_jobs
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
SHOTS = Path(__file__).resolve().parents[2] / "var" / "shots"


@pytest.fixture
def hub(here: Place, folder: Path) -> Hub:
    """A case with everything that a desk can show of one, and two more beside it."""
    now = clock.now()
    hub = Hub.with_a_case(here, now=now - 5 * HOUR, text="三辆车堵在楼梯口", address="柳溪花园 6 幢 2 单元")
    for by, ago in ((here.hua, 2), (here.qin, 1)):
        here.report(by, case_type=LITTER, now=now - timedelta(hours=ago))
    run_jobs()
    return hub


@pytest.mark.long
def test_the_desk_of_the_hub_reads_well(browser: Browser, live_server: LiveServer, hub: Hub) -> None:
    hub.sent(hub.place.city, helper_ids=(hub.place.guard.id,), now=clock.now() - HOUR)
    cookies = session_of(hub.place.dispatcher)
    paths = ["/s/yunqiao/desk/?view=all", f"/s/yunqiao/desk/?view=all&case={hub.case.code}"]
    found = looking.faults_of(browser, live_server.url, paths, cookies, least=30)
    assert not found, "\n".join(found)


@pytest.mark.long
def test_a_units_pages_read_well(browser: Browser, live_server: LiveServer, hub: Hub) -> None:
    order = hub.signed(now=clock.now() - HOUR)
    cookies = session_of(hub.place.shi)
    paths = [
        f"/s/yunqiao/orders/{page}" for page in ("", f"{order.id}/", f"{order.id}/return/", f"{order.id}/extension/")
    ]
    found = looking.faults_of(browser, live_server.url, paths, cookies)
    assert not found, "\n".join(found)


def test_who_comes_after_somebody_at_the_same_machine_finds_nothing_ticked(
    browser: Browser, live_server: LiveServer, hub: Hub
) -> None:
    first, other = hub.place.dispatcher, cast.staff("后来者", "13900019996")
    Assignment.objects.create(person=other, role=Role.DISPATCHER, node=hub.place.town["S"], valid_from=cast.A_MONTH_AGO)
    with visiting(browser, live_server.url, first, viewport={"width": 1440, "height": 900}) as page:
        for ticks, person, count in ((True, first, "1"), (False, other, ""), (False, first, "1")):
            page.context.add_cookies(
                [{"name": name, "value": value, "url": live_server.url} for name, value in session_of(person).items()]
            )
            page.goto(f"{live_server.url}/s/yunqiao/desk/?view=all")
            if ticks:
                page.locator(".tick input").first.check()
            expect(page.locator("[data-bulk-count]")).to_have_text(count)


def test_from_the_queue_to_the_unit_by_keys(browser: Browser, live_server: LiveServer, hub: Hub) -> None:
    """J and K move, Space ticks, / searches, Enter sends as suggested; the unit signs on its phone."""
    wide, place, base = {"width": 1440, "height": 900}, hub.place, live_server.url
    with visiting(browser, base, place.dispatcher, viewport=wide) as page:
        page.goto(f"{base}/s/yunqiao/desk/?view=all")
        expect(page.get_by_role("heading", level=2).first).to_have_text("垃圾没清")
        photograph(page, SHOTS / "hub-desk.png")
        page.keyboard.press("j")
        page.wait_for_url("**case=*")
        for _held_down in range(2):
            page.keyboard.down(" ")
        page.keyboard.up(" ")
        expect(page.locator("[data-bulk-count]")).to_have_text("1")
        with page.expect_navigation():
            page.keyboard.press("k")
        expect(page.locator("[data-bulk-said]")).to_have_text("勾了 1 件，一起派")
        expect(page.locator("[data-bulk-count]")).to_have_text("1")  # what was ticked stays so
        with page.expect_navigation():
            page.keyboard.press("j")
        page.keyboard.press("q")
        page.keyboard.type("几点开始堵？ j k x")
        assert page.get_by_label("想问的话").input_value() == "几点开始堵？ j k x"
        page.goto(f"{base}/s/yunqiao/desk/?view=all&case={hub.case.code}")
        page.keyboard.press("/")
        expect(page.locator("[data-search]")).to_be_focused()
        page.keyboard.type("东门 j")
        page.keyboard.press("Escape")  # out of it, with what was typed: the keys of the list count again
        expect(page.locator("[data-search]")).not_to_be_focused()
        expect(page.locator("[data-search]")).to_have_value("东门 j")
        page.get_by_role("heading", name="派给谁").or_(page.locator("#pick-unit")).first.click()
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/?view=all")
        expect(page.get_by_text("派出去了")).to_be_visible()
    order = WorkOrder.objects.get(case=hub.case)
    assert hub.fresh().state == State.DISPATCHED
    member = {place.guard.id: place.ning, place.city.id: place.shi, place.police.id: place.xu}[order.unit_id]
    with visiting(browser, base, member) as page:
        page.goto(f"{base}/s/yunqiao/orders/")
        photograph(page, SHOTS / "unit-orders.png")
        page.get_by_role("link", name="垃圾没清").first.click()
        page.get_by_role("button", name="签收").click()
        expect(page.get_by_text("签收了，办完拍一张")).to_be_visible()
        photograph(page, SHOTS / "unit-order.png", full_page=True)
        assert place.lan.name not in page.content()
