"""What neighbours and reporters see after sending: each page read in every view, and one walk through them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.commands import asking, handling
from huipai.kit import clock
from huipai.people.words import ProxyScope
from tests import cast
from tests.browser import looking
from tests.browser.looking import photograph
from tests.browser.test_cases_look import confirming, handled, reported, session_of
from tests.cases.conftest import LITTER, Place
from tests.cases.showing import release
from tests.cases.test_deeds import OX, publish, tell
from tests.cases.test_own import helps
from tests.jobs import run_jobs
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


def asked(place: Place) -> str:
    case = reported(place)
    handling.accept(case_id=case.id, actor=place.wei, now=clock.now())
    asking.ask(case_id=case.id, actor=place.wei, text="一般几点开始堵？", now=clock.now())
    return f"mine/{case.code}/"


def declined(place: Place) -> str:
    case = reported(place)
    handling.decline(case_id=case.id, actor=place.wei, reason="outside", text="那边归隔壁", now=clock.now())
    return f"mine/{case.code}/"


def told(place: Place) -> str:
    cast.rulebook(cast.FOUND, OX, since=cast.A_MONTH_AGO + timedelta(days=1))
    deed = tell(place, photos=(place.photo(place.lan).id,))
    run_jobs()
    return f"deeds/{deed.id}/"


def shown_deed(place: Place) -> str:
    cast.rulebook(cast.FOUND, OX, since=cast.A_MONTH_AGO + timedelta(days=1))
    deed, _earned = publish(place, tell(place))
    return f"c/{deed.code}/"


def for_an_elder(place: Place) -> str:
    case = confirming(place)
    helps(place.lan, place.hua, ProxyScope.ANSWER)
    return f"mine/{case.code}/?for={place.lan.id}"


SHOTS = Path(__file__).resolve().parents[2] / "var" / "shots"

PAGES: dict[str, tuple[Callable[[Place], str], str]] = {
    "a question answered in place": (asked, "lan"),
    "a refusal and the way to a review": (declined, "lan"),
    "asking for a review": (lambda place: declined(place).replace("mine/", "cases/") + "review/", "lan"),
    "for an elder": (for_an_elder, "hua"),
    "telling of a good deed": (lambda _place: "report/good-deed/", "lan"),
    "a deed of one's own": (told, "lan"),
    "a deed to verify": (lambda place: told(place) + "verification/", "coordinator"),
    "deeds that wait": (lambda place: told(place) and "deeds/", "coordinator"),
    "a deed that neighbours see": (shown_deed, "hua"),
    "how I want to be told": (lambda _place: "notices/preference/", "lan"),
}


AT_THE_DESK = {"a deed to verify", "deeds that wait"}


@pytest.mark.long
@pytest.mark.parametrize("name", PAGES)
def test_reads_well_in_every_view(browser: Browser, live_server: LiveServer, here: Place, name: str) -> None:
    make, who = PAGES[name]
    path = make(here)
    least = 30 if name in AT_THE_DESK else 44
    session = session_of(getattr(here, who))
    assert looking.faults(browser, live_server.url, f"/s/yunqiao/{path}", session, least=least) == []


def test_a_neighbour_finds_thanks_and_passes_on(browser: Browser, live_server: LiveServer, here: Place) -> None:
    """The map counts in the database, the filters narrow list and map alike, a heart is pressed without a reload."""
    _jam, litter = (
        release(here, handled(here), now=clock.now()),
        here.report(case_type=LITTER, now=clock.now(), at=here.town.at(350, 350)),
    )
    run_jobs()
    release(here, litter, now=clock.now())
    with looking.looking(browser, live_server.url, "normal", session_of(here.hua)) as look:
        page = look.page
        look.widen(1440)
        look.open(f"{live_server.url}/s/yunqiao/nearby/")
        expect(page.locator("#nearby > li")).to_have_count(2)
        expect(page.locator("[data-heaps]")).to_have_attribute("data-heaps-drawn", "2", timeout=20_000)
        page.locator(".map-filter summary").click()
        page.locator("select[name=type]").select_option("litter")
        page.locator(".map-filter button").click()
        expect(page.locator("#nearby > li")).to_have_count(1)
        expect(page.locator("[data-heaps]")).to_have_attribute("data-heaps-drawn", "1", timeout=20_000)
        page.locator(".likebtn").click()
        expect(page.locator(".likebtn")).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".likebtn")).to_contain_text("1 位邻居说谢谢")
        page.locator("#nearby a").first.click()
        page.wait_for_url(f"**/c/{litter.code}/")
        image = page.locator("meta[property='og:image']").get_attribute("content") or ""
        assert image.startswith(f"{live_server.url}/s/yunqiao/c/{litter.code}/photos/")
        assert look.problems == []


def test_what_lies_on_one_spot_is_listed_where_no_nearer_view_parts_it(
    browser: Browser, live_server: LiveServer, here: Place
) -> None:
    spot = here.town.at(350, 350)
    cases = [here.report(case_type=LITTER, now=clock.now(), at=spot) for _ in range(2)]
    run_jobs()
    for case in cases:
        release(here, case, now=clock.now())
    with looking.looking(browser, live_server.url, "normal", session_of(here.hua)) as look:
        page = look.page
        for width in (360, 1440):
            look.widen(width)
            look.open(f"{live_server.url}/s/yunqiao/nearby/")
            expect(page.locator("[data-heaps]")).to_have_attribute("data-heaps-drawn", "1", timeout=20_000)
            page.locator(".cluster").click()
            expect(page.locator("[data-map-card] a")).to_have_count(2)
            photograph(page, SHOTS / f"one-spot-{width}.png")
        page.locator("[data-map-card] a").first.click()
        page.wait_for_url("**/c/*/")
        assert look.problems == []
