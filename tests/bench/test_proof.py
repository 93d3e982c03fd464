"""The other side is believed only when it did the work: a statement that finds nothing to do is fast."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

import psycopg
import pytest

import bench.entries
from bench import harness
from bench.harness import Place
from bench.proof import DidNothing, require_rows
from bench.words import Endpoint, InWorkers
from bench.world import World
from tests.cli.conftest import named

EACH = "INSERT INTO written SELECT :client_id FROM generate_series(1, :rows);\n"
READ = "\\set most :n + 0\nSELECT n, n FROM generate_series(1, :most) AS n;\n"


class Writing(Endpoint):
    name, writes, script = "writing", "written", EACH

    def __init__(self, rows: int) -> None:
        self._rows = rows

    def prepare(self, world: World) -> None: ...

    def requests(self, client: int) -> Iterator[bytes]:
        yield b""

    def variables(self) -> dict[str, object]:
        return {"rows": self._rows}


@pytest.fixture
def place(empty_database_name: str) -> Place:
    url = named(empty_database_name)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE written (n int)")
    return Place(("127.0.0.1", 1), url, 0, None)


class TestARawSlice:
    def test_that_left_a_row_for_each_transaction_is_a_figure(self, place: Place) -> None:
        assert harness._raw(Writing(rows=1), place, 1).operations > 0

    def test_that_left_fewer_rows_than_transactions_is_refused(self, place: Place) -> None:
        with pytest.raises(DidNothing, match=r"writing, raw: \d+ transactions left 0 rows in written"):
            harness._raw(Writing(rows=0), place, 1)

    def test_that_reads_nothing_is_refused_before_it_begins(self, place: Place) -> None:
        require_rows(place.database_url, "list", READ, {"n": 2})
        with pytest.raises(DidNothing, match="list: the raw statement finds no row"):
            require_rows(place.database_url, "list", READ, {"n": 0})


def test_every_entry_that_writes_says_where() -> None:
    found = {
        module.name: import_module(f"bench.entries.{module.name}").ENTRY
        for module in iter_modules(bench.entries.__path__)
    }
    writing = {name for name, entry in found.items() if isinstance(entry, Endpoint | InWorkers) and entry.writes}
    assert writing == {"award", "award_hot", "claim", "intake", "redeem", "redeem_hot", "redeem_limited"}
    assert all(entry.writes for entry in found.values() if isinstance(entry, InWorkers))
