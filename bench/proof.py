"""That the other side did the work at all: a statement that finds nothing to do is fast, and its figure a lie."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import sql

from bench import pgbench


class DidNothing(RuntimeError):
    """A slice wrote fewer rows than it counted transactions, or a read found no row: there is no figure."""


class Written:
    """The rows that a slice leaves in the table of its entry; begun before the slice."""

    def __init__(self, url: str, table: str) -> None:
        self._url, self._table = url, table
        self._before = self._rows()

    def require(self, operations: int, who: str) -> None:
        """Refuse the slice when it left fewer rows than it did operations. A read leaves none."""
        written = self._rows() - self._before
        if self._table and written < operations:
            raise DidNothing(f"{who}: {operations} transactions left {written} rows in {self._table}")

    def _rows(self) -> int:
        if not self._table:
            return 0
        with psycopg.connect(self._url) as connection:
            found = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(self._table)))
            return sum(count for (count,) in found)


def require_rows(url: str, name: str, script: str, variables: Mapping[str, object]) -> None:
    """Refuse a script that reads, when its statement finds nothing."""
    settings, statement = _parts(script)
    asked = f"{settings}SELECT 1 / count(*) FROM ({statement}) AS page;\n"
    try:
        pgbench.run(url, asked, variables, clients=1, seconds=None)
    except pgbench.PgbenchFailed as failure:
        raise DidNothing(f"{name}: the raw statement finds no row ({failure})") from failure


def _parts(script: str) -> tuple[str, str]:
    """The lines for pgbench itself, and the statement without its semicolon."""
    lines = script.splitlines(keepends=True)
    settings = [line for line in lines if line.startswith("\\")]
    return "".join(settings), "".join(lines[len(settings) :]).strip().removesuffix(";")
