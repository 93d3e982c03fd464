"""Excel and CSV: Chinese headers, a sentence for each wrong cell, and nothing that a spreadsheet would run."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huipai.grid.words import Level
from huipai.kit import sheets
from huipai.kit.language import speaking
from huipai.kit.lines import as_seen
from huipai.kit.sheets import Column, NotATable, Table

STATIONS = Table(
    "驿站",
    (
        Column("code", "编码", sheets.matching(r"[A-Z0-9]+", "只能用大写字母和数字"), example="A01"),
        Column("name", "名称", sheets.text(10), example="=云桥"),
        Column("kind", "类别", sheets.choice({"驿站": "rest", "小驻": "stop"})),
        Column("since", "启用日期", sheets.day, is_needed=False),
        Column("lng", "经度", sheets.number(-180, 180), is_needed=False),
    ),
)
GOOD = [["编码", "名称", "类别", "启用日期", "经度"], ["A01", "云桥", "驿站", "2026-07-01", 120.5]]


def workbook(lines: list[list[object]], name: str = "驿站") -> io.BytesIO:
    book = openpyxl.Workbook()
    book.active.title = name
    for line in lines:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def saying(file: io.BytesIO, dimension: str) -> io.BytesIO:
    """The same workbook, whose sheets say that their cells lie within this range."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.infolist():
            content = before.read(part)
            after.writestr(part, re.sub(rb'<dimension ref="[^"]*"', f'<dimension ref="{dimension}"'.encode(), content))
    out.seek(0)
    return out


def read(file: io.BytesIO) -> sheets.Rows:
    return sheets.read(file, tables=[STATIONS])["驿站"]


class TestReadingExcel:
    def test_reads_the_declared_columns(self):
        found = read(workbook(GOOD))
        assert not found.problems
        assert found.rows[0].number == 2
        assert dict(found.rows[0].cells) == {
            "code": "A01", "name": "云桥", "kind": "rest", "since": date(2026, 7, 1), "lng": 120.5,
        }  # fmt: skip

    def test_takes_columns_in_any_order_and_leaves_others_alone(self):
        found = read(workbook([["备注", "类别", "名称*", "编码"], ["x", "小驻", "云桥", 7]]))
        assert [row["code"] for row in found.rows] == ["7"]
        assert found.rows[0]["since"] is None

    @pytest.mark.parametrize("above", [[[]], [[], ["", None]], [["云桥街道驿站表"], []]])
    def test_blank_lines_and_a_title_above_the_header_are_passed_over(self, above):
        found = read(workbook([*above, *GOOD, ["a02", "望山", "驿站"]]))
        assert [(row.number, row["code"]) for row in found.rows] == [(len(above) + 2, "A01")]
        assert [problem.row for problem in found.problems] == [len(above) + 3]
        missing = read(workbook([*above, ["编码", "名称"], ["A01", "云桥"]]))
        assert [problem.row for problem in missing.problems] == [len(above) + 1]

    def test_so_are_they_in_a_csv(self):
        found = read(io.BytesIO("云桥街道驿站表\n\n编码*,名称,类别\nA01,云桥,驿站\n".encode()))
        assert [(row.number, row["code"]) for row in found.rows] == [(4, "A01")] and not found.problems

    def test_a_wrong_cell_gets_its_row_its_column_and_a_sentence(self):
        found = read(
            workbook([GOOD[0], ["a 1", "一二三四五六七八九十一", "亭子", "2026-13-01", 999], GOOD[1], [None] * 5])
        )
        assert [(problem.row, problem.column) for problem in found.problems] == [
            (2, "编码"), (2, "名称"), (2, "类别"), (2, "启用日期"), (2, "经度"),
        ]  # fmt: skip
        assert found.problems[2].reason == "只能写：驿站、小驻"
        assert [row.number for row in found.rows] == [3]

    def test_an_empty_cell_that_is_needed_is_wrong(self):
        found = read(workbook([GOOD[0], ["A01", " \u3000", "驿站"]]))
        assert [(problem.row, problem.column, problem.reason) for problem in found.problems] == [
            (2, "名称", "这一格要填")
        ]

    def test_a_missing_or_double_column_is_said_once(self):
        assert [p.reason for p in read(workbook([["编码", "名称", "名称"]])).problems] == ["这一列有两个", "缺少这一列"]

    def test_an_empty_row_in_between_keeps_the_numbers_of_the_spreadsheet(self):
        assert [row.number for row in read(workbook([GOOD[0], GOOD[1], [], GOOD[1]])).rows] == [2, 4]

    def test_stops_at_too_many_rows(self):
        few = replace(STATIONS, most=3)
        found = sheets.read(workbook([GOOD[0]] + [GOOD[1]] * 5), tables=[few])["驿站"]
        assert len(found.rows) == 3 and found.problems[0].reason == "最多 3 行"

    def test_a_format_left_a_million_rows_down_costs_nothing(self):
        book = openpyxl.load_workbook(workbook(GOOD))
        book.active.cell(row=1_000_000, column=1).number_format = "@"
        out = io.BytesIO()
        book.save(out)
        out.seek(0)
        assert len(read(out).rows) == 1

    @pytest.mark.parametrize("said", ["A1", "A1:B2", "C3:D4", "A1:XFD1048576"])
    def test_is_read_to_its_end_wherever_it_says_that_its_cells_end(self, said):
        lines = [*GOOD, ["A02", "望山", "小驻", None, None], ["A03", "荷塘", '="驿"&"站"', None, None]]
        for held in (lines, lines[:3]):  # with a formula, which is read beside, and without
            found = read(saying(workbook(held), said))
            assert [row["code"] for row in found.rows] == ["A01", "A02"]
            assert [problem.row for problem in found.problems] == [4] * (len(held) - 3)

    def test_a_single_sheet_may_have_any_name(self):
        assert len(read(workbook(GOOD, name="Sheet1")).rows) == 1


