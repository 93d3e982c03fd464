"""What the database itself refuses about the grid."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from huipai.grid.models import Absence, Assignment, GridNode, Residence, TreeVersion, Unit
from huipai.grid.words import AbsenceKind, Level, UnitKind
from huipai.people.words import Role
from huipai.streets.current import in_street
from tests.cast import A_MONTH_AGO, FRIDAY, MONDAY, TUESDAY, WEDNESDAY


@contextmanager
def refused(constraint: str) -> Iterator[None]:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        yield
    assert constraint in (refusal.value.__cause__.diag.constraint_name or "")


class TestTree:
    def test_a_code_names_one_node_at_a_time(self, in_yunqiao, town):
        GridNode.objects.filter(pk=town["M1"].pk).update(valid_until=MONDAY)
        town.add(Level.MICRO_GRID, "M1", "G", valid_from=MONDAY)
        with refused("grid_a_code_names_one_node_at_a_time"):
            town.add(Level.MICRO_GRID, "M1", "G", valid_from=TUESDAY)

    def test_another_street_may_use_the_same_codes(self, town, other_town):
        assert town["M1"].code == other_town["M1"].code

    def test_only_the_street_has_no_parent(self, in_yunqiao, town):
        with refused("grid_only_the_street_has_no_parent"):
            town.add(Level.COMMUNITY, "C2")
        with refused("grid_one_street_at_a_time"):
            town.add(Level.STREET, "S2")

    @pytest.mark.parametrize(
        ("level", "parent"),
        [
            (Level.GRID, "S"),
            (Level.MICRO_GRID, "C"),
            (Level.HOUSEHOLD, "M1"),
            (Level.MICRO_GRID, "B1"),
            (Level.GRID, "G"),
        ],
    )
    def test_a_level_fits_its_parent(self, in_yunqiao, town, level, parent):
        with refused("grid_level_fits_its_parent"):
            town.add(level, "X", parent)

    def test_a_house_without_entrances_holds_households(self, in_yunqiao, town):
        assert town.add(Level.HOUSEHOLD, "H3", "B1").is_in(town["M1"])

    def test_a_path_leads_to_its_node(self, in_yunqiao, town):
        with refused("grid_path_leads_to_the_node"):
            GridNode.objects.filter(pk=town["M1"].pk).update(path="elsewhere/")
        with refused("grid_path_leads_to_the_node"):
            GridNode.objects.filter(pk=town["B1"].pk).update(parent=town["M2"])

    def test_a_parent_of_another_street_is_refused(self, town, other_town):
        with in_street(town.street.id):
            lost = GridNode(
                level=Level.COMMUNITY, code="C9", name="C9", parent_id=other_town["S"].id, valid_from=MONDAY
            )
            lost.path = f"{other_town['S'].path}{lost.id}/"
            with refused("grid_gridnode_parent_id"):
                lost.save(force_insert=True)
                connection.check_constraints()

    def test_nothing_ends_before_it_begins(self, in_yunqiao, town):
        with refused("grid_node_ends_after_it_begins"):
            GridNode.objects.filter(pk=town["M1"].pk).update(valid_until=A_MONTH_AGO - timedelta(days=1))

    def test_a_boundary_is_an_area_and_never_of_a_house(self, in_yunqiao, town):
        with refused("grid_boundary_is_an_area"):
            GridNode.objects.filter(pk=town["M1"].pk).update(boundary={"type": "LineString", "coordinates": []})
        with refused("grid_boundary_is_an_area"):
            GridNode.objects.filter(pk=town["B1"].pk).update(boundary=town.square(0, 0))

    @pytest.mark.parametrize("kind", ["Polygon", "MultiPolygon"])
    @pytest.mark.parametrize(
        "rings",
        [
            None,
            "x",
            {},
            [],
            [[]],
            ["x"],
            [[1, 2, 3, 4]],
            [[[0, 0], [1, 0], [1, 1]]],
            [[[0, 0], [1, 0], [1, 1], [0]]],
            [[[0, 0], [1, 0], [1, 1], [0, "0"]]],
            [[[0, 0], [1, 0], [1, 1], [0, None]]],
            [[[0, 0], [1, 0], [1, 1], [0, 181]]],
            [[[0, 0], [1, 0], [1, 1], [0, 0, 5]]],
        ],
    )
    def test_a_boundary_is_made_of_rings(self, in_yunqiao, town, kind, rings):
        """One that is not would end every look for a place in the street."""
        for coordinates in (rings, [rings]) if kind == "MultiPolygon" else (rings,):
            with refused("grid_boundary_has_rings"):
                GridNode.objects.filter(pk=town["M1"].pk).update(boundary={"type": kind, "coordinates": coordinates})
        with refused("grid_boundary_has_rings"):
            GridNode.objects.filter(pk=town["M1"].pk).update(boundary={"type": kind})

    def test_several_areas_are_a_boundary(self, in_yunqiao, town):
        areas = [town.square(0, 0)["coordinates"], town.square(500, 0)["coordinates"]]
        GridNode.objects.filter(pk=town["M1"].pk).update(boundary={"type": "MultiPolygon", "coordinates": areas})

    @pytest.mark.parametrize("point", [{"lng": 5.0, "lat": None}, {"lng": None, "lat": 5.0}])
    def test_half_a_point_is_none(self, in_yunqiao, town, point):
        with refused("grid_point_lies_on_earth"):
            GridNode.objects.filter(pk=town["M1"].pk).update(**point)

    def test_nothing_succeeds_itself(self, in_yunqiao, town):
        with refused("grid_no_node_succeeds_itself"):
            GridNode.objects.filter(pk=town["M1"].pk).update(succeeds=town["M1"])

    def test_a_drawn_change_renews_the_stamp_of_its_street_only(self, in_yunqiao, town, other_town):
        before = TreeVersion.objects.get().stamp
        with in_street(other_town.street.id):
            GridNode.objects.filter(pk=other_town["M1"].pk).update(name="new")
        GridNode.objects.filter(pk=town["H1"].pk).update(name="201 室")
        assert TreeVersion.objects.get().stamp == before
        GridNode.objects.filter(pk=town["M1"].pk).update(name="new")
        assert TreeVersion.objects.get().stamp != before


class TestUnit:
    def test_a_code_names_one_unit(self, in_yunqiao, property_unit):
        with refused("grid_a_code_names_one_unit"):
            Unit.objects.create(code="U1", name="另一家", kind=UnitKind.OTHER)


class TestAssignment:
    def assign(self, person, role, **fields):
        return Assignment.objects.create(person=person, role=role, **{"valid_from": MONDAY, **fields})

    def test_has_exactly_one_scope_and_units_are_for_unit_roles(self, in_yunqiao, town, somebody, property_unit):
        wei = somebody("小陶")
        for role, scope in [
            (Role.GRID_WORKER, {}),
            (Role.GRID_WORKER, {"unit": property_unit}),
            (Role.UNIT_HANDLER, {"node": town["G"]}),
            (Role.UNIT_HANDLER, {"unit": property_unit, "node": town["G"]}),
        ]:
            with refused("grid_assignment_has_one_scope"):
                self.assign(wei, role, **scope)

    def test_a_role_is_held_once_at_a_time(self, in_yunqiao, town, somebody, property_unit):
        wei = somebody("小陶")
        self.assign(wei, Role.GRID_WORKER, node=town["M1"], valid_until=TUESDAY)
        self.assign(wei, Role.GRID_WORKER, node=town["M1"], valid_from=TUESDAY)
        self.assign(wei, Role.GRID_WORKER, node=town["M2"])
        with refused("grid_a_role_in_a_node_is_held_once"):
            self.assign(wei, Role.GRID_WORKER, node=town["M1"], valid_from=WEDNESDAY)
        self.assign(wei, Role.UNIT_HANDLER, unit=property_unit)
        with refused("grid_a_role_in_a_unit_is_held_once"):
            self.assign(wei, Role.UNIT_HANDLER, unit=property_unit, valid_from=FRIDAY)

    def test_the_three_admins_are_three_people(self, in_yunqiao, town, somebody):
        one = somebody("甲")
        self.assign(one, Role.SYSTEM_ADMIN, node=town["S"], valid_until=TUESDAY)
        self.assign(one, Role.AUDITOR, node=town["S"], valid_from=TUESDAY)
        with refused("grid_three_admins_are_three_people"):
            self.assign(one, Role.SECURITY_ADMIN, node=town["S"], valid_from=WEDNESDAY)

    def test_nobody_deputises_himself_and_resident_is_no_office(self, in_yunqiao, town, somebody):
        wei = somebody("小陶")
        with refused("grid_nobody_deputises_himself"):
            self.assign(wei, Role.GRID_WORKER, node=town["M1"], deputy=wei)
        with refused("grid_role_can_be_assigned"):
            self.assign(wei, Role.RESIDENT, node=town["M1"])


class TestAbsenceAndResidence:
    def test_nobody_is_away_twice(self, in_yunqiao, somebody):
        wei = somebody("小陶")
        Absence.objects.create(person=wei, kind=AbsenceKind.LEAVE, valid_from=MONDAY, valid_until=WEDNESDAY)
        with refused("grid_nobody_is_away_twice"):
            Absence.objects.create(person=wei, kind=AbsenceKind.ILLNESS, valid_from=TUESDAY)

    def test_one_household_at_a_time_and_only_households(self, in_yunqiao, town, somebody):
        lan = somebody("阿兰")
        Residence.objects.create(person=lan, household=town["H1"], valid_from=MONDAY)
        with refused("grid_one_household_at_a_time"):
            Residence.objects.create(person=lan, household=town["H2"], valid_from=TUESDAY)
        with refused("grid_residence_is_a_household"):
            Residence.objects.create(person=somebody("阿明"), household=town["E1"], valid_from=TUESDAY)
