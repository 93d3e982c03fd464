"""Two pages of one phone have the same in their forms, and one of them sends it or throws it away.

Nothing that was typed in the other is lost, nothing is sent twice, and the page says what happened.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.commands import handling
from huipai.cases.models import (
    Addition,
    Case,
    CasePhoto,
    GoodDeed,
    KeptBundle,
    Note,
    OwnFind,
    Question,
    Report,
    Transition,
)  # fmt: skip
from huipai.cases.words import Action
from huipai.grid import commands as grid
from huipai.kit import clock
from huipai.people.words import ProxyScope, Role
from tests import cast
from tests.browser.kept import WAITING, until, waiting
from tests.browser.looking import axe, sideways
from tests.browser.sending import REPORTS, fill, is_kept, phone, picture, send, send_in_vain
from tests.browser.test_round_outbox import BUNDLES, FINDS, note, take_on, tick, visit
from tests.browser.test_round_outbox import fill as fill_find
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR
from tests.cases.test_own import helps
from tests.photos.conftest import folder

__all__ = ["folder", "picture"]
expect.set_options(timeout=20_000)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDITIONS, DEEDS, GOOD_DEEDS = "**/outbox/additions/", "**/outbox/deeds/", "**/outbox/good-deeds/"
# As in a browser, or at an address without a certificate, that has no locks.
NO_LOCKS = "Object.defineProperty(navigator, 'locks', { value: undefined })"
Picture = Callable[[int], str]


def words(page: Page, text: str) -> None:
    page.get_by_label("想说的话").fill(text)


def opened_twice(context: BrowserContext, base: str, picture: Picture, *, route: str = REPORTS) -> tuple[Page, Page]:
    """A report waits; its form stands open in two pages."""
    page = context.new_page()
    send_in_vain(page, base, picture(1))
    page.close()
    context.route(route, lambda one: one.abort())
    pages = edited_twice(context, f"{base}/mine/")
    for one in pages:
        expect(one.locator("[data-upload-list] li")).to_have_count(1)
    return pages


def edited_twice(context: BrowserContext, listed: str) -> tuple[Page, Page]:
    """What waits and stands on this list, to be changed in two pages."""
    pages = context.new_page(), context.new_page()
    for one in pages:
        one.goto(listed, wait_until="networkidle")
    for one, address in [(one, one.get_by_role("link", name="改一改").get_attribute("href")) for one in pages]:
        one.goto(f"{listed.split('/s/')[0]}{address}", wait_until="networkidle")
    return pages


def found_twice(context: BrowserContext, base: str, picture: Picture) -> tuple[Page, Page]:
    """A find that the server refused stands open in two pages."""
    page = context.new_page()
    page.goto(f"{base}/own-finds/new/", wait_until="networkidle")
    fill_find(page, picture(1), picture(2))
    note(page)
    expect(page.locator("[data-faults] li")).to_have_count(1)
    page.close()
    return edited_twice(context, f"{base}/own-finds/")


def tell(page: Page, title: str) -> None:
    """Of a good deed, with this title; it stays on the phone."""
    page.get_by_label("是什么好事").fill(title)
    page.get_by_role("button", name="讲给社区听").click()
    is_kept(page)


def done(page: Page, text: str) -> None:
    page.get_by_label("怎么办的").fill(text)
    page.get_by_role("button", name="办好了", exact=True).click()


def hand_up(page: Page, text: str) -> None:
    if not page.locator("form[data-ticks] [name=text]").is_visible():
        page.get_by_text("勾上的都转给联动中心").first.click()
    page.locator("form[data-ticks] [name=text]").fill(text)
    page.locator("form[data-ticks] button[value=hand_up]").click()


def ticked_twice(context: BrowserContext, server: str, case: Case) -> tuple[Page, Page]:
    """One case is ticked and waits, as bundles do not get through; its list stands open in two pages."""
    page, today = context.new_page(), f"{server}/s/yunqiao/today/"
    context.route(BUNDLES, lambda route: route.abort())
    page.goto(today, wait_until="networkidle")
    tick(page, case)
    take_on(page)
    expect(page.locator("[data-ticks-kept]")).to_contain_text("已存在手机里")
    page.goto(today, wait_until="networkidle")
    address = page.get_by_role("link", name="改一改").get_attribute("href")
    page.close()
    pages = context.new_page(), context.new_page()
    for one in pages:
        one.goto(f"{server}{address}", wait_until="networkidle")
        expect(one.locator("[data-ticks-begun]")).to_contain_text("上次勾的 1 件还没发")
    return pages


class TestReport:
    def test_what_the_second_page_wrote_is_added_to_the_report_that_the_first_sent_for_whomever_that_was(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Picture
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        helps(here.lan, here.hua, ProxyScope.REPORT, ProxyScope.ANSWER)
        with phone(browser, live_server.url, here.hua, service_workers="block") as context:
            first, second = opened_twice(context, base, picture)
            context.unroute(REPORTS)
            first.get_by_text(here.lan.name).click()
            words(first, "第一页写的")
            words(second, "第二页写的，很要紧：有人摔倒了")
            send(first)
            first.wait_for_url("**/received/")
            words(second, "第二页写的，很要紧：有人摔倒了，快来")
            second.locator("[data-upload-input]").last.set_input_files(picture(2))
            expect(second.locator("[data-upload-list] li")).to_have_count(2)
            send(second)
            second.wait_for_url("**/additions/new/?parcel=*")
            expect(second.locator("[data-faults]")).to_contain_text("这一件在另一页已经发出，也收到了")
            expect(second.locator("[data-addition-code]")).to_have_text(Case.objects.get().code)
            expect(second.get_by_label("想补充的话")).to_have_value("第二页写的，很要紧：有人摔倒了，快来")
            expect(second.locator("[data-upload-list] li")).to_have_count(1)  # the one that did not go
            assert sideways(second) == 0 and axe(second) == []
            second.get_by_role("button", name="补上去").click()
            second.wait_for_url("**/mine/*/?for=*")
            expect(second.get_by_text("快来")).to_be_visible()
            assert waiting(second) == 0
        assert Report.objects.values_list("text", "reporter").get() == ("第一页写的", here.lan.id)
        assert Addition.objects.get().text == "第二页写的，很要紧：有人摔倒了，快来"
        assert CasePhoto.objects.count() == 2

    @pytest.mark.long
    def test_a_second_page_that_is_closed_leaves_its_words_in_the_list(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Picture
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        helps(here.lan, here.hua, ProxyScope.REPORT, ProxyScope.ANSWER)
        with phone(browser, live_server.url, here.hua, service_workers="block") as context:
            first, second = opened_twice(context, base, picture)
            context.unroute(REPORTS)
            second.get_by_text(here.lan.name).click()
            words(second, "有人摔倒了")
            words(first, "第一页写的")
            send(first)
            first.wait_for_url("**/received/")
            until(second, WAITING, 1)
            second.close()
            first.goto(f"{base}/mine/", wait_until="networkidle")
            expect(first.locator("[data-outbox-list]")).to_contain_text("同一件在另一页发过了")
            first.get_by_role("link", name="改一改").click()
            first.wait_for_url("**/additions/new/?parcel=*")
            expect(first.get_by_label("想补充的话")).to_have_value("有人摔倒了")
            first.goto(f"{base}/mine/", wait_until="networkidle")
            expect(first.locator("[data-outbox-list]")).to_contain_text("补到那一件上")
            expect(first.locator("[data-outbox-list]")).not_to_contain_text(here.lan.name)  # the report is hua's own
            assert waiting(first) == 1 and sideways(first) == 0 and not Addition.objects.exists()
            first.get_by_role("link", name="改一改").click()
            first.get_by_role("button", name="补上去").click()
            first.wait_for_url("**/cases/*/")
        assert Report.objects.get().reporter == here.hua and Addition.objects.get().text == "有人摔倒了"

    @pytest.mark.long
    def test_a_second_page_in_which_nothing_was_written_shows_that_it_was_received(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Picture
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            first, second = opened_twice(context, base, picture)
            context.unroute(REPORTS)
            words(first, "第一页写的")
            send(first)
            first.wait_for_url("**/received/")
            send(second)
            second.wait_for_url("**/received/")
            assert waiting(second) == 0
        assert Report.objects.get().text == "第一页写的" and not Addition.objects.exists()

    @pytest.mark.long
    def test_while_it_waits_the_words_of_both_go_as_one(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Picture
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            first, second = opened_twice(context, base, picture)
            words(first, "第一页写的")
            first.locator("[data-upload-input]").last.set_input_files(picture(3))
            expect(first.locator("[data-upload-list] li")).to_have_count(2)
            send(first)
            is_kept(first)
            words(second, "有人摔倒了")
            second.get_by_role("button", name="去掉这张").click()
            second.locator("[data-upload-input]").last.set_input_files(picture(2))
            expect(second.locator("[data-upload-list] li")).to_have_count(1)
            until(second, WAITING, 2)  # so that neither writes over the other
            send(second)
            is_kept(second)
            assert waiting(second) == 1
            first.close()
            context.unroute(REPORTS)
            second.goto(f"{base}/mine/")
            until(second, WAITING, 0)
        assert Report.objects.get().text == "第一页写的\n有人摔倒了" and CasePhoto.objects.count() == 2

    @pytest.mark.long
    def test_a_photo_that_a_page_has_taken_off_and_not_sent_goes_with_the_other(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Picture
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            first, second = opened_twice(context, base, picture)
            send(first)
            is_kept(first)
            second.get_by_role("button", name="去掉这张").click()
            until(second, WAITING, 2)
            second.close()
            context.unroute(REPORTS)
            first.goto(f"{base}/mine/", wait_until="networkidle")
            until(first, WAITING, 1)
            expect(first.locator("[data-outbox-list]")).to_contain_text("同一件在另一页发过了")
        assert Report.objects.count() == CasePhoto.objects.count() == 1


class TestFind:
    @pytest.mark.long
    def test_what_the_second_page_makes_a_report_of_goes_as_one(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Picture
    ) -> None:
        base, elsewhere = f"{live_server.url}/s/yunqiao", cast.staff("巫小岭", "13900018877")
        grid.assign(person=elsewhere, role=Role.GRID_WORKER, node=here.town["M4"], actor=None, now=cast.A_MONTH_AGO)
        with phone(browser, live_server.url, elsewhere, service_workers="block") as context:
            first, second = found_twice(context, base, picture)
            context.route(FINDS, lambda route: route.abort())
            note(first)
            is_kept(first)
            second.get_by_role("button", name="改成上报").click()
            second.wait_for_url("**/report/?parcel=*")
            assert waiting(second) == 2  # the other page's goes on waiting as what it was
            expect(second.locator("[data-upload-list] li")).to_have_count(2)
            send(second)
            for page in (second, first):
                page.wait_for_url("**/reports/*/received/")
            assert waiting(second) == 0
        assert Report.objects.count() == 1 and CasePhoto.objects.count() == 2 and not OwnFind.objects.exists()

    @pytest.mark.long
    def test_of_one_that_has_arrived_the_second_page_hears_so_before_it_is_a_report_too(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Picture
    ) -> None:
        here.report(now=clock.now() - HOUR, case_type=LITTER)
        with phone(browser, live_server.url, here.wei, service_workers="block") as context:
            first, second = found_twice(context, f"{live_server.url}/s/yunqiao", picture)
            first.get_by_label("都不是同一件").check()
            note(first)
            first.wait_for_url("**/own-finds/*-*/")
            second.get_by_role("button", name="改成上报").click()
            expect(second.locator("[data-faults]")).to_contain_text("先前发的那一件已经收到了")
            assert "/report/" in second.url and waiting(second) == 1
        assert OwnFind.objects.count() == 1


class TestGoodDeed:
    @pytest.mark.long
    def test_while_it_waits_the_title_of_both_goes_as_one(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Picture
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.hua, service_workers="block") as context:
            context.route(GOOD_DEEDS, lambda route: route.abort())
            page = context.new_page()
            page.goto(f"{base}/report/good-deed/", wait_until="networkidle")
            page.locator("[data-upload-input]").last.set_input_files(picture(1))
            expect(page.get_by_text("照片传好了")).to_be_visible()
            page.get_by_text("别人做的").click()
            tell(page, "送伞")
            page.close()
            first, second = edited_twice(context, f"{base}/mine/")
            tell(first, "雨天在东门送伞")
            tell(second, "送伞给老人")
            assert waiting(second) == 1
            first.close()
            context.unroute(GOOD_DEEDS)
            second.goto(f"{base}/mine/")
            until(second, WAITING, 0)
        assert GoodDeed.objects.get().title == "雨天在东门送伞；送伞给老人"


class TestAddition:
    @pytest.mark.long
    def test_what_the_second_page_wrote_is_one_more(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        case = here.report(now=clock.now() - HOUR, case_type=LITTER)
        handling.accept(case_id=case.id, actor=here.wei, now=clock.now() - HOUR / 2)
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            page = context.new_page()
            page.route(ADDITIONS, lambda route: route.abort())
            page.goto(f"{base}/cases/{case.code}/addition/", wait_until="networkidle")
            page.get_by_label("想补充的话").fill("又倒了一个")
            page.get_by_role("button", name="补上去").click()
            is_kept(page)
            page.close()
            context.route(ADDITIONS, lambda route: route.abort())
            first, second = edited_twice(context, f"{base}/mine/")
            context.unroute(ADDITIONS)
            first.get_by_label("想补充的话").fill("又倒了两个")
            first.get_by_role("button", name="补上去").click()
            first.wait_for_url("**/cases/*/")
            second.get_by_label("想补充的话").fill("味道很大")
            second.get_by_role("button", name="补上去").click()
            expect(second.locator("[data-faults]")).to_contain_text("先前发的那一件已经收到了")
            expect(second.get_by_label("想补充的话")).to_have_value("味道很大")
            second.get_by_role("button", name="补上去").click()
            second.wait_for_url("**/cases/*/")
            assert waiting(second) == 0
        assert sorted(Addition.objects.values_list("text", flat=True)) == ["又倒了两个", "味道很大"]


class TestTicks:
    @pytest.mark.long
    def test_what_the_second_page_ticked_besides_goes_for_itself_with_its_own_result(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path
    ) -> None:
        one, two, three = (here.report(now=clock.now(), case_type=LITTER) for _each in range(3))
        with phone(browser, live_server.url, here.wei, service_workers="block") as context:
            first, second = ticked_twice(context, live_server.url, one)
            context.unroute(BUNDLES)
            tick(first, two)
            take_on(first)
            expect(first.get_by_text("办成 2 件")).to_be_visible()
            tick(second, three)
            take_on(second)
            expect(second.get_by_text("办成 1 件")).to_be_visible()
            assert waiting(second) == 0
        taken = Transition.objects.filter(action=Action.ACCEPT, actor=here.wei)
        assert sorted(taken.values_list("case", flat=True)) == sorted([one.id, two.id, three.id])
        assert KeptBundle.objects.count() == 2

    @pytest.mark.long
    def test_another_reason_of_the_second_page_reaches_the_hub_beside_the_first(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path
    ) -> None:
        case, _other = (here.report(now=clock.now(), case_type=LITTER) for _each in range(2))
        with phone(browser, live_server.url, here.wei, service_workers="block") as context:
            first, second = ticked_twice(context, live_server.url, case)
            context.unroute(BUNDLES)
            hand_up(first, "不归我们")
            expect(first.get_by_text("办成 1 件")).to_be_visible()
            hand_up(second, "管道在漏气")
            second.wait_for_url("**/today/together/*/")
            expect(second.get_by_text("这次写的那边也看得到")).to_be_visible()
            assert waiting(second) == 0
        assert list(Note.objects.order_by("written_at").values_list("text", flat=True)) == ["不归我们", "管道在漏气"]

    @pytest.mark.long
    def test_unticking_everything_in_one_page_takes_nothing_from_what_another_has_sent_on_its_way(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        one, two = (here.report(now=clock.now(), case_type=LITTER) for _each in range(2))
        with phone(browser, live_server.url, here.wei, service_workers="block") as context:
            first, second = ticked_twice(context, live_server.url, one)
            tick(first, two)
            take_on(first)
            expect(first.locator("[data-ticks-kept]")).to_contain_text("已存在手机里")
            second.locator(f"[name=tick][value='{one.code}']").uncheck()
            second.wait_for_timeout(1000)
            assert waiting(second) == 1
            context.unroute(BUNDLES)
            second.goto(f"{base}/today/")
            until(second, WAITING, 0)
        assert Transition.objects.filter(action=Action.ACCEPT, actor=here.wei).count() == 2


class TestResponse:
    @pytest.mark.long
    def test_what_the_second_page_wrote_is_in_the_list_when_it_is_closed(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        case = here.report(now=clock.now() - HOUR, case_type=LITTER)
        handling.accept(case_id=case.id, actor=here.wei, now=clock.now() - HOUR / 2)
        with phone(browser, live_server.url, here.wei, service_workers="block") as context:
            context.route(DEEDS, lambda route: route.abort())
            page = context.new_page()
            page.goto(f"{base}/cases/{case.code}/response/", wait_until="networkidle")
            done(page, "清走了")
            is_kept(page)
            page.close()
            first, second = edited_twice(context, f"{base}/today/")
            second.get_by_label("怎么办的").fill("清走了，地上还有油")
            context.unroute(DEEDS)
            done(first, "清走了，一袋")
            first.wait_for_url(f"**/cases/{case.code}/")
            until(second, WAITING, 1)
            second.close()
            page = context.new_page()
            page.goto(f"{base}/today/", wait_until="networkidle")
            page.get_by_role("link", name="改一改").click()
            expect(page.get_by_label("怎么办的")).to_have_value("清走了，地上还有油")
            expect(page.locator("[data-faults]")).to_contain_text("先前发的那一件已经收到了")
        assert Transition.objects.get(case=case, action=Action.RESPOND).notes.get().text == "清走了，一袋"


class TestThrownAway:
    @pytest.mark.long
    def test_a_draft_that_another_page_has_open_is_not_offered_as_forgotten(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Picture
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            first = context.new_page()
            first.goto(f"{base}/report/", wait_until="networkidle")
            fill(first, picture(1))
            expect(first.get_by_text("照片传好了")).to_be_visible()
            second = context.new_page()
            second.goto(f"{base}/report/", wait_until="networkidle")
            second.wait_for_timeout(1000)
            expect(second.locator("[data-draft]")).to_be_hidden()
            first.close()
            second.reload()
            expect(second.locator("[data-draft]")).to_be_visible()

    @pytest.mark.long
    def test_where_nobody_knows_who_has_it_open_what_was_dropped_elsewhere_is_sent_by_who_goes_on_with_it(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Picture
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            context.add_init_script(NO_LOCKS)
            first = context.new_page()
            first.goto(f"{base}/report/", wait_until="networkidle")
            fill(first, picture(1))
            expect(first.get_by_text("照片传好了")).to_be_visible()
            second = context.new_page()
            second.goto(f"{base}/report/", wait_until="networkidle")
            second.locator("[data-draft-drop]").click()
            until(second, WAITING, 0)
            words(first, "东门堵了，救护车进不来")
            send(first)
            first.wait_for_url("**/received/")
            assert waiting(first) == 0
        assert Report.objects.get().text == "东门堵了，救护车进不来" and CasePhoto.objects.count() == 1

    @pytest.mark.long
    def test_a_page_that_says_it_lies_safe_says_when_it_was_deleted_elsewhere(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path, picture: Picture
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        with phone(browser, live_server.url, here.lan, service_workers="block") as context:
            first = context.new_page()
            send_in_vain(first, base, picture(1))
            context.route(REPORTS, lambda route: route.abort())
            second = context.new_page()
            second.goto(f"{base}/mine/", wait_until="networkidle")
            second.get_by_role("button", name="不发了").click()
            second.get_by_role("button", name="删掉", exact=True).click()
            expect(first.get_by_role("heading", name="已在另一页删掉")).to_be_visible()
            expect(first.get_by_text("这一件不会发出了")).to_be_visible()
            assert first.url.endswith("/report/") and axe(first) == []
        assert not Report.objects.exists()


class TestQuestion:
    @pytest.mark.long
    def test_what_the_second_page_asks_is_not_dropped_under_what_the_first_has_asked(
        self, browser: Browser, live_server: LiveServer, here: Place, folder: Path
    ) -> None:
        base = f"{live_server.url}/s/yunqiao"
        case = here.report(now=clock.now() - HOUR, case_type=LITTER)
        handling.accept(case_id=case.id, actor=here.wei, now=clock.now() - HOUR / 2)
        with phone(browser, live_server.url, here.wei) as context:
            page = context.new_page()
            visit(page, base)
            context.set_offline(True)
            page.goto(f"{base}/cases/{case.code}/")
            page.get_by_text("问上报人一句").click()
            page.get_by_label("想问的话").fill("在哪一栋？")
            page.get_by_role("button", name="问一句").click()
            until(page, WAITING, 1)
            page.goto(f"{base}/today/")
            address = page.get_by_role("link", name="改一改").get_attribute("href")
            page.close()
            first, second = context.new_page(), context.new_page()
            for tab in (first, second):
                tab.goto(f"{live_server.url}{address}")
                expect(tab.get_by_label("想问的话")).to_have_value("在哪一栋？")
            first.get_by_label("想问的话").fill("在哪一栋、哪一层？")
            first.get_by_role("button", name="问一句").click()
            until(first, WAITING, 1)
            expect(first.get_by_label("想问的话")).to_be_hidden()
            second.get_by_label("想问的话").fill("桶是什么颜色？")
            second.get_by_role("button", name="问一句").click()
            until(second, WAITING, 2)
            first.close()
            context.set_offline(False)
            second.goto(f"{base}/today/")
            until(second, """() => document.querySelectorAll('[data-outbox-list] li').length""", 1)
            expect(second.locator("[data-outbox-list]")).to_contain_text("要改一下")
        assert Question.objects.get().text == "在哪一栋、哪一层？"
