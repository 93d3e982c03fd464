"""`python -m huipai import-workdays`: the working days of an announced year, for every street of this installation.

Which days are worked is the same everywhere, so it is the operator's to bring in and no single street's.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from django.db import transaction

from huipai.cli.words import Trouble
from huipai.journal import commands as journal
from huipai.journal.words import Fact
from huipai.kit import clock
from huipai.kit.language import speaking
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Refused
from huipai.streets.current import in_street
from huipai.streets.models import Street
from huipai.workdays import commands, queries, sheets
from huipai.workdays.rules import library, tables
from huipai.workdays.words import LONGEST_SOURCE, Special

# As the page of working days says it.
BUILT_IN = "自带的表"


def main(arguments: Sequence[str]) -> int:
    """Print each day that would be another one than before; with `--yes` put the table in force. 0 if it can be."""
    chosen = _parser().parse_args(arguments)
    with speaking("en"):
        try:
            specials = _built_in(chosen.year) if chosen.built_in else _read(chosen.file)
            changes = list(_told(chosen.year, specials))
            sys.stdout.writelines(f"{line}\n" for line in changes)
            if not changes:
                sys.stdout.write(f"{chosen.year} is in force like this already.\n")
            elif not chosen.yes:
                sys.stdout.write("Nothing is changed yet: the same with --yes puts this in force for every street.\n")
            else:
                version = _bring_in(chosen.year, BUILT_IN if chosen.built_in else chosen.source, specials)
                sys.stdout.write(f"{chosen.year}, version {version}, is in force; limits are being counted again.\n")
        except Refused as refusal:
            raise Trouble(f"Not imported: {refusal.reason}") from refusal
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m huipai import-workdays", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", help=".xlsx or .csv with the columns 日期, 安排, 名称")
    parser.add_argument("--year", type=int, required=True)
    parser.add_argument("--source", default="", help="where it was announced: the number of the notice")
    parser.add_argument("--built-in", action="store_true", help="the year as this version knows it, instead of a file")
    parser.add_argument("--yes", action="store_true", help="put it in force")
    return parser


def _read(file: Path | None) -> list[Special]:
    if file is None:
        raise Trouble("Name a file, or say --built-in.")
    try:
        with file.open("rb") as content:
            rows = sheets.read(content)
    except OSError as problem:
        raise Trouble(f"{file}: {problem.strerror}") from problem
    if rows.problems:
        raise Trouble("\n".join(f"row {one.row}, {one.column}: {one.reason}" for one in rows.problems))
    return sheets.specials(rows)


def _built_in(year: int) -> list[Special]:
    if year not in library.years():
        raise Trouble(f"This version does not know {year}: bring it in from a file.")
    return tables.specials_of(year, library.years()[year])


def _told(year: int, specials: Sequence[Special]) -> Iterator[str]:
    """Each day that is another one than now, the earliest first; of a year that nobody knew how many are worked."""
    before, after = queries.read_calendar(), queries.read_with(year, specials)
    for other in tables.changed(before, after):
        now, then = before.years.get(other), set(after.years[other])
        if now is None:
            yield f"{other}: {len(then)} days are worked; it was not known before"
            continue
        for ordinal in sorted(then ^ set(now)):
            day = date.fromordinal(ordinal)
            yield f"{day.isoformat()} {day:%a}: {'worked' if ordinal in then else 'off'} from now on"


def _bring_in(year: int, source: str, specials: Sequence[Special]) -> int:
    """The table in force, and each street's journal says so; its version."""
    source = " ".join(as_seen(source).split())
    if not source:
        raise Trouble("Say with --source where it was announced.")
    if len(source) > LONGEST_SOURCE:
        raise Trouble(f"What --source says is too long: {LONGEST_SOURCE} characters at most.")
    now = clock.now()
    with transaction.atomic():
        imported = commands.import_year(year=year, source=source, specials=specials, now=now)
        for street in Street.objects.order_by("slug"):
            with in_street(street.id):
                journal.record(
                    what=Fact.CALENDAR_CHANGED, subject=f"calendar:{year}", actor_id=None, now=now,
                    facts={"version": imported.table.version, "years": list(imported.years)},
                )  # fmt: skip
    return imported.table.version
