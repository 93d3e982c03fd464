"""What stands beside the main way of a case: its pages read well on a phone, at a desk, in the dark, for elders."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from huipai.cases.commands import comments, finding_false, handling
from huipai.cases.models import Case, Finding
from huipai.kit import clock
from tests.browser import looking
from tests.browser.looking import photograph
from tests.browser.visiting import session_of, visiting
from tests.cases.conftest import LITTER, Place
from tests.cases.hub import HOUR, Hub
from tests.cases.test_attachments import PDF, attach, drawer_in
from tests.cases.test_comments import shown, write
from tests.cases.test_own_finds import record
from tests.jobs import run_jobs
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]
SHOTS = Path(__file__).resolve().parents[2] / "var" / "shots"
SEEN = "去看过，桶是从院里搬出来摆的，保洁员在场"


@pytest.fixture
def case(here: Place, folder: Path) -> Case:
    case = here.report(now=clock.now() - HOUR, case_type=LITTER, text="桶倒在路边", address="柳溪花园 6 幢")
    handling.decline(case_id=case.id, actor=here.wei, reason="not_seen", text="没有看到", now=clock.now())
    run_jobs()
    return case


def test_pages_of_findings_read_well(browser: Browser, live_server: LiveServer, here: Place, case: Case) -> None:
    base = live_server.url
    finding = finding_false.find(
        case_id=case.id, report_id=None, actor=here.coordinator, ground="staged", text=SEEN, now=clock.now()
    )
    own, staff = f"/s/yunqiao/mine/findings/{finding.id}/", f"/s/yunqiao/findings/{finding.id}/"
    with visiting(browser, base, here.lan) as page:
        page.goto(base + own)
        photograph(page, SHOTS / "finding-own.png", full_page=True)
        page.get_by_label("哪里不对").fill("我拍的时候桶就在路边")
        page.get_by_role("button", name="申诉").click()
        page.wait_for_load_state()
    assert Finding.objects.get().state == "appealed"
    found = looking.faults_of(browser, base, [own, "/s/yunqiao/mine/"], session_of(here.lan))
    desk = [staff, "/s/yunqiao/findings/", f"/s/yunqiao/cases/{case.code}/"]
    found += looking.faults_of(browser, base, desk, session_of(here.dispatcher), at_a_desk=30)
    assert found == []
    with visiting(browser, base, here.dispatcher, viewport={"width": 1440, "height": 900}) as page:
        page.goto(base + staff)
        photograph(page, SHOTS / "finding.png", full_page=True)
        other = here.report(here.hua, now=clock.now() - HOUR, case_type=LITTER, text="又倒了")
        handling.decline(case_id=other.id, actor=here.wei, reason="not_seen", text="没有看到", now=clock.now())
        page.goto(f"{base}/s/yunqiao/cases/{other.code}/false/")
        photograph(page, SHOTS / "find-false.png", full_page=True)
        page.goto(f"{base}/s/yunqiao/findings/?view=all")
        photograph(page, SHOTS / "findings.png", full_page=True)


def test_pages_of_own_finds_read_well(browser: Browser, live_server: LiveServer, here: Place, folder: Path) -> None:
    base, find = live_server.url, record(here)
    here.report(now=clock.now(), case_type=LITTER)
    run_jobs()
    own = [
        "/s/yunqiao/own-finds/new/",
        f"/s/yunqiao/own-finds/{find.id}/",
        "/s/yunqiao/own-finds/",
        "/s/yunqiao/today/",
    ]
    assert looking.faults_of(browser, base, own, session_of(here.wei)) == []
    with visiting(browser, base, here.wei) as page:
        for number, path in enumerate(own):
            page.goto(base + path)
            page.wait_for_timeout(600)
            photograph(page, SHOTS / f"find-{number}.png", full_page=True)


def test_pages_of_comments_read_well(browser: Browser, live_server: LiveServer, here: Place, folder: Path) -> None:
    base = live_server.url
    comments.open_in(node_id=here.town["C"].id, actor=here.coordinator, now=clock.now() - HOUR)
    case = shown(here)
    run_jobs()
    first, second = write(here, case), write(here, case, text="昨天晚上又停了两辆，白天倒是好了", by=here.qin)
    comments.show(comment_id=first.id, actor=here.coordinator, now=clock.now())
    public, own = f"/s/yunqiao/c/{case.code}/", "/s/yunqiao/comments/mine/"
    mine = [public, own, f"/s/yunqiao/comments/{first.id}/report/"]
    found = looking.faults_of(browser, base, mine, session_of(here.hua))
    found += looking.faults_of(browser, base, ["/s/yunqiao/comments/"], session_of(here.coordinator), at_a_desk=30)
    assert found == [] and second.state == "waiting"
    with visiting(browser, base, here.hua) as page:
        for number, path in enumerate(mine):
            page.goto(base + path)
            page.wait_for_timeout(400)
            photograph(page, SHOTS / f"comments-{number}.png", full_page=True)
    with visiting(browser, base, here.coordinator, viewport={"width": 1440, "height": 900}) as page:
        page.goto(f"{base}/s/yunqiao/comments/")
        photograph(page, SHOTS / "comments-desk.png", full_page=True)


def test_pages_of_attachments_read_well(browser: Browser, live_server: LiveServer, here: Place, folder: Path) -> None:
    base, now = live_server.url, clock.now()
    with drawer_in(folder.parent / "attachments"):
        hub = Hub.with_a_case(here, now=now - 2 * HOUR)
        order = hub.signed(now=now - HOUR)
        for eyes in ("unit", "reporter"):
            attach(hub, eyes=eyes, name=f"现场平面图和测量数据_{eyes}.pdf", content=PDF + eyes.encode())
        run_jobs()
        case, unit = f"/s/yunqiao/cases/{hub.case.code}/", f"/s/yunqiao/orders/{order.id}/"
        found = looking.faults_of(
            browser, base, [f"{case}attachments/", case], session_of(here.dispatcher), at_a_desk=30
        )
        found += looking.faults_of(browser, base, [unit, f"{unit}attachments/"], session_of(here.shi))
        found += looking.faults_of(browser, base, [f"/s/yunqiao/mine/{hub.case.code}/"], session_of(here.lan))
        assert found == []
        for number, (who, path) in enumerate(((here.dispatcher, f"{case}attachments/"), (here.shi, unit))):
            with visiting(browser, base, who) as page:
                page.goto(base + path)
                page.wait_for_timeout(400)
                photograph(page, SHOTS / f"attach-{number}.png", full_page=True)
