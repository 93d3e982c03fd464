"""Nodes and units: created, renamed, closed; and micro-grids split in the middle of the year."""

from datetime import timedelta

import pytest
from django.apps import apps

from huipai.grid import commands, queries
from huipai.grid.commands import Part, refusals
from huipai.grid.models import Assignment, GridNode, Residence
from huipai.grid.rules.drawing import NotADrawing
from huipai.grid.words import Answer, Level, UnitKind
from huipai.journal.models import Entry
from huipai.kit.coordinates import Crs, convert
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.words import Role
from huipai.streets.current import in_street
from tests.cast import A_MONTH_AGO, FRIDAY, MONDAY, TUESDAY, WEDNESDAY, staff
from tests.grid.conftest import SIDE


def create(town, level, code, parent, **fields):
    over = town[parent] if parent else None
    return commands.create_node(
        level=level, code=code, name=code, parent=over, **{"actor": None, "now": MONDAY, **fields}
    )


class TestCreate:
    def test_stands_under_its_parent_from_now_on(self, in_yunqiao, town):
        node = create(town, Level.BUILDING, "B2", "M2", point=town.at(300, 50))
        assert node.is_in(town["S"]) and queries.ancestors(node) == (town["S"], town["C"], town["G"], town["M2"])
        assert queries.node_over(node, Level.COMMUNITY) == town["C"]
        assert Entry.objects.get(what="node.created").facts["parent"] == str(town["M2"].pk)

    def test_refuses_a_wrong_level_a_code_in_use_and_a_closed_parent(self, in_yunqiao, town):
        with pytest.raises(refusals.NotAFit):
            create(town, Level.GRID, "G2", "S")
        with pytest.raises(refusals.NotAFit):
            create(town, Level.GRID, "G2", None)
        with pytest.raises(refusals.CodeInUse):
            create(town, Level.MICRO_GRID, "M2", "G")
        commands.close_node(node_id=town["M2"].pk, at=TUESDAY, actor=None, now=MONDAY)
        town["M2"].refresh_from_db()
        create(town, Level.BUILDING, "B3", "M2")
        with pytest.raises(refusals.NodeIsClosed):
            create(town, Level.BUILDING, "B4", "M2", now=TUESDAY)

    def test_only_by_those_who_keep_it(self, in_yunqiao, town):
        wei = staff()
        with pytest.raises(NotAllowed):
            create(town, Level.BUILDING, "B2", "M2", actor=wei)
        commands.assign(person=wei, role=Role.COORDINATOR, node=town["C"], actor=None, now=A_MONTH_AGO)
        create(town, Level.BUILDING, "B2", "M2", actor=wei)
        with pytest.raises(NotAllowed):
            create(town, Level.COMMUNITY, "C2", "S", actor=wei)

    def test_another_streets_node_does_not_exist(self, town, other_town):
        with in_street(other_town.street.id), pytest.raises(NotVisible):
            commands.rename_node(node_id=town["M1"].pk, name="x", actor=None, now=MONDAY)


class TestRenameAndClose:
    def test_a_new_name_is_told_once(self, in_yunqiao, town):
        for _time in range(2):
            commands.rename_node(node_id=town["M1"].pk, name="新一", actor=None, now=MONDAY)
        assert Entry.objects.filter(what="node.renamed").count() == 1

    def test_closing_ends_what_holds_there_and_keeps_it(self, in_yunqiao, town, somebody):
        lan, wei = somebody("阿兰"), staff()
        commands.move_in(person=lan, household=town["H2"], at=MONDAY, actor=None, now=MONDAY)
        held = commands.assign(person=wei, role=Role.GRID_WORKER, node=town["M2"], actor=None, now=MONDAY)
        commands.close_node(node_id=town["H2"].pk, at=TUESDAY, actor=None, now=TUESDAY)
        commands.close_node(node_id=town["M2"].pk, at=TUESDAY, actor=None, now=TUESDAY)
        assert Residence.objects.get(person=lan).valid_until == TUESDAY
        assert Assignment.objects.get(pk=held.pk).valid_until == TUESDAY
        assert queries.locate(town.at(300, 100), MONDAY).node == town["M2"]
        assert queries.locate(town.at(300, 100), TUESDAY).answer == Answer.OUTSIDE
        with pytest.raises(refusals.AlreadyEnded):
            commands.close_node(node_id=town["M2"].pk, at=WEDNESDAY, actor=None, now=WEDNESDAY)

    def test_refuses_while_something_under_it_is_valid_longer(self, in_yunqiao, town):
        with pytest.raises(refusals.StillInUse):
            commands.close_node(node_id=town["M1"].pk, at=TUESDAY, actor=None, now=MONDAY)


