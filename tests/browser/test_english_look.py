"""The pages of a case in English, at the width of a phone and of a desk: no word leaves its button or the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from huipai.kit import clock
from huipai.people.models import Person
from huipai.people.words import Role
from tests.access.town import make
from tests.browser import looking
from tests.browser.visiting import session_of
from tests.cases.conftest import Place
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = [
    pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser"), pytest.mark.long,
]  # fmt: skip
WIDTHS = {360: 780, 1024: 800, 1440: 900}
PAGES: dict[Role, tuple[str, ...]] = {
    Role.COORDINATOR: (
        "cases/{code}/", "cases/{code}/print/", "cases/{code}/reporter/", "cases/{code}/whistle/", "points/said/",
    ),
    Role.DISPATCHER: ("desk/", "cases/{code}/", "cases/{code}/originals/"),
    Role.UNIT_HANDLER: ("orders/{order_id}/", "orders/{order_id}/print/"),
}  # fmt: skip
_OVERFULL = """() => [...document.querySelectorAll('.btn')]
  .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1)
  .map((one) => `${one.textContent.trim().slice(0, 60)} ${one.scrollWidth} in ${one.clientWidth}`)"""


@override_settings(SECOND_FACTOR_FOR_ADMINS=False)
def test_no_word_leaves_its_button_or_the_screen(
    browser: Browser, live_server: LiveServer, here: Place, folder: Path
) -> None:
    made, found = make(here, 1, clock.now()), []
    for role, pages in PAGES.items():
        person = made.people[role]
        assert isinstance(person, Person)
        cookies = {**session_of(person), settings.LANGUAGE_COOKIE_NAME: "en"}
        with looking.looking(browser, live_server.url, "normal", cookies) as look:
            for path in pages:
                for width, height in WIDTHS.items():
                    look.page.set_viewport_size({"width": width, "height": height})
                    look.open(f"{live_server.url}/s/{here.street.slug}/{path.format(**made.own)}")
                    wrong = look.page.evaluate(_OVERFULL)
                    if (pixels := looking.sideways(look.page)) > 0:
                        wrong.append(f"pushed sideways {pixels}")
                    found += [f"{path} {width}: {one}" for one in wrong]
    assert not found, "\n".join(found)
