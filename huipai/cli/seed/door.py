"""The command line of `seed`."""

import argparse
import sys
from collections.abc import Sequence

from huipai.cli import ownership
from huipai.cli.seed.bulk.rows import unhurried
from huipai.cli.seed.bulk.scaling import scale_up
from huipai.cli.seed.bulk.stamping import require_rest
from huipai.cli.seed.running import inventory, is_there, plant, scripts
from huipai.cli.words import Trouble
from huipai.kit import clock

_MOST_STREETS = 999  # the telephone numbers of a street for benchmarks hold its number in three digits
_MOST_CASES = 100_000_000


def main(arguments: Sequence[str]) -> int:
    """Fill an empty database with the demo; a second time it only says what is there."""
    parser = argparse.ArgumentParser(
        prog="python -m huipai seed", description="Two fictional streets with a year of life."
    )
    parser.add_argument("--seed", type=int, default=1, help="another number gives other people and another year")
    parser.add_argument("--streets", type=int, default=0, help="so many streets for benchmarks instead of the demo")
    parser.add_argument("--cases", type=int, default=600, help="cases in the first street, or in all of --streets")
    chosen = parser.parse_args(arguments)
    _require("--streets", chosen.streets, least=0, most=_MOST_STREETS)
    _require("--cases", chosen.cases, least=1, most=_MOST_CASES)
    if ownership.mode() == "production":
        raise Trouble("Fictional streets are not for production: open a real one with 'python -m huipai open-street'.")
    ownership.require_for_mode()
    now = clock.now().replace(microsecond=0)
    unhurried()
    if chosen.streets:
        require_rest()
        scale_up(streets=chosen.streets, cases=chosen.cases, seed=chosen.seed, until=now, say=_say)
    else:
        for script in scripts(chosen.cases):
            if not is_there(script):
                plant(script, seed=chosen.seed, until=now, say=_say)
    for line in inventory():
        _say(line)
    return 0


def _require(name: str, number: int, *, least: int, most: int) -> None:
    if not least <= number <= most:
        raise Trouble(f"{name} is {number}; it must be a number from {least} to {most}.")


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
