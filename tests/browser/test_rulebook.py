"""The rulebook in a browser: a change from its first word to effect, and every page as its readers see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from huipai.people.models import Person
from huipai.people.words import Role
from huipai.rulebook.models import RulebookVersion
from huipai.streets.models import Street
from tests import cast
from tests.browser import looking
from tests.browser.rulebook_town import Town, build
from tests.browser.visiting import session_of, visiting
from tests.by_hand import by_hand
from tests.cast import FOUND, appoint
from tests.jobs import run_jobs

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True), pytest.mark.no_guard]

BASE = "/s/yunqiao/rulebook/"
WIDE = {"viewport": {"width": 1440, "height": 900}}


def days_go_by(days: int) -> None:
    """As if everything about versions had happened so much earlier."""
    dates = ("drafted_at", "touched_at", "consulted_from", "consulted_until", "published_at", "publicity_until")
    moved = ", ".join(f"{name} = {name} - %s" for name in (*dates, "effective_from", "effective_until"))
    by_hand(f"UPDATE rulebook_rulebookversion SET {moved}", [timedelta(days=days)] * 8)
    by_hand("UPDATE rulebook_approval SET approved_at = approved_at - %s", [timedelta(days=days)])


class TestAChange:
    """From proposal to effect, with two approvers and a refused self-approval."""

    @pytest.fixture
    def writer(self, in_yunqiao: Street) -> Person:
        version = cast.rulebook(FOUND)
        return appoint(version.author, Role.BOARD_MEMBER)

    def test_goes_from_the_first_word_to_effect(
        self, browser: Browser, live_server: LiveServer, writer: Person
    ) -> None:
        base = live_server.url
        with visiting(browser, base, writer, **WIDE) as page:
            self.write(page, base)
        lan = cast.resident()
        with visiting(browser, base, lan) as page:
            self.comment(page, base)
        with visiting(browser, base, writer, **WIDE) as page:
            self.answer_and_try_out(page, base)
            expect(page.get_by_text("自己起草、自己改过的，不能由自己同意")).to_be_visible()
            expect(page.get_by_role("button", name="我同意现在的内容")).to_have_count(0)
            self.publish(page)
            expect(page.get_by_role("alert")).to_contain_text("还差表态")
        resident, member = cast.board(2)
        for one in (resident, member):
            with visiting(browser, base, one, **WIDE) as page:
                page.goto(f"{base}{BASE}desk/")
                page.get_by_role("button", name="我同意现在的内容").click()
                expect(page.get_by_text("您同意了现在的内容")).to_be_visible()
        with visiting(browser, base, writer, **WIDE) as page:
            page.goto(f"{base}{BASE}desk/")
            self.publish(page)
            expect(page.locator("#main").get_by_text("公示中").first).to_be_visible()
        days_go_by(10)
        with visiting(browser, base, lan) as page:
            page.goto(f"{base}{BASE}")
            expect(page.get_by_text("正在用")).to_be_visible()
            page.get_by_role("link", name="路上乱停乱摆").click()
            expect(page.get_by_text("6 分", exact=True).first).to_be_visible()
        assert RulebookVersion.objects.filter(number=2, ended_at=None, published_at__isnull=False).exists()

    def write(self, page: Page, base: str) -> None:
        page.goto(f"{base}{BASE}desk/")
        page.get_by_label("这一版改了什么").fill("一条改成六分")
        page.get_by_role("button", name="开一份草稿").click()
        page.get_by_role("link", name="路上乱停乱摆").click()
        page.get_by_label("分数").fill("6")
        page.get_by_role("button", name="改好了").click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("分数")).to_have_value("6")
        page.locator("#id_why").fill("五分偏少")
        page.get_by_role("button", name="改好了").click()
        page.get_by_role("link", name="第 2 版草稿").click()
        page.get_by_role("button", name="公开征求意见").click()
        expect(page.locator("#main").get_by_text("征求意见中").first).to_be_visible()

    def comment(self, page: Page, base: str) -> None:
        page.goto(f"{base}{BASE}")
        page.get_by_role("link", name="征求意见").first.click()
        expect(page.locator("del").first).to_have_text("5")
        page.get_by_role("link", name="我有意见").click()
        page.get_by_label("您怎么看").fill("六分好")
        page.get_by_role("button", name="交上去").click()
        expect(page.get_by_text("收到了，谢谢您")).to_be_visible()

    def answer_and_try_out(self, page: Page, base: str) -> None:
        page.goto(f"{base}{BASE}desk/remarks/")
        page.get_by_role("link", name="六分好").click()
        page.get_by_label("怎么定").select_option("adopted")
        page.locator("#id_answer").fill("就用六分")
        page.get_by_role("button", name="答复").click()
        days_go_by(9)
        page.goto(f"{base}{BASE}desk/")
        page.get_by_role("button", name="拿上个月试算").click()
        expect(page.get_by_text("马上开始算")).to_be_visible()
        run_jobs()
        expect(page.get_by_text("人太少，不列数字")).to_be_visible(timeout=15_000)
        page.get_by_role("link", name="看下一步").click()

    def publish(self, page: Page) -> None:
        page.get_by_role("button", name="公示", exact=True).click()


class TestReading:
    @pytest.fixture
    def town(self, in_yunqiao: Street) -> Town:
        return build()

    def test_every_page_reads_well_in_every_view(self, browser: Browser, live_server: LiveServer, town: Town) -> None:
        number = town.draft.number
        lan = session_of(town.residents[1])
        paths = [BASE + path for path in ("", f"{number}/changes/", f"{number}/ox-07/", f"{number}/say/")]
        assert looking.faults_of(browser, live_server.url, paths, lan) == []
        desk = session_of(town.writer)
        paths = [BASE + path for path in ("desk/", "desk/items/new/", "desk/sheets/")]
        assert looking.faults_of(browser, live_server.url, paths, desk, least=30) == []
        board = session_of(town.board[0])
        paths = [BASE + path for path in ("desk/proposals/", f"desk/proposals/{town.waiting.pk}/")]
        assert looking.faults_of(browser, live_server.url, paths, board, least=30) == []

    def test_so_does_every_other(self, browser: Browser, live_server: LiveServer, town: Town) -> None:
        lan = session_of(town.residents[0])
        paths = [BASE + path for path in ("revisions/", "checks/", "mine/", "2/print/", "?q=x")]
        assert looking.faults_of(browser, live_server.url, paths, lan) == []
        desk = session_of(town.writer)
        others = "items/", "items/ox-20/", "items/ox-01/strike/", "admissions/", "remarks/"
        paths = [f"{BASE}desk/{path}" for path in (*others, f"remarks/{town.open_remark.pk}/")]
        assert looking.faults_of(browser, live_server.url, paths, desk, least=30) == []
        lead = session_of(town.lead)
        paths = [f"{BASE}desk/{path}" for path in ("proposals/new/", f"proposals/{town.refused.pk}/")]
        assert looking.faults_of(browser, live_server.url, paths, lead, least=30) == []
