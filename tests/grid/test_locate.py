"""Finding the micro-grid of a place: three answers on purpose, at every moment, and never by an old tree."""

import threading
from datetime import timedelta

import pytest
import shapely
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huipai.grid import queries
from huipai.grid.models import GridNode
from huipai.grid.rules.finding import TOLERANCE_M, Finder
from huipai.grid.rules.plane import Plane
from huipai.grid.words import Answer, Level
from huipai.kit.coordinates import Point
from huipai.streets.current import in_street
from tests.cast import A_MONTH_AGO, MONDAY, TUESDAY


class TestLocate:
    def test_inside_one_and_far_from_every_edge(self, in_yunqiao, town):
        place = queries.locate(town.at(100, 100), MONDAY)
        assert (place.answer, place.node, place.nodes) == (Answer.INSIDE, town["M1"], (town["M1"],))

    @pytest.mark.parametrize(
        ("east", "north", "codes"),
        [
            (200, 100, ["M1", "M2"]),  # on the line between two
            (200, 200, ["M1", "M2", "M3", "M4"]),  # where four meet
            (200.5, 100, ["M2", "M1"]),  # half a metre into the second
            (0, 100, ["M1"]),  # on the outer edge of the street
            (0.5, 100, ["M1"]),
            (-0.5, 100, ["M1"]),  # half a metre outside it
            (400.4, 199.9, ["M2", "M4"]),
        ],
    )
    def test_on_a_border_the_choice_is_made_on_purpose(self, in_yunqiao, town, east, north, codes):
        place = queries.locate(town.at(east, north), MONDAY)
        assert place.answer == Answer.BORDER
        assert place.node == town[codes[0]]
        assert [node.code for node in place.nodes] == codes

    def test_outside_says_how_far_from_what(self, in_yunqiao, town):
        place = queries.locate(town.at(250, -30), MONDAY)
        assert (place.answer, place.node, place.nearest, place.nodes) == (Answer.OUTSIDE, None, town["M2"], ())
        assert place.distance_m == pytest.approx(30, abs=0.01)

    def test_an_empty_street_has_no_inside(self, in_yunqiao):
        place = queries.locate(Point(120.73, 31.28), MONDAY)
        assert (place.answer, place.nearest) == (Answer.OUTSIDE, None)

    def test_overlapping_areas_are_a_border_with_the_first_code_chosen(self, in_yunqiao, town):
        town.add(Level.MICRO_GRID, "M0", "G", boundary=town.square(50, 50, 100, 100))
        place = queries.locate(town.at(100, 100), MONDAY)
        assert (place.answer, [node.code for node in place.nodes]) == (Answer.BORDER, ["M0", "M1"])

    def test_answers_for_the_moment_asked_about(self, in_yunqiao, town):
        GridNode.objects.filter(pk=town["M1"].pk).update(valid_until=TUESDAY)
        town.add(Level.MICRO_GRID, "M1W", "G", boundary=town.square(0, 0, 100), valid_from=TUESDAY)
        town.add(Level.MICRO_GRID, "M1E", "G", boundary=town.square(100, 0, 100), valid_from=TUESDAY)
        spot = town.at(50, 110)
        assert queries.locate(spot, TUESDAY - timedelta(microseconds=1)).node == town["M1"]
        assert queries.locate(spot, TUESDAY).node == town["M1W"]
        assert queries.locate(spot, A_MONTH_AGO - timedelta(days=1)).answer == Answer.OUTSIDE

    def test_two_streets_do_not_see_each_other(self, in_yunqiao, town, other_town):
        assert queries.locate(other_town.at(100, 100), MONDAY).answer == Answer.OUTSIDE
        with in_street(other_town.street.id):
            assert queries.locate(other_town.at(100, 100), MONDAY).node == other_town["M1"]

    def test_asks_the_database_once_a_request(self, in_yunqiao, town, django_assert_num_queries):
        queries.locate(town.at(1, 1), MONDAY)
        with in_street(town.street.id):
            with django_assert_num_queries(1):
                queries.locate(town.at(100, 100), MONDAY)
            with django_assert_num_queries(0):
                queries.locate(town.at(300, 100), MONDAY)

    def test_a_change_of_ones_own_is_seen_at_once_and_a_rollback_too(self, in_yunqiao, town):
        spot = town.at(500, 500)
        assert queries.locate(spot, MONDAY).answer == Answer.OUTSIDE
        with transaction.atomic():
            new = town.add(Level.MICRO_GRID, "M5", "G", boundary=town.square(400, 400))
            assert queries.locate(spot, MONDAY).node == new
            transaction.set_rollback(True)
        with in_street(town.street.id):
            assert queries.locate(spot, MONDAY).answer == Answer.OUTSIDE


