"""The desk of the grid: who may open what, what each page does, and what comes back when something is wrong."""

import io
import json
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from huipai.grid import commands
from huipai.grid.models import Absence, Assignment, GridNode, Unit, Upload
from huipai.grid.words import Level, UnitKind
from huipai.people.words import Role
from huipai.streets.current import in_street
from tests.cast import A_MONTH_AGO, MONDAY, resident, staff
from tests.grid.test_imports import drawing, workbook

DESK = "/s/yunqiao/grid/"


def person_with(role, node, name, phone):
    person = staff(name, phone)
    commands.assign(person=person, role=role, node=node, actor=None, now=A_MONTH_AGO)
    return person


@pytest.fixture
def head(in_yunqiao, town):
    return person_with(Role.SYSTEM_ADMIN, town["S"], "石", "13900000009")


@pytest.fixture
def coordinator(in_yunqiao, town):
    return person_with(Role.COORDINATOR, town["C"], "何", "13900000008")


@pytest.fixture
def wei(in_yunqiao, town):
    return person_with(Role.GRID_WORKER, town["M1"], "魏", "13900000001")


@pytest.fixture(autouse=True)
def _no_second_factor(settings):
    settings.SECOND_FACTOR_FOR_ADMINS = False


@pytest.fixture
def as_(client):
    def sign_in(person):
        client.force_login(person.account)
        return client

    return sign_in


def text(answer):
    return answer.content.decode()


class TestWhoMayOpenWhat:
    def pages(self, town, unit, held):
        return {
            "": "look", "assignments/": "look", "units/": "look", "absences/": "look",
            f"nodes/{town['M1'].pk}/": "look", f"units/{unit.pk}/": "look", f"assignments/{held.pk}/": "look",
            "imports/template.xlsx": "look",
            f"nodes/{town['M1'].pk}/children/": "community", f"nodes/{town['M1'].pk}/name/": "community",
            f"nodes/{town['M1'].pk}/closing/": "community", f"nodes/{town['M1'].pk}/assignments/": "community",
            "imports/": "street", f"nodes/{town['M1'].pk}/split/": "street", "units/new/": "street",
            f"units/{unit.pk}/name/": "street", f"units/{unit.pk}/assignments/": "street",
        }  # fmt: skip

    def test_each_page_to_those_who_work_with_it(self, as_, town, head, coordinator, wei, property_unit):
        held = Assignment.objects.get(person=wei)
        pages = self.pages(town, property_unit, held)
        lan = resident()
        for person, allowed in [
            (head, {"look", "community", "street"}),
            (coordinator, {"look", "community"}),
            (wei, {"look"}),
            (lan, set()),
        ]:
            client = as_(person)
            for path, wanted in pages.items():
                status = client.get(DESK + path).status_code
                assert status == (200 if wanted in allowed else 403), (person.name, path)

    def test_nobody_without_signing_in(self, client, in_yunqiao, town):
        answer = client.get(DESK)
        assert answer.status_code == 302 and "sign" in answer["Location"]

    def test_a_worker_sees_his_own_nodes_only(self, as_, town, wei):
        client = as_(wei)
        assert client.get(f"{DESK}nodes/{town['H1'].pk}/").status_code == 200
        for node in (town["M2"], town["S"]):
            assert client.get(f"{DESK}nodes/{node.pk}/").status_code == 404

    def test_another_streets_things_do_not_exist(self, as_, town, other_town, head):
        with in_street(other_town.street.id):
            unit = commands.create_unit(code="U", name="U", kind=UnitKind.OTHER, actor=None, now=MONDAY)
        client = as_(head)
        for path in [f"nodes/{other_town['M1'].pk}/", f"units/{unit.pk}/", f"imports/{uuid4()}/"]:
            assert client.get(DESK + path).status_code == 404
        assert client.get("/s/hetang/grid/").status_code in (302, 403)

    def test_posts_are_guarded_as_their_pages_are(self, as_, town, wei, property_unit):
        client = as_(wei)
        for path in [
            f"nodes/{town['M1'].pk}/children/", f"nodes/{town['M1'].pk}/name/", f"nodes/{town['M1'].pk}/closing/",
            f"nodes/{town['M1'].pk}/split/", f"nodes/{town['M1'].pk}/assignments/", "units/new/", "imports/tree/",
            f"units/{property_unit.pk}/name/", f"units/{property_unit.pk}/closing/", "imports/boundaries/",
        ]:  # fmt: skip
            assert client.post(DESK + path, {"name": "x", "day": "2026-11-24"}).status_code == 403, path
        held = Assignment.objects.get(person=wei)
        answer = client.post(f"{DESK}assignments/{held.pk}/ending/", {"day": "2026-12-01"})
        assert answer.status_code == 403 and Assignment.objects.get(pk=held.pk).valid_until is None


