"""The data of the map: the street's own, kept until they change, and closed in production without a number."""

from itertools import pairwise

import pytest
from django.test import Client
from pytest_django import Settings

from huipai.grid.models import BaseMapLayer, GridNode
from huipai.streets.models import Street
from tests.cast import A_MONTH_AGO
from tests.web.drawn import draw_town

pytestmark = pytest.mark.django_db
BASE = "/s/yunqiao/map/base.json"


@pytest.fixture
def drawn(in_yunqiao: Street) -> GridNode:
    return draw_town(now=A_MONTH_AGO)


class TestBase:
    def test_holds_layers_the_edges_of_micro_grids_and_their_box(self, client: Client, drawn: GridNode) -> None:
        told = client.get(BASE).json()
        assert {"road", "water", "building", "micro_grid"} <= told["layers"].keys()
        west, south, east, north = told["bounds"]
        assert west < east and south < north and told["tiles"] == ""

    def test_draws_every_edge_once(self, client: Client, drawn: GridNode) -> None:
        (edges,) = client.get(BASE).json()["layers"]["micro_grid"]["features"]
        stretches = [
            frozenset(map(tuple, pair)) for line in edges["geometry"]["coordinates"] for pair in pairwise(line)
        ]
        assert len(stretches) == len(set(stretches))

    def test_is_sent_again_only_when_it_has_changed(self, client: Client, drawn: GridNode) -> None:
        tag = client.get(BASE)["ETag"]
        assert client.get(BASE, headers={"If-None-Match": tag}).status_code == 304
        BaseMapLayer.objects.filter(kind="place").delete()
        assert client.get(BASE, headers={"If-None-Match": tag}).status_code == 200

    def test_a_street_without_a_tree_has_an_empty_map(self, client: Client, yunqiao: Street) -> None:
        told = client.get(BASE).json()
        assert told["bounds"] is None and told["layers"]["micro_grid"]["features"] == []

    def test_neither_street_sees_the_other(self, client: Client, drawn: GridNode, hetang: Street) -> None:
        assert client.get("/s/hetang/map/base.json").json()["bounds"] is None

    def test_stays_off_in_production_until_its_number_is_entered(
        self, client: Client, drawn: GridNode, settings: Settings
    ) -> None:
        settings.IS_PRODUCTION = True
        assert client.get(BASE).status_code == 404
        Street.objects.update(map_approval="演示审图 1 号")
        assert client.get(BASE).status_code == 200

    def test_names_the_tiles_that_are_configured(self, client: Client, drawn: GridNode, settings: Settings) -> None:
        settings.MAP_TILES_URL = "https://tiles.test/{z}/{x}/{y}"
        assert client.get(BASE).json()["tiles"] == settings.MAP_TILES_URL


class TestWhere:
    @staticmethod
    def ask(client: Client, lng: object, lat: object) -> dict[str, str]:
        answer: dict[str, str] = client.get(f"/s/yunqiao/map/where.json?lng={lng}&lat={lat}").json()
        return answer

    def test_names_the_micro_grid_and_its_community(self, client: Client, drawn: GridNode) -> None:
        west, south, east, north = client.get(BASE).json()["bounds"]
        told = self.ask(client, (west + east) / 2 + 0.0003, (south + north) / 2 + 0.0003)
        assert told["answer"] == "inside" and told["words"].startswith("归 ") and "·" in told["words"]

    def test_says_outside_in_words(self, client: Client, drawn: GridNode) -> None:
        assert self.ask(client, 0, 0) == {"answer": "outside", "words": "位置在云桥街道以外，请挪到事发地点"}

    @pytest.mark.parametrize("query", ["", "?lng=a&lat=b", "?lng=999&lat=0", "?lng=nan&lat=0"])
    def test_what_is_no_place_is_refused(self, client: Client, yunqiao: Street, query: str) -> None:
        assert client.get(f"/s/yunqiao/map/where.json{query}").status_code in (400, 422)
