"""What colleagues open now and then: types, joint tasks, search, unmask, originals, tables, the record."""

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
from tests.browser.looking import axe, looking, photograph, sideways, too_small
from tests.browser.visiting import session_of
from tests.cases.conftest import Place
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = [
    pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser"), pytest.mark.long,
]  # fmt: skip
SHOTS = settings.BASE_DIR / "var" / "shots"
# By whom: which page, under which name its picture is kept.
PAGES: dict[Role, dict[str, str]] = {
    Role.DISPATCHER: {
        "types": "types/", "type": "types/litter/", "joint": "joint/", "joint-task": "joint/{task_id}/",
        "search": "search/?q=垃圾", "unmask": "cases/{code}/reporter/", "originals": "cases/{code}/originals/",
        "exports": "exports/", "export": "exports/{export_id}/", "guesses": "types/suggestions/",
    },
    Role.COORDINATOR: {"whistle": "cases/{code}/whistle/", "counter": "counter/", "ward": "counter/{resident}/ward/"},
    Role.SYSTEM_ADMIN: {"type-new": "types/new/", "type-excel": "types/excel/", "wall-links": "wall/links/"},
    Role.AUDITOR: {"record": "audit/"},
}  # fmt: skip


@override_settings(SECOND_FACTOR_FOR_ADMINS=False)
def test_pages_that_colleagues_open_now_and_then(
    browser: Browser, live_server: LiveServer, here: Place, folder: Path
) -> None:
    """At the width of a tablet in the dark and as an elder sees it, and of a desk by day."""
    made, found = make(here, 1, clock.now()), []
    SHOTS.mkdir(parents=True, exist_ok=True)
    for role, pages in PAGES.items():
        person = made.people[role]
        assert isinstance(person, Person)
        for mode, width in (("dark", 768), ("elder", 768), ("normal", 1440)):
            with looking(browser, live_server.url, mode, session_of(person)) as look:
                look.widen(width)
                for name, path in pages.items():
                    look.open(f"{live_server.url}/s/{here.street.slug}/{path.format(**made.own)}")
                    photograph(look.page, SHOTS / f"staff-{name}-{mode}.png")
                    wrong = axe(look.page) + too_small(look.page, {"dark": 44, "elder": 60, "normal": 30}[mode])
                    wrong += ["can be pushed sideways"] * (sideways(look.page) > 0)
                    found += [f"{name}, {mode}: {line}" for line in [*wrong, *look.problems]]
                    look.problems.clear()
    assert not found, "\n".join(found)
