"""The list of stations: for everybody, open ones first."""

import pytest
from django.test import Client

from huipai.kit import clock
from huipai.stations.words import StationKind
from tests.cast import MONDAY
from tests.stations.test_commands import open_station


@pytest.fixture
def at_ten(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


class TestList:
    def test_says_where_what_and_whether_it_is_open(self, client: Client, in_yunqiao, town, at_ten):
        open_station(town, phone="0512-1234")
        open_station(town, code="Z02", name="小驻", hours=[], kind=StationKind.GRID_STOP)
        page = client.get("/s/yunqiao/stations/").content.decode()
        assert ("云桥驿站" in page and "云桥路 1 号" in page and "热水、歇脚" in page) or "歇脚、热水" in page
        assert "开着，到 12:00" in page and "时间待定" in page and 'href="tel:0512-1234"' in page
        assert page.index('data-title="云桥驿站"') < page.index('data-title="小驻"')

    def test_one_kind_and_none(self, client: Client, in_yunqiao, town, at_ten):
        open_station(town)
        assert "云桥驿站" not in client.get("/s/yunqiao/stations/?kind=grid_stop").content.decode()
        assert "还没有这种驿站" in client.get("/s/yunqiao/stations/?kind=grid_stop").content.decode()
        assert client.get("/s/yunqiao/stations/?kind=nonsense").status_code == 200

    def test_the_other_street_shows_its_own(self, client: Client, in_yunqiao, town, other_town, at_ten):
        open_station(town)
        assert "云桥驿站" not in client.get("/s/hetang/stations/").content.decode()
