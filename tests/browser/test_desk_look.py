"""The workbench reads well, and its keys do what its links do."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from huipai.kit import clock
from tests.browser import looking
from tests.browser.visiting import session_of, visiting
from tests.cases.conftest import Place
from tests.jobs import run_jobs
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def queue(here: Place, folder: Path) -> list[str]:
    """Codes of three cases, the most urgent first."""
    now = clock.now()
    cases = [
        here.report(by, now=now - timedelta(hours=ago)) for by, ago in ((here.lan, 9), (here.hua, 1), (here.qin, 0))
    ]
    run_jobs()
    return [case.code for case in cases]


@pytest.mark.long
def test_reads_well_in_every_view(browser: Browser, live_server: LiveServer, here: Place, queue: list[str]) -> None:
    cookies = session_of(here.coordinator)
    paths = ["/s/yunqiao/desk/", f"/s/yunqiao/desk/?case={queue[1]}"]
    found = looking.faults_of(browser, live_server.url, paths, cookies, least=30)
    assert not found, "\n".join(found)


def test_weighs_at_most_200_kb(browser: Browser, live_server: LiveServer, here: Place, queue: list[str]) -> None:
    with visiting(browser, live_server.url, here.coordinator) as page:
        answer = page.goto(f"{live_server.url}/s/yunqiao/desk/")
        assert answer is not None and looking.weight_of(answer.text()) <= 200_000


def test_is_walked_by_keys_which_pause_while_one_types(
    browser: Browser, live_server: LiveServer, here: Place, queue: list[str]
) -> None:
    wide = {"width": 1440, "height": 900}
    with visiting(browser, live_server.url, here.coordinator, viewport=wide) as page:
        page.goto(f"{live_server.url}/s/yunqiao/desk/")
        page.keyboard.press("j")
        page.wait_for_url(f"**case={queue[1]}")
        page.keyboard.press("k")
        page.wait_for_url(f"**case={queue[0]}")
        page.keyboard.press("?")
        expect(page.get_by_role("heading", name="全部按键")).to_be_visible()
        page.keyboard.press("Escape")
        held = "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'x', repeat: true, bubbles: true}))"
        for _each in range(3):
            page.evaluate(held)
        page.wait_for_load_state("networkidle")
        assert page.url.endswith(f"case={queue[0]}"), "a key held down does nothing to what nobody has seen"
        page.keyboard.press("x")
        page.wait_for_url(f"**/cases/{queue[0]}/refusal/")
        page.get_by_role("textbox").first.press("j")
        assert page.url.endswith("/refusal/")