class TestPlannedEnds:
    """What comes under a node whose end is planned lasts no longer than it."""

    def closes(self, town, code, at=WEDNESDAY):
        commands.close_node(node_id=town[code].pk, at=at, actor=None, now=MONDAY)

    def test_nodes_people_and_duties_end_with_it(self, in_yunqiao, town, somebody):
        self.closes(town, "H1")
        self.closes(town, "M2")
        lan, wei = somebody("阿兰"), staff()
        stale = town["H1"]  # as it was read before the end was planned
        home = commands.move_in(person=lan, household=stale, at=TUESDAY, actor=None, now=TUESDAY)
        held = commands.assign(person=wei, role=Role.GRID_WORKER, node=town["M2"], actor=None, now=TUESDAY)
        house = create(town, Level.BUILDING, "B7", "M2", now=TUESDAY)
        assert [one.valid_until for one in (home, held, house)] == [WEDNESDAY] * 3
        assert queries.household_of(lan, WEDNESDAY) is None
        longer = commands.assign(
            person=wei, role=Role.CHECKER, node=town["M2"], valid_until=FRIDAY, actor=None, now=TUESDAY
        )
        assert longer.valid_until == WEDNESDAY

    def test_but_under_one_that_is_to_be_split_it_moves_on(self, in_yunqiao, town):
        west, _east = split(town, halves(town), at=WEDNESDAY)
        house = create(town, Level.BUILDING, "B7", "M1", point=town.at(20, 20), now=TUESDAY)
        assert house.valid_until is None
        commands.take_effect(now=WEDNESDAY)
        house.refresh_from_db()
        assert house.parent_id == west.pk


