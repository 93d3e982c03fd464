"""What a phone keeps: its browser's life and death, and how much waits in its store."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from huipai.people.models import Person
from tests.browser.browser import ARGUMENTS, ready
from tests.browser.visiting import session_of

PHONE = {"viewport": {"width": 360, "height": 780}, "locale": "zh-CN"}


def sign_in(context: BrowserContext, base: str, person: Person) -> None:
    context.clear_cookies()
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in session_of(person).items()])


@contextmanager
def living_in(browser: Browser, home: Path, **more: object) -> Iterator[BrowserContext]:
    """A browser whose store outlives it."""
    chromium = ready()
    context = browser.browser_type.launch_persistent_context(
        home, executable_path=chromium.program, args=ARGUMENTS, env={**os.environ, **chromium.environment},
        **{**PHONE, **more},  # type: ignore[arg-type]
    )  # fmt: skip
    try:
        yield context
    finally:
        with contextlib.suppress(Error):  # it may have been killed
            context.close()


def kill(home: Path) -> None:
    """End the browser that lives there, and nothing else, as a phone does that runs out of memory."""
    for process in Path("/proc").iterdir():
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except (OSError, NotADirectoryError):
            continue
        if f"--user-data-dir={home}".encode() in words:
            os.kill(int(process.name), signal.SIGKILL)
    time.sleep(0.3)
    (home / "SingletonLock").unlink(missing_ok=True)


def until(page: Page, question: str, answer: object) -> None:
    """`question`, a function in the page's language, answers `answer` within 20 seconds.

    Not `wait_for_function`: from its second try on it evaluates words in the page, which our content policy forbids.
    """
    for _try in range(100):
        if page.evaluate(question) == answer:
            return
        page.wait_for_timeout(200)
    assert page.evaluate(question) == answer


WAITING = """() => new Promise((done) => {
    indexedDB.open('huipai-outbox').onsuccess = (event) => {
        event.target.result.transaction('parcels').objectStore('parcels').count().onsuccess =
            (counted) => done(counted.target.result);
    };
})"""


def waiting(page: Page) -> int:
    """How many wait on this phone, as its own store says."""
    number: int = page.evaluate(WAITING)
    return number


def all_sent(page: Page) -> None:
    """Nothing waits on this phone any more, and its page says so; the list is hidden before it is drawn, too."""
    until(page, WAITING, 0)
    expect(page.locator("[data-outbox]")).to_be_hidden()


PARCEL = """() => new Promise((done) => {
    indexedDB.open('huipai-outbox').onsuccess = (event) => {
        event.target.result.transaction('parcels').objectStore('parcels').getAllKeys().onsuccess =
            (found) => done(found.target.result[0]);
    };
})"""


def parcel(page: Page) -> str:
    """The id of what lies on this phone, as somebody might read it out of its store."""
    found: str = page.evaluate(PARCEL)
    return found