class TestFormulas:
    """Excel keeps a formula and what it came to; programs often write the formula alone."""

    def counted(self, cells: str) -> io.BytesIO:
        """A workbook whose third row is these cells, as a program writes them."""
        file, out = workbook([GOOD[0], GOOD[1], ["A02", "乙", "驿站"]]), io.BytesIO()
        with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w") as new:
            for part in old.namelist():
                content = old.read(part).decode()
                if part.endswith("sheet1.xml"):
                    begin, end = content.index('<row r="3"'), content.index("</sheetData>")
                    content = f'{content[:begin]}<row r="3">{cells}</row>{content[end:]}'
                new.writestr(part, content)
        out.seek(0)
        return out

    def test_without_its_result_it_is_wrong_at_its_place_and_never_empty(self):
        file = workbook([GOOD[0], GOOD[1], ["A02", '=A2&"号"', "驿站", "=TODAY()"]])
        found = read(file)
        assert [(problem.table, problem.row, problem.column) for problem in found.problems] == [
            ("驿站", 3, "名称"), ("驿站", 3, "启用日期"),
        ]  # fmt: skip
        assert "没有算好的结果" in found.problems[0].reason and [row["code"] for row in found.rows] == ["A01"]
        assert found.wrong[0].typed == {"name": "", "since": ""}

    def test_a_row_of_nothing_but_formulas_is_a_row(self):
        assert {problem.row for problem in read(workbook([*GOOD, [None, "=A2"]])).problems} == {3}

    def test_with_its_result_it_reads_as_that_the_empty_one_included(self):
        name = '<c r="B3" t="str"><f>A2</f><v>乙站</v></c><c r="C3" t="str"><f>C2</f><v>驿站</v></c>'
        found = read(
            self.counted(f'<c r="A3" t="str"><f>A2</f><v>A03</v></c>{name}<c r="D3" t="str"><f>D9</f><v></v></c>')
        )
        assert not found.problems
        assert (found.rows[1]["code"], found.rows[1]["name"], found.rows[1]["since"]) == ("A03", "乙站", None)

    def test_a_result_that_went_wrong_is_no_name(self):
        found = read(
            self.counted('<c r="A3" t="str"><f>A2</f><v>A03</v></c><c r="B3" t="e"><f>X!A1</f><v>#REF!</v></c>')
        )
        assert ("名称", "这一格的公式算错了（#REF!），改成正确的内容") in [
            (one.column, one.reason) for one in found.problems
        ]

    def test_what_nobody_sees_in_a_cell_is_taken_out(self):
        found = read(workbook([GOOD[0], ["A\u200b01", "\u202e云\u2066桥\ufeff", "驿站"]]))
        assert (found.rows[0]["code"], found.rows[0]["name"]) == ("A01", "云桥")
        assert read(workbook([GOOD[0], ["A01", "\u200b", "驿站"]])).problems[0].reason == "这一格要填"


