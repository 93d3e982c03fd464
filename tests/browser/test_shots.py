"""The pictures of the docs: `make shots` takes them again, small, of the pages as they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.commands import handling, intake
from huipai.cases.models import Case, WorkOrder
from huipai.kit import clock
from huipai.kit.ids import new_id
from huipai.people.models import Person
from tests.browser.looking import photograph
from tests.browser.visiting import visiting
from tests.cases.conftest import LITTER, PARKING, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.showing import release
from tests.jobs import run_jobs
from tests.photos import makers, samples
from tests.photos.conftest import folder

__all__ = ["folder"]
SHOTS = settings.BASE_DIR / "docs" / "shots"
DESKTOP = {"width": 1440, "height": 900}
MOST = 2 * 1024 * 1024
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.long]


@dataclass
class Taken:
    """A street in the middle of a day."""

    place: Place
    own: Case
    order: WorkOrder


@pytest.fixture
def day(here: Place, folder: Path) -> Taken:
    now = clock.now()
    cases = [
        _report(here, by, kind, address, at, now - hours * HOUR)
        for by, kind, address, at, hours in (
            (here.lan, PARKING, "柳溪花园东门", (50, 50), 5),
            (here.hua, LITTER, "学士街步道", (150, 120), 30),
            (here.qin, PARKING, "港口东苑后巷", (90, 300), 2),
            (here.bo, LITTER, "云桥路菜场", (320, 90), 1),
        )
    ]
    run_jobs()
    for case in cases:
        release(here, case, now=now)
    handling.accept(case_id=cases[0].id, actor=here.wei, now=now - 2 * HOUR)
    order = Hub(here, cases[3]).signed(now=now - HOUR / 2)
    run_jobs()
    return Taken(here, cases[0], order)


def _report(place: Place, by: Person, kind: str, address: str, at: tuple[int, int], now: datetime) -> Case:
    photo = makers.receive(new_id(), by, samples.jpeg(cars=at[0] % 9, size=(800, 600)), now=now)
    sending = place.sending(photo, case_type=kind, at=place.town.at(*at), address=address, text="一早就这样，过不去")
    return Case.objects.get(pk=intake.receive(sending=sending, reporter=by, now=now).case_id)


def shot(page: Page, name: str, *, whole: bool = False) -> None:
    """As WebP: a page of text and a few photos takes some 30 KB."""
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(400)
    SHOTS.mkdir(parents=True, exist_ok=True)
    taken = SHOTS / f"{name}.png"
    photograph(page, taken, full_page=whole)
    Image.open(taken).convert("RGB").save(taken.with_suffix(".webp"), quality=80, method=6)
    taken.unlink()


def test_shots_of_the_phone(browser: Browser, live_server: LiveServer, day: Taken, tmp_path: Path) -> None:
    base, at = f"{live_server.url}/s/yunqiao", day.place.town.at(60, 60)
    (tmp_path / "jam.jpg").write_bytes(samples.jpeg(size=(800, 600), place=(at.lat, at.lng)))
    with visiting(browser, live_server.url, day.place.lan, device_scale_factor=1.5) as page:
        page.goto(f"{base}/", wait_until="networkidle")
        shot(page, "phone-home")
        page.goto(f"{base}/mine/{day.own.code}/", wait_until="networkidle")
        shot(page, "phone-case")
        page.goto(f"{base}/report/", wait_until="networkidle")
        page.locator("[data-upload-input]").last.set_input_files(str(tmp_path / "jam.jpg"))
        page.get_by_text("垃圾没清").click()
        expect(page.locator("[data-upload-list] li")).to_have_count(1)
        shot(page, "phone-report")
        for path in ("**/outbox/", "**/outbox/reports/"):
            page.route(path, lambda route: route.abort())
        page.get_by_role("button", name="发送").click()
        expect(page.get_by_role("heading", name="现在连不上，已替您存着")).to_be_visible()
        page.goto(f"{base}/mine/", wait_until="networkidle")
        expect(page.locator("[data-outbox-list] li")).to_have_count(1)
        shot(page, "phone-waiting")
    with visiting(browser, live_server.url, day.place.wei, device_scale_factor=1.5) as page:
        page.goto(f"{base}/today/", wait_until="networkidle")
        shot(page, "phone-today")


def test_shots_of_the_desk(browser: Browser, live_server: LiveServer, day: Taken) -> None:
    base, places = f"{live_server.url}/s/yunqiao", day.place
    for name, person, path in (
        ("desk-hub", places.dispatcher, "desk/?view=all"),
        ("desk-order", places.shi, f"orders/{day.order.id}/"),
        ("desk-nearby", places.lan, "nearby/?span=all"),
    ):
        with visiting(browser, live_server.url, person, viewport=DESKTOP) as page:
            page.goto(f"{base}/{path}", wait_until="networkidle")
            shot(page, name)
    whole = sum(one.stat().st_size for one in SHOTS.iterdir())
    assert whole < MOST, f"{whole} bytes"
