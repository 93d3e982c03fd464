"""Every page of the main job reads well: for its reporter, worker, checker and neighbours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from huipai.cases.commands import checking, handling
from huipai.cases.models import Case, Check
from huipai.kit import clock
from huipai.people.models import Person
from huipai.photos import commands as photos
from tests.browser import looking
from tests.cases.conftest import Place
from tests.jobs import run_jobs
from tests.photos.conftest import folder

__all__ = ["folder"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def session_of(person: Person) -> dict[str, str]:
    client = Client()
    assert person.account is not None
    client.force_login(person.account)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def reported(place: Place) -> Case:
    case = place.report(now=clock.now(), text="东门堵了半条路", address="柳溪路 12 号")
    run_jobs()
    return case


def handled(place: Place) -> Case:
    case = reported(place)
    handling.handle_on_the_spot(
        case_id=case.id, actor=place.wei, text="车主挪走了", photo_ids=place.photo_ids(place.wei), now=clock.now()
    )
    run_jobs()
    return case


def confirming(place: Place) -> Case:
    case = handled(place)
    check = Check.objects.get(case=case)
    checking.pass_check(check_id=check.id, actor=check.checker, text="", photo_ids=(), now=clock.now())
    return case


def public(place: Place) -> Case:
    case = handled(place)
    for one in case.photos.select_related("photo"):
        photos.release(photo=one.photo, by=place.coordinator, copy_seen=one.photo.public_sha256, now=clock.now())
    return case


Make = Callable[[Place], Case]
# Who sees which pages of a case that has come so far.
PAGES = [
    (reported, "lan", ["report/", "mine/", "reports/{report}/received/", "cases/{code}/correction/", "slip/"]),
    (reported, "wei", ["today/", "cases/{code}/", "cases/{code}/response/", "cases/{code}/refusal/"]),
    (public, "hua", ["nearby/", "c/{code}/"]),
    (confirming, "lan", ["", "cases/{code}/", "cases/{code}/confirmation/", "cases/{code}/dispute/"]),
    (public, "coordinator", ["releasing/?view=shown"]),
    (handled, "checker", ["checks/", "checks/{check}/"]),
    (handled, "coordinator", ["releasing/", "counter/report/"]),
]


@pytest.mark.long
@pytest.mark.parametrize(("make", "who", "paths"), PAGES)
def test_reads_well_in_every_view(
    browser: Browser, live_server: LiveServer, here: Place, make: Make, who: str, paths: list[str]
) -> None:
    case = make(here)
    check = Check.objects.select_related("checker").filter(case=case).first()
    person = check.checker if who == "checker" and check else getattr(here, who)
    names = {"code": case.code, "report": case.reports.get().id, "check": check.id if check else ""}
    pages = [f"/s/yunqiao/{path.format(**names)}" for path in paths]
    # A coordinator works at a desk with a mouse, and with a thumb where there is none.
    at_a_desk = 30 if who == "coordinator" else 44
    found = looking.faults_of(browser, live_server.url, pages, session_of(person), at_a_desk=at_a_desk)
    if who != "coordinator":
        found += looking.covered_in(browser, live_server.url, pages, session_of(person))
    assert not found, "\n".join(found)


def test_an_elder_has_room_to_read_and_a_desk_its_rail(
    browser: Browser, live_server: LiveServer, here: Place, folder: Path
) -> None:
    """What axe does not measure: columns of text that are wide enough, and bars that leave the page its room."""
    base, case = f"{live_server.url}/s/yunqiao/", reported(here)
    here.report(here.hua, now=clock.now() - timedelta(days=9), address="柳溪花园 6 幢 2 单元")
    with looking.looking(browser, live_server.url, "elder", session_of(here.wei)) as look:
        look.open(f"{base}today/")
        for width, least in ((360, 240), (768, 300)):
            look.widen(width)
            texts, chips = look.page.locator("#today li a > span:last-of-type"), look.page.locator("#today .chip")
            assert texts.count() == 2
            assert all(texts.nth(n).bounding_box()["width"] >= least for n in range(2)), width  # type: ignore[index]
            tall = [chips.nth(n).bounding_box()["height"] for n in range(chips.count())]  # type: ignore[index]
            assert tall and max(tall) < 80, width
        # Both lie at one spot: what stands for them on the map is called what stands on it (WCAG 2.5.3).
        look.page.locator(".cluster").first.wait_for()
        assert looking.axe(look.page) == []
    with looking.looking(browser, live_server.url, "elder", session_of(here.lan)) as look:
        look.open(f"{base}report/")
        bar = look.page.locator("section.decisions").bounding_box()
        assert bar is not None and bar["height"] < 780 * 0.25
        assert look.page.get_by_text("网格员和处置单位看得到").locator("visible=true").count() == 1
    with looking.looking(browser, live_server.url, "normal", session_of(here.coordinator)) as look:
        for path in (f"cases/{case.code}/", f"cases/{case.code}/question/", "joint/"):
            look.open(base + path)
            look.widen(1440)
            main, rail = look.page.locator("main").bounding_box(), look.page.locator("nav.rail").bounding_box()
            assert main is not None and rail is not None and main["x"] == rail["width"] and main["width"] > 600, path
            assert look.page.get_by_role("link", name="不归我们").count() == (path == f"cases/{case.code}/")
            assert look.page.locator("section.decisions").count() == ("question" in path)  # no bar for one lone button
        look.widen(360)
        look.open(f"{base}cases/{case.code}/question/")
        bar, rail = look.page.locator("section.decisions").bounding_box(), look.page.locator("nav.rail").bounding_box()
        assert bar is not None and rail is not None and bar["y"] + bar["height"] <= rail["y"] + 1


@pytest.mark.parametrize("path", ["report/", "mine/", "nearby/"])
def test_a_residents_page_is_light(here: Place, path: str) -> None:
    client = Client()
    assert here.lan.account is not None
    client.force_login(here.lan.account)
    assert looking.weight_of(client.get(f"/s/yunqiao/{path}").content.decode()) <= 100_000
