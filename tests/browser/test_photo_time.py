"""What a photo says of its own time is shown before it is sent, and on the pages of those who look at it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, expect
from pytest_django.live_server_helper import LiveServer

from huipai.cases.models import Case
from huipai.kit import clock
from tests.browser.looking import photograph
from tests.browser.visiting import visiting
from tests.cases.conftest import Place
from tests.jobs import run_jobs
from tests.photos import samples
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = Path(__file__).resolve().parents[2] / "var" / "shots"


def photo(place: Place, name: str, taken: datetime) -> FilePayload:
    at, written = place.town.at(50, 50), taken.strftime("%Y:%m:%d %H:%M:%S")
    content = samples.jpeg(size=(800, 600), place=(at.lat, at.lng), taken=written)
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def test_an_old_photo_is_seen_to_be_one(browser: Browser, live_server: LiveServer, here: Place, folder: Path) -> None:
    base, now = live_server.url, clock.now()
    with visiting(browser, base, here.lan) as page:
        page.goto(f"{base}/s/yunqiao/report/")
        chosen = [photo(here, "now.jpg", now), photo(here, "old.jpg", now.replace(year=now.year - 2))]
        page.locator("[data-upload-input]").last.set_input_files(chosen)
        expect(page.locator(".shot-done")).to_have_count(2)
        expect(page.locator(".shot-dated")).to_have_count(1)
        expect(page.locator(".shot-dated")).to_contain_text(str(now.year - 2))
        page.locator(".shot-look").last.click()
        expect(page.locator("[data-upload-taken]")).to_contain_text(f"照片上写着是 {now.year - 2}")
        photograph(page, SHOTS / "photo-time-dialog.png")
        page.locator("[data-done]").click()
        photograph(page, SHOTS / "photo-time-tray.png", full_page=True)
        page.get_by_text("车辆乱停", exact=False).first.click()
        page.get_by_role("button", name="发送").click()
        expect(page.get_by_text("收到了，谢谢您")).to_be_visible()
    run_jobs()
    case = Case.objects.get()
    with visiting(browser, base, here.wei) as page:
        page.goto(f"{base}/s/yunqiao/cases/{case.code}/")
        expect(page.get_by_text("照片上写着是")).to_have_count(1)
        photograph(page, SHOTS / "photo-time-worker.png", full_page=True)
