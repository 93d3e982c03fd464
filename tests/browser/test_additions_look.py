"""What a reporter adds, and merges out of sight: the pages read well, and a photo added on the page stays with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.commands import handling, triage
from huipai.cases.models import Addition
from huipai.kit import clock
from tests.browser import looking
from tests.browser.looking import photograph
from tests.browser.visiting import session_of, visiting
from tests.cases.conftest import LITTER, SMALL, Place
from tests.cases.hub import HOUR
from tests.cases.test_alike import shown
from tests.cases.test_hearing import follower_of
from tests.jobs import run_jobs
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.django_db(transaction=True)]
SHOTS = Path(__file__).resolve().parents[2] / "var" / "shots"


def test_adding_reads_well_and_adds(browser: Browser, live_server: LiveServer, here: Place, folder: Path) -> None:
    base = live_server.url
    case = here.report(now=clock.now() - HOUR, case_type=LITTER, text="桶倒在路边", address="柳溪花园 6 幢")
    handling.accept(case_id=case.id, actor=here.wei, now=clock.now() - HOUR / 2)
    run_jobs()
    own, form = f"/s/yunqiao/mine/{case.code}/", f"/s/yunqiao/cases/{case.code}/addition/"
    assert looking.faults_of(browser, base, [own, form], session_of(here.lan)) == []
    with visiting(browser, base, here.lan) as page:
        page.goto(base + own)
        photograph(page, SHOTS / "adding-own.png", full_page=True)
        page.get_by_role("link", name="补一句、补照片").click()
        page.get_by_label("想补充的话").fill("又倒了一个，流到路中间了")
        page.set_input_files("input[type=file] >> nth=0", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": SMALL})
        photograph(page, SHOTS / "adding-form.png", full_page=True)
        page.get_by_role("button", name="补上去").click()
        expect(page.get_by_text("补了 1 张照片")).to_be_visible()
        expect(page.get_by_text("又倒了一个，流到路中间了")).to_be_visible()
        page.get_by_role("button", name="还在").click()
        expect(page.get_by_text("今天说过还在")).to_be_visible()
        photograph(page, SHOTS / "adding-done.png", full_page=True)
    assert Addition.objects.get().photos == 1


def test_merging_out_of_sight_reads_well(browser: Browser, live_server: LiveServer, here: Place, folder: Path) -> None:
    base, then = live_server.url, clock.now() - timedelta(days=1)
    kept = here.report(is_private=True, now=then)
    seen = shown(here, by=here.hua, now=then + HOUR)
    neighbour = follower_of(seen)
    run_jobs()
    merging = f"/s/yunqiao/cases/{seen.code}/merging/"
    found = looking.faults_of(browser, base, [merging], session_of(here.coordinator), at_a_desk=30)
    for name, width in (("phone", 360), ("desk", 1440)):
        with visiting(browser, base, here.coordinator, viewport={"width": width, "height": 900}) as page:
            page.goto(base + merging)
            photograph(page, SHOTS / f"merging-{name}.png", full_page=True)
    triage.merge_out_of_sight(case_id=seen.id, into_id=kept.id, actor=here.wei, now=clock.now())
    run_jobs()
    gone = [f"/s/yunqiao/c/{seen.code}/", "/s/yunqiao/notices/"]
    found += looking.faults_of(browser, base, gone, session_of(neighbour), but="410")
    assert found == []
    with visiting(browser, base, neighbour) as page:
        for number, path in enumerate(gone):
            page.goto(base + path)
            photograph(page, SHOTS / f"gone-{number}.png", full_page=True)