class TestTree:
    def test_search_and_pages(self, as_, town, head):
        for number in range(60):
            town.add(Level.BUILDING, f"Q{number:02}", "M2", name=f"桂花园 {number} 幢")
        client = as_(head)
        found = text(client.get(DESK, {"q": "桂花"}))
        assert found.count("桂花园") == 50 and "?page=2&amp;q=" in found
        assert text(client.get(DESK, {"q": "桂花", "page": 2})).count("桂花园") == 10
        assert "Q07" in text(client.get(DESK, {"q": "q07"}))
        assert "没有找到" in text(client.get(DESK, {"q": "不存在"}))
        assert "M3" in text(client.get(DESK, {"level": "micro_grid"}))
        assert client.get(DESK, {"level": "nonsense", "page": "绿"}).status_code == 200

    def test_a_node_costs_the_same_queries_however_much_is_under_it(self, as_, town, head, django_assert_num_queries):
        client = as_(head)
        path = f"{DESK}nodes/{town['M2'].pk}/"
        client.get(path)
        with django_assert_num_queries(11):
            client.get(path)
        for number in range(40):
            town.add(Level.BUILDING, f"Q{number:02}", "M2", lng=120.7, lat=31.2)
            person_with(Role.GRID_WORKER, town["M2"], f"工{number}", f"139222{number:05}")
        client.get(path)  # what is done once in a while, like noting that a colleague is here, is done in this one
        with django_assert_num_queries(11):
            client.get(path)

    def test_add_rename_close(self, as_, town, coordinator):
        client = as_(coordinator)
        path = f"{DESK}nodes/{town['M2'].pk}/"
        new = {"level": "building", "code": "B7", "name": "7 幢", "since": "2026-11-01"}
        assert client.post(path + "children/", new).status_code == 302
        house = GridNode.objects.get(code="B7")
        again = client.post(path + "children/", new)
        assert again.status_code == 422 and "这个编码正在使用" in text(again) and "7 幢" in text(again)
        assert client.post(f"{DESK}nodes/{house.pk}/name/", {"name": "七幢"}).status_code == 302
        assert GridNode.objects.get(code="B7").name == "七幢"
        refused = client.post(path + "closing/", {"day": "2026-11-30"})
        assert refused.status_code == 409 and "还有在用的楼栋" in text(refused)
        assert client.post(f"{DESK}nodes/{house.pk}/closing/", {"day": "2026-11-30"}).status_code == 302

    def test_split_from_a_file(self, as_, town, head):
        client = as_(head)
        path = f"{DESK}nodes/{town['M2'].pk}/split/"
        parts = {"A": town.square(200, 0, 100), "B": town.square(300, 0, 100)}
        bad = {"file": SimpleUploadedFile("a.geojson", b"nonsense"), "crs": "wgs84", "day": "2027-06-01"}
        assert client.post(path, bad).status_code == 422
        for code in ("A_1", "微网格2"):
            wrong = {**bad, "file": SimpleUploadedFile("a.geojson", drawing({code: parts["A"], "B": parts["B"]}))}
            answer = client.post(path, wrong)
            assert answer.status_code == 422 and "编码只用字母、数字和短横" in text(answer)
        short = {**bad, "file": SimpleUploadedFile("a.geojson", drawing({"A": parts["A"]}))}
        assert "至少拆成两块" in text(client.post(path, short))
        good = {**bad, "file": SimpleUploadedFile("a.geojson", drawing(parts))}
        assert client.post(path, good).status_code == 302
        assert {node.code for node in GridNode.objects.filter(succeeds=town["M2"])} == {"A", "B"}
        page = text(client.get(f"{DESK}nodes/{town['M2'].pk}/"))
        assert "拆成了" in page and "撤回拆分" in page and "/closing/" not in page
        for status in (302, 409):
            assert client.post(f"{DESK}nodes/{town['M2'].pk}/keeping/").status_code == status
        assert "拆成了" not in text(client.get(f"{DESK}nodes/{town['M2'].pk}/"))

    @pytest.mark.parametrize("spelt", [b"\\ud800", b"a\\u0000b"])
    @pytest.mark.parametrize("told", ["name", "code", "geometry"])
    def test_what_no_database_takes_breaks_no_split(self, as_, town, head, spelt, told):
        parts = json.loads(drawing({"A": town.square(200, 0, 100), "B": town.square(300, 0, 100)}))
        first = parts["features"][0]
        first["properties"]["name"] = "西"
        {"name": first["properties"], "code": first["properties"], "geometry": first}[told][told] = (
            {"type": "@@", "coordinates": [1]} if told == "geometry" else "@@"
        )
        content = json.dumps(parts).encode().replace(b"@@", spelt)
        file = {"file": SimpleUploadedFile("a.geojson", content), "crs": "wgs84", "day": "2027-06-01"}
        answer = as_(head).post(f"{DESK}nodes/{town['M2'].pk}/split/", file)
        assert answer.status_code == (302 if told == "name" else 422)

    def test_a_planned_closing_is_moved_and_taken_back(self, as_, town, coordinator):
        client = as_(coordinator)
        path = f"{DESK}nodes/{town['M2'].pk}/"
        for day in ("2027-06-01", "2027-08-01"):
            assert client.post(path + "closing/", {"day": day}).status_code == 302
        page = text(client.get(path))
        assert "改停用的日子" in page and "不停用了" in page
        assert 'value="2027-08-01"' in text(client.get(path + "closing/"))
        assert client.post(path + "keeping/").status_code == 302
        assert GridNode.objects.get(code="M2").valid_until is None