class TestTakenBack:
    """A planned end, of a closing or of a split, can be moved or taken back before its day."""

    def test_a_closing_moves_to_a_later_day_and_is_taken_back(self, in_yunqiao, town, somebody):
        lan, wei = somebody("阿兰"), staff()
        commands.move_in(person=lan, household=town["H1"], at=MONDAY, actor=None, now=MONDAY)
        held = commands.assign(person=wei, role=Role.GRID_WORKER, node=town["H1"], actor=None, now=MONDAY)
        own = commands.assign(
            person=wei, role=Role.CHECKER, node=town["H1"], valid_until=TUESDAY, actor=None, now=MONDAY
        )

        def ends():
            rows = [Residence.objects.get(person=lan), *(Assignment.objects.get(pk=one.pk) for one in (held, own))]
            return [row.valid_until for row in rows]

        commands.close_node(node_id=town["H1"].pk, at=WEDNESDAY, actor=None, now=MONDAY)
        assert ends() == [WEDNESDAY, WEDNESDAY, TUESDAY]
        commands.close_node(node_id=town["H1"].pk, at=FRIDAY, actor=None, now=MONDAY)
        assert ends() == [FRIDAY, FRIDAY, TUESDAY]
        commands.keep_node(node_id=town["H1"].pk, actor=None, now=TUESDAY)
        assert ends() == [None, None, TUESDAY] and queries.household_of(lan, FRIDAY) == town["H1"]
        assert Entry.objects.filter(what="node.kept").count() == 1
        with pytest.raises(refusals.NothingPlanned):
            commands.keep_node(node_id=town["H1"].pk, actor=None, now=TUESDAY)

    def test_who_has_another_home_by_then_stays_there(self, in_yunqiao, town, somebody):
        lan = somebody("阿兰")
        commands.move_in(person=lan, household=town["H1"], at=MONDAY, actor=None, now=MONDAY)
        commands.close_node(node_id=town["H1"].pk, at=WEDNESDAY, actor=None, now=MONDAY)
        commands.move_in(person=lan, household=town["H2"], at=WEDNESDAY, actor=None, now=MONDAY)
        commands.keep_node(node_id=town["H1"].pk, actor=None, now=MONDAY)
        assert queries.household_of(lan, WEDNESDAY) == town["H2"]

    def test_not_beyond_what_it_stands_under_nor_after_its_day(self, in_yunqiao, town):
        for code in ("H1", "H2", "E1"):
            commands.close_node(node_id=town[code].pk, at=WEDNESDAY, actor=None, now=MONDAY)
        for act in (commands.keep_node, lambda **who: commands.close_node(at=FRIDAY, **who)):
            with pytest.raises(refusals.OverClosesFirst):
                act(node_id=town["H1"].pk, actor=None, now=MONDAY)
        with pytest.raises(refusals.NothingPlanned):
            commands.keep_node(node_id=town["E1"].pk, actor=None, now=WEDNESDAY)

    def test_a_split_is_taken_back_with_its_parts(self, in_yunqiao, town):
        held = commands.assign(person=staff(), role=Role.GRID_WORKER, node=town["M1"], actor=None, now=A_MONTH_AGO)
        split(town, halves(town), at=WEDNESDAY)
        for act in (commands.keep_node, lambda **who: commands.close_node(at=TUESDAY, **who)):
            with pytest.raises(refusals.SplitIsPlanned):
                act(node_id=town["M1"].pk, actor=None, now=MONDAY)
        commands.withdraw_split(node_id=town["M1"].pk, actor=None, now=TUESDAY)
        assert commands.take_effect(now=FRIDAY) == 0
        assert queries.locate(town.at(50, 110), FRIDAY).node == town["M1"]
        assert Assignment.objects.get(pk=held.pk).valid_until is None
        with pytest.raises(refusals.NothingPlanned):
            commands.withdraw_split(node_id=town["M1"].pk, actor=None, now=TUESDAY)
        west, _east = split(town, halves(town), at=FRIDAY, now=TUESDAY)  # the codes are free again
        commands.take_effect(now=FRIDAY)
        assert GridNode.objects.get(code="B1").parent_id == west.pk

    def test_but_not_once_something_hangs_on_a_part_or_its_day_has_come(self, in_yunqiao, town):
        west, _east = split(town, halves(town), at=WEDNESDAY)
        with pytest.raises(refusals.NothingPlanned):
            commands.withdraw_split(node_id=town["M1"].pk, actor=None, now=WEDNESDAY)
        create(town, Level.BUILDING, "B7", "M2")
        commands.create_node(
            level=Level.BUILDING, code="B8", name="B8", parent=west, valid_from=WEDNESDAY, actor=None, now=MONDAY
        )
        with pytest.raises(refusals.StillInUse):
            commands.withdraw_split(node_id=town["M1"].pk, actor=None, now=MONDAY)

    def test_by_whoever_may_and_in_the_own_street(self, town, other_town):
        with in_street(town.street.id):
            split(town, halves(town), at=WEDNESDAY)
            with pytest.raises(NotAllowed):
                commands.withdraw_split(node_id=town["M1"].pk, actor=staff(), now=MONDAY)
        with in_street(other_town.street.id):
            for act in (commands.withdraw_split, commands.keep_node):
                with pytest.raises(NotVisible):
                    act(node_id=town["M1"].pk, actor=None, now=MONDAY)


class TestWords:
    @pytest.mark.parametrize("code", ["A_1", "X 1", "微网格2", "", "-1", "A" * 41])
    def test_a_code_that_is_none_is_refused_in_words(self, in_yunqiao, town, code):
        with pytest.raises(refusals.WrongCode):
            create(town, Level.BUILDING, code, "M2")
        with pytest.raises(refusals.WrongCode):
            split(town, [Part(code, "西", halves(town)[0].boundary), halves(town)[1]])

    def test_so_is_a_name_of_blanks(self, in_yunqiao, town):
        with pytest.raises(refusals.NameMissing):
            commands.create_node(level=Level.BUILDING, code="B9", name=" ", parent=town["M2"], actor=None, now=MONDAY)
        with pytest.raises(refusals.NameMissing):
            commands.rename_node(node_id=town["M2"].pk, name=" ", actor=None, now=MONDAY)
        with pytest.raises(refusals.NameMissing):
            split(town, [Part("A", " ", halves(town)[0].boundary), halves(town)[1]])

    def test_every_constraint_of_the_grid_has_its_sentence(self):
        """Guards that none reaches anybody as a fault of ours."""
        named = {
            constraint.name for model in apps.get_app_config("grid").get_models()
            for constraint in model._meta.constraints
            if not constraint.name.endswith("_in_street") and not constraint.name.startswith("grid_one_version")
        }  # fmt: skip
        maps = {name for name in named if "layer" in name or "upload" in name or "base_map" in name}
        assert named - maps - set(refusals._EXPLAINED) == set()


