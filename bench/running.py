"""One run: a world, a server, and the entries in their order."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import psycopg
from django.db import connection

from bench import database, harness, load, server, world
from bench.archive import Archive
from bench.harness import Pace, Place
from bench.words import CLIENTS, Endpoint, Growing, InProcess, InWorkers
from huipai.cli.postgres import Cluster
from huipai.streets.current import in_street

Entry = Endpoint | InProcess | InWorkers | Growing
SMALL, BETWEEN = 10_000, 100_000


def all_of(
    entries: Sequence[Entry],
    *,
    cluster: Cluster,
    url: str,
    port: int,
    seconds: float,
    rounds: int,
    postings: int,
    cases: int,
) -> dict[str, object]:
    """Measure every entry, printing its line; the whole as a JSON object."""
    built = world.build(url, f"{server.HOST}:{port}", datetime.now(UTC))
    pace = Pace(seconds=seconds, rounds=rounds)
    connection.close()
    database.copied(url, database.BLANK, of=database.NAME)
    at_once = [entry for entry in entries if not isinstance(entry, Growing)]
    with in_street(built.street_id):
        for entry in at_once:
            entry.prepare(built)
        _settle(url)
        ceiling = load.ceiling(clients=CLIENTS, seconds=1.0)
        _say(f"# {os.cpu_count()} cores, {CLIENTS} clients, load generator alone: {ceiling:.0f} requests/s")
        _say("# name ours raw ratio")
        with server.running(port) as process:
            place = Place((server.HOST, port), url, process.pid, cluster.process_id)
            results = [_measured(entry, built, place, pace) for entry in at_once]
        grown = [_grown(entry, built, postings, cases) for entry in entries if isinstance(entry, Growing)]
    return {
        "measured_at": built.now.isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
        "clients": CLIENTS,
        "server_workers": server.WORKERS,
        "slices": {"seconds": seconds, "rounds": rounds},
        "load_generator_ceiling": round(ceiling),
        "entries": results + grown,
    }


def _grown(entry: Growing, built: world.World, postings: int, cases: int) -> dict[str, object]:
    """After everything else, with nobody else on the machine: some of it takes minutes to lay."""
    sizes = (SMALL, *([BETWEEN] if cases > BETWEEN else []), cases) if isinstance(entry, Archive) else (SMALL, postings)
    grown = harness.growing(entry, built, sizes, entry.times)
    _say(grown.line())
    return grown.as_json()


def _measured(
    entry: Endpoint | InProcess | InWorkers, built: world.World, place: Place, pace: Pace
) -> dict[str, object]:
    if isinstance(entry, InWorkers):
        result = harness.in_workers(entry, built, place, pace)
    elif isinstance(entry, Endpoint):
        result = harness.endpoint(entry, place, pace)
    else:
        result = harness.in_process(entry, pace)
    _say(result.line())
    return result.as_json()


def _settle(url: str) -> None:
    """Statistics and visibility as on a server that has been up for a day."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
