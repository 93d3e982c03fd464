"""Reading drawings: what people save, what enemies send, and what lies between the areas."""

import json

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from huipai.grid.rules import drawing
from huipai.grid.rules.coverage import FindingKind, findings, shift_m, within
from huipai.grid.rules.drawing import NotADrawing, read_area, read_drawing
from huipai.kit.coordinates import Crs, convert, metres_per_degree

LNG, LAT = 120.73, 31.28
PER_LNG, PER_LAT = metres_per_degree(LAT)


def ring(east, north, width=100.0, height=100.0, crs=Crs.WGS84):
    corners = [(0, 0), (width, 0), (width, height), (0, height), (0, 0)]
    degrees = [(LNG + (east + x) / PER_LNG, LAT + (north + y) / PER_LAT) for x, y in corners]
    return [list(convert(*corner, Crs.WGS84, crs)) for corner in degrees]


def feature(code, *rings, **geometry):
    shape = {"type": "Polygon", "coordinates": list(rings), **geometry}
    return {"type": "Feature", "properties": {"编码": code}, "geometry": shape}


def file(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def area(*args, **kwargs):
    return shapely.Polygon(ring(*args, **kwargs))


class TestReading:
    @pytest.mark.parametrize("crs", Crs)
    def test_every_system_ends_up_in_the_same_place(self, crs):
        (drawn,) = read_drawing(file(feature("M1", ring(0, 0, crs=crs))), crs).areas
        assert drawn.area.symmetric_difference(area(0, 0)).area < 1e-11

    def test_holes_many_parts_and_numbers_as_codes(self):
        holed = feature(7, ring(0, 0), ring(20, 20, 20, 20))
        many = feature("M2", type="MultiPolygon", coordinates=[[ring(0, 0)], [ring(500, 0)]])
        found = read_drawing(file(holed, many), Crs.WGS84)
        assert [drawn.code for drawn in found.areas] == ["7", "M2"] and not found.troubles

    def test_heights_are_left_aside(self):
        high = [[*corner, 12.5] for corner in ring(0, 0)]
        (drawn,) = read_drawing(file(feature("M1", high)), Crs.WGS84).areas
        assert drawn.area.equals_exact(area(0, 0), 1e-7) and not drawn.area.has_z

    def test_is_stored_with_its_outer_ring_anticlockwise(self):
        stored = drawing.as_geojson(shapely.Polygon(ring(0, 0)[::-1]))
        assert shapely.Polygon(stored["coordinates"][0]).exterior.is_ccw

    def test_accepts_the_names_of_systems_in_degrees(self):
        for name in ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4490", "EPSG:4326"):
            crs = {"type": "name", "properties": {"name": name}}
            assert read_drawing(file(feature("M1", ring(0, 0)), crs=crs), Crs.WGS84).areas


BOWTIE = [[LNG, LAT], [LNG + 0.01, LAT + 0.01], [LNG + 0.01, LAT], [LNG, LAT + 0.01], [LNG, LAT]]


class TestUnsoundAreas:
    @pytest.mark.parametrize(
        ("bad", "words"),
        [
            (feature("M1", BOWTIE), "交叉了，在 120.735000, 31.285000 附近"),
            (feature("M1", ring(0, 0)[:-1]), "没有闭合"),
            (feature("M1", ring(0, 0)[:3]), "至少要四个点"),
            (feature("M1", [[LNG, LAT]] * 4), "画得不对|没有面积"),
            (feature("M1", [[LNG, LAT], [LNG + 0.01, LAT], [LNG + 0.02, LAT], [LNG, LAT]]), "画得不对|没有面积|交叉"),
            (feature("M1", ring(0, 0), ring(500, 500)), "洞"),
            (feature("M1", [[lat, lng] for lng, lat in ring(0, 0)]), "写反了"),
            (feature("M1", [[3460000.0 + i, 480000.0] for i in (0, 1, 2, 0)]), "投影坐标"),
            (feature("M1", [["a", 1], [1, 2], [2, 1], ["a", 1]]), "不是经度和纬度"),
            (feature("M1", [[True, 1], [1, 2], [2, 1], [True, 1]]), "不是经度和纬度"),
            (feature("M1", [[10**400, 1], [1, 2], [2, 1], [10**400, 1]]), "不是经度和纬度"),
            (feature("M1", [[1]] * 4), "不是经度和纬度"),
            (feature("M1", type="LineString", coordinates=ring(0, 0)), "要是面"),
            (feature("M1", type="Polygon", coordinates=[]), "没有画边界"),
            (feature("M1", type="Polygon", coordinates=None), "没有画边界"),
            (feature("M1", type="\ud800", coordinates=[]), "要是面"),
            (feature("\ud800", [[LNG, LAT]] * 4), "画得不对|没有面积"),
            (feature("M1", type="MultiPolygon", coordinates=[[]]), "空的"),
            (feature("M1", type="MultiPolygon", coordinates=[[ring(0, 0)], [ring(50, 50)]]), "交叉"),
            ({"type": "Feature", "properties": {"code": "M1"}, "geometry": None}, "没有画边界"),
            (feature("", ring(0, 0)), "没有编码"),
            ({"type": "Feature", "properties": None, "geometry": None}, "没有编码"),
            ({}, "没有编码"),
        ],
    )
    def test_each_gets_a_sentence_and_leaves_the_others(self, bad, words):
        found = read_drawing(file(feature("M0", ring(0, 200)), bad), Crs.WGS84)
        assert [drawn.code for drawn in found.areas] == ["M0"]
        (trouble,) = found.troubles
        assert trouble.number == 2 and (trouble.code + trouble.reason).encode()
        assert any(word in trouble.reason for word in words.split("|")), trouble.reason

    def test_a_code_twice(self):
        found = read_drawing(file(feature("M1", ring(0, 0)), feature("M1", ring(200, 0))), Crs.WGS84)
        assert found.troubles[0].reason == "这个编码在文件里出现了两次"


class TestHostileFiles:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"not json",
            b"\xff\xfe\x00",
            b"[]",
            b"{}",
            b'"x"',
            b'{"type":"FeatureCollection"}',
            b'{"type":"FeatureCollection","features":{}}',
            b'{"type":"FeatureCollection","features":[1]}',
            b'{"type":"FeatureCollection","features":[]}',
            b'{"type":"FeatureCollection","features":[NaN]}',
            b'{"type":"FeatureCollection","features":[' + b"9" * 100_000 + b"]}",
            b"[" * 100_000,
            b'{"a":' * 100_000,
        ],
    )
    def test_what_is_no_drawing_is_refused(self, content):
        with pytest.raises(NotADrawing):
            read_drawing(content, Crs.WGS84)

    def test_a_projected_system_is_refused_by_its_name(self):
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
        with pytest.raises(NotADrawing, match="3857"):
            read_drawing(file(feature("M1", ring(0, 0)), crs=crs), Crs.WGS84)

    def test_too_much_is_refused(self, monkeypatch):
        monkeypatch.setattr(drawing, "MAX_FEATURES", 2)
        with pytest.raises(NotADrawing, match="最多 2 块"):
            read_drawing(file(*[feature(f"M{number}", ring(0, 0)) for number in range(3)]), Crs.WGS84)
        monkeypatch.setattr(drawing, "MAX_VERTICES", 3)
        with pytest.raises(NotADrawing, match="点太多"):
            read_drawing(file(feature("M1", ring(0, 0))), Crs.WGS84)
        monkeypatch.setattr(drawing, "MAX_BYTES", 10)
        with pytest.raises(NotADrawing, match="MB"):
            read_drawing(file(feature("M1", ring(0, 0))), Crs.WGS84)

    @given(
        thing=st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
            max_leaves=15,
        ),
        kind=st.sampled_from(["Polygon", "MultiPolygon"]),
    )
    @settings(max_examples=300, deadline=None)
    def test_anything_in_the_place_of_coordinates_is_refused_or_an_area(self, thing, kind):
        try:
            found = read_area({"type": kind, "coordinates": thing}, Crs.GCJ02)
        except NotADrawing:
            return
        assert found.is_valid and found.area > 0


