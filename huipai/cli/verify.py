"""`python -m huipai verify`: proves the journal's chain, the life of each case, ledger and shop of every street.

First it asks whether the tables still have what guards them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from huipai.cases.queries import awards, proof, shown
from huipai.cli import schema
from huipai.households.queries import proof as households
from huipai.journal import queries as journal
from huipai.journal.queries import Head
from huipai.kit.unhurried import unhurried
from huipai.photos.queries.originals import damaged_originals
from huipai.points import queries as points
from huipai.shop import queries as shop
from huipai.streets import references
from huipai.streets.current import in_street
from huipai.streets.models import Street
from huipai.streets.unreadable import unreadable
from huipai.workdays.queries import altered_tables

# What earns, as a subject begins: each is proved by the package that knows it.
DEEDS: Final = ("case", "deed", "claim", "assessment")


def main(arguments: Sequence[str]) -> int:
    """Print one line a street; 0 if everything holds, 1 with the first difference, or with `--all` every one."""
    parser = argparse.ArgumentParser(prog="python -m huipai verify", description=__doc__)
    parser.add_argument("--all", action="store_true", help="go on after the first difference")
    parser.add_argument(
        "--kept", action="append", default=[], type=_kept, metavar="SLUG:POSITION:DIGEST",
        help="a head of the chain that an earlier run said and you kept elsewhere: the chain must still hold it",
    )  # fmt: skip
    parser.add_argument("--originals", action="store_true", help="read every sealed photo as well; takes long")
    chosen = parser.parse_args(arguments)
    with unhurried():
        return _prove(chosen)


def _prove(chosen: argparse.Namespace) -> int:
    streets = list(Street.objects.order_by("slug"))
    gone = sorted({slug for slug, _head in chosen.kept} - {street.slug for street in streets})
    lost = [f"{slug}: a head of its chain was kept, and there is no such street" for slug in gone]
    of_all = [*lost, *schema.lacking(), *altered_tables()]
    sys.stdout.writelines(f"{problem}\n" for problem in of_all)
    if of_all and not chosen.all:
        return 1
    good = not of_all
    for street in streets:
        kept = [head for slug, head in chosen.kept if slug == street.slug]
        holds = True
        for problem in chain(problems(street, kept), damaged_originals(street) if chosen.originals else ()):
            good = holds = False
            sys.stdout.write(f"{street.slug}: {problem}\n")
            if not chosen.all:
                return 1
        sys.stdout.write(f"{street.slug}: {_ending(street) if holds else 'read'}\n")
    return 0 if good else 1


def _kept(typed: str) -> tuple[str, Head]:
    slug, position, digest = typed.split(":")
    return slug, Head(int(position), digest)


def _ending(street: Street) -> str:
    with in_street(street.id):
        head = journal.head()
    end = f"; the chain's head is {street.slug}:{head}" if head else ""
    return f"journal, cases, rulebook, ledger, shop and households hold{end}"


def problems(street: Street, kept: Sequence[Head] = ()) -> Iterator[str]:
    """What does not hold in this street, the chain first: a ledger is proved against a journal that is whole.

    Where a row cannot even be read, that is all that can be said of the street.
    """
    beyond = list(unreadable(street))
    if beyond:
        yield from beyond
        return
    with in_street(street.id):
        broken = journal.verify_chain()
        lost = [head for head in kept if not journal.holds(head)]
        leaks = shown.leaks()
    if broken:
        yield str(broken)
    yield from (f"the chain no longer holds link {head}, which was once its head" for head in lost)
    yield from references.lost(street)
    yield from (f"{one} is shown to neighbours, and the gate would not let it through" for one in leaks)
    yield from (str(difference) for difference in proof.verify_cases(street))
    yield from (str(difference) for difference in points.verify_ledger(street))
    yield from (str(difference) for difference in points.verify_grounds(street, deeds=DEEDS))
    yield from (str(difference) for difference in awards.verify_awards(street))
    yield from (str(difference) for difference in shop.verify_shop(street))
    yield from (str(difference) for difference in households.verify_households(street))
