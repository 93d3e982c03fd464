"""The rulebook as a workbook: the whole of it out, and in again, shown before anything is written."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from huipai.grid.models import Unit
from huipai.kit import clock
from huipai.kit.sheets import write_csv, write_workbook
from huipai.kit.verdict import Refused
from huipai.people.models import Person
from huipai.rulebook import commands, queries, rules, sheets
from huipai.rulebook.models import PointItem, RulebookVersion, Sheet
from huipai.rulebook.rules import EndRule, Terms
from huipai.rulebook.rules.formula import parse
from huipai.rulebook.words import CONSULTATION, PUBLICITY, Evidence
from huipai.streets.models import Street
from tests.cast import FOUND, rulebook
from tests.people.doors import seen_on
from tests.rulebook.making import CLAIMED, SWEEP
from tests.rulebook.test_desk import BASE, DESK, as_, typed

pytestmark = pytest.mark.django_db

BOOK = (
    FOUND,
    replace(CLAIMED, code="ox-07", port=SWEEP.port, formula=parse("取小(小时 × 5, 10)"), points=10, title="打扫",
            evidence=(Evidence.PHOTO, Evidence.SCREENSHOT),
            keywords=("楼道", "清扫"), why="新的", admitted_until=None, asked_fields=("几层",), asked_people=3,
            asked_times=2, lot_months=None, month_cap=40),
)  # fmt: skip


def upload(client: Client, content: bytes, name: str = "book.xlsx") -> Any:
    return client.post(f"{DESK}sheets/", {"file": SimpleUploadedFile(name, content)})


def said(content: bytes, then: Terms | None = None) -> list[Terms]:
    """What the rows of a file without a fault say, where `then` stood before."""
    rows = sheets.read(io.BytesIO(content))
    assert rows.problems == []
    return [sheets.terms_of(row, rows.columns, then) for row in rows.rows]


def test_the_book_that_goes_out_comes_in_as_it_was() -> None:
    assert said(sheets.workbook(BOOK, EndRule())) == list(BOOK)


@pytest.mark.parametrize("words", ["'+5 分'的由来", "'=1", "''@x", "#N/A", "'#REF!", "'好'"])
def test_words_with_signs_that_mean_something_to_a_spreadsheet_come_in_as_they_were(words: str) -> None:
    odd = replace(FOUND, title=words, keywords=(words,), why=words)
    assert said(sheets.workbook([odd], EndRule())) == [odd]
    assert said(write_csv(sheets.ITEMS, [sheets._row(odd)])) == [odd]


def test_of_a_column_that_was_cut_off_nothing_is_said(client: Client, writer: Person) -> None:
    then = replace(FOUND, review_levels=2, lot_months=6, household_month_cap=40, why="好")
    book = openpyxl.load_workbook(io.BytesIO(sheets.workbook([then], EndRule())))
    page = book["计分条目"]
    for head in ("有效月数", "审几道", "一天最多", "一户一个月最多", "为什么"):
        page.delete_cols([cell.value for cell in page[1]].index(head) + 1)
    out = io.BytesIO()
    book.save(out)
    assert said(out.getvalue(), then) == [then]
    assert said(out.getvalue()) == [replace(then, review_levels=1, lot_months=None, day_cap=None,
                                            household_month_cap=None, why="")]  # fmt: skip
    version = commands.draft(author=writer, note="", now=clock.now())
    commands.put_item(version_id=version.id, actor=writer, terms=then, now=clock.now())
    before = queries.content_hash(version.id)
    answer = upload(as_(client, writer), out.getvalue())
    assert client.post(f"{answer['Location']}apply/").status_code == 302
    assert queries.content_hash(version.id) == before


def test_whoever_reads_the_pages_in_english_gets_the_book_that_comes_in(client: Client, writer: Person) -> None:
    version = commands.draft(author=writer, note="", now=clock.now())
    commands.put_item(version_id=version.id, actor=writer, terms=replace(CLAIMED, why="好"), now=clock.now())
    as_(client, writer)
    client.post("/s/yunqiao/look/", {"language": "en"})
    assert '<html lang="en"' in client.get(f"{DESK}sheets/").content.decode()
    content = client.get(f"{DESK}sheets/draft/").content
    sent = {"file": SimpleUploadedFile("book.xlsx", content)}
    answer = client.post(f"{DESK}sheets/", sent)
    assert answer.status_code == 302
    found = Sheet.objects.get()
    assert [rules.from_json(plain) for plain in found.items] == [replace(CLAIMED, why="好")]


def test_a_box_that_is_ticked_is_read_in_any_language() -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheets.workbook([FOUND], EndRule())))
    page = book["计分条目"]
    heads = [cell.value for cell in page[1]]
    for head in ("14 岁以下", "可以考核", "系统自己记"):
        cell = page.cell(row=2, column=heads.index(head) + 1)
        cell.value = cell.value == "是"
    out = io.BytesIO()
    book.save(out)
    with translation.override("en"):
        assert said(out.getvalue()) == [FOUND]


def test_more_rows_than_there_are_numbers_are_said_once_and_not_worked_through() -> None:
    content = sheets.workbook([replace(FOUND, title=f"第 {number} 条") for number in range(400)], EndRule())
    rows = sheets.read(io.BytesIO(content))
    assert (len(rows.rows), [problem.reason for problem in rows.problems]) == (297, ["最多 297 行"])


def test_a_line_break_goes_out_and_comes_in_as_no_change(client: Client, writer: Person) -> None:
    rulebook(FOUND)
    version = commands.draft(author=writer, note="", now=clock.now())
    as_(client, writer)
    page = f"{DESK}items/{FOUND.code}/"
    seen = seen_on(client.get(page).content.decode())
    sent = typed(FOUND, description="第一行\r\n第二行", why="好\r\n的", seen=seen)
    assert client.post(page, sent).status_code == 302
    item = PointItem.objects.get(version=version)
    assert (item.description, item.why) == ("第一行\n第二行", "好\n的")
    for kept in ("第一行\n第二行", "第一行\r\n第二行"):  # the second as it was kept before
        PointItem.objects.filter(pk=item.pk).update(description=kept)
        before = queries.content_hash(version.id)
        answer = upload(client, client.get(f"{DESK}sheets/draft/").content)
        assert answer.status_code == 302
        assert client.post(f"{answer['Location']}apply/").status_code == 302
        assert queries.content_hash(version.id) == before


def test_what_begins_like_a_formula_runs_in_no_spreadsheet() -> None:
    nasty = replace(FOUND, title='=HYPERLINK("x")', why="+1")
    assert said(sheets.workbook([nasty], EndRule())) == [nasty]


def test_is_shown_before_it_is_written_into_the_draft(client: Client, writer: Person) -> None:
    rulebook(FOUND)
    version = commands.draft(author=writer, note="", now=clock.now())
    as_(client, writer)
    # What people have to fill in needs an admission by this door too, and the check says so at its row and column.
    answer = upload(client, sheets.workbook(BOOK, EndRule()))
    html = answer.content.decode()
    assert answer.status_code == 422 and "「计分条目」第 3 行 要人填的字段" in html and "先由单位提出" in html
    assert not Sheet.objects.exists() and [item.code for item in version.items.all()] == [FOUND.code]
    light = replace(BOOK[1], asked_fields=(), asked_people=0, asked_times=0)
    answer = upload(client, sheets.workbook([light], EndRule()))
    assert answer.status_code == 302
    html = client.get(answer["Location"]).content.decode()
    assert "新增 1" in html and "删除 1" in html and "打扫" in html
    assert [item.code for item in PointItem.objects.filter(version=version)] == [FOUND.code]
    # Residents read why it goes, in the words of whoever strikes it.
    for why, amiss in (("  ", "写一句为什么删去"), ("长" * 201, "最多 200 个字")):
        refused = client.post(f"{answer['Location']}apply/", {f"why-{FOUND.code}": why})
        html = refused.content.decode()
        assert refused.status_code == 422 and amiss in html and why in html and f'href="#f-why-{FOUND.code}"' in html
    assert [item.code for item in PointItem.objects.filter(version=version)] == [FOUND.code]
    for _ in range(2):
        assert client.post(f"{answer['Location']}apply/", {f"why-{FOUND.code}": "没人做了"}).status_code == 302
    assert [item.terms() for item in PointItem.objects.filter(version=version)] == [light]
    assert RulebookVersion.objects.get(pk=version.pk).struck == {FOUND.code: "没人做了"}


def test_what_is_over_before_its_version_can_begin_is_refused_where_it_is_written(
    client: Client, writer: Person
) -> None:
    version, now = commands.draft(author=writer, note="", now=clock.now()), clock.now()
    as_(client, writer)
    first = queries.local_date(now + CONSULTATION + PUBLICITY)
    for day in (date(2020, 1, 1), first - timedelta(days=1)):
        over = replace(FOUND, admitted_until=day, why="新的")
        html = upload(client, sheets.workbook([over], EndRule())).content.decode()
        assert "「计分条目」第 2 行 准入到" in html and f"这一版最早 {first} 起用" in html
        new = {**typed(over), "port": FOUND.port.value}
        refused = client.post(f"{DESK}items/new/", new)
        assert refused.status_code == 422 and f"这一版最早 {first} 起用" in refused.content.decode()
    lasting = replace(FOUND, admitted_until=first, why="新的")
    assert upload(client, sheets.workbook([lasting], EndRule())).status_code == 302
    commands.put_item(version_id=version.id, actor=writer, terms=lasting, now=now)
    # It has lain for a day: laid open now, it would be over when the version begins.
    tomorrow = now + timedelta(days=1)
    with pytest.raises(commands.OverBefore, match="到期"):
        commands.consult(version_id=version.id, actor=writer, until=tomorrow + CONSULTATION, now=tomorrow)
    assert commands.consult(version_id=version.id, actor=writer, until=now + CONSULTATION, now=now).consulted_from


def test_a_number_that_people_have_read_comes_back_as_the_same_item_or_not_at_all(
    client: Client, writer: Person
) -> None:
    swept = replace(CLAIMED, code="ox-07", port=SWEEP.port, title="打扫", why="新的")
    rulebook(FOUND, swept)
    rulebook(FOUND, since=clock.now() - timedelta(days=1))
    version = commands.draft(author=writer, note="", now=clock.now())
    as_(client, writer)
    other, beside = replace(swept, title="擦窗"), replace(swept, code="ox-01", title="浇花")
    taken = upload(client, sheets.workbook([FOUND, other, beside], EndRule()))
    html = taken.content.decode()
    assert taken.status_code == 422 and "「计分条目」第 3 行 编号" in html
    assert "ox-07 以前是「打扫」，已经停用" in html and "新条目用 ox-02" in html
    with pytest.raises(commands.NumberRetired):
        commands.put_item(version_id=version.id, actor=writer, terms=other, now=clock.now())
    answer = upload(client, sheets.workbook([FOUND, swept, replace(other, code="ox-02")], EndRule()))
    assert client.post(f"{answer['Location']}apply/").status_code == 302
    assert {item.code: item.title for item in version.items.all()} == {
        FOUND.code: FOUND.title, "ox-02": "擦窗", "ox-07": "打扫"
    }  # fmt: skip
    # Once it is back in the draft it is that item still, and no other one.
    with pytest.raises(commands.NumberRetired):
        commands.put_item(version_id=version.id, actor=writer, terms=other, now=clock.now())
    with pytest.raises(IntegrityError, match="number is that of another"), transaction.atomic():
        version.items.filter(code="ox-07").update(title="擦窗")


def test_what_it_says_of_the_end_comes_in_with_it(client: Client, writer: Person) -> None:
    rulebook(FOUND)
    version = commands.draft(author=writer, note="", now=clock.now())
    as_(client, writer)
    content = sheets.workbook([FOUND], EndRule(60, 120))
    assert sheets.end_rule_of(sheets.read_ending(io.BytesIO(content))) == EndRule(60, 120)
    answer = upload(client, content)
    assert "积分要是停了" in client.get(answer["Location"]).content.decode()
    assert client.post(f"{answer['Location']}apply/").status_code == 302
    assert RulebookVersion.objects.get(pk=version.pk).end_rule == EndRule(60, 120)
    # One table alone says nothing of it; a number of days that no version may say is wrong in its row.
    for silent in (write_csv(sheets.ITEMS, [sheets._row(FOUND)]), write_workbook([(sheets.ITEMS, [])])):
        assert sheets.end_rule_of(sheets.read_ending(io.BytesIO(silent))) is None
    wrong = upload(client, sheets.workbook([FOUND], EndRule(7, 120)))
    assert wrong.status_code == 422 and "要在 30 到 180 之间" in wrong.content.decode()


def test_is_shown_again_when_the_draft_has_moved(client: Client, writer: Person) -> None:
    version = commands.draft(author=writer, note="", now=clock.now())
    as_(client, writer)
    answer = upload(client, sheets.workbook([replace(FOUND, points=6, why="偏少")], EndRule()))
    commands.put_item(version_id=version.id, actor=writer, terms=FOUND, now=clock.now())
    again = client.post(f"{answer['Location']}apply/")
    assert again.status_code == 409 and "请再看一遍" in again.content.decode()
    assert client.post(f"{DESK}sheets/{Sheet.objects.order_by('-id')[0].pk}/apply/").status_code == 302


def test_shown_again_it_says_of_a_column_that_it_does_not_have_what_the_draft_says_now(
    client: Client, writer: Person
) -> None:
    other = replace(CLAIMED, code="ox-07", port=SWEEP.port, title="打扫", why="新的", month_cap=40)
    version = commands.draft(author=writer, note="", now=clock.now())
    for terms in (replace(FOUND, why="新的"), other):
        commands.put_item(version_id=version.id, actor=writer, terms=terms, now=clock.now())
    rows = [sheets._row(replace(FOUND, title="乱停乱摆", why="短一点")), sheets._row(other)]
    file = write_csv(replace(sheets.ITEMS, columns=tuple(
        column for column in sheets.ITEMS.columns if column.key not in ("lot_months", "month_cap")
    )), rows)  # fmt: skip
    page = upload(as_(client, writer), file, "book.csv")["Location"]
    assert "修改 1" in client.get(page).content.decode()
    meanwhile = replace(other, lot_months=12, month_cap=30)
    commands.put_item(version_id=version.id, actor=writer, terms=meanwhile, now=clock.now())
    again = client.post(f"{page}apply/")
    html = again.content.decode()
    assert again.status_code == 409 and "修改 1" in html and "打扫" not in html
    assert "修改 1" in client.get(page).content.decode()
    assert client.post(f"{DESK}sheets/{Sheet.objects.order_by('-id')[0].pk}/apply/").status_code == 302
    book = queries.book(version)
    assert (book["ox-07"], book[FOUND.code].title) == (meanwhile, "乱停乱摆")
    # What it does say is shown against the draft of now, as ever, and a workbook of before had every column.
    full = commands.keep_sheet(version_id=version.id, actor=writer, file_name="", items=[other], now=clock.now())
    assert full.lacking == [] and full.wanted(book)["ox-07"] == other


def test_each_wrong_row_is_said_with_its_number(client: Client, writer: Person) -> None:
    commands.draft(author=writer, note="", now=clock.now())
    as_(client, writer)
    unfit = replace(CLAIMED, code="ox-08", port=SWEEP.port, day_cap=None)
    content = sheets.workbook([FOUND, FOUND, unfit], EndRule())
    html = upload(client, content).content.decode()
    assert "第 3 行" in html and "前面已经有了" in html and "第 4 行" in html and "一天或一个月的上限" in html
    broken = {"code": FOUND.code, "port": "天鹅"}
    both = upload(client, write_csv(sheets.ITEMS, [broken, sheets._row(FOUND)]), "book.csv").content.decode()
    assert "第 2 行" in both and "第 3 行" in both and "前面已经有了" in both
    swan = {**dict.fromkeys((column.key for column in sheets.ITEMS.columns), "1"), "port": "天鹅"}
    wrong = upload(client, write_csv(sheets.ITEMS, [swan]), "book.csv")
    assert wrong.status_code == 422 and "只能写：向日葵" in wrong.content.decode()
    assert upload(client, b"\x00\x01").status_code == 422
    assert not Sheet.objects.exists()


def test_the_check_refuses_what_writing_refuses_and_nothing_else(
    client: Client, writer: Person, in_yunqiao: Street
) -> None:
    Unit.objects.create(code="HW", name="环卫所", kind="sanitation")
    version = commands.draft(author=writer, note="", now=clock.now())
    # What stands in the draft already is not written again, so that no rule is asked about it.
    PointItem.objects.create(version=version, **{**rules.to_json(replace(CLAIMED, day_cap=None)), "admission": None})
    as_(client, writer)
    owned = replace(FOUND, code="woodpecker-07", owner="环卫所（街道）")
    hasty = replace(FOUND, code="woodpecker-08", lot_months=None, automatic=False, day_cap=None)
    kept = replace(CLAIMED, day_cap=None)
    wanted = [kept, owned, hasty]
    html = upload(client, sheets.workbook(wanted, EndRule(7, 120))).content.decode()
    assert "「计分条目」第 3 行 谁提出的" in html and "第 2 行 提前几天告诉大家" in html and "「积分要停」" in html
    assert html.count("「计分条目」第 4 行") == len(list(rules.lint(hasty))) > 1 and "第 2 行 一天最多" not in html
    refused = [one.code for one in commands.try_sheet(
        version_id=version.id, actor=writer, items=wanted, now=clock.now())]  # fmt: skip
    for terms in (owned, hasty):
        assert terms.code in refused
        with pytest.raises(Refused):
            commands.put_item(version_id=version.id, actor=writer, terms=terms, now=clock.now())
    with pytest.raises(commands.SheetUnfit, match=owned.code):
        commands.keep_sheet(version_id=version.id, actor=writer, file_name="", items=wanted, now=clock.now())
    assert upload(client, sheets.workbook([kept], EndRule())).status_code == 302
    assert queries.book(version) == {kept.code: kept}


def test_what_came_to_be_refused_since_the_check_is_said_and_nothing_is_written(client: Client, writer: Person) -> None:
    version = commands.draft(author=writer, note="", now=clock.now())
    as_(client, writer)
    answer = upload(client, sheets.workbook([replace(FOUND, owner="环卫所", why="新")], EndRule()))
    Unit.objects.create(code="HW", name="环卫所", kind="sanitation")
    late = client.post(f"{answer['Location']}apply/")
    assert late.status_code == 422 and "要由单位提出、审议准入" in late.content.decode()
    assert queries.book(version) == {}


def test_everybody_may_take_the_published_one_home(client: Client, in_yunqiao: Street) -> None:
    rulebook(FOUND)
    answer = client.get(f"{BASE}1/excel/")
    assert answer.status_code == 200
    assert said(answer.content)[0].code == FOUND.code
