"""The demo towns: drawn, exact, and always the same."""

import itertools
from collections import Counter

import pytest
from shapely import STRtree
from shapely.geometry import Point, Polygon
from shapely.ops import unary_union

from huipai.cli.seed.town.build import build
from huipai.cli.seed.town.hetang import HETANG
from huipai.cli.seed.town.layers import layers
from huipai.cli.seed.town.plan import Plan
from huipai.cli.seed.town.words import Town
from huipai.cli.seed.town.yunqiao import YUNQIAO

BOTH = pytest.mark.parametrize("plan", [YUNQIAO, HETANG], ids=["yunqiao", "hetang"])


def edges(ring: list[tuple[float, float]]) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    return list(itertools.pairwise(ring))


def area_of(rings: list[list[tuple[float, float]]]) -> float:
    return sum(Polygon(ring).area for ring in rings)


def test_yunqiao_has_the_promised_size() -> None:
    town = build(YUNQIAO, seed=1)
    assert [community.name for community in town.communities] == ["柳溪社区", "望山社区", "新港社区", "塘湾社区"]
    assert len(town.grids) == 24
    assert 190 <= len(town.micro_grids) <= 210
    assert sum(len(micro.buildings) for micro in town.micro_grids) > 800


def test_hetang_is_the_small_neighbour() -> None:
    town = build(HETANG, seed=1)
    assert (len(town.communities), len(town.grids), len(town.micro_grids)) == (1, 4, 24)


@BOTH
def test_micro_grids_cover_the_street_without_gap_or_overlap(plan: Plan) -> None:
    town = build(plan, seed=1)
    polygons = [Polygon(micro.ring) for micro in town.micro_grids]
    assert all(polygon.is_valid and polygon.exterior.is_ccw for polygon in polygons)
    union = unary_union(polygons)
    assert union.geom_type == "Polygon" and len(union.interiors) == 0
    assert sum(polygon.area for polygon in polygons) == pytest.approx(union.area, rel=1e-12)
    assert len(town.rings) == 1
    assert Polygon(town.rings[0]).equals(union)


@BOTH
def test_neighbours_share_their_edges_exactly(plan: Plan) -> None:
    town = build(plan, seed=1)
    count = Counter(frozenset(edge) for micro in town.micro_grids for edge in edges(micro.ring))
    outer = {frozenset(edge) for edge in edges(town.rings[0])}
    assert set(count.values()) == {1, 2}
    assert {edge for edge, times in count.items() if times == 1} == outer


@BOTH
def test_every_floor_of_the_tree_is_exactly_the_sum_of_the_one_below(plan: Plan) -> None:
    town = build(plan, seed=1)
    assert area_of(town.rings) == pytest.approx(sum(area_of(community.rings) for community in town.communities))
    for community in town.communities:
        assert len(community.rings) == 1
        assert area_of(community.rings) == pytest.approx(sum(area_of(grid.rings) for grid in community.grids))
    for grid in town.grids:
        assert len(grid.rings) == 1
        assert area_of(grid.rings) == pytest.approx(sum(Polygon(micro.ring).area for micro in grid.micro_grids))


@BOTH
def test_codes_and_numbers_are_unique_and_nest(plan: Plan) -> None:
    town = build(plan, seed=1)
    codes = [micro.code for micro in town.micro_grids]
    assert len(set(codes)) == len(codes)
    for community in town.communities:
        assert community.code.startswith(town.code) and len(community.code) == 12
        assert [micro.number for micro in community.micro_grids] == list(range(1, len(community.micro_grids) + 1))
        for grid in community.grids:
            assert grid.code.startswith(community.code) and len(grid.code) == 15
            assert all(micro.code.startswith(grid.code) and len(micro.code) == 17 for micro in grid.micro_grids)


@BOTH
def test_buildings_and_places_stand_inside_their_micro_grid(plan: Plan) -> None:
    for micro in build(plan, seed=1).micro_grids:
        ground = Polygon(micro.ring)
        assert micro.places
        assert all(ground.contains(Point(place.position)) for place in micro.places)
        assert all(ground.contains(Polygon(building.ring)) for building in micro.buildings), micro.block


@BOTH
def test_buildings_do_not_stand_on_each_other(plan: Plan) -> None:
    rings = [Polygon(building.ring) for micro in build(plan, seed=1).micro_grids for building in micro.buildings]
    tree = STRtree(rings)
    left, right = tree.query(rings, predicate="overlaps")
    worst = max(
        (rings[a].intersection(rings[b]).area / rings[a].area for a, b in zip(left, right, strict=True)), default=0
    )
    assert worst < 0.2  # a hall may lean into a wing


def test_the_towns_do_not_touch() -> None:
    yunqiao, hetang = (Polygon(build(plan, seed=1).rings[0]) for plan in (YUNQIAO, HETANG))
    assert yunqiao.distance(hetang) > 0.01


def test_buildings_of_an_estate_are_numbered_through() -> None:
    seen: dict[str, list[int]] = {}
    for micro in build(YUNQIAO, seed=1).micro_grids:
        seen.setdefault(micro.block.name, []).extend(building.number for building in micro.buildings)
    assert sorted(seen["柳溪花园"]) == list(range(1, len(seen["柳溪花园"]) + 1))


def test_the_same_seed_draws_the_same_town() -> None:
    def drawn(seed: int) -> Town:
        return build(YUNQIAO, seed=seed)

    assert drawn(7) == drawn(7)
    assert drawn(7).micro_grids[0].ring == drawn(8).micro_grids[0].ring  # boundaries never depend on chance
    assert drawn(7) != drawn(8)


@BOTH
def test_the_base_map_has_its_layers_and_all_of_them_are_wgs84(plan: Plan) -> None:
    drawn = layers(plan, build(plan, seed=1))
    assert list(drawn) == ["land", "block", "park", "water", "road", "bridge", "tram", "building", "place"]
    for name in ("block", "water", "road", "bridge", "building", "place"):
        assert drawn[name]["features"], name
    lng, lat = drawn["place"]["features"][0]["geometry"]["coordinates"]
    assert 120 < lng < 121 and 31 < lat < 32
