"""A claim from a photo to a bottle by four people, an objection that is upheld afterwards, and how the pages read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from huipai.kit import clock
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose, Role
from huipai.points import queries
from huipai.points.commands.claims import objecting
from huipai.points.jobs import claiming
from huipai.points.models import Claim
from huipai.points.words import PUBLIC_DAYS, UNDO_FOR, ClaimState, ObjectionReason
from huipai.shop.models import Reservation
from huipai.shop.words import State as HandOver
from huipai.streets.models import Street
from tests.browser import looking
from tests.browser.visiting import session_of, visiting
from tests.cast import A_YEAR_AGO, appoint, staff
from tests.grid.conftest import Town, town
from tests.jobs import run_jobs
from tests.photos import samples
from tests.photos.conftest import folder
from tests.points.claims.world import LARGE, SHIFT, World, again, make
from tests.shop.shop import SOAP, Shop, budget, deliver, put_on_shelf, station
from tests.shop.shop import holds as shop_holds
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


DESK = {"viewport": {"width": 1440, "height": 900}}


def press(page: Page, key: str) -> None:
    """Once the page has its keys: what it says stands there before its scripts have run."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)


@dataclass
class Days:
    """The days of a test: the clock at the doors is turned on, and what waits for it happens."""

    ahead: timedelta = timedelta()

    def go_by(self, time: timedelta) -> None:
        self.ahead += time
        claiming.look_at_claims(0)
        run_jobs()


@pytest.fixture
def days(monkeypatch: pytest.MonkeyPatch) -> Days:
    real, days = clock.now, Days()
    monkeypatch.setattr(clock, "now", lambda: real() + days.ahead)
    return days


@pytest.fixture
def soap(world: World) -> Shop:
    """A shop in which lan's points can be spent."""
    held = (("柯小路", Role.COORDINATOR), ("雷小石", Role.LEADER), ("胡小店", Role.STATION_HOST))
    keeper, leader, host = (
        appoint(staff(name, f"1390000{number:04}"), role, since=A_YEAR_AGO)
        for number, (name, role) in enumerate(held, 41)
    )
    item = put_on_shelf(SOAP, keeper, leader)
    made = Shop(world.street, keeper, leader, host, station(), item, world.lan)
    for year in {clock.now().year, (clock.now() + timedelta(days=9)).year}:
        budget(made, year=year)
    deliver(made, 5)
    return made


