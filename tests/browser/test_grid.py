"""The desk of the grid and the list of stations, as their readers see them."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from huipai.grid import commands
from huipai.grid.models import Upload
from huipai.grid.words import AbsenceKind, Level, TableKind, UnitKind
from huipai.kit import clock
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.stations.words import StationKind
from huipai.streets.models import Street
from tests.browser import looking
from tests.cast import A_MONTH_AGO, staff
from tests.grid.conftest import Town, build
from tests.grid.test_imports import NODES, PEOPLE, UNITS, drawing, workbook
from tests.stations.test_commands import MORNINGS, open_station

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(in_yunqiao: Street) -> Town:
    return build(in_yunqiao)


@pytest.fixture
def cookies(town: Town, client: Client, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A system administrator who has signed in, in a town with a deputy, an absence, a unit and a split."""
    monkeypatch.setattr(settings, "SECOND_FACTOR_FOR_ADMINS", False)
    head, wei = staff("石", "13900000009"), staff("魏", "13900000001")
    commands.assign(person=head, role=Role.SYSTEM_ADMIN, node=town["S"], actor=None, now=A_MONTH_AGO)
    commands.assign(person=wei, role=Role.GRID_WORKER, node=town["M1"], deputy=head, actor=None, now=A_MONTH_AGO)
    now = clock.now()
    commands.record_absence(
        person=wei, kind=AbsenceKind.LEAVE, valid_from=A_MONTH_AGO, valid_until=None, actor=None, now=now
    )
    door = town.at(80, 90)
    town.add(Level.BUILDING, "B7", "M1", name="7 幢", lng=door.lng, lat=door.lat)
    client.force_login(head.account)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


DESK = "/s/yunqiao/grid/"


class TestDesk:
    @pytest.mark.long
    def test_reads_well_in_every_view(
        self, browser: Browser, live_server: LiveServer, town: Town, cookies: dict[str, str]
    ) -> None:
        held = town["M1"].assignments.get()
        paths = [DESK + path for path in (f"nodes/{town['M1'].pk}/", f"assignments/{held.pk}/", "imports/")]
        assert looking.faults_of(browser, live_server.url, paths, cookies, least=30) == []

    @pytest.mark.long
    def test_every_other_page_reads_well_too(
        self, browser: Browser, live_server: LiveServer, town: Town, cookies: dict[str, str]
    ) -> None:
        unit = commands.create_unit(code="U1", name="云桥物业", kind=UnitKind.PROPERTY, actor=None, now=A_MONTH_AGO)
        paths = [
            "", "?q=none", f"nodes/{town['M1'].pk}/assignments/", "units/", f"units/{unit.pk}/", "assignments/",
            "absences/",
        ]  # fmt: skip
        found = looking.faults_of(browser, live_server.url, [DESK + path for path in paths], cookies, least=30)
        assert not found, "\n".join(found)

    @pytest.mark.long
    def test_a_checked_file_reads_well(
        self, browser: Browser, live_server: LiveServer, town: Town, cookies: dict[str, str]
    ) -> None:
        bad = drawing({"M1": town.square(0, 0, 190), "M4": town.square(190, 200, 210), "X": town.square(0, 0)})
        for kind, content in [
            (TableKind.BOUNDARIES, bad),
            (TableKind.TREE, workbook(NODES, UNITS, [*PEOPLE, ["乙", "1", "亭子", "X"]])),
        ]:
            upload = Upload.objects.create(
                kind=kind, file_name="网格 2026.xlsx", content=content, uploaded_at=clock.now(),
                uploaded_by=Person.objects.get(name="石"),
            )  # fmt: skip
            path = f"/s/yunqiao/grid/imports/{upload.pk}/"
            assert looking.faults(browser, live_server.url, path, cookies, least=30) == []


class TestStations:
    @pytest.mark.long
    def test_read_well_in_every_view(self, browser: Browser, live_server: LiveServer, town: Town) -> None:
        open_station(town, phone="0512-1234-5678", now=A_MONTH_AGO)
        open_station(town, code="Z02", name="小驻", kind=StationKind.GRID_STOP, hours=[], now=A_MONTH_AGO)
        assert looking.faults(browser, live_server.url, "/s/yunqiao/stations/") == []

    def test_the_nearest_first_without_sending_where_one_is(
        self, browser: Browser, live_server: LiveServer, town: Town
    ) -> None:
        open_station(town, name="远的", now=A_MONTH_AGO)
        open_station(town, code="Z02", name="近的", point=town.at(350, 350), hours=MORNINGS, now=A_MONTH_AGO)
        here = town.at(380, 350)
        context = browser.new_context(
            geolocation={"longitude": here.lng, "latitude": here.lat}, permissions=["geolocation"], locale="zh-CN"
        )
        page = context.new_page()
        page.goto(live_server.url + "/s/yunqiao/stations/")
        sent: list[str] = []
        page.on("request", lambda call: sent.append(call.url + (call.post_data or "")))
        page.get_by_role("button", name="离我近的排前面").click()
        expect(page.locator("#stations > li").first).to_contain_text("近的")
        expect(page.locator("#stations > li").first).to_contain_text("离您 30")
        assert not any(f"{here.lng:.3f}"[:7] in address for address in sent)
        context.close()
