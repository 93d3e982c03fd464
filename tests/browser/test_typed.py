"""What was typed into a form that did not arrive stands in it again for whoever typed it, and for nobody else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.models import Case
from huipai.kit import clock
from tests.browser.kept import sign_in
from tests.browser.visiting import visiting
from tests.cases.conftest import Place
from tests.photos.conftest import folder

__all__ = ["folder"]
expect.set_options(timeout=20_000)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LEADS_BACK = re.compile(r"/sign-in/\?next=.*/refusal/$")
WORDS = "同一处已经在修，三天以后好"


@pytest.fixture
def form(live_server: LiveServer, here: Place, folder: Path) -> str:
    """The page on which a dispatcher declines a case, and says why."""
    return f"{live_server.url}/s/yunqiao/cases/{here.report(now=clock.now()).code}/refusal/"


def write(page: Page, form: str) -> None:
    page.goto(form)
    page.get_by_role("radio").nth(1).check()
    page.get_by_role("textbox").first.fill(WORDS)


def send(page: Page) -> None:
    page.get_by_role("button", name="告诉上报人").click()


def is_given_back(page: Page) -> None:
    expect(page.get_by_text("刚才没有发成，您填的已经放回来了")).to_be_visible()
    expect(page.get_by_role("textbox").first).to_have_value(WORDS)
    expect(page.get_by_role("radio").nth(1)).to_be_checked()


def is_bare(page: Page) -> None:
    expect(page.get_by_role("textbox").first).to_have_value("")
    expect(page.get_by_text("刚才没有发成")).to_have_count(0)


def test_after_the_session_ended_it_waits_for_whoever_signs_in_again(
    browser: Browser, live_server: LiveServer, here: Place, form: str
) -> None:
    with visiting(browser, live_server.url, here.coordinator) as page:
        write(page, form)
        Session.objects.all().delete()
        send(page)
        page.wait_for_url(LEADS_BACK)
        page.reload()
        sign_in(page.context, live_server.url, here.coordinator)
        page.goto(form)
        is_given_back(page)
        page.reload()
        is_bare(page)  # it is given back once
    assert Case.objects.get().state == "reported"


def test_another_who_signs_in_at_the_same_screen_does_not_find_it(
    browser: Browser, live_server: LiveServer, here: Place, form: str
) -> None:
    with visiting(browser, live_server.url, here.coordinator) as page:
        write(page, form)
        Session.objects.all().delete()
        send(page)
        page.wait_for_url(LEADS_BACK)
        sign_in(page.context, live_server.url, here.dispatcher)
        page.goto(form)
        is_bare(page)
        sign_in(page.context, live_server.url, here.coordinator)
        page.goto(form)
        is_bare(page)


def test_after_a_page_that_was_open_too_long_it_is_there_on_the_way_back(
    browser: Browser, live_server: LiveServer, here: Place, form: str
) -> None:
    with visiting(browser, live_server.url, here.coordinator) as page:
        write(page, form)
        page.context.clear_cookies(name="csrftoken")
        send(page)
        expect(page.get_by_role("heading", name="这一页开得太久了")).to_be_visible()
        page.get_by_role("link", name="回到刚才那一页").click()
        is_given_back(page)
        send(page)
        page.wait_for_url(lambda url: "/refusal/" not in url)
        page.goto(form)
        expect(page.get_by_text("刚才没有发成")).to_have_count(0)  # it arrived
    assert Case.objects.get().state == "declined"