class TestBetween:
    def found(self, areas, frames=None, frame_of=None):
        return [(one.kind, one.codes, round(one.area_m2)) for one in findings(areas, frames or {}, frame_of or {})]

    def test_a_sound_town_has_none(self):
        town = {f"M{x}{y}": area(100 * x, 100 * y) for x in range(5) for y in range(5)}
        assert self.found(town, {"G": area(0, 0, 500, 500)}, dict.fromkeys(town, "G")) == []

    def test_overlaps_gaps_and_overhangs_with_their_size(self):
        areas = {"A": area(0, 0, 110), "B": area(100, 0), "C": area(230, 0, 100)}
        found = self.found(areas, {"G": area(0, 0, 300)}, dict.fromkeys(areas, "G"))
        assert found == [
            (FindingKind.GAP, ("B", "C"), 3000),
            (FindingKind.OVERHANG, ("C", "G"), 3000),
            (FindingKind.OVERLAP, ("A", "B"), 1000),
        ]

    def test_a_hole_is_a_gap_without_any_frame(self):
        ring_road = area(0, 0, 300, 300).difference(area(100, 100))
        assert self.found({"A": ring_road}) == [(FindingKind.GAP, ("A",), 10000)]

    def test_the_shake_of_a_hand_is_none(self):
        areas = {"A": area(0, 0, 100.2), "B": area(100, 0)}
        assert self.found(areas) == []
        assert self.found({"A": area(0, 0), "B": area(100.2, 0)}, {"G": area(0, 0, 200.2)}) == []

    def test_what_lies_in_an_area_fills_it_and_no_more(self):
        inside = {"A": area(0, 0, 110), "B": area(100, 0, 130)}
        found = [(one.kind, one.codes, round(one.area_m2)) for one in within("G", area(10, 0, 200, 120), inside)]
        assert found == [
            (FindingKind.GAP, ("A", "B"), 4000),
            (FindingKind.OVERHANG, ("B", "G"), 2000),
            (FindingKind.OVERHANG, ("A", "G"), 1000),
        ]
        assert within("G", area(0, 0, 230), {"A": area(0, 0), "B": area(100, 0, 130)}) == []

    def test_says_where(self):
        (one,) = findings({"A": area(0, 0, 200), "B": area(100, 0)}, {}, {})
        assert area(100, 0).contains(shapely.Point(one.lng, one.lat))


class TestShift:
    def test_a_wrongly_chosen_system_moves_all_as_one(self):
        pairs = [(area(300 * x, 0), area(300 * x, 0, crs=Crs.GCJ02)) for x in range(4)]
        assert 300 < shift_m(pairs) < 700
        assert shift_m([(old, old) for old, _new in pairs]) is None
        assert shift_m([(area(0, 0), area(200, 0)), (area(0, 0), area(-200, 0))]) is None
        assert shift_m([(area(0, 0, 1000), area(0, 0, 700))]) is None  # drawn smaller on one side
        assert shift_m([]) is None
