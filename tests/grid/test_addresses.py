"""An address finds its place in the tree as people write it; what fits two places, or none, is somebody's to choose."""

from __future__ import annotations

import pytest
from django.utils import translation

from huipai.grid import queries as grid
from huipai.grid.models import BaseMapLayer
from huipai.grid.rules import addresses
from huipai.grid.words import BaseMapKind, Level
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import MONDAY
from tests.grid.conftest import Town


@pytest.fixture
def estate(town: Town, in_yunqiao: Street) -> Town:
    """荷风苑 over two micro-grids: 3 幢 and 13 幢 in the first, 4 幢 in the second; another 3 幢 in 竹影弄."""
    for code, name in (("M1", "荷风苑第 1 微网格"), ("M2", "荷风苑第 2 微网格"), ("M3", "竹影弄第 3 微网格")):
        town[code].name = name
        town[code].save()
    for code, name, micro, east in (("B3", "3 幢", "M1", 40), ("B13", "13 幢", "M1", 80), ("B4", "4 幢", "M2", 260)):
        door = town.at(east, 40)
        town.add(Level.BUILDING, code, micro, name=name, lng=door.lng, lat=door.lat)
    town.add(Level.BUILDING, "B3Z", "M3", name="3 幢")
    for number in (1, 2):
        town.add(Level.ENTRANCE, f"B3-{number}", "B3", name=f"{number} 单元")
        town.add(Level.ENTRANCE, f"B4-{number}", "B4", name=f"{number} 单元")
    return town


def meant(words: str) -> list[str]:
    return [one.name for one in grid.at_address(words, MONDAY)]


@pytest.mark.parametrize(
    "words",
    ["荷风苑 3 幢 2 单元", "荷风苑３幢２单元 501 室", "荷风苑三幢二单元", "荷风苑3栋2单元三楼", "荷风苑3号楼 2单元",
     "荷风苑 3-2-501", "荷风路 12 号 荷风苑 3#2单元"],
)  # fmt: skip
def test_the_same_door_however_it_is_written(estate: Town, words: str) -> None:
    with in_street(estate.street.id):
        [found] = grid.at_address(words, MONDAY)
        assert found.id == estate["B3-2"].id and found.name == "荷风苑第 1 微网格 3 幢 2 单元"
        spot = grid.spot_of(found.id, MONDAY)
    assert spot is not None and spot.is_exact and spot.node == estate["M1"]
    assert (spot.point.lng, spot.point.lat) == (estate["B3"].lng, estate["B3"].lat)


def test_what_fits_several_is_listed_and_what_fits_none_is_not_made_up(estate: Town) -> None:
    with in_street(estate.street.id):
        assert meant("3 幢门口") == ["荷风苑第 1 微网格 3 幢", "竹影弄第 3 微网格 3 幢"]
        assert meant("荷风苑里面") == ["荷风苑第 1 微网格", "荷风苑第 2 微网格"]
        assert meant("荷风苑 13 幢") == ["荷风苑第 1 微网格 13 幢"]
        assert meant("竹影弄边上") == ["竹影弄第 3 微网格"]
        assert len(meant("竹影弄到荷风苑 4 幢之间")) == 2, "two ends are said: somebody has to choose"
        assert meant("菜场对面") == meant("") == []


def test_an_area_said_by_its_number_is_that_one_and_no_other(estate: Town) -> None:
    with in_street(estate.street.id):
        assert meant("荷风苑第 2 微网格") == meant("荷风苑第二微网格边上") == ["荷风苑第 2 微网格"]
        assert meant("荷风苑第 1 微网格 3 幢") == ["荷风苑第 1 微网格 3 幢"]
        told = set(meant("荷风苑第 2 微网格 3 幢"))
        assert told == {"荷风苑第 1 微网格 3 幢", "荷风苑第 2 微网格"}, "the house is in the other: somebody chooses"


def test_a_house_that_nobody_drew_and_a_community_are_known_only_roughly(estate: Town) -> None:
    with in_street(estate.street.id):
        house, whole = grid.spot_of(estate["B3Z"].id, MONDAY), grid.spot_of(estate["S"].id, MONDAY)
        assert house is not None and not house.is_exact and house.node == estate["M3"]
        assert grid.locate(house.point, MONDAY).node == estate["M3"]
        assert whole is not None and not whole.is_exact and whole.node == estate["S"]
        community = grid.spot_of(estate["C"].id, MONDAY)
        assert community is not None and community.node == estate["C"]
        assert grid.spot_of(estate["H1"].id, MONDAY) is None, "a home is nobody's to choose"


def test_what_the_map_calls_by_name_lies_in_its_micro_grid(estate: Town) -> None:
    spot = estate.at(300, 300)
    with in_street(estate.street.id):
        features = {"type": "FeatureCollection", "features": [
            {"type": "Feature", "properties": {"name": "荷风公园"}, "geometry": {"type": "Point",
             "coordinates": [spot.lng, spot.lat]}}, {"type": "Feature", "properties": {}, "geometry": {"type": "Point",
             "coordinates": [spot.lng, spot.lat]}},
        ]}  # fmt: skip
        BaseMapLayer.objects.create(kind=BaseMapKind.PARK, features=features, replaced_at=MONDAY)
        [found] = grid.at_address("荷风公园的长椅", MONDAY)
        with translation.override("en"):
            [abroad] = grid.at_address("荷风公园的长椅", MONDAY)
    assert found.id == estate["M4"].id and found.name == "荷风公园（M4）"
    assert abroad.name == "荷风公园 (M4)"


def test_a_closed_house_and_another_street_are_not_found(estate: Town, other_town: Town) -> None:
    with in_street(other_town.street.id):
        assert meant("荷风苑 3 幢 2 单元") == [] and grid.spot_of(estate["B3"].id, MONDAY) is None
    with in_street(estate.street.id):
        estate["B13"].valid_until = MONDAY
        estate["B13"].save()
        assert grid.spot_of(estate["B13"].id, MONDAY) is None


def test_the_list_has_every_area_under_its_community(estate: Town) -> None:
    with in_street(estate.street.id):
        [found] = grid.areas_to_choose(MONDAY)
        whole = grid.choice_of(estate["S"].id, MONDAY)
    assert found.whole.id == estate["C"].id and whole is not None and not whole.is_exact
    assert [one.id for one in found.inside] == [estate[f"M{number}"].id for number in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("words", "plain"),
    [("二十三号楼", "23幢"), ("十二弄", "12弄"), ("一百零三号", "103号"), ("二〇一号", "201号"),
     ("三岔路口", "三岔路口"), ("１－２－３０１", "1幢2单元301"), ("3楼", "3楼")],
)  # fmt: skip
def test_figures(words: str, plain: str) -> None:
    assert addresses.plain(words) == plain
