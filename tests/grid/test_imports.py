"""Importing boundaries and workbooks: shown before, applied as a whole, refused when the ground has moved meanwhile."""

import io
import json
import threading
from datetime import timedelta

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction

from huipai.grid import commands, queries, sheets
from huipai.grid.commands import refusals
from huipai.grid.commands.uploads import look_again
from huipai.grid.models import Assignment, GridNode, Unit, Upload
from huipai.grid.queries.drawing import check_drawing, coverage
from huipai.grid.queries.plan import plan_tree
from huipai.grid.rules.coverage import FindingKind
from huipai.grid.words import Answer, Level, TableKind
from huipai.journal.models import Entry
from huipai.kit.coordinates import Crs, convert
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.models import Account, Person
from huipai.people.rules import local_date
from huipai.people.words import Role
from huipai.streets.current import in_street
from tests.cast import A_MONTH_AGO, MONDAY, TUESDAY, WEDNESDAY, resident, staff


@pytest.fixture
def head(in_yunqiao, town):
    return administrator(town)


def administrator(town):
    person = staff("石", "13900000009")
    commands.assign(person=person, role=Role.SYSTEM_ADMIN, node=town["S"], actor=None, now=A_MONTH_AGO)
    return person


def middle(town):
    return town.street.center_lng, town.street.center_lat