class TestUnits:
    def test_created_renamed_closed(self, in_yunqiao, town):
        unit = commands.create_unit(code="U1", name="物业", kind=UnitKind.PROPERTY, actor=None, now=MONDAY)
        with pytest.raises(refusals.CodeInUse):
            commands.create_unit(code="U1", name="另一家", kind=UnitKind.OTHER, actor=None, now=MONDAY)
        assert (
            commands.rename_unit(unit_id=unit.pk, name="\u202e安\u200b居物业", actor=None, now=MONDAY).name
            == "安居物业"
        )
        held = commands.assign(person=staff(), role=Role.UNIT_LEAD, unit=unit, actor=None, now=MONDAY)
        commands.close_unit(unit_id=unit.pk, actor=None, now=TUESDAY)
        assert Assignment.objects.get(pk=held.pk).valid_until == TUESDAY
        with pytest.raises(refusals.UnitIsClosed):
            commands.rename_unit(unit_id=unit.pk, name="x", actor=None, now=TUESDAY)


def halves(town, west=SIDE / 2, crs=Crs.WGS84):
    """M1 cut from north to south."""
    shapes = [town.square(0, 0, west), town.square(west, 0, SIDE - west)]
    for shape in shapes if crs != Crs.WGS84 else []:
        shape["coordinates"] = [
            [list(convert(*corner, from_crs=Crs.WGS84, to_crs=crs)) for corner in shape["coordinates"][0]]
        ]
    return [Part(code, code, shape) for code, shape in zip(("M1W", "M1E"), shapes, strict=True)]


def split(town, parts, at=MONDAY, **fields):
    return commands.split_micro_grid(
        node_id=town["M1"].pk, parts=parts, at=at, **{"actor": None, "now": MONDAY, **fields}
    )  # fmt: skip


