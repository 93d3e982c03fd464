"""The rulebook in a browser: a change from its first word to effect, and every page as its readers see it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from huipai.grid.models import Assignment, Unit
from huipai.kit import clock
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.rulebook import queries
from huipai.rulebook.models import Approval, RulebookVersion
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
    """As if everything about versions had happened so much earlier.

    The first in force goes first: two are never in force at a time, not even for as long as one statement takes.
    """
    dates = ("drafted_at", "touched_at", "consulted_from", "consulted_until", "published_at", "publicity_until")
    moved = ", ".join(f"{name} = {name} - %s" for name in (*dates, "effective_from", "effective_until"))
    for number in RulebookVersion.objects.order_by("number").values_list("number", flat=True):
        by_hand(f"UPDATE rulebook_rulebookversion SET {moved} WHERE number = %s", [*[timedelta(days=days)] * 8, number])
    by_hand("UPDATE rulebook_approval SET approved_at = approved_at - %s", [timedelta(days=days)])


class TestAChange:
    """A department's wish from its first word to effect: two approvers, and a self-approval tried and refused."""

    @pytest.fixture
    def writer(self, in_yunqiao: Street) -> Person:
        version = cast.rulebook(FOUND)
        return appoint(version.author, Role.BOARD_MEMBER)

    @pytest.fixture
    def lead(self, in_yunqiao: Street) -> Person:
        unit = Unit.objects.create(code="HW", name="云桥环卫所", kind="sanitation")
        person = cast.staff("环", "13900000021")
        Assignment.objects.create(person=person, role=Role.UNIT_LEAD, unit=unit, valid_from=cast.A_YEAR_AGO)
        return person

    def test_goes_from_a_departments_wish_to_effect(
        self, browser: Browser, live_server: LiveServer, writer: Person, lead: Person
    ) -> None:
        base, (resident, member, third) = live_server.url, cast.board(3)
        with visiting(browser, base, lead, **WIDE) as page:
            self.propose(page, base)
        with visiting(browser, base, third, **WIDE) as page:
            self.admit(page, base)
        with visiting(browser, base, writer, **WIDE) as page:
            self.write(page, base)
        lan = cast.resident()
        with visiting(browser, base, lan) as page:
            self.comment(page, base)
        with visiting(browser, base, writer, **WIDE) as page:
            self.answer_and_try_out(page, base)
            expect(page.get_by_text("自己起草、自己改过的，不能由自己同意")).to_be_visible()
            expect(page.get_by_role("button", name="我同意现在的内容")).to_have_count(0)
            self.approve_by_request(page, base)
            self.publish(page)
            expect(page.get_by_role("alert")).to_contain_text("还差表态")
        for one in (resident, member):
            with visiting(browser, base, one, **WIDE) as page:
                page.goto(f"{base}{BASE}desk/")
                page.get_by_role("button", name="我同意现在的内容").click()
                expect(page.get_by_text("您同意了现在的内容")).to_be_visible()
        with visiting(browser, base, writer, **WIDE) as page:
            page.goto(f"{base}{BASE}desk/")
            self.publish(page)
            expect(page.locator("#main").get_by_text("公示中").first).to_be_visible()
        assert not Approval.objects.filter(approver__in=(writer, lead)).exists()
        days_go_by(10)
        with visiting(browser, base, lan) as page:
            page.goto(f"{base}{BASE}")
            expect(page.get_by_text("正在用")).to_be_visible()
            expect(page.get_by_text("至少提前 60 天告诉大家")).to_be_visible()
            page.get_by_role("link", name="扫一条老楼的楼道").click()
            expect(page.get_by_text("云桥环卫所").first).to_be_visible()
            page.goto(f"{base}{BASE}")
            page.get_by_role("link", name="路上乱停乱摆").click()
            expect(page.get_by_text("6 分", exact=True).first).to_be_visible()
        assert RulebookVersion.objects.filter(number=2, ended_at=None, published_at__isnull=False).exists()

    def propose(self, page: Page, base: str) -> None:
        """What the linter refuses comes back with its ground; mended, it goes to the board."""
        page.goto(f"{base}{BASE}desk/proposals/new/")
        page.get_by_label("哪个端口").select_option("ox")
        page.get_by_label("名称").fill("扫一条老楼的楼道")
        page.get_by_label("怎样才算").fill("没有物业的老楼，从一楼扫到顶楼。")
        page.locator("#id_why").fill("楼道没有人扫")
        page.get_by_label("分数").fill("5")
        page.locator("#id_day_cap").fill("10")
        page.get_by_label("居民", exact=True).check()
        page.get_by_label("点赞数", exact=True).check()
        page.get_by_label("照片", exact=True).check()
        page.get_by_label("可以用来考核工作人员").check()
        page.get_by_label("要人填的字段").fill("联系方式、扫了几层")
        page.get_by_label("多少人要填").fill("26")
        page.get_by_label("每人每月填几次").fill("15")
        page.get_by_role("button", name="交给审议组").click()
        expect(page.get_by_text("都不能拿来考核工作人员").first).to_be_visible()
        expect(page.get_by_text("国办函〔2026〕12号").first).to_be_visible()
        page.get_by_role("link", name="照这份改一份再提").click()
        expect(page.get_by_label("名称")).to_have_value("扫一条老楼的楼道")
        page.get_by_label("点赞数", exact=True).uncheck()
        page.get_by_label("可以用来考核工作人员").uncheck()
        page.locator("#id_why").fill("楼道没有人扫")
        page.get_by_role("button", name="交给审议组").click()
        expect(page.get_by_text("交上去了，审议组 14 天内答复")).to_be_visible()

    def admit(self, page: Page, base: str) -> None:
        page.goto(f"{base}{BASE}desk/proposals/")
        page.locator("#main li", has_text="办").get_by_role("link", name="扫一条老楼的楼道").click()
        page.get_by_label("这是网格里该做的事").check()
        page.get_by_label("依据").fill("《城市市容和环境卫生管理条例》第十条")
        page.get_by_label("准入到哪一天").fill(str(clock.now().date() + timedelta(days=300)))
        page.get_by_label("为什么准", exact=True).fill("老楼没有物业，是网格里的事")
        expect(page.get_by_text("就是「电话」，在登录用的手机号里")).to_be_visible()
        page.get_by_text("字段算得不对？").click()
        page.get_by_label("扫了几层").select_option("known")
        page.get_by_role("button", name="准入", exact=True).click()
        expect(page.get_by_text("写一句为什么").first).to_be_visible()
        page.get_by_label("字段为什么这样算").fill("楼道照片数得出")
        page.get_by_role("button", name="准入", exact=True).click()
        expect(page.get_by_text("字段这样算，因为：楼道照片数得出")).to_be_visible()
        expect(page.get_by_text("准入了，条目编辑会写进草稿")).to_be_visible()

    def write(self, page: Page, base: str) -> None:
        page.goto(f"{base}{BASE}desk/")
        page.get_by_label("这一版改了什么").fill("一条改成六分，扫楼道也算")
        page.get_by_role("button", name="开一份草稿").click()
        waiting = page.locator("section[aria-labelledby=h-waiting]")
        waiting.get_by_role("button", name="写进草稿").click()
        expect(waiting).to_have_count(0)
        page.get_by_role("link", name="路上乱停乱摆").click()
        page.get_by_label("分数").fill("6")
        page.get_by_role("button", name="改好了").click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_label("分数")).to_have_value("6")
        page.locator("#id_why").fill("五分偏少")
        page.get_by_role("button", name="改好了").click()
        page.get_by_role("link", name="第 2 版草稿").click()
        page.get_by_text("积分要是停了，怎么办").click()
        page.get_by_label("提前几天告诉大家").fill("60")
        page.get_by_role("button", name="写好了").click()
        expect(page.get_by_text("和条目一起征求意见、一起表态")).to_be_visible()
        page.get_by_role("button", name="公开征求意见").click()
        expect(page.locator("#main").get_by_text("征求意见中").first).to_be_visible()

    def approve_by_request(self, page: Page, base: str) -> None:
        """The editor has no button for it, sits on the board and sends the very request: refused, nothing written."""
        version = RulebookVersion.objects.get(number=2)
        token = page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
        answer = page.request.post(
            f"{base}{BASE}desk/approval/",
            form={"csrfmiddlewaretoken": token, "content_hash": queries.content_hash(version.id)},
            headers={"Referer": page.url},
        )
        assert answer.status == 403 and "不能由自己同意" in answer.text()
        assert not Approval.objects.filter(version=version).exists()

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
        expect(page.get_by_text("太少，不列数字")).to_be_visible(timeout=15_000)
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
