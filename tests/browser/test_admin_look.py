"""The pages of administration read well: staff, access, texts, stations, working days, jobs."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from huipai.grid import commands
from huipai.kit import clock
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose, Role, TryKind
from huipai.stations.models import Station
from huipai.streets.models import Street
from tests.browser import looking
from tests.browser.visiting import session_of, visiting
from tests.cast import A_MONTH_AGO, staff
from tests.grid.conftest import Town, build
from tests.people.test_settling import shows
from tests.stations.test_commands import open_station
from tests.web.test_dead_letters import fail

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = Path(looking.ROOT / "var" / "shots")
SECRET = "JBSWY3DPEHPK3PXP"


@dataclass
class Office:
    """The two administrators who act, a locked colleague with a lost second factor, and a station."""

    town: Town
    system: Person
    security: Person
    wei: Person
    station: Station


@pytest.fixture
def office(in_yunqiao: Street, settings: object) -> Office:
    settings.SECOND_FACTOR_FOR_ADMINS = False  # type: ignore[attr-defined]
    town, now = build(in_yunqiao), clock.now()
    people_of = {
        role: staff(name, f"1390000000{number}")
        for number, (role, name) in enumerate(
            {Role.SYSTEM_ADMIN: "石建业", Role.SECURITY_ADMIN: "安晓禾", Role.AUDITOR: "沈知行"}.items()
        )
    }
    for role, person in people_of.items():
        commands.assign(person=person, role=role, node=town["S"], actor=None, now=A_MONTH_AGO)
    system, security = people_of[Role.SYSTEM_ADMIN], people_of[Role.SECURITY_ADMIN]
    wei = staff("魏大为", "13900000009")
    commands.assign(person=wei, role=Role.GRID_WORKER, node=town["M1"], actor=None, now=A_MONTH_AGO)
    commands.assign(
        person=wei, role=Role.CHECKER, node=town["C"], valid_from=now + timedelta(days=9), actor=None, now=now
    )
    assert wei.account is not None
    people.set_second_factor(account=wei.account, secret=SECRET, typed=shows(SECRET), actor=wei, now=now)
    commands.put_password(person_id=wei.pk, actor=security, now=now - timedelta(days=2))
    for _try in range(5):
        people.spend_try(kind=TryKind.PASSWORD, number=str(wei.account.phone), address="a", now=now)
    commands.publish_text(
        purpose=ConsentPurpose.CARE, seen=1, body="只记下需要什么帮助。\n\n三年后删除。",
        legal_basis="《个人信息保护法》第二十九条", actor=security, now=now,
    )  # fmt: skip
    fail(in_yunqiao)
    station = open_station(town, phone="0512-0000-1234", now=A_MONTH_AGO)
    return Office(town, system, security, wei, station)


@pytest.mark.long
def test_read_well_in_every_view(browser: Browser, live_server: LiveServer, office: Office, client: Client) -> None:
    grid, stations = "/s/yunqiao/grid/", "/s/yunqiao/stations/desk/"
    seen_by = {
        office.system: [
            f"{grid}staff/", f"{grid}staff/{office.wei.pk}/", f"{grid}staff/{office.wei.pk}/roles/",
            f"{grid}staff/new/",
            stations, f"{stations}{office.station.pk}/", f"{stations}new/", f"{stations}{office.station.pk}/words/",
            "/s/yunqiao/workdays/", "/s/yunqiao/jobs/",
        ],
        office.security: [f"{grid}staff/{office.wei.pk}/", f"{grid}texts/", f"{grid}texts/care/"],
    }  # fmt: skip
    found: list[str] = []
    for person, paths in seen_by.items():
        found += looking.faults_of(browser, live_server.url, paths, session_of(person), least=30)
    assert not found, "\n".join(found)


def test_a_text_is_looked_at_and_a_station_put_on_the_map(
    browser: Browser, live_server: LiveServer, office: Office
) -> None:
    wide = {"width": 1440, "height": 900}
    with visiting(browser, live_server.url, office.security, viewport=wide) as page:
        page.goto(f"{live_server.url}/s/yunqiao/grid/texts/care/")
        page.get_by_label("给大家看的话").fill("新的一版：只记下需要什么帮助。")
        page.get_by_role("button", name="先看看").click()
        expect(page.get_by_role("heading", name="发布后是这样：第 3 版")).to_be_visible()
        assert looking.axe(page) == []
        page.get_by_role("button", name="发布", exact=True).click()
        expect(page.get_by_text("同意过旧版的人")).to_have_count(1)
        page.goto(f"{live_server.url}/s/yunqiao/grid/staff/{office.wei.pk}/")
        page.get_by_role("button", name="给一个", exact=True).click()
        expect(page.get_by_role("heading", name="这一次用的密码")).to_be_visible()
        assert looking.axe(page) == []
    with visiting(browser, live_server.url, office.system, viewport=wide) as page:
        page.goto(f"{live_server.url}/s/yunqiao/stations/desk/new/")
        expect(page.locator("[data-map-pick]")).to_have_attribute("data-drawn", "yes", timeout=20_000)
        page.locator("[data-map-pick]").click(position={"x": 200, "y": 100})
        expect(page.get_by_label("经度")).not_to_have_value("")
        expect(page.locator("[data-place-words]")).to_contain_text("按您在图上点的位置")