class TestSplit:
    @pytest.mark.parametrize("back", [1, 400, 4000])
    def test_a_day_that_is_past_is_said_to_be_past_however_far(self, in_yunqiao, town, back):
        with pytest.raises(refusals.WrongPeriod, match="以后的某一天"):
            split(town, halves(town), at=MONDAY - timedelta(days=back))

    def test_the_old_one_stays_and_the_parts_take_over(self, in_yunqiao, town):
        west, east = split(town, halves(town), at=WEDNESDAY)
        spot = town.at(50, 110)
        assert queries.locate(spot, WEDNESDAY - timedelta(seconds=1)).node == town["M1"]
        assert queries.locate(spot, WEDNESDAY).node == west
        assert queries.locate(town.at(150, 110), WEDNESDAY).node == east
        assert GridNode.objects.get(code="M1").valid_until == WEDNESDAY
        assert Entry.objects.get(what="node.split").facts["parts"] == [str(west.pk), str(east.pk)]

    def test_buildings_move_to_the_part_that_holds_them_when_the_time_comes(self, in_yunqiao, town):
        west, _east = split(town, halves(town), at=WEDNESDAY)
        assert GridNode.objects.get(code="B1").parent_id == town["M1"].pk
        assert commands.take_effect(now=WEDNESDAY) == 1
        building, home = GridNode.objects.get(code="B1"), GridNode.objects.get(code="H1")
        assert building.parent_id == west.pk and home.is_in(west) and not home.is_in(town["M1"])
        assert commands.take_effect(now=WEDNESDAY) == 0

    def test_buildings_go_to_the_part_of_a_part_that_was_split_before_they_came(self, in_yunqiao, town):
        """The first part is split from a later day; when the first day comes, buildings lie where they lie."""
        west, _east = split(town, halves(town), at=WEDNESDAY)
        ends = create(town, Level.BUILDING, "B7", "M1", point=town.at(150, 50))
        commands.close_node(node_id=ends.pk, at=FRIDAY + timedelta(days=30), actor=None, now=MONDAY)
        quarters = [Part(f"W{n}", f"西{n}", town.square(0, n * SIDE / 2, SIDE / 2, SIDE / 2)) for n in range(2)]
        south, _north = commands.split_micro_grid(node_id=west.pk, parts=quarters, at=FRIDAY, actor=None, now=MONDAY)
        commands.take_effect(now=WEDNESDAY)
        assert GridNode.objects.get(code="B1").parent_id == west.pk
        assert GridNode.objects.get(code="B7").parent.code == "M1E", "one whose own end is planned moves too"
        commands.take_effect(now=FRIDAY)
        assert GridNode.objects.get(code="B1").parent_id == south.pk
        assert GridNode.objects.get(code="B7").parent.code == "M1E"

    def test_and_when_nobody_looked_in_between(self, in_yunqiao, town):
        west, _east = split(town, halves(town), at=WEDNESDAY)
        quarters = [Part(f"W{n}", f"西{n}", town.square(0, n * SIDE / 2, SIDE / 2, SIDE / 2)) for n in range(2)]
        south, _north = commands.split_micro_grid(node_id=west.pk, parts=quarters, at=FRIDAY, actor=None, now=MONDAY)
        commands.take_effect(now=FRIDAY)
        assert GridNode.objects.get(code="B1").parent_id == south.pk

    def test_at_once_moves_them_at_once_and_ends_assignments(self, in_yunqiao, town):
        held = commands.assign(person=staff(), role=Role.GRID_WORKER, node=town["M1"], actor=None, now=A_MONTH_AGO)
        west, _east = split(town, halves(town))
        assert GridNode.objects.get(code="H1").is_in(west)
        assert Assignment.objects.get(pk=held.pk).valid_until == MONDAY

    @pytest.mark.parametrize("crs", Crs)
    def test_parts_in_any_system_fit(self, in_yunqiao, town, crs):
        west, _east = split(town, halves(town, crs=crs), source_crs=crs)
        assert west.source_crs == crs

    def test_a_code_may_go_on_in_one_of_the_parts(self, in_yunqiao, town):
        west, east = halves(town)
        (first, _second) = split(town, [Part("M1", "M1", west.boundary), east])
        assert first.code == "M1" and first.succeeds_id == town["M1"].pk

    def test_parts_that_do_not_fit_change_nothing(self, in_yunqiao, town):
        west, east = halves(town)
        wide = Part("M1E", "M1E", town.square(90, 0, 110))
        narrow = Part("M1E", "M1E", town.square(110, 0, 90))
        tall = Part("M1E", "M1E", town.square(100, 0, 100, SIDE + 20))
        crossed = Part("M1E", "M1E", {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]})
        for parts, refusal, words in [
            ([west, wide], refusals.PartsDoNotFit, "重叠了 2000 平方米"),
            ([west, narrow], refusals.PartsDoNotFit, "2000 平方米没有分给"),
            ([west, tall], refusals.PartsDoNotFit, "超出原来的边界 2000 平方米"),
            ([west], refusals.PartsDoNotFit, "至少拆成两块"),
            ([west, Part("M1W", "x", east.boundary)], refusals.PartsDoNotFit, "编码各不相同"),
            ([west, crossed], NotADrawing, "交叉"),
            ([west, Part("M2", "M2", east.boundary)], refusals.CodeInUse, "正在使用"),
        ]:
            with pytest.raises(refusal, match=words):
                split(town, parts)
        assert GridNode.objects.get(code="M1").valid_until is None
        assert not GridNode.objects.filter(code="M1W").exists()

    def test_not_in_the_past_not_twice_and_only_micro_grids(self, in_yunqiao, town):
        with pytest.raises(refusals.WrongPeriod):
            split(town, halves(town), at=A_MONTH_AGO + timedelta(days=1))
        split(town, halves(town), at=TUESDAY)
        with pytest.raises(refusals.AlreadyEnded):
            split(town, halves(town), at=FRIDAY)
        with pytest.raises(refusals.NotAFit):
            commands.split_micro_grid(node_id=town["G"].pk, parts=halves(town), at=MONDAY, actor=None, now=MONDAY)

    def test_only_by_those_who_keep_the_tree(self, in_yunqiao, town):
        with pytest.raises(NotAllowed):
            split(town, halves(town), actor=staff())
