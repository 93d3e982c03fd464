"""A claim from a photo to posted points by three people, an objection that is upheld, and how the pages read."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from huipai.kit import clock
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose, Role
from huipai.points import queries
from huipai.points.commands.claims import objecting, settling
from huipai.points.models import Claim, Posting
from huipai.points.words import PUBLIC_DAYS, UNDO_FOR, ClaimState, ObjectionReason
from huipai.streets.models import Street
from tests.browser import looking
from tests.browser.visiting import session_of, visiting
from tests.cast import appoint, staff
from tests.grid.conftest import Town, town
from tests.jobs import run_jobs
from tests.photos import samples
from tests.photos.conftest import folder
from tests.points.claims.world import LARGE, SHIFT, World, again, make, never
from tests.points.ledger import holds
from tests.stations.test_commands import open_station

__all__ = ["folder", "town"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(in_yunqiao: Street, town: Town) -> World:
    return make(in_yunqiao)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "deed.jpg"
    path.write_bytes(samples.encode(samples.scene(cars=2, size=(1200, 900), seed=5), "JPEG", quality=80))
    return path


def test_a_claim_becomes_points_by_three_people_and_an_objection_takes_them_back(
    browser: Browser, live_server: LiveServer, world: World, photo: Path
) -> None:
    base = f"{live_server.url}/s/yunqiao"
    presses = 0
    with visiting(browser, live_server.url, world.lan) as page:
        page.goto(f"{base}/")
        page.get_by_role("link", name="孺子牛").click()
        page.get_by_role("link", name="帮独居老人买菜").click()
        presses += 2
        page.locator("[data-upload-input]").first.set_input_files(str(photo))
        expect(page.locator("[data-upload-list] li")).to_have_count(1)
        page.get_by_role("button", name="交上来").click()
        presses += 1
        expect(page.get_by_role("heading", name="收到了，谢谢您")).to_be_visible()
        assert presses == 3
    run_jobs()
    claim = Claim.objects.get()
    assert claim.state == ClaimState.AUTO_CHECKED

    with visiting(browser, live_server.url, world.fang, viewport={"width": 1440, "height": 900}) as page:
        page.goto(f"{base}/points/review/?tab=clean")
        expect(page.get_by_text("没超上限")).to_be_visible()
        expect(page.locator(".evidence img").first).to_be_visible()
        page.keyboard.press("a")
        expect(page.get_by_text("刚才：通过")).to_be_visible()
        page.keyboard.press("z")
        expect(page.get_by_text("撤回来了，请再看一遍")).to_be_visible()
        page.keyboard.press("a")
        expect(page.get_by_text("刚才：通过")).to_be_visible()
    decided = Claim.objects.get().undo_until
    assert decided is not None
    settling.take_effect(claim_id=claim.id, now=decided, pick=never)
    later = clock.now() + timedelta(days=PUBLIC_DAYS + 2)

    with visiting(browser, live_server.url, world.hua) as page:
        page.goto(f"{base}/points/publicity/")
        expect(page.get_by_text("蓝**")).to_be_visible()
        assert world.lan.name not in page.content()
    settling.post(claim_id=claim.id, now=later)
    assert queries.balance(world.lan, later).spendable == 5
    with visiting(browser, live_server.url, world.lan) as page:
        page.goto(f"{base}/points/claims/{claim.id}/")
        expect(page.get_by_text("公示完了，分记上了")).to_be_visible()
        page.goto(f"{base}/points/")
        expect(page.locator("[data-balance]")).to_have_text("5")

    with visiting(browser, live_server.url, world.hua) as page:
        page.goto(f"{base}/points/publicity/{claim.id}/objection/")
        page.get_by_role("button", name="提出异议").click()
        expect(page.get_by_role("alert").get_by_role("link")).to_be_visible()
        page.get_by_text("这件事没有做").click()
        page.get_by_role("button", name="提出异议").click()
        expect(page.get_by_text("由没有经手的人来定，结果告诉您")).to_be_visible()
    with visiting(browser, live_server.url, world.fang, viewport={"width": 1440, "height": 900}) as page:
        page.goto(f"{base}/points/review/?tab=objections")
        expect(page.get_by_text("现在一条都没有")).to_be_visible()
    with visiting(browser, live_server.url, world.qin, viewport={"width": 1440, "height": 900}) as page:
        page.goto(f"{base}/points/review/?tab=objections")
        page.keyboard.press("u")
        expect(page.get_by_text("异议成立，分没有记或已退回")).to_be_visible()
    assert again(claim).state == ClaimState.UPHELD and Posting.objects.count() == 2
    assert queries.balance(world.lan, later).spendable == 0 and holds(world.street)
    run_jobs()
    with visiting(browser, live_server.url, world.hua) as page:
        page.goto(f"{base}/notices/")
        expect(page.get_by_text("您提的异议成立，谢谢您指出来")).to_be_visible()


@pytest.fixture
def full(world: World, town: Town) -> dict[str, str]:
    """Something on every page; the addresses that need one."""
    now = clock.now()
    for person in (world.lan, world.hua):
        Person.objects.filter(pk=person.pk).update(birth_year=1970)
        people.give_consent(person=person, purpose=ConsentPurpose.THANK_YOU_WALL, now=now)
    shown = (world.photo(world.lan, now=now).id,)
    world.checked(now=now, photo_ids=shown)
    world.checked(world.hua, LARGE, now=now)
    rejected = world.rejected(now=now - timedelta(minutes=5))
    public = world.public(world.hua, now=now - timedelta(minutes=9))
    doubted = world.public(now=now - timedelta(minutes=8))
    objecting.object_to(
        claim_id=doubted.id, objector=world.hua, reason=ObjectionReason.OTHER, text="那天我在，没有看见", now=now
    )
    world.posted(world.hua, now=now - timedelta(minutes=7) - UNDO_FOR)
    open_station(town, hours=[])
    host = appoint(staff("郝站长", "13900000055"), Role.STATION_HOST)
    enterer = appoint(staff("陶小川", "13900000056"), Role.COORDINATOR)
    return {
        "rejected": str(rejected.id), "public": str(public.id), "host": str(host.id), "enterer": str(enterer.id),
    }  # fmt: skip


def test_every_page_reads_well_on_a_phone_on_a_desk_in_the_dark_and_for_an_elder(
    browser: Browser, live_server: LiveServer, world: World, full: dict[str, str]
) -> None:
    resident = [
        "points/ports/ox/", "points/ports/sunflower/?q=nothing", "points/items/ox-01/claim/",
        f"points/items/{SHIFT.code}/claim/", "points/claims/", f"points/claims/{full['rejected']}/",
        f"points/claims/{full['public']}/received/", "points/publicity/",
        f"points/publicity/{full['public']}/objection/", "points/thanks/", "points/year/",
    ]  # fmt: skip
    found = []
    for path in resident:
        person = world.hua if path.endswith("received/") else world.lan
        found += [
            (path, fault)
            for fault in looking.faults(browser, live_server.url, f"/s/yunqiao/{path}", session_of(person))
        ]
    desks = [
        (world.fang, "points/review/"), (world.fang, "points/review/?tab=clean"),
        (world.qin, "points/review/?tab=objections"), (world.fang, "points/review/conflicts/"),
        (Person.objects.get(pk=full["enterer"]), "points/enter/"),
        (Person.objects.get(pk=full["host"]), "stations/Z01/code/"),
    ]  # fmt: skip
    for person, path in desks:
        cookies = session_of(person)
        found += [
            (path, fault) for fault in looking.faults(browser, live_server.url, f"/s/yunqiao/{path}", cookies, least=30)
        ]
    assert found == []
