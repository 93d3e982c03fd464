"""`python -m bench`: one line an entry, `name ours raw ratio`, and the same in bench/latest.json."""

from __future__ import annotations

import argparse
import json
import os
import pkgutil
import sys
from collections.abc import Collection, Sequence
from importlib import import_module
from pathlib import Path

import bench.entries
from bench import database, server
from huipai.cli.postgres import Cluster
from huipai.cli.words import Trouble

# Every entry that prints `scale:…`.
GROWING = "scale"
LATEST = Path(__file__).with_name("latest.json")


def main(arguments: Sequence[str]) -> int:
    options = _options(arguments)
    available = [module.name for module in pkgutil.iter_modules(bench.entries.__path__)]
    chosen = [module_of(name, available) for name in options.only.split(",") if name] or available
    if unknown := sorted(set(chosen) - {*available, GROWING}):
        sys.stderr.write(f"No such entry: {', '.join(unknown)}. There are: {', '.join([*available, GROWING])}.\n")
        return 2
    cluster = Cluster("bench")
    try:
        cluster.start_if_alone()
        return _measured(cluster, chosen, available, options)
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    finally:
        cluster.stop()


def module_of(name: str, available: Collection[str]) -> str:
    """Where an entry stands that is asked for by its module or as it is printed: redeem-hot, scale:feed."""
    scale, _, read = name.rpartition(":")
    growing = f"{read}_growth"
    return growing if scale == GROWING and growing in available else read.replace("-", "_")


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", default="", help="entries, separated by commas")
    parser.add_argument("--seconds", type=float, default=4.0, help="of one slice of one side")
    parser.add_argument("--rounds", type=int, default=4, help="slices of each side, in turns")
    parser.add_argument("--postings", type=int, default=10_000_000, help="rows of the ledger at which scale:… ends")
    parser.add_argument("--cases", type=int, default=1_000_000, help="cases at which scale:… ends")
    return parser.parse_args(arguments)


def _measured(cluster: Cluster, chosen: Collection[str], available: list[str], options: argparse.Namespace) -> int:
    """Only now the settings may be read: they want DATABASE_URL."""
    port = server.free_port()
    url = database.emptied(cluster)
    os.environ.update(server.ENVIRONMENT, DATABASE_URL=url)
    import_module("django").setup()
    known = {name: import_module(f"bench.entries.{name}").ENTRY for name in available}
    is_growing = import_module("bench.words").Growing
    entries = [
        entry
        for name, entry in known.items()
        if name in chosen or (GROWING in chosen and isinstance(entry, is_growing))
    ]  # fmt: skip
    run = import_module("bench.running").all_of
    found = run(
        entries, cluster=cluster, url=url, port=port, seconds=options.seconds, rounds=options.rounds,
        postings=options.postings, cases=options.cases,
    )  # fmt: skip
    LATEST.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
