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
from huipai.people.words import Role
from huipai.rulebook import commands as rulebook
from huipai.streets.models import Street
from tests.browser.kept import sign_in
from tests.browser.visiting import visiting
from tests.cases.conftest import Place
from tests.cast import TWO_YEARS_AGO, appoint, staff
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


def lose(page: Page, form: str) -> None:
    """It is written and sent, and the session has ended meanwhile."""
    write(page, form)
    Session.objects.all().delete()
    send(page)
    page.wait_for_url(LEADS_BACK)


def is_given_back(page: Page) -> None:
    expect(page.get_by_text("刚才好像没有发成，您填的已经放回来了")).to_be_visible()
    expect(page.get_by_role("textbox").first).to_have_value(WORDS)
    expect(page.get_by_role("radio").nth(1)).to_be_checked()


def is_bare(page: Page) -> None:
    expect(page.get_by_role("textbox").first).to_have_value("")
    expect(page.get_by_text("刚才好像没有发成")).to_have_count(0)


def test_without_a_network_it_waits_for_whoever_comes_back(
    browser: Browser, live_server: LiveServer, here: Place, form: str
) -> None:
    """The browser's own page says that it did not leave, and knows nothing of what was typed."""
    with visiting(browser, live_server.url, here.coordinator) as page:
        page.goto(f"{live_server.url}/s/yunqiao/me/")
        write(page, form)
        page.context.set_offline(True)
        with page.expect_event("requestfailed"):
            send(page)
        page.wait_for_url("chrome-error://**")
        page.context.set_offline(False)
        page.go_back()
        page.goto(form)
        is_given_back(page)
    assert Case.objects.get().state == "reported"


def test_after_the_session_ended_it_waits_for_whoever_signs_in_again(
    browser: Browser, live_server: LiveServer, here: Place, form: str
) -> None:
    with visiting(browser, live_server.url, here.coordinator) as page:
        lose(page, form)
        page.reload()
        sign_in(page.context, live_server.url, here.coordinator)
        page.goto(form)
        is_given_back(page)
        page.reload()
        is_bare(page)  # it is given back once
    assert Case.objects.get().state == "reported"


def test_what_a_page_with_faults_holds_counts_as_typed(
    browser: Browser, live_server: LiveServer, here: Place, form: str
) -> None:
    """The server wrote it there, so nothing differs from what the page came with; it was typed before all the same."""
    with visiting(browser, live_server.url, here.coordinator) as page:
        page.goto(form)
        page.get_by_role("textbox").first.fill(WORDS)
        send(page)
        expect(page.locator("[data-error-summary]")).to_be_visible()
        expect(page.get_by_role("textbox").first).to_have_value(WORDS)
        Session.objects.all().delete()
        send(page)
        page.wait_for_url(LEADS_BACK)
        sign_in(page.context, live_server.url, here.coordinator)
        page.goto(form)
        expect(page.get_by_text("刚才好像没有发成，您填的已经放回来了")).to_be_visible()
        expect(page.get_by_role("textbox").first).to_have_value(WORDS)


def test_a_button_beside_which_nothing_was_typed_says_nothing(
    browser: Browser, live_server: LiveServer, here: Place, form: str
) -> None:
    page_of_the_case = form.removesuffix("refusal/")
    with visiting(browser, live_server.url, here.wei) as page:
        page.goto(page_of_the_case)
        Session.objects.all().delete()
        page.get_by_role("button", name="我来办").click()
        page.wait_for_url("**/sign-in/**")
        sign_in(page.context, live_server.url, here.wei)
        page.goto(page_of_the_case)
        expect(page.get_by_role("button", name="我来办")).to_be_visible()
        expect(page.get_by_text("刚才好像没有发成")).to_have_count(0)


def test_of_a_counter_nobodys_name_and_no_yes_is_kept(
    browser: Browser, live_server: LiveServer, here: Place, folder: Path
) -> None:
    with visiting(browser, live_server.url, here.coordinator) as page:
        page.goto(f"{live_server.url}/s/yunqiao/counter/report/")
        page.get_by_label("怎么称呼").fill("王阿婆")
        page.get_by_label("他怎么说的").fill("楼下堵了")
        page.get_by_label("本人同意了").check()
        Session.objects.all().delete()
        page.get_by_role("button", name="登记，出回执").click()
        page.wait_for_url("**/sign-in/**")
        assert "王阿婆" not in page.evaluate("() => sessionStorage.getItem('huipai:typed')")
        sign_in(page.context, live_server.url, here.coordinator)
        page.goto(f"{live_server.url}/s/yunqiao/counter/report/")
        expect(page.get_by_label("他怎么说的")).to_have_value("楼下堵了")
        expect(page.get_by_label("怎么称呼")).to_have_value("")
        expect(page.get_by_label("本人同意了")).not_to_be_checked()


def test_another_who_signs_in_at_the_same_screen_does_not_find_it(
    browser: Browser, live_server: LiveServer, here: Place, form: str
) -> None:
    with visiting(browser, live_server.url, here.coordinator) as page:
        lose(page, form)
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
        expect(page.get_by_text("刚才好像没有发成")).to_have_count(0)  # it arrived
    assert Case.objects.get().state == "declined"


def test_what_it_was_typed_beside_is_given_back_with_it(
    browser: Browser, live_server: LiveServer, in_yunqiao: Street
) -> None:
    """Whoever signs in again has not read what was written meanwhile: it is not written over by what they typed."""
    now = clock.now()
    writer = appoint(staff("编", "13900000011"), Role.RULEBOOK_EDITOR, since=TWO_YEARS_AGO)
    version = rulebook.draft(author=writer, note="改一条", now=now)
    desk = f"{live_server.url}/s/yunqiao/rulebook/desk/"
    with visiting(browser, live_server.url, writer) as page:
        page.goto(desk)
        page.get_by_text("改这一版的说明").click()
        page.get_by_label("这一版改了什么").fill("改两条")
        Session.objects.all().delete()
        page.locator("form[action$='/note/']").get_by_role("button").click()
        page.wait_for_url("**/sign-in/**")
        rulebook.reword_note(version_id=version.id, actor=writer, note="改三条", now=now)
        sign_in(page.context, live_server.url, writer)
        page.goto(desk)
        expect(page.get_by_label("这一版改了什么")).to_have_value("改两条")
        page.locator("form[action$='/note/']").get_by_role("button").click()
        expect(page.get_by_text("现在写的是「改三条」").first).to_be_visible()
        expect(page.get_by_label("这一版改了什么")).to_have_value("改两条")
