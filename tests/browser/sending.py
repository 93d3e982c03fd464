"""A phone with a report to send, as its owner fills it in and sends it; and a neighbour who was first."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from huipai.cases.models import Case
from huipai.kit import clock
from huipai.people.models import Person
from huipai.photos import commands as photos
from tests.browser.kept import PHONE, sign_in
from tests.cases.conftest import Place
from tests.photos import samples

REPORTS = "**/outbox/reports/"

# Whether the worker has put the empty form of this street away, within ten seconds.
KEPT_FORM = """async () => {
    for (let tries = 0; tries < 100; tries += 1) {
        if (await caches.match('/s/yunqiao/report/offline/', {ignoreSearch: true, ignoreVary: true})) return true;
        await new Promise((done) => setTimeout(done, 100));
    }
    return false;
}"""


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


def send_in_vain(page: Page, base: str, *pictures: str) -> None:
    """A report that stays on the phone: the server is not reached."""
    page.goto(f"{base}/report/")
    fill(page, *pictures)
    page.route(REPORTS, lambda route: route.abort())
    send(page)
    is_kept(page)


def is_kept(page: Page) -> None:
    expect(page.get_by_role("heading", name="现在连不上，已替您存着")).to_be_visible()


def swallow(route: Route) -> None:
    """The server takes it in; its answer never arrives."""
    with contextlib.suppress(Error):
        route.fetch()
    route.abort()


def shown_now(here: Place) -> Case:
    """A neighbour's case whose photo was looked at and released a moment ago."""
    case = here.report(now=clock.now())
    for one in case.photos.select_related("photo"):
        photos.process(photo_id=one.photo_id, now=clock.now())
        one.photo.refresh_from_db()
        photos.release(photo=one.photo, by=here.coordinator, copy_seen=one.photo.public_sha256, now=clock.now())
    return case
