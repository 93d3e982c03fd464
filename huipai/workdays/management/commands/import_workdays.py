"""Bring in the table of an announced year from the command line."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from huipai.kit import clock
from huipai.kit.verdict import Refused
from huipai.workdays import commands, sheets


class Command(BaseCommand):
    help = "Import a year's holidays and worked weekends (.xlsx or .csv with 日期, 安排, 名称)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--source", required=True, help="where it was announced, e.g. the number of the notice")

    def handle(self, *args: object, file: Path, year: int, source: str, **options: object) -> None:
        try:
            with file.open("rb") as content:
                rows = sheets.read(content)
            if rows.problems:
                raise CommandError("\n".join(f"{found.row} {found.column}: {found.reason}" for found in rows.problems))
            imported = commands.import_year(
                year=year, source=source, specials=sheets.specials(rows), imported_by=None, now=clock.now()
            )
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}") from problem
        except Refused as refusal:
            raise CommandError(refusal.reason) from refusal
        years = ", ".join(map(str, imported.years)) or "nothing"
        self.stdout.write(f"{year}, version {imported.table.version}; changed: {years}\n")
