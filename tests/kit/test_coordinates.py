"""Places in four systems: every round trip is far below 1e-6 degrees, at the edges too."""

import itertools
from math import inf, nan

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from huipai.kit.coordinates import Crs, NotAPlace, Point, convert, distance_m, metres_per_degree, parse_point
from tests.rounds import DEPTH

PAIRS = list(itertools.permutations(Crs, 2))
BEIJING = (116.404, 39.915)

anywhere_in_china = st.tuples(st.floats(73, 136), st.floats(3, 54))
edges = st.tuples(
    st.sampled_from([72.004, 137.8347, 104.0]).flatmap(lambda x: st.floats(x - 0.3, x + 0.3)),
    st.sampled_from([0.8293, 55.8271, 31.0]).flatmap(lambda y: st.floats(y - 0.3, y + 0.3)),
)


def there_and_back(place: tuple[float, float], one: Crs, other: Crs) -> float:
    again = convert(*convert(*place, one, other), other, one)
    return max(abs(again[0] - place[0]), abs(again[1] - place[1]))


class TestConvert:
    @pytest.mark.parametrize(("one", "other"), PAIRS)
    @given(place=anywhere_in_china)
    @settings(max_examples=150, deadline=None)
    def test_there_and_back_is_the_same_place(self, one, other, place):
        assert there_and_back(place, one, other) < 1e-9

    @pytest.mark.parametrize(("one", "other"), PAIRS)
    @given(place=edges)
    @example(place=(72.004, 31.0))
    @example(place=(72.0040001, 31.0))
    @example(place=(137.8347, 55.8271))
    @example(place=(137.8346999, 0.8293001))
    @settings(max_examples=150, deadline=None)
    def test_there_and_back_holds_at_the_edge_of_the_shifted_box(self, one, other, place):
        assert there_and_back(place, one, other) < 1e-9

    @pytest.mark.long
    @pytest.mark.deep
    @given(place=st.tuples(st.floats(71, 139), st.floats(0, 57)), pair=st.sampled_from(PAIRS))
    @settings(max_examples=4_000 * DEPTH, deadline=None)
    def test_there_and_back_everywhere(self, place, pair):
        assert there_and_back(place, *pair) < 1e-9

    def test_agrees_with_the_published_examples(self):
        assert convert(*BEIJING, Crs.WGS84, Crs.GCJ02) == pytest.approx(
            (116.41024449916938, 39.91640428150164), abs=1e-9
        )
        assert convert(*BEIJING, Crs.GCJ02, Crs.BD09) == pytest.approx(
            (116.41036949371029, 39.92133699351021), abs=1e-9
        )

    @given(place=anywhere_in_china)
    @settings(max_examples=200, deadline=None)
    def test_the_shift_is_never_more_than_a_few_kilometres(self, place):
        assert distance_m(Point(*place), Point(*convert(*place, from_crs=Crs.WGS84, to_crs=Crs.GCJ02))) < 2000

    @pytest.mark.parametrize("place", [(139.7, 35.7), (-0.1, 51.5), (72.0, 30.0), (110.0, 0.5), (110.0, 56.0)])
    def test_leaves_places_outside_the_box_alone(self, place):
        assert convert(*place, from_crs=Crs.WGS84, to_crs=Crs.GCJ02) == place

    def test_cgcs2000_counts_as_wgs84(self):
        assert convert(*BEIJING, Crs.CGCS2000, Crs.WGS84) == BEIJING


class TestPoint:
    @pytest.mark.parametrize("place", [(nan, 1), (1, inf), (180.1, 0), (0, -90.1)])
    def test_is_never_off_the_globe(self, place):
        with pytest.raises(NotAPlace):
            Point(*place)

    def test_is_given_in_another_system(self):
        point = Point.given_in(Crs.GCJ02, 116.41024449916938, 39.91640428150164)
        assert (point.lng, point.lat) == pytest.approx(BEIJING, abs=1e-9)


class TestDistance:
    def test_is_nothing_to_itself(self):
        assert distance_m(Point(120.7, 31.3), Point(120.7, 31.3)) == 0

    def test_agrees_with_the_ellipsoid(self):
        # Geodesics of WGS-84: one degree of latitude at the equator and at 31 degrees, and Suzhou to Beijing.
        assert distance_m(Point(120, 0), Point(120, 1)) == pytest.approx(110574.389, abs=0.05)
        assert distance_m(Point(120, 31), Point(121, 31)) == pytest.approx(95504.3, abs=5)
        assert distance_m(Point(0, 0), Point(1, 0)) == pytest.approx(111319.491, abs=0.05)

    def test_knows_one_metre(self):
        per_lng, per_lat = metres_per_degree(31.3)
        assert distance_m(Point(120.7, 31.3), Point(120.7 + 1 / per_lng, 31.3)) == pytest.approx(1, abs=1e-4)
        assert distance_m(Point(120.7, 31.3), Point(120.7, 31.3 + 1 / per_lat)) == pytest.approx(1, abs=1e-4)

    @given(a=anywhere_in_china, b=anywhere_in_china)
    @settings(max_examples=200, deadline=None)
    def test_is_the_same_both_ways(self, a, b):
        assert distance_m(Point(*a), Point(*b)) == pytest.approx(distance_m(Point(*b), Point(*a)), rel=1e-9)

    def test_reaches_the_poles_and_the_other_side(self):
        assert 19e6 < distance_m(Point(0, 90), Point(0, -90)) < 20.1e6
        assert 19e6 < distance_m(Point(0, 0), Point(180, 0)) < 20.1e6


class TestParse:
    @pytest.mark.parametrize(
        "text",
        [
            "120.7321, 31.3172",
            "120.7321，31.3172",
            "120.7321 31.3172",
            "(120.7321, 31.3172)",
            "31.3172, 120.7321",
            "31.3172N 120.7321E",
            "E120.7321 N31.3172",
            "北纬31.3172 东经120.7321",
            "东经120.7321度，北纬31.3172度",
            "经度:120.7321 纬度:31.3172",
            "120°43'55.56\" 31°19'1.92\"",
            "120°43′55.56″E，31°19′1.92″N",
        ],
    )
    def test_reads_what_people_paste(self, text):
        point = parse_point(text)
        assert (point.lng, point.lat) == pytest.approx((120.7321, 31.3172), abs=1e-9)

    def test_reads_the_system_it_is_told(self):
        assert distance_m(parse_point("120.7321,31.3172", Crs.BD09), Point(120.7321, 31.3172)) > 300

    @pytest.mark.parametrize(
        "text",
        ["", "120.7", "苏州", "120.7,31.3,5", "nan,nan", "1e3,2", "31N 32N", "200,95", "120.7, 31.3 附近",
         "31°61'0\" 120°", "N31.3S 120.7", "١٢٠,٣١", "9" * 5000],
    )  # fmt: skip
    def test_refuses_everything_else_with_a_sentence(self, text):
        with pytest.raises(NotAPlace):
            parse_point(text)
