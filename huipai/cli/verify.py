"""`python -m huipai verify`: proves the journal's chain, the life of each case, ledger and shop of every street."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from huipai.cases.queries import proof, shown
from huipai.journal import queries as journal
from huipai.points import queries as points
from huipai.shop import queries as shop
from huipai.streets.current import in_street
from huipai.streets.models import Street


def main(arguments: Sequence[str]) -> int:
    """Print one line a street; 0 if everything holds, 1 with the first difference, or with `--all` every one."""
    parser = argparse.ArgumentParser(prog="huipai verify", description=__doc__)
    parser.add_argument("--all", action="store_true", help="go on after the first difference")
    go_on = parser.parse_args(arguments).all
    good = True
    for street in Street.objects.order_by("slug"):
        for problem in problems(street):
            good = False
            sys.stdout.write(f"{street.slug}: {problem}\n")
            if not go_on:
                return 1
        sys.stdout.write(
            f"{street.slug}: read\n" if not good else f"{street.slug}: journal, cases, ledger and shop hold\n"
        )
    return 0 if good else 1


def problems(street: Street) -> Iterator[str]:
    """What does not hold in this street, the chain first: a ledger is proved against a journal that is whole."""
    with in_street(street.id):
        broken = journal.verify_chain()
        leaks = shown.leaks()
    if broken:
        yield f"journal_entry {broken.entry_id}: link {broken.position} of the chain, {broken.why}"
    yield from (f"{one} is shown to neighbours, and the gate would not let it through" for one in leaks)
    yield from (str(difference) for difference in proof.verify_cases(street))
    yield from (str(difference) for difference in points.verify_ledger(street))
    yield from (str(difference) for difference in shop.verify_shop(street))
