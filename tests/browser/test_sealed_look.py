"""What opens with a reason, leaves with a mark or is found by words: from the press to the auditor's record."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from huipai.audit.models import Disclosure
from huipai.cases.commands import exporting, noting, phrasing
from huipai.cases.models import Case
from huipai.cases.queries.hub import Filter
from huipai.kit import clock
from huipai.people.words import Role
from tests import cast
from tests.browser.looking import photograph
from tests.browser.visiting import visiting
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR
from tests.jobs import run_jobs
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
SHOTS = Path(__file__).resolve().parents[2] / "var" / "shots"
WHY = {"reason": "upward", "words": "周例会看在办的"}


@pytest.fixture
def case(here: Place, folder: Path) -> Case:
    now = clock.now()
    case = here.report(
        now=now - 5 * HOUR, case_type=LITTER, text="电动车堵在楼梯口，轮椅过不去", address="柳溪花园 6 幢"
    )
    here.report(here.hua, case_type=LITTER, now=now - HOUR, text="楼梯口堆了纸箱")
    phrasing.keep(actor=here.dispatcher, use="tell", case_type="", title="约好了", text="这两天上门。", now=now)
    noting.note_inside(case_id=case.id, actor=here.dispatcher, text="上周也有一件", now=now)
    exporting.ask_queue(actor=here.dispatcher, asked=Filter("all"), now=now, **WHY)
    run_jobs()
    return case


@override_settings(SECOND_FACTOR_FOR_ADMINS=False)
def test_from_a_reason_to_the_auditors_record(
    browser: Browser, live_server: LiveServer, here: Place, case: Case
) -> None:
    base, auditor = live_server.url, cast.appoint(cast.staff("甄细看", "13900017001"), Role.AUDITOR)
    with visiting(browser, base, here.dispatcher) as page:
        page.goto(f"{base}/s/yunqiao/search/?q=轮椅 楼梯口")
        expect(page.locator("mark").first).to_be_visible()
        photograph(page, SHOTS / "search.png", full_page=True)
        page.get_by_role("link", name="垃圾没清").first.click()
        page.get_by_role("link", name="看上报人").click()
        page.get_by_role("button", name="看 10 分钟").click()
        expect(page.locator("[data-error-summary]")).to_be_focused()
        page.get_by_text("要联系本人，系统里问不到").click()
        page.get_by_label("说一句具体的").fill("夜里要有人开门")
        photograph(page, SHOTS / "reporter-asked.png", full_page=True)
        page.get_by_role("button", name="看 10 分钟").click()
        expect(page.get_by_text(here.lan.name)).to_be_visible()
        photograph(page, SHOTS / "reporter.png", full_page=True)
        page.goto(f"{base}/s/yunqiao/cases/{case.code}/print/")
        page.get_by_text("移交、归档").click()
        page.get_by_label("说一句具体的").fill("移交档案室")
        with page.expect_download() as taken:
            page.get_by_role("button", name="下载 PDF").click()
        assert taken.value.suggested_filename.endswith(".pdf")
    with visiting(browser, base, auditor, viewport={"width": 1440, "height": 900}) as page:
        page.goto(f"{base}/s/yunqiao/")
        page.get_by_role("link", name="查阅记录").click()
        for words in ("夜里要有人开门", "移交档案室", "周例会看在办的"):
            expect(page.get_by_text(words)).to_be_visible()
        photograph(page, SHOTS / "record.png", full_page=True)
        assert here.lan.name not in page.content()
    assert Disclosure.objects.count() == 4