class TestMerged:
    """Of merged cells Excel keeps what the upper left one says: the rest is covered, not empty."""

    LINES = [*GOOD, ["A02", "云桥二", "驿站", None, None], ["A03", "云桥三", "驿站", None, None]]

    def merged(self, *ranges: str, lines: list[list[object]] | None = None) -> io.BytesIO:
        book = openpyxl.load_workbook(workbook(self.LINES if lines is None else lines))
        for each in ranges:
            book.active.merge_cells(each)
        out = io.BytesIO()
        book.save(out)
        out.seek(0)
        return out

    def test_what_is_covered_is_wrong_at_its_place(self):
        found = read(self.merged("D2:D4"))
        assert [(problem.row, problem.column) for problem in found.problems] == [(3, "启用日期"), (4, "启用日期")]
        assert "取消合并" in found.problems[0].reason
        assert [row["code"] for row in found.rows] == ["A01"]

    def test_so_it_is_beside_what_covers_it(self):
        assert [(each.row, each.column) for each in read(self.merged("D2:E2")).problems] == [(2, "经度")]

    def test_so_it_is_where_formulas_stand(self):
        lines = [GOOD[0], ["A01", "云桥", "驿站", None, "=1+1"], *self.LINES[2:]]
        found = read(self.merged("D2:D3", lines=lines))
        assert (3, "启用日期") in [(problem.row, problem.column) for problem in found.problems]

    def test_a_title_over_the_columns_and_what_is_merged_below_the_rows_are_nobodys(self):
        found = read(self.merged("A1:E1", "A5:E9", "G2:G4", lines=[["云桥街道驿站表"], *GOOD, ["A02", "云", "驿站"]]))
        assert (len(found.rows), found.problems) == (2, [])

    def test_too_many_are_refused(self):
        with pytest.raises(NotATable, match="取消合并"):
            read(self.merged(*(f"G{row}:H{row}" for row in range(1, 1003))))

    def saying(self, said):
        out = io.BytesIO()
        with zipfile.ZipFile(self.merged("D2:D4")) as whole, zipfile.ZipFile(out, "w") as damaged:
            for part in whole.infolist():
                damaged.writestr(part, whole.read(part).replace(b'"D2:D4"', b'"' + said + b'"'))
        out.seek(0)
        return out

    @pytest.mark.parametrize("said", [b"", b"A", b"1:2", b"XXXX1:A2", b"D4:D2"])
    def test_a_range_that_is_none_is_refused(self, said):
        with pytest.raises(NotATable):
            read(self.saying(said))

    def test_a_range_of_one_cell_covers_nothing(self):
        assert (len(read(self.saying(b"D2")).rows), read(self.saying(b"D2")).problems) == (3, [])


class TestReadingCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_reads_what_excel_and_wps_save(self, encoding, delimiter):
        words = "\r\n".join(delimiter.join(map(str, line)) for line in GOOD)
        assert [row["name"] for row in read(io.BytesIO(words.encode(encoding))).rows] == ["云桥"]

    def test_a_file_without_our_headers_is_refused_with_their_names(self):
        with pytest.raises(NotATable, match="第一行要写列名：编码、名称"):
            read(io.BytesIO("甲,乙\n1,2".encode()))