@pytest.mark.django_db(transaction=True)
class TestFreshness:
    """Threads with connections of their own stand for other processes: nothing but the database joins them."""

    def elsewhere(self, street, act):
        def run():
            try:
                with in_street(street.id):
                    act()
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()

    def test_a_change_made_elsewhere_is_seen_by_the_next_request(self, yunqiao, town):
        spot = town.at(100, 100)
        with in_street(yunqiao.id):
            assert queries.locate(spot, MONDAY).node == town["M1"]
        self.elsewhere(yunqiao, lambda: GridNode.objects.filter(code="M1").update(valid_until=MONDAY))
        with in_street(yunqiao.id):
            assert queries.locate(spot, MONDAY).answer == Answer.OUTSIDE

    def test_a_change_by_plain_sql_is_seen_too(self, yunqiao, town):
        def act():
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM grid_gridnode WHERE street_id = %s AND code = 'M2'", [yunqiao.id])

        spot = town.at(300, 100)
        with in_street(yunqiao.id):
            assert queries.locate(spot, MONDAY).node == town["M2"]
        self.elsewhere(yunqiao, act)
        with in_street(yunqiao.id):
            assert queries.locate(spot, MONDAY).answer == Answer.OUTSIDE

    def test_what_is_not_committed_is_seen_by_its_own_transaction_only(self, yunqiao, town):
        spot, seen = town.at(100, 100), []
        with in_street(yunqiao.id):
            with transaction.atomic():
                GridNode.objects.filter(code="M1").update(valid_until=A_MONTH_AGO)
                assert queries.locate(spot, MONDAY).answer == Answer.OUTSIDE
                self.elsewhere(yunqiao, lambda: seen.append(queries.locate(spot, MONDAY).node))
                assert queries.locate(spot, MONDAY).answer == Answer.OUTSIDE
            assert seen == [town["M1"]]
            assert queries.locate(spot, MONDAY).answer == Answer.OUTSIDE


def crooked_town(seed: int) -> list[tuple[str, shapely.Polygon]]:
    """Voronoi cells clipped to a town, some grown into their neighbours, some shrunk."""
    numbers = iter(range(10**6))
    wobble = [((seed * 7919 + i * 104729) % 1000) / 1000 for i in range(60)]
    spots = [
        (120.73 + 0.01 * wobble[next(numbers) % 60], 31.28 + 0.01 * wobble[(next(numbers) * 3) % 60]) for _ in range(25)
    ]
    cells = shapely.voronoi_polygons(shapely.MultiPoint(sorted(set(spots))))
    town = shapely.box(120.73, 31.28, 120.74, 31.29)
    clipped = [cell.intersection(town) for cell in cells.geoms]
    areas = [area.buffer(2e-6 * (number % 5 - 2)) for number, area in enumerate(clipped) if area.area > 1e-10]
    return [(f"M{number:02}", area) for number, area in enumerate(areas)]


def naively(
    plane: Plane, areas: list[tuple[str, shapely.Polygon]], point: Point
) -> tuple[Answer, str | None, list[str]]:
    spot = shapely.Point(plane.xy(point))
    flat = [(code, plane.flat(area)) for code, area in areas]
    near = [code for code, area in flat if area.distance(spot) <= TOLERANCE_M]
    if not near:
        return Answer.OUTSIDE, None, []
    holding = [code for code, area in flat if area.covers(spot)]
    clear = all(area.boundary.distance(spot) > TOLERANCE_M for code, area in flat if code in near)
    if len(near) == 1 and holding == near and clear:
        return Answer.INSIDE, near[0], near
    return Answer.BORDER, (holding or near)[0], sorted(near)


@pytest.mark.long
class TestAgainstTheNaiveWay:
    @given(
        seed=st.integers(0, 50),
        east=st.floats(-0.1, 1.1),
        north=st.floats(-0.1, 1.1),
        corner=st.integers(0, 10**6),
        nudge=st.tuples(st.floats(-2, 2), st.floats(-2, 2)),
    )
    @settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_the_same_answer_everywhere_and_close_to_edges(self, seed, east, north, corner, nudge):
        areas = crooked_town(seed)
        plane = Plane.around(area for _code, area in areas)
        finder = Finder(areas)
        finder_of_nodes = {code: code for code, _area in areas}
        corners = [place for _code, area in areas for place in area.exterior.coords]
        x, y = plane.xy(Point(*corners[corner % len(corners)]))
        for point in (Point(120.73 + 0.01 * east, 31.28 + 0.01 * north), plane.point(x + nudge[0], y + nudge[1])):
            place = finder.place(point)
            answer, code, near = naively(plane, areas, point)
            assert place.answer == answer
            assert place.node == finder_of_nodes.get(code or "")
            assert sorted(place.nodes) == near
