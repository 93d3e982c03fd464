"""`python -m huipai import-workdays`: nothing before it is asked for, then for every street, and in each journal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from huipai.cli import import_workdays
from huipai.cli.words import Trouble
from huipai.journal.models import Entry
from huipai.kit import sheets as kit_sheets
from huipai.streets.current import in_street
from huipai.streets.models import Street
from huipai.workdays import queries, sheets
from huipai.workdays.models import CalendarYear
from huipai.workdays.words import DayKind, Special
from tests.workdays.test_commands import TABLE_2026, TABLE_2027

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    queries.forget()
    yield
    queries.forget()


def written(folder: Path, specials: list[Special]) -> str:
    rows = [
        {"day": one.day, "kind": "休息" if one.kind == DayKind.HOLIDAY else "上班", "name": one.name}
        for one in specials
    ]
    file = folder / "table.csv"
    file.write_bytes(kit_sheets.write_csv(sheets.TABLE, rows))
    return str(file)


def run(*arguments: str) -> int:
    done = import_workdays.main(arguments)
    queries.forget()  # what the commit does
    return done


def test_a_new_year_is_told_first_and_brought_in_when_asked_for(
    tmp_path: Path, yunqiao: Street, hetang: Street, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [written(tmp_path, TABLE_2027), "--year", "2027", "--source", "通知（样例）"]
    assert run(*asked) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "2026-12-27 Sun: worked from now on" and told[1].startswith("2027: 2") and "--yes" in told[-1]
    assert not CalendarYear.objects.exists()
    assert run(*asked, "--yes") == 0
    assert "2027, version 1, is in force" in capsys.readouterr().out
    table = CalendarYear.objects.get()
    assert (table.source, table.imported_by) == ("通知（样例）", None)
    for street in (yunqiao, hetang):
        with in_street(street.id):
            entry = Entry.objects.get(what="calendar.changed")
        assert (entry.subject, entry.facts) == ("calendar:2027", {"version": 1, "years": [2026, 2027]})
    assert run(*asked, "--yes") == 0
    assert "in force like this already" in capsys.readouterr().out and CalendarYear.objects.count() == 1


def test_a_wrong_table_is_taken_back_by_what_is_built_in(
    tmp_path: Path, yunqiao: Street, capsys: pytest.CaptureFixture[str]
) -> None:
    run(written(tmp_path, TABLE_2026), "--year", "2026", "--source", "x", "--yes")
    assert "2026-02-20 Fri: worked from now on" in capsys.readouterr().out
    assert queries.is_workday(date(2026, 2, 20)) is True
    run("--built-in", "--year", "2026", "--yes")
    assert queries.is_workday(date(2026, 2, 20)) is False
    assert [year.imported and year.imported.source for year in queries.known_years() if year.year == 2026] == [
        "自带的表"
    ]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("日期,安排,名称\n2027-01-01,休息,元旦\n2027-02-30,休息,\n", "row 3, 日期"),
        ("日期,安排,名称\n2027-01-01,休息,元旦\n", "2027-05-01"),
        ("日期,安排,名称\n2027-01-01,休息,\n2027-05-01,休息,\n2027-10-01,休息,\n", "春节"),
        (None, "No such file"),
    ],
)
def test_what_cannot_be_a_year_is_one_sentence_and_nothing_is_imported(
    tmp_path: Path, yunqiao: Street, typed: str | None, words: str
) -> None:
    file = tmp_path / "2027.csv"
    if typed is not None:
        file.write_text(typed)
    with pytest.raises(Trouble, match=words):
        run(str(file), "--year", "2027", "--source", "x", "--yes")
    assert not CalendarYear.objects.exists()


def test_says_what_is_missing(tmp_path: Path, yunqiao: Street) -> None:
    with pytest.raises(Trouble, match="Name a file"):
        run("--year", "2027")
    with pytest.raises(Trouble, match="does not know 2099"):
        run("--built-in", "--year", "2099")
    with pytest.raises(Trouble, match="--source"):
        run(written(tmp_path, TABLE_2027), "--year", "2027", "--yes")


def test_where_it_was_announced_is_one_line_that_fits(tmp_path: Path, yunqiao: Street) -> None:
    file = written(tmp_path, TABLE_2027)
    with pytest.raises(Trouble, match="120 characters at most"):
        run(file, "--year", "2027", "--source", "国" * 121, "--yes")
    assert run(file, "--year", "2027", "--source", "国办\n发明电", "--yes") == 0
    assert CalendarYear.objects.get(year=2027).source == "国办 发明电"
