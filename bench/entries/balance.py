"""What somebody may spend, while the ledger around them grows."""

from __future__ import annotations

from collections.abc import Callable

from bench.growing import Grown
from huipai.points import queries
from huipai.points.rules import Holder


class Balance(Grown):
    name = "balance"

    def read(self) -> Callable[[], object]:
        people, now = self.people(), self.now

        def read() -> object:
            return queries.balance_of(Holder(next(people)), now)

        return read


ENTRY = Balance()