class TestHostileFiles:
    @pytest.mark.parametrize(
        "content", [b"", b"\x00\x01\x02\xff", b"PK\x03\x04 broken", b"%PDF-1.7", b"\xd0\xcf\x11\xe0old"]
    )
    def test_what_is_no_table_is_refused_with_a_sentence(self, content):
        with pytest.raises(NotATable):
            read(io.BytesIO(content))

    @pytest.mark.parametrize(
        ("part", "said"), [("EncryptedPackage", "去掉密码再选"), ("Workbook", "请另存为 .xlsx 再选")]
    )
    def test_one_with_a_password_is_told_from_an_old_one(self, part, said):
        entry = part.encode("utf-16-le").ljust(64, b"\0")
        with pytest.raises(NotATable, match=said):
            read(io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + entry))

    def test_a_cut_off_workbook_is_refused(self):
        whole = workbook(GOOD).getvalue()
        with pytest.raises(NotATable):
            read(io.BytesIO(whole[: len(whole) // 2]))

    @pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_one_that_is_damaged_inside_is_refused_or_read(self, packing):
        lines = [GOOD[0], *([f"A{n:03}", "云桥", "驿站", "2026-07-01", n / 9] for n in range(150))]
        packed, fell = io.BytesIO(), 0
        with zipfile.ZipFile(workbook(lines)) as plain, zipfile.ZipFile(packed, "w", packing) as made:
            for part in plain.namelist():
                made.writestr(part, plain.read(part))
        whole = packed.getvalue()
        for place in range(40, len(whole) - 12, len(whole) // 60):
            try:
                read(io.BytesIO(whole[:place] + b"\x55\xaa\x00\xff" * 3 + whole[place + 12 :]))
            except NotATable:
                fell += 1
        assert fell > 20

    def test_too_many_bytes_are_refused_before_they_are_read(self, monkeypatch):
        monkeypatch.setattr("huipai.kit.sheets.reading.MAX_BYTES", 100)
        with pytest.raises(NotATable, match="MB"):
            read(workbook(GOOD))

    def test_an_archive_that_unpacks_to_too_much_is_refused_unparsed(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in range(3):
                archive.writestr(f"xl/worksheets/sheet{part}.xml", b" " * (80 << 20))
        assert len(out.getvalue()) < 10 << 20
        out.seek(0)
        with pytest.raises(NotATable, match="展开后太大"):
            read(out)

    def test_entities_are_refused(self):
        whole = io.BytesIO()
        with zipfile.ZipFile(workbook(GOOD)) as old, zipfile.ZipFile(whole, "w") as new:
            for part in old.namelist():
                evil = (
                    b"<!--" + b" " * 9000 + b'--><!DOCTYPE x [<!ENTITY a "aaaa">]>'
                    if part.endswith("sheet1.xml")
                    else b""
                )
                new.writestr(part, evil + old.read(part))
        whole.seek(0)
        with pytest.raises(NotATable):
            read(whole)

    def test_a_zip_that_is_no_workbook_is_refused(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("hello.txt", "hello")
        out.seek(0)
        with pytest.raises(NotATable):
            read(out)


class TestWriting:
    @pytest.mark.parametrize("evil", ["=1+1", "+86", "-2", "@SUM(A1)", "\t=1", " =1", "＝1", '=HYPERLINK("http://x")'])
    def test_nothing_begins_like_a_formula(self, evil):
        written = sheets.write_csv(STATIONS, [{"code": "A1", "name": evil, "kind": "驿站"}]).decode("utf-8-sig")
        assert f"'{evil}".replace('"', '""') in written
        book = openpyxl.load_workbook(io.BytesIO(sheets.write_workbook([(STATIONS, [{"name": evil}])])))
        assert book.active["B2"].data_type == "s" and book.active["B2"].value == f"'{evil}"

    @given(name=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=10))
    @settings(max_examples=50, deadline=None)
    def test_what_we_write_we_read_back(self, name):
        row = {"code": "A01", "name": name, "kind": "驿站", "since": "2026-07-01", "lng": 120.25}
        for content in (sheets.write_csv(STATIONS, [row]), sheets.write_workbook([(STATIONS, [row])])):
            found = read(io.BytesIO(content))
            assert [row["name"] for row in found.rows] == [as_seen(name)] or not as_seen(name)

    def test_the_template_says_how_each_column_is_filled_in(self):
        book = openpyxl.load_workbook(io.BytesIO(sheets.write_template([STATIONS])))
        assert book.sheetnames == ["驿站", "填写说明"]
        assert [cell.value for cell in book["驿站"][1]] == ["编码", "名称", "类别", "启用日期", "经度"]
        assert book["填写说明"]["E3"].value == "'=云桥"

    def test_the_empty_template_reads_as_no_rows_and_no_problems(self):
        found = read(io.BytesIO(sheets.write_template([STATIONS])))
        assert not found.rows and not found.problems


def test_a_sign_that_no_workbook_can_hold_is_left_out() -> None:
    row = {"code": "A01", "name": "好\ufffe的\uffff事\x0b\ud800", "kind": "驿站"}
    found = read(io.BytesIO(sheets.write_workbook([(STATIONS, [row])])))
    assert not found.problems and [one["name"] for one in found.rows] == ["好的事"]


def test_words_of_a_workbook_are_chinese_whoever_comes_first() -> None:
    """They are made when a module is first imported, and that was once by somebody who reads English."""
    with speaking("en"):
        assert set(sheets.written([Level.STREET, Level.MICRO_GRID])) == {"街道", "微网格"}
