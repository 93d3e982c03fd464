"""Stations: opened, changed and closed by those who keep them."""

import pytest
from django.db import IntegrityError, transaction

from huipai.grid.models import Assignment
from huipai.journal.models import Entry
from huipai.kit.verdict import Moved, NotAllowed, NotVisible
from huipai.people.words import Role
from huipai.stations import commands, queries
from huipai.stations.models import OpeningHours, Station
from huipai.stations.rules import Span
from huipai.stations.words import Service, StationKind
from huipai.streets.current import in_street
from tests.cast import MONDAY, TUESDAY, staff

MORNINGS = [Span(day, 9 * 60, 12 * 60) for day in range(1, 8)]


def open_station(town, actor=None, **fields):
    values = {
        "code": "Z01", "kind": StationKind.CARE_STATION, "name": "云桥驿站", "place": "云桥路 1 号",
        "point": town.at(100, 100), "hours": MORNINGS, "services": [Service.WATER, Service.REST],
        "actor": actor, "now": MONDAY, **fields,
    }  # fmt: skip
    return commands.open_station(**values)


@pytest.fixture
def coordinator(in_yunqiao, town):
    person = staff("秦", "13900000002")
    Assignment.objects.create(person=person, role=Role.COORDINATOR, node=town["C"], valid_from=MONDAY)
    return person


class TestOpen:
    def test_stands_in_the_list_with_its_hours_and_its_micro_grid(self, in_yunqiao, town, coordinator):
        station = open_station(town, coordinator)
        (listed,) = queries.listed(MONDAY, weekday=1)
        assert listed.station == station and station.node == town["M1"]
        assert listed.opening.is_open and [span.words for span in listed.today] == ["09:00–12:00"]
        entry = Entry.objects.get(what="station.opened")
        assert (entry.subject, entry.actor_id) == (f"station:{station.pk}", coordinator.pk)

    def test_only_its_keepers(self, in_yunqiao, town):
        with pytest.raises(NotAllowed):
            open_station(town, staff("魏"))
        assert not Station.objects.exists()

    def test_refuses_a_code_in_use_bad_hours_and_a_place_outside(self, in_yunqiao, town):
        open_station(town)
        with pytest.raises(commands.CodeTaken):
            open_station(town)
        with pytest.raises(commands.StationOutside):
            open_station(town, code="Z02", point=town.at(-500, 0))
        with pytest.raises(commands.NotSoundHours), transaction.atomic():
            open_station(town, code="Z02", hours=[Span(1, 600, 500)])
        assert Station.objects.count() == 1

    def test_another_street_does_not_see_it(self, in_yunqiao, town, other_town):
        station = open_station(town)
        with in_street(other_town.street.id):
            assert queries.listed(MONDAY, weekday=1) == []
            with pytest.raises(NotVisible):
                commands.close_station(station_id=station.pk, actor=None, now=MONDAY)

    def test_the_database_refuses_overlapping_hours(self, in_yunqiao, town):
        station = open_station(town)
        with pytest.raises(IntegrityError, match="stations_hours_do_not_overlap"):
            OpeningHours.objects.create(station=station, weekday=1, opens=600, closes=700)


class TestChangeAndClose:
    def test_new_words_and_hours(self, in_yunqiao, town, coordinator):
        station = open_station(town)
        commands.change_station(
            station_id=station.pk, name="云桥小站", place="云桥路 2 号", services=[Service.TOOLS], phone="0512-1",
            hours=[Span(2, 0, 1440)], actor=coordinator, now=TUESDAY,
        )  # fmt: skip
        (listed,) = queries.listed(TUESDAY, weekday=2)
        assert (listed.station.name, listed.station.services, listed.week) == (
            "云桥小站",
            ["tools"],
            (Span(2, 0, 1440),),
        )

    def test_a_closed_one_is_gone_from_the_list_and_closed_once(self, in_yunqiao, town, coordinator):
        station = open_station(town)
        commands.close_station(station_id=station.pk, actor=coordinator, now=TUESDAY)
        assert queries.listed(TUESDAY, weekday=2) == []
        assert len(queries.listed(MONDAY, weekday=1)) == 1
        with pytest.raises(Moved):
            commands.close_station(station_id=station.pk, actor=coordinator, now=TUESDAY)


class TestList:
    def test_the_nearest_first_or_the_open_first_in_two_queries(self, in_yunqiao, town, django_assert_num_queries):
        open_station(town, code="A", hours=[])
        open_station(town, code="B", point=town.at(300, 300))
        open_station(town, code="C", point=town.at(100, 120), kind=StationKind.FOOD_STATION)
        with django_assert_num_queries(2):
            near = queries.listed(MONDAY, weekday=1, near=town.at(100, 130))
        assert [one.station.code for one in near] == ["C", "A", "B"]
        assert near[0].distance_m == pytest.approx(10, abs=0.01)
        assert [one.station.code for one in queries.listed(MONDAY, weekday=1)] == ["B", "C", "A"]
        assert [one.station.code for one in queries.listed(MONDAY, weekday=1, kind=StationKind.FOOD_STATION)] == ["C"]