class TestDuty:
    def test_assign_hand_over_deputise_end(self, as_, town, head, wei):
        qin = staff("秦", "13900000002")
        client = as_(head)
        new = {"person": "139 0000 0002", "role": "grid_worker", "since": "2026-11-01"}
        assert client.post(f"{DESK}nodes/{town['M2'].pk}/assignments/", new).status_code == 302
        held = Assignment.objects.get(person=qin)
        path = f"{DESK}assignments/{held.pk}/"
        assert "秦" in text(client.get(DESK + "assignments/", {"q": "秦"}))
        assert client.post(path + "deputy/", {"deputy": "13900000001"}).status_code == 302
        assert Assignment.objects.get(pk=held.pk).deputy == wei
        stranger = client.post(path + "deputy/", {"deputy": "13777777777"})
        assert stranger.status_code == 422 and "先在窗口登记" in text(stranger) and "13777777777" in text(stranger)
        assert client.post(path + "handover/", {"to": "13900000001", "day": "2027-03-01"}).status_code == 302
        assert Assignment.objects.get(takes_over=held).person == wei
        assert client.post(path + "ending/", {"day": ""}).status_code == 422

    def test_a_refusal_keeps_what_was_typed(self, as_, town, head):
        resident("兰", "13800000001")
        new = {"person": "13800000001", "role": "grid_worker", "since": "2026-11-01"}
        answer = as_(head).post(f"{DESK}nodes/{town['M2'].pk}/assignments/", new)
        assert answer.status_code == 422 and "在职人员" in text(answer) and 'value="13800000001"' in text(answer)

    def test_units(self, as_, town, head):
        client = as_(head)
        new = {"code": "WY-1", "name": "安居物业", "kind": "property", "node": "G"}
        assert client.post(DESK + "units/new/", {**new, "node": "NO"}).status_code == 409
        assert client.post(DESK + "units/new/", new).status_code == 302
        unit = Unit.objects.get(code="WY-1")
        staff("秦", "13900000002")
        person = {"person": "13900000002", "role": "unit_handler", "since": "2026-11-01"}
        assert client.post(f"{DESK}units/{unit.pk}/assignments/", person).status_code == 302
        assert "秦" in text(client.get(f"{DESK}units/{unit.pk}/"))
        assert client.post(f"{DESK}units/{unit.pk}/closing/").status_code == 302
        assert not Unit.objects.get(code="WY-1").is_active

    def test_absences(self, as_, town, wei, coordinator):
        client = as_(wei)
        mine = {"kind": "leave", "since": "2026-11-20", "until": "2027-12-01"}
        assert client.post(DESK + "absences/", mine).status_code == 302
        assert client.post(DESK + "absences/", mine).status_code == 409
        absence = Absence.objects.get(person=wei)
        assert "魏" in text(as_(coordinator).get(DESK + "absences/"))
        assert client.post(f"{DESK}absences/{absence.pk}/return/").status_code == 302
        assert client.post(DESK + "absences/", {**mine, "person": "13900000008"}).status_code in (302, 403)