def test_a_claim_becomes_a_bottle_by_four_people_and_an_objection_upheld_afterwards_is_a_debt(
    browser: Browser, live_server: LiveServer, world: World, soap: Shop, photo: Path, days: Days
) -> None:
    base = f"{live_server.url}/s/yunqiao"
    presses = 0
    with visiting(browser, live_server.url, world.lan) as page:
        page.goto(f"{base}/")
        page.get_by_role("link", name="孺子牛").click()
        page.get_by_role("link", name=LARGE.title).click()
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

    with visiting(browser, live_server.url, world.fang, **DESK) as page:
        page.goto(f"{base}/points/review/?tab=clean")
        expect(page.get_by_text("没超上限")).to_be_visible()
        expect(page.locator(".evidence img").first).to_be_visible()
        press(page, "r")  # nothing is chosen for the reviewer: a reason comes first
        expect(page.get_by_text("先选一句，再退回")).to_be_visible()
        press(page, "a")
        expect(page.get_by_text("刚才：通过")).to_be_visible()
        press(page, "z")
        expect(page.get_by_text("撤回来了，请再看一遍")).to_be_visible()
        press(page, "a")
        expect(page.get_by_text("刚才：通过")).to_be_visible()
        days.go_by(UNDO_FOR + timedelta(seconds=1))
        page.goto(f"{base}/points/review/?tab=second")  # of thirty points, and not for whoever has said yes already
        expect(page.get_by_text("现在一条都没有")).to_be_visible()
    with visiting(browser, live_server.url, world.qin, **DESK) as page:
        page.goto(f"{base}/points/review/?tab=second")
        expect(page.get_by_text("分数多，要两个人审")).to_be_visible()
        press(page, "a")
        expect(page.get_by_text("刚才：通过")).to_be_visible()
    days.go_by(UNDO_FOR + timedelta(seconds=1))
    with visiting(browser, live_server.url, world.hua) as page:
        page.goto(f"{base}/points/publicity/")
        expect(page.get_by_text("蓝**")).to_be_visible()
        assert world.lan.name not in page.content()
    days.go_by(timedelta(days=PUBLIC_DAYS + 1))

    with visiting(browser, live_server.url, world.lan) as page, visiting(browser, live_server.url, soap.host) as host:
        page.goto(f"{base}/points/claims/{claim.id}/")
        expect(page.get_by_text("公示完了，分记上了")).to_be_visible()
        page.goto(f"{base}/points/")
        expect(page.locator("[data-balance]")).to_have_text("30")
        page.get_by_role("link", name="去兑换").click()
        page.get_by_role("link", name=re.compile("洗洁精")).click()
        page.get_by_role("button", name="就换这个").click()
        code = page.locator("[data-code]").inner_text()
        host.goto(f"{base}/shop/counter/")
        host.get_by_label("领取码").fill(code)
        host.get_by_role("button", name="看是什么").click()
        expect(host.locator("[data-what]")).to_have_text("洗洁精 1 瓶")
        expect(host.locator("[data-who]")).to_contain_text("蓝**")
        assert world.lan.name not in host.content()
        host.get_by_role("button", name="交给他了").click()
        expect(host.get_by_text("给了：洗洁精 1 瓶")).to_be_visible()
        page.goto(f"{base}/points/")
        expect(page.locator("[data-balance]")).to_have_text("10")
        expect(page.get_by_text("+30")).to_be_visible()
        page.get_by_role("link", name=LARGE.title).first.click()
        expect(page.locator("#main").get_by_text("第 1 版").first).to_be_visible()  # each posting explains itself
    assert Reservation.objects.get().state == HandOver.HANDED_OVER and shop_holds(world.street)

    with visiting(browser, live_server.url, world.hua) as page:
        page.goto(f"{base}/points/publicity/{claim.id}/objection/")
        page.get_by_role("button", name="提出异议").click()
        expect(page.get_by_role("alert").get_by_role("link")).to_be_visible()
        page.get_by_text("这件事没有做").click()
        page.get_by_role("button", name="提出异议").click()
        expect(page.get_by_text("由没有经手的人来定，结果告诉您")).to_be_visible()
    for judge in (world.fang, world.qin):
        with visiting(browser, live_server.url, judge, **DESK) as page:
            page.goto(f"{base}/points/review/?tab=objections")
            expect(page.get_by_text("现在一条都没有")).to_be_visible()
    with visiting(browser, live_server.url, world.bo, **DESK) as page:
        page.goto(f"{base}/points/review/?tab=objections")
        press(page, "u")
        expect(page.get_by_text("异议成立，分没有记或已退回")).to_be_visible()
    run_jobs()
    assert again(claim).state == ClaimState.UPHELD
    left = queries.balance(world.lan, clock.now())
    assert (left.spendable, left.debt) == (0, 20) and shop_holds(world.street)
    with visiting(browser, live_server.url, world.lan) as page:
        page.goto(f"{base}/points/")
        expect(page.locator("[data-balance]")).to_have_text("0")
        expect(page.get_by_text("退回时有 20 分已经用掉，从以后挣的分里补上")).to_be_visible()
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


def _faults(
    browser: Browser, live_server: LiveServer, person: Person, paths: list[str], *, least: int = 44
) -> list[str]:
    pages = [f"/s/yunqiao/{path}" for path in paths]
    return looking.faults_of(browser, live_server.url, pages, session_of(person), least=least)


@pytest.mark.long
def test_every_page_reads_well_on_a_phone_on_a_desk_in_the_dark_and_for_an_elder(
    browser: Browser, live_server: LiveServer, world: World, full: dict[str, str]
) -> None:
    resident = [
        "points/ports/ox/", "points/ports/sunflower/?q=nothing", "points/items/ox-01/claim/",
        f"points/items/{SHIFT.code}/claim/", "points/claims/", f"points/claims/{full['rejected']}/",
        f"points/claims/{full['public']}/received/", "points/publicity/",
        f"points/publicity/{full['public']}/objection/", "points/thanks/", "points/year/",
    ]  # fmt: skip
    # One context a person and mode: what all pages share is fetched once.
    received = [path for path in resident if path.endswith("received/")]
    found = _faults(browser, live_server, world.lan, [path for path in resident if path not in received])
    found += _faults(browser, live_server, world.hua, received)
    fang, qin = (
        ["points/review/", "points/review/?tab=clean", "points/review/conflicts/"],
        "points/review/?tab=objections",
    )
    found += _faults(browser, live_server, world.fang, fang, least=30)
    found += _faults(browser, live_server, world.qin, [qin], least=30)
    found += _faults(browser, live_server, Person.objects.get(pk=full["enterer"]), ["points/enter/"], least=30)
    found += _faults(browser, live_server, Person.objects.get(pk=full["host"]), ["stations/Z01/code/"], least=30)
    assert found == []
