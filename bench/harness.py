"""Both sides in turn, slice by slice, so that what disturbs the machine disturbs both."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import psycopg

from bench import cpu, load, pgbench, proof, workers
from bench.proof import Written
from bench.words import CLIENTS, Endpoint, Growing, Growth, InProcess, InWorkers, Kept, Result, Scale, Slice

if TYPE_CHECKING:
    from bench.world import World


class WrongAnswer(RuntimeError):
    """The door answered with a status that is no success: the figure would be of refusals."""


@dataclass(frozen=True)
class Pace:
    """How long and how often."""

    seconds: float = 4.0
    rounds: int = 4
    warm_up: float = 2.0


@dataclass(frozen=True)
class Place:
    """Where the measured things run."""

    address: load.Address
    database_url: str
    server_process: int
    database_process: int | None


@dataclass
class _Spent:
    """Processor seconds by group, over our slices."""

    server: float = 0.0
    database: float = 0.0
    load: float = 0.0
    wall: float = 0.0
    requests: int = 0

    def details(self) -> dict[str, object]:
        share = 1000 / self.requests if self.requests else 0.0
        return {
            "cpu_ms_per_request": {
                "server": round(self.server * share, 3),
                "database": round(self.database * share, 3),
                "load": round(self.load * share, 3),
            },
            "wall_ms_per_request": round(self.wall * share, 3),
        }


def endpoint(entry: Endpoint, place: Place, pace: Pace) -> Result:
    """Measure one door. Every answer's status is looked at; one wrong answer and there is no result."""
    clients = [entry.requests(number) for number in range(CLIENTS)]
    if not entry.writes:
        proof.require_rows(place.database_url, entry.name, entry.script, entry.variables())
    _ours(entry, place, clients, pace.warm_up)
    _raw(entry, place, pace.warm_up)
    _analyze(place)
    ours, raw, latencies, spent = [], [], load.Load(), _Spent()
    for _round in range(pace.rounds):
        before = _used(place)
        answered = _ours(entry, place, clients, pace.seconds)
        _add(spent, before, _used(place), answered)
        latencies.latencies += answered.latencies
        ours.append(Slice(answered.done, answered.seconds))
        raw.append(_raw(entry, place, pace.seconds))
    details = {
        "p50_ms": round(latencies.percentile_ms(0.5), 2),
        "p99_ms": round(latencies.percentile_ms(0.99), 2),
        "answer_bytes": round(answered.bytes_received / answered.done),
        **spent.details(),
    }
    return Result(entry.name, tuple(ours), tuple(raw), details)


def in_process(entry: InProcess, pace: Pace) -> Result:
    """Measure a function against the library under it, one thread, in turns."""
    our_call, raw_call = entry.ours(), entry.raw()
    _calls(our_call, pace.warm_up / 4)
    _calls(raw_call, pace.warm_up / 4)
    ours, raw = [], []
    for _round in range(pace.rounds * 2):
        ours.append(_calls(our_call, pace.seconds / 4))
        raw.append(_calls(raw_call, pace.seconds / 4))
    return Result(entry.name, tuple(ours), tuple(raw))


def in_workers(entry: InWorkers, world: World, place: Place, pace: Pace) -> Result | Kept:
    """Measure a command by many callers against pgbench, in turns; a hot one beside its cold one."""
    entries = [entry, entry.cold] if entry.cold else [entry]
    for each in entries:
        workers.run(each, world.street_id, seconds=pace.warm_up)
        _script(each, place, pace.warm_up)
    _analyze(place)
    ours, raw = _turns(entries, world, place, pace)
    hot, *cold = (Result(each.name, tuple(ours[each]), tuple(raw[each])) for each in entries)
    return Kept(hot, *cold) if cold else hot


_Slices = dict[InWorkers, list[Slice]]


def _turns(entries: list[InWorkers], world: World, place: Place, pace: Pace) -> tuple[_Slices, _Slices]:
    """Slice by slice of each; who goes first changes from round to round."""
    ours: _Slices = {entry: [] for entry in entries}
    raw: _Slices = {entry: [] for entry in entries}
    for number in range(pace.rounds):
        for entry in entries if number % 2 else entries[::-1]:
            written = Written(place.database_url, entry.writes)
            ours[entry].append(workers.run(entry, world.street_id, seconds=pace.seconds))
            written.require(ours[entry][-1].operations, f"{entry.name}, ours")
            raw[entry].append(_script(entry, place, pace.seconds))
    return ours, raw