class TestImports:
    def test_a_workbook_is_shown_and_then_applied(self, as_, town, head):
        client = as_(head)
        file = SimpleUploadedFile("网格.xlsx", workbook())
        shown = client.post(DESK + "imports/tree/", {"file": file}, follow=True)
        assert shown.status_code == 200 and "第九" in text(shown) and "13911110001" not in text(shown)
        upload = Upload.objects.get()
        assert not GridNode.objects.filter(code="M9").exists()
        done = client.post(f"{DESK}imports/{upload.pk}/application/", follow=True)
        assert "导入好了" in text(done) and GridNode.objects.filter(code="M9").exists()
        assert client.post(f"{DESK}imports/{upload.pk}/application/").status_code == 302

    def test_problems_are_listed_by_row_and_column(self, as_, town, head):
        people = [["姓名", "手机号", "角色", "网格编码"], ["乙", "123", "专职网格员", "M1"]]
        file = SimpleUploadedFile("a.xlsx", workbook([], [], people))
        client = as_(head)
        shown = text(client.post(DESK + "imports/tree/", {"file": file}, follow=True))
        assert "人员 第 2 行 手机号" in shown and "要 11 位" in shown and "改好文件再选一次" in shown
        assert client.post(f"{DESK}imports/{Upload.objects.get().pk}/application/").status_code == 422

    def test_a_drawing_shows_gaps_and_overlaps_before_it_is_applied(self, as_, town, head):
        client = as_(head)
        file = SimpleUploadedFile(
            "b.geojson", drawing({"M1": town.square(0, 0, 190), "M4": town.square(190, 200, 210)})
        )
        shown = text(client.post(DESK + "imports/boundaries/", {"file": file, "crs": "wgs84"}, follow=True))
        assert "空隙 2000.0 平方米" in shown and "重叠 2000.0 平方米" in shown and "M3、M4" in shown
        upload = Upload.objects.get()
        GridNode.objects.filter(code="M2").update(boundary=town.square(190, 0, 210))
        moved = client.post(f"{DESK}imports/{upload.pk}/application/")
        assert moved.status_code == 409 and "请再看一遍" in text(moved) and "空隙 2000" not in text(moved)
        assert client.post(f"{DESK}imports/{upload.pk}/application/").status_code == 302

    @pytest.mark.parametrize(
        "content", [b"", b"nonsense", b"PK\x03\x04", b'{"type":"FeatureCollection","features":[]}']
    )
    def test_what_is_no_file_of_ours_gets_a_sentence(self, as_, town, head, content):
        client = as_(head)
        for path in ("imports/tree/", "imports/boundaries/"):
            answer = client.post(DESK + path, {"file": SimpleUploadedFile("x", content), "crs": "gcj02"})
            assert answer.status_code == 422 and "出错：" in text(answer)
        assert not Upload.objects.exists()

    def test_the_template_opens(self, as_, town, head):
        book = openpyxl.load_workbook(io.BytesIO(as_(head).get(DESK + "imports/template.xlsx").content))
        assert book.sheetnames == ["网格树", "单位", "人员", "填写说明"]
