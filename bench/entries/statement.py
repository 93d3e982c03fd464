"""The first page of a statement, while the ledger around it grows."""

from __future__ import annotations

from collections.abc import Callable

from bench.growing import Grown
from huipai.points import queries
from huipai.points.rules import Holder


class Statement(Grown):
    name = "statement"

    def read(self) -> Callable[[], object]:
        people = self.people()

        def read() -> object:
            return queries.statement(Holder(next(people)), queries.Wanted())

        return read


ENTRY = Statement()