def _analyze(place: Place) -> None:
    """What autovacuum does within a minute, on a real server, for tables that were empty when the run began.

    Statements that were planned before are planned anew.
    """
    with psycopg.connect(place.database_url, autocommit=True) as connection:
        connection.execute("ANALYZE")


def growing(entry: Growing, world: World, sizes: tuple[int, ...], times: int = 3_000) -> Growth:
    """Measure a read by one caller at the sizes of its tables, the smallest first."""
    measured = []
    for size in sizes:
        entry.fill(world, size)
        read = entry.read()
        for _ in range(times // 10):
            read()
        measured.append(tuple(_timed(read) for _ in range(times)))
    entry.clear()
    small, *between, large = measured
    return entry.measure(entry.name, entry.name, sizes, small, large, tuple(median(ms) for ms in between))


def _timed(read: Callable[[], object]) -> float:
    begun = time.perf_counter()
    read()
    return (time.perf_counter() - begun) * 1000


def _script(entry: InWorkers, place: Place, seconds: float) -> Slice:
    return _pgbench(entry, place, {}, seconds)


def scale(entry: Scale, world: World, place: Place, sizes: tuple[int, int], times: int = 30) -> Growth:
    """Measure one page, asked by one client, at two sizes of the database."""
    measured = []
    for size in sizes:
        entry.fill(world, size)
        measured.append(_latencies(entry.request(), place, times))
    return Growth(entry.name, entry.path, sizes, measured[0], measured[1])


def _latencies(request: bytes, place: Place, times: int) -> tuple[float, ...]:
    found: list[float] = []
    while len(found) < times:
        answered = load.run(place.address, [_always(request)], seconds=0.5, expected=frozenset({200}))
        _require(answered, "scale")
        found += [latency * 1000 for latency in answered.latencies]
    return tuple(found[-times:])


def _always(request: bytes) -> Iterator[bytes]:
    while True:
        yield request


def _ours(entry: Endpoint, place: Place, clients: list[Iterator[bytes]], seconds: float) -> load.Load:
    written = Written(place.database_url, entry.writes)
    gc.disable()
    answered = load.run(place.address, clients, seconds=seconds, expected=entry.expected)
    gc.enable()
    _require(answered, entry.name)
    written.require(answered.done, f"{entry.name}, ours")
    return answered


def _require(answered: load.Load, name: str) -> None:
    for status, answer in answered.odd.items():
        start = answer[:1500].decode(errors="replace")
        raise WrongAnswer(f"{name}: {answered.statuses[status]} answers with status {status}, the first:\n{start}")


def _raw(entry: Endpoint, place: Place, seconds: float) -> Slice:
    return _pgbench(entry, place, entry.variables(), seconds)


def _pgbench(entry: Endpoint | InWorkers, place: Place, variables: Mapping[str, object], seconds: float) -> Slice:
    """One slice of the raw side; refused when it left fewer rows than transactions."""
    written = Written(place.database_url, entry.writes)
    reached = pgbench.run(place.database_url, entry.script, variables, clients=CLIENTS, seconds=seconds)
    written.require(reached.transactions, f"{entry.name}, raw")
    return Slice(reached.transactions, reached.transactions / reached.per_second)


def _calls(call: Callable[[], object], seconds: float) -> Slice:
    gc.disable()
    operations, begun = 0, time.perf_counter()
    until = begun + seconds
    while time.perf_counter() < until:
        for _ in range(100):
            call()
        operations += 100
    spent = time.perf_counter() - begun
    gc.enable()
    return Slice(operations, spent)


def _used(place: Place) -> tuple[float, float, float]:
    database = cpu.used(place.database_process) if place.database_process is not None else 0.0
    return cpu.used(place.server_process), database, time.process_time()


def _add(
    spent: _Spent, before: tuple[float, float, float], after: tuple[float, float, float], answered: load.Load
) -> None:
    spent.server += after[0] - before[0]
    spent.database += after[1] - before[1]
    spent.load += after[2] - before[2]
    spent.wall += answered.seconds
    spent.requests += answered.done