def drawing(shapes, crs=Crs.WGS84):
    features = []
    for code, shape in shapes.items():
        rings = [
            [list(convert(*corner, from_crs=Crs.WGS84, to_crs=crs)) for corner in ring] for ring in shape["coordinates"]
        ]
        features.append(
            {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": rings}}
        )
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def keep_drawing(town, content, head, crs=Crs.WGS84):
    report = check_drawing(content, crs, MONDAY, middle(town))
    upload = commands.keep_upload(
        kind=TableKind.BOUNDARIES, file_name="a.geojson", content=content, crs=crs, findings=report.digest, actor=head,
        now=MONDAY,
    )  # fmt: skip
    return report, upload


def described(report):
    return sorted((one.kind, one.codes, round(one.area_m2, -1)) for one in report.findings)


def apply_drawing(town, upload, head):
    return commands.apply_boundaries(upload_id=upload.pk, middle=middle(town), actor=head, now=MONDAY)


class TestBoundaries:
    @pytest.mark.parametrize("crs", Crs)
    def test_are_shown_and_then_applied(self, town, head, crs):
        content = drawing({"M1": town.square(0, 0, 190), "M2": town.square(190, 0, 210)}, crs)
        report, upload = keep_drawing(town, content, head, crs)
        assert [one.node.code for one in report.redrawn] == ["M1", "M2"] and report.findings == ()
        assert queries.locate(town.at(195, 100), MONDAY).node == town["M1"]
        apply_drawing(town, upload, head)
        assert queries.locate(town.at(195, 100), MONDAY).node == town["M2"]
        assert GridNode.objects.get(code="M1").source_crs == crs
        assert Entry.objects.filter(what="node.drawn").count() == 2

    def test_the_same_file_again_changes_nothing(self, town, head):
        content = drawing({"M1": town.square(0, 0, 190)})
        _report, upload = keep_drawing(town, content, head)
        applied = apply_drawing(town, upload, head)
        assert apply_drawing(town, upload, head).applied_at == applied.applied_at
        report, _again = keep_drawing(town, content, head)
        assert (report.redrawn, report.unchanged) == ((), 1)

    def test_gaps_overlaps_and_overhangs_are_reported_with_their_area(self, town, head):
        content = drawing(
            {"M1": town.square(0, 0, 190), "M2": town.square(200, 0, 210), "M4": town.square(190, 200, 210)}
        )
        report, _upload = keep_drawing(town, content, head)
        assert described(report) == [
            (FindingKind.GAP, ("M1", "M2", "M3", "M4"), 2000),
            (FindingKind.OVERHANG, ("M2", "S"), 2000),
            (FindingKind.OVERLAP, ("M3", "M4"), 2000),
        ]
        assert coverage(MONDAY) == []

    def test_what_is_drawn_is_compared_with_what_lies_in_it(self, town, head):
        smaller = drawing({"S": town.square(0, 0, 300, 400)})
        report, _upload = keep_drawing(town, smaller, head)
        assert described(report) == [
            (FindingKind.OVERHANG, ("M2", "S"), 20000),
            (FindingKind.OVERHANG, ("M4", "S"), 20000),
        ]
        assert report.shift_m is None
        larger = drawing({"S": town.square(0, 0, 410, 410)})
        report, _upload = keep_drawing(town, larger, head)
        assert described(report) == [(FindingKind.GAP, ("M2", "M3", "M4"), 8100)]
        same = drawing({"S": town.square(0, 0, 400, 400)})
        assert keep_drawing(town, same, head)[0].findings == ()

    def test_only_what_is_drawn_is_compared_with_what_lies_in_it_and_only_once(self, town, head):
        town.add(Level.GRID, "G2", "C", boundary=town.square(400, 0, 100, 100))
        town.add(Level.MICRO_GRID, "M5", "G2", boundary=town.square(400, 0, 90, 100))
        report, _upload = keep_drawing(town, drawing({"G": town.square(0, 0, 400, 390)}), head)
        assert described(report) == [
            (FindingKind.GAP, ("G",), 4000),  # towards the street
            (FindingKind.OVERHANG, ("G2", "S"), 10000),
            (FindingKind.OVERHANG, ("M3", "G"), 2000),
            (FindingKind.OVERHANG, ("M4", "G"), 2000),
        ]
        both = {"S": town.square(0, 0, 500, 400), "G": town.square(0, 0, 400, 400), "M1": town.square(0, 0, 200, 190)}
        report, _upload = keep_drawing(town, drawing(both), head)
        assert described(report) == [
            (FindingKind.GAP, ("G", "G2"), 30000),
            (FindingKind.GAP, ("M1", "M2", "M3", "M4"), 2000),
            (FindingKind.GAP, ("M5",), 1000),
        ]

    def test_one_wrong_area_and_nothing_is_applied(self, town, head):
        twisted = {"type": "Polygon", "coordinates": [[[120.73, 31.28], [120.74, 31.29], [120.74, 31.28], [120.73, 31.29], [120.73, 31.28]]]}  # fmt: skip # noqa: E501
        report, upload = keep_drawing(town, drawing({"M1": town.square(0, 0, 150), "M2": twisted}), head)
        assert [(trouble.number, trouble.code) for trouble in report.troubles] == [(2, "M2")]
        with pytest.raises(refusals.HasProblems):
            apply_drawing(town, upload, head)
        assert queries.locate(town.at(180, 100), MONDAY).node == town["M1"]

    def test_unknown_codes_far_places_and_a_wrong_system_are_seen(self, town, head):
        far = {"type": "Polygon", "coordinates": [[[113, 23], [113.1, 23], [113.1, 23.1], [113, 23]]]}
        report, _upload = keep_drawing(town, drawing({"M1": far, "X9": town.square(0, 0)}), head)
        assert "千米" in report.troubles[0].reason and "X9" in report.troubles[1].reason
        shapes = {code: town.square(*corner) for code, corner in {"M1": (0, 0), "M2": (200, 0)}.items()}
        shifted, _upload = keep_drawing(town, drawing(shapes, Crs.GCJ02), head, Crs.WGS84)
        assert shifted.shift_m > 300

    def test_refused_when_the_ground_has_moved_since_it_was_shown(self, town, head):
        content = drawing({"M1": town.square(0, 0, 190)})
        _report, upload = keep_drawing(town, content, head)
        GridNode.objects.filter(code="M2").update(boundary=town.square(190, 0, 210))
        with pytest.raises(refusals.FindingsMoved):
            apply_drawing(town, upload, head)
        again = check_drawing(content, Crs.WGS84, MONDAY, middle(town))
        look_again(upload_id=upload.pk, findings=again.digest, actor=head, now=MONDAY)
        apply_drawing(town, upload, head)

    def test_only_by_those_who_keep_the_tree_and_only_in_their_street(self, town, other_town, head):
        _report, upload = keep_drawing(town, drawing({"M1": town.square(0, 0, 190)}), head)
        with pytest.raises(NotAllowed):
            apply_drawing(town, upload, staff("魏", "13900000001"))
        with in_street(other_town.street.id), pytest.raises(NotVisible):
            apply_drawing(other_town, upload, None)

    def test_what_nobody_applies_is_forgotten(self, town, head):
        _report, upload = keep_drawing(town, drawing({"M1": town.square(0, 0, 190)}), head)
        assert commands.forget_uploads(now=MONDAY + timedelta(days=1)) == 0
        assert commands.forget_uploads(now=MONDAY + timedelta(days=3)) == 1
        assert not Upload.objects.filter(pk=upload.pk).exists()


NODES = [
    ["层级", "编码", "名称", "上级编码", "经度", "纬度", "坐标系", "启用日期"],
    ["楼栋", "B9", "9 幢", "M9"],
    ["微网格", "M9", "第九", "G9"],
    ["网格", "G9", "九", "C", None, None, None, "2026-11-01"],
    ["社区", "C", "柳塘社区", "S"],
]
UNITS = [["编码", "名称", "类别", "负责网格编码"], ["WY-01", "安居物业", "物业", "G9"]]
PEOPLE = [
    ["姓名", "手机号", "角色", "网格编码", "单位编码", "开始日期", "结束日期", "代理人手机号"],
    ["陶一", "13911110001", "专职网格员", "M9", None, "2026-11-01", None, "139-1111-0002"],
    ["陶二", 13911110002, "社区协调员", "C"],
    ["陶三", "+86 13911110003", "兼职网格员", "M9"],
    ["陶四", "13911110004", "处置单位经办", None, "WY-01"],
]


def workbook(nodes=NODES, units=UNITS, people=PEOPLE):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in {"网格树": nodes, "单位": units, "人员": people}.items():
        if lines:
            sheet = book.create_sheet(title)
            for line in lines:
                sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def keep_tree(content, head, now=MONDAY):
    plan = plan_tree(sheets.read(io.BytesIO(content)), head, now)
    upload = commands.keep_upload(
        kind=TableKind.TREE, file_name="a.xlsx", content=content, findings=plan.digest, actor=head, now=now
    )
    return plan, upload


def apply_tree(upload, content, head, now=MONDAY):
    return commands.apply_tree(upload_id=upload.pk, tables=sheets.read(io.BytesIO(content)), actor=head, now=now)


class TestWorkbook:
    def test_brings_the_tree_its_units_and_its_people(self, town, head):
        content = workbook()
        plan, upload = keep_tree(content, head)
        assert plan.problems == [] and len(plan.new_nodes) == 3 and len(plan.people) == 4
        assert not GridNode.objects.filter(code="M9").exists()
        apply_tree(upload, content, head)
        house = GridNode.objects.get(code="B9")
        assert house.is_in(town["C"]) and GridNode.objects.get(code="C").name == "柳塘社区"
        first = queries.responsible_at(house, Role.GRID_WORKER, MONDAY)
        assert (first.person.name, first.deputy.name) == ("陶一", "陶二")
        assert queries.responsible_at(house, Role.PART_TIME_MEMBER, MONDAY).person.is_staff is False
        assert Unit.objects.get(code="WY-01").node.code == "G9"
        assert bytes(Upload.objects.get(pk=upload.pk).content) == b""
        told = str([entry.facts for entry in Entry.objects.all()])
        assert "陶" not in told and "1391111" not in told

    @pytest.mark.no_guard
    def test_of_a_new_tree_no_row_reads_all_the_others(self, town, head):
        """The server knows nothing of the table yet, as on the day on which a street is opened."""
        homes = [["户", f"N{number}", f"{number}室", "B9"] for number in range(3000)]
        content = workbook([NODES[0], ["楼栋", "B9", "九栋", "M1"], *homes], [], [])
        _plan, upload = keep_tree(content, head)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE relname = 'grid_gridnode'")
            cursor.execute("DELETE FROM pg_statistic WHERE starelid = 'grid_gridnode'::regclass")
            apply_tree(upload, content, head)
            cursor.execute(
                "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'grid_gridnode'"
            )
            [(read,)] = cursor.fetchall()
        assert GridNode.objects.filter(code__startswith="N").count() == 3000
        assert read < 3000 * 10

    def test_says_what_the_pages_would_not_take_either(self, town, head):
        nodes = [
            NODES[0], ["楼栋", "B91", "远", "M1", 10.0, 50.0, "WGS-84"],
            ["单元", "E91", "早", "B1", None, None, None, "2020-01-01"],
            ["网格", "G91", "九", "C", None, None, None, "2027-03-01"],
            ["微网格", "M91", "早", "G91", None, None, None, "2027-02-01"],
        ]  # fmt: skip
        plan, _upload = keep_tree(workbook(nodes, [], [PEOPLE[0], ["陶二", "13911110002", "社区协调员", "M1"]]), head)
        said = " ".join(problem.reason for problem in plan.problems)
        assert len(plan.problems) == 4
        assert "千米" in said and said.count("不能比它早") == 2 and "社区协调员管一个社区" in said

    def test_says_of_which_row_that_a_code_is_planned_or_was_another_s_at_the_time(self, town, head):
        later = [NODES[0], ["微网格", "FU1", "将来", "G", None, None, None, "2027-01-01"]]
        content = workbook(later, [], [])
        apply_tree(keep_tree(content, head)[1], content, head)
        commands.close_node(node_id=town["M4"].pk, at=TUESDAY, actor=head, now=MONDAY)
        nodes = [NODES[0], ["网格", "G9", "九", "C"], ["微网格", "FU1", "现在", "G"],
                 ["微网格", "M4", "早", "G", None, None, None, local_date(MONDAY)]]  # fmt: skip
        plan, _upload = keep_tree(workbook(nodes, [], []), head, WEDNESDAY)
        assert [(one.row, one.column) for one in plan.problems] == [(3, "编码"), (4, "编码")]
        assert "2027-01-01 起" in plan.problems[0].reason
        after = [NODES[0], ["微网格", "M4", "后", "G", None, None, None, local_date(WEDNESDAY)]]
        assert keep_tree(workbook(after, [], []), head, WEDNESDAY)[0].problems == []

    @pytest.mark.parametrize("roles", [("兼职网格员", "专职网格员"), ("专职网格员", "兼职网格员")])
    def test_says_of_which_row_that_who_is_employed_in_it_is_no_part_time_member(self, town, head, roles):
        lines = [["甲", "13611110001", role, node] for role, node in zip(roles, ("M1", "M2"), strict=True)]
        plan, _upload = keep_tree(workbook([], [], [PEOPLE[0], *lines]), head)
        assert [(one.row, one.column) for one in plan.problems] == [(2 + roles.index("兼职网格员"), "角色")]
        assert "由居民担任" in plan.problems[0].reason

    def test_nothing_begins_before_what_it_hangs_on_whether_or_not_a_day_is_typed(self, town, head):
        nodes = [
            NODES[0], ["网格", "GG", "将来", "C", None, None, None, "2027-01-01"], ["微网格", "MM", "子", "GG"],
        ]  # fmt: skip
        plan, _upload = keep_tree(workbook(nodes, [], []), head)
        assert [(one.row, one.column) for one in plan.problems] == [(3, "启用日期")]
        early = ["甲", "13611110002", "专职网格员", "M1", None, "2020-01-01"]
        plan, _upload = keep_tree(workbook([], [], [PEOPLE[0], early]), head)
        assert [(one.row, one.column) for one in plan.problems] == [(2, "开始日期")]
        begun = local_date(town["M1"].valid_from)
        plan, _upload = keep_tree(workbook([], [], [PEOPLE[0], [*early[:5], begun]]), head)
        assert plan.problems == []

    def test_says_in_the_check_that_nobody_gives_himself_a_task(self, town, head):
        own = ["石", "13900000009", "社区协调员", "C"]
        plan, upload = keep_tree(workbook(people=[*PEOPLE, own]), head)
        assert [(one.row, one.column) for one in plan.problems] == [(6, "手机号")]
        assert "不能给自己派任务" in plan.problems[0].reason
        with pytest.raises(refusals.HasProblems):
            apply_tree(upload, workbook(people=[*PEOPLE, own]), head)
        another = staff("岩", "13900000010")
        commands.assign(person=another, role=Role.SYSTEM_ADMIN, node=town["S"], actor=None, now=A_MONTH_AGO)
        content = workbook(people=[PEOPLE[0], own])
        apply_tree(keep_tree(content, another)[1], content, another)
        assert queries.has_role(head, Role.COORDINATOR, MONDAY)
        assert keep_tree(content, head)[0].problems == []  # what he holds already may stand in his file

    def test_says_in_the_check_whatever_the_commands_would_refuse_of_a_task(self, town, head):
        nodes = [NODES[0], ["网格", "G91", "九", "C", None, None, None, "2027-03-01"]]
        lines = [
            ["陶一", "13911110001", "专职网格员", "G91", None, "2027-02-01"],
            ["陶二", "13911110002", "社区协调员", "C", None, "2027-01-01"],
            ["陶三", "13911110003", "专职网格员", "M1"],
        ]
        ahead = staff("陶二", "13911110002")
        commands.assign(
            person=ahead, role=Role.COORDINATOR, node=town["C"], valid_from=MONDAY + timedelta(days=90), actor=None,
            now=MONDAY,
        )  # fmt: skip
        Account.objects.filter(pk=resident("别人", "13911110003").account_id).update(doubted_at=A_MONTH_AGO)
        plan, _upload = keep_tree(workbook(nodes, [], [PEOPLE[0], *lines]), head)
        assert [(one.row, one.column) for one in plan.problems] == [(2, "开始日期"), (3, "开始日期"), (4, "姓名")]
        Person.objects.filter(name="别人").update(name="")
        plan, _upload = keep_tree(workbook(nodes, [], [PEOPLE[0], lines[2]]), head)
        assert [(one.row, one.column) for one in plan.problems] == [(2, "手机号")]

    def test_what_is_wrong_is_told_sheet_by_sheet_and_nothing_at_all_is_wrong_too(self, town, head):
        nodes = [NODES[0], *(["单元", f"E9{row}", "早", "B1", None, None, None, "2020-01-01"] for row in (1, 2))]
        people = [PEOPLE[0], *(["陶二", "13911110002", "社区协调员", "M1"] for _ in range(2))]
        plan, _upload = keep_tree(workbook(nodes, [], people), head)
        told = [(one.table, one.row) for one in plan.problems]
        assert [table for table, _row in told] == ["网格树"] * 2 + ["人员"] * (len(told) - 2) and len(told) > 3
        assert told == sorted(told, key=lambda one: (one[0] != "网格树", one[1]))
        plan, upload = keep_tree(workbook([NODES[0]], [], []), head)
        assert [one.reason for one in plan.problems] == ["这个工作簿里一行都没有，填好了再传"]
        with pytest.raises(refusals.HasProblems):
            apply_tree(upload, workbook([NODES[0]], [], []), head)

    def test_again_changes_nothing(self, town, head):
        content = workbook()
        apply_tree(keep_tree(content, head)[1], content, head)
        counts = [model.objects.count() for model in (GridNode, Unit, Person, Assignment)]
        plan, upload = keep_tree(content, head, TUESDAY)
        assert plan.is_empty and plan.problems == []
        apply_tree(upload, content, head, TUESDAY)
        assert [model.objects.count() for model in (GridNode, Unit, Person, Assignment)] == counts

    def test_a_changed_name_or_point_changes_only_that(self, town, head):
        nodes = [NODES[0], ["楼栋", "B1", "一幢", "M1", 120.73, 31.28, "GCJ-02"]]
        content = workbook(nodes, [], [])
        plan, upload = keep_tree(content, head)
        assert len(plan.changed_nodes) == 1 and not plan.new_nodes
        apply_tree(upload, content, head)
        house = GridNode.objects.get(code="B1")
        assert house.name == "一幢" and house.source_crs == Crs.GCJ02
        assert convert(house.lng, house.lat, Crs.WGS84, Crs.GCJ02) == pytest.approx((120.73, 31.28), abs=1e-9)
        assert keep_tree(content, head)[0].is_empty

    @pytest.mark.parametrize(
        ("table", "line", "column", "words"),
        [
            ("nodes", ["亭子", "X", "x", "C"], "层级", "只能写"),
            ("nodes", ["网格", "X 1", "x", "C"], "编码", "只用字母"),
            ("nodes", ["网格", "X", None, "C"], "名称", "这一格要填"),
            ("nodes", ["网格", "X", "x", "NO"], "上级编码", "没有编码是 NO"),
            ("nodes", ["网格", "X", "x", "S"], "上级编码", "上级要是社区"),
            ("nodes", ["网格", "X", "x", None], "上级编码", "要填上级"),
            ("nodes", ["街道", "X", "x", None], "层级", "街道已经有了"),
            ("nodes", ["网格", "M1", "x", "C"], "层级", "已经是微网格"),
            ("nodes", ["微网格", "M1", "M1", "G9"], "上级编码", "现在的上级是 G"),
            ("nodes", ["社区", "C", "又一次", "S"], "编码", "出现了两次"),
            ("nodes", ["楼栋", "X", "x", "M1", 120.7], "经度", "一起填"),
            ("nodes", ["楼栋", "X", "x", "M1", 220.7, 31], "经度", "之间"),
            ("units", ["WY-02", "x", "亭子"], "类别", "只能写"),
            ("units", ["WY-02", "x", "物业", "NO"], "负责网格编码", "没有编码是 NO"),
            ("people", ["乙", "123", "专职网格员", "M9"], "手机号", "11 位"),
            ("people", ["乙", "13911110001", "专职网格员", "M1"], "姓名", "两个名字"),
            ("people", ["乙", "13900000009", "专职网格员", "M1"], "姓名", "另一个名字"),
            ("people", ["乙", "13911110009", "系统管理员", "S"], "角色", "只能写"),
            ("people", ["乙", "13911110009", "分拨员", "C"], "网格编码", "整个街道"),
            ("people", ["乙", "13911110009", "专职网格员", None, "WY-01"], "网格编码", "不填单位编码"),
            ("people", ["乙", "13911110009", "处置单位经办", "M1"], "单位编码", "不填网格编码"),
            ("people", ["乙", "13911110009", "处置单位经办", None, "NO"], "单位编码", "没有编码是 NO"),
            ("people", ["乙", "13911110009", "专职网格员", "NO"], "网格编码", "没有编码是 NO"),
            ("people", ["石", "13900000009", "兼职网格员", "M1"], "角色", "由居民担任"),
            (
                "people",
                ["乙", "13911110009", "专职网格员", "M1", None, "2026-12-01", "2026-11-01"],
                "结束日期",
                "不能早于",
            ),
            (
                "people",
                ["乙", "13911110009", "专职网格员", "M1", None, None, None, "13911110009"],
                "代理人手机号",
                "另一个人",
            ),
            (
                "people",
                ["乙", "13911110009", "专职网格员", "M1", None, None, None, "13911110077"],
                "代理人手机号",
                "没有登记过",
            ),
            (
                "people",
                ["乙", "13911110009", "专职网格员", "M1", None, None, None, "13911110003"],
                "代理人手机号",
                "也要能担任",
            ),
        ],
    )
    def test_a_wrong_row_gets_a_sentence_and_nothing_is_applied(self, town, head, table, line, column, words):
        tables = {"nodes": NODES, "units": UNITS, "people": PEOPLE}
        content = workbook(**{**tables, table: [*tables[table], line]})
        plan, upload = keep_tree(content, head)
        (problem,) = plan.problems
        assert (problem.row, problem.column) == (len(tables[table]) + 1, column) and words in problem.reason
        with pytest.raises(refusals.HasProblems):
            apply_tree(upload, content, head)
        assert not GridNode.objects.filter(code="M9").exists() and not Unit.objects.exists()

    def test_a_refusal_in_the_last_step_takes_everything_back(self, town, head):
        content = workbook()
        _plan, upload = keep_tree(content, head)
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE grid_assignment ADD CONSTRAINT none_today CHECK (false) NOT VALID")
        with pytest.raises(IntegrityError, match="none_today"), transaction.atomic():
            apply_tree(upload, content, head)
        assert not GridNode.objects.filter(code="M9").exists() and Upload.objects.get().applied_at is None

    def test_a_resident_who_is_known_keeps_his_one_person(self, town, head):
        lan = resident("陶三", "13911110003")
        content = workbook()
        apply_tree(keep_tree(content, head)[1], content, head)
        assert Person.objects.get(account__phone="+8613911110003") == lan

    def test_a_csv_of_the_tree_alone(self, town, head):
        words = "\n".join(",".join(str(cell or "") for cell in line) for line in NODES)
        plan, _upload = keep_tree(words.encode("gb18030"), head)
        assert len(plan.new_nodes) == 3 and plan.problems == []

    def test_a_thousand_rows_take_few_statements(self, town, head, django_assert_max_num_queries):
        nodes = [NODES[0], *[["楼栋", f"Q{number}", f"{number} 幢", "M1"] for number in range(1000)]]
        content = workbook(nodes, [], [])
        _plan, upload = keep_tree(content, head)
        with django_assert_max_num_queries(40):
            apply_tree(upload, content, head)
        assert GridNode.objects.filter(level=Level.BUILDING).count() == 1001

    def test_the_template_is_read_back_as_empty(self):
        found = sheets.read(io.BytesIO(sheets.template()))
        assert all(not rows.rows and not rows.problems for rows in found.values())


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def together(self, street, *acts):
        """Each act in a thread and connection of its own, begun at the same moment."""
        barrier, outcomes = threading.Barrier(len(acts)), {}

        def run(number, act):
            try:
                with in_street(street.id):
                    barrier.wait()
                    outcomes[number] = act()
            except Exception as error:
                outcomes[number] = error
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [outcomes[number] for number in range(len(acts))]

    def test_of_two_workbooks_one_is_applied_and_the_other_looks_again(self, yunqiao, town):
        with in_street(yunqiao.id):
            head = administrator(town)
            content = workbook()
            uploads = [keep_tree(content, head)[1] for _time in range(2)]
        outcomes = self.together(
            yunqiao, *[lambda upload=upload: apply_tree(upload, content, head) for upload in uploads]
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["FindingsMoved", "Upload"]
        with in_street(yunqiao.id):
            assert GridNode.objects.filter(code="M9").count() == 1

    def test_one_upload_applied_twice_at_once_is_applied_once(self, yunqiao, town):
        with in_street(yunqiao.id):
            head = administrator(town)
            _report, upload = keep_drawing(town, drawing({"M1": town.square(0, 0, 190)}), head)
        outcomes = self.together(yunqiao, *[lambda: apply_drawing(town, upload, head)] * 2)
        assert [type(outcome).__name__ for outcome in outcomes] == ["Upload", "Upload"]
        with in_street(yunqiao.id):
            assert Entry.objects.filter(what="boundaries.imported").count() == 1
            assert queries.locate(town.at(195, 100), WEDNESDAY).answer == Answer.OUTSIDE

    def test_a_split_and_an_import_of_one_micro_grid_do_not_both_win(self, yunqiao, town):
        with in_street(yunqiao.id):
            head = administrator(town)
            _report, upload = keep_drawing(town, drawing({"M1": town.square(0, 0, 190)}), head)
        parts = [commands.Part("A", "A", town.square(0, 0, 100)), commands.Part("B", "B", town.square(100, 0, 100))]

        def split():
            return commands.split_micro_grid(node_id=town["M1"].pk, parts=parts, at=MONDAY, actor=head, now=MONDAY)

        outcomes = self.together(yunqiao, split, lambda: apply_drawing(town, upload, head))
        assert sum(isinstance(outcome, Exception) for outcome in outcomes) == 1
