"""Many callers of one command: threads of two processes, each with a connection of its own."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from multiprocessing.connection import Connection
from uuid import UUID

from django.db import connections

from bench.words import CLIENTS, InWorkers, Slice
from huipai.streets.current import in_street

PROCESSES = 2


def run(entry: InWorkers, street_id: UUID, *, seconds: float) -> Slice:
    """Let `CLIENTS` callers work for so long; what they did together. One failure and there is no figure."""
    connections.close_all()  # a process that is forked may not share a session
    made = multiprocessing.get_context("fork")
    pipes, children = [], []
    for number in range(PROCESSES):
        ours, theirs = made.Pipe()
        child = made.Process(target=_child, args=(entry, street_id, number, seconds, theirs))
        child.start()
        pipes.append(ours)
        children.append(child)
    done, spent = 0, 0.0
    for pipe, child in zip(pipes, children, strict=True):
        count, took, failure = pipe.recv()
        child.join()
        if failure:
            raise RuntimeError(f"{entry.name}: {failure}")
        done, spent = done + count, max(spent, took)
    return Slice(done, spent)


def _child(entry: InWorkers, street_id: UUID, number: int, seconds: float, answer: Connection) -> None:
    counts, failures = [0] * (CLIENTS // PROCESSES), []
    ready = threading.Barrier(len(counts) + 1)
    until = [0.0]

    def work(place: int) -> None:
        with in_street(street_id):
            act = entry.act(number * len(counts) + place)
            try:
                act()
                ready.wait(60)
                while time.perf_counter() < until[0]:
                    act()
                    counts[place] += 1
            except Exception as failure:
                failures.append(repr(failure))
                ready.abort()
        connections.close_all()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(counts))]
    for thread in threads:
        thread.start()
    begun = time.perf_counter()
    until[0] = begun + 60 + seconds  # moved to its place once all stand ready
    try:
        ready.wait(60)
        begun = time.perf_counter()
        until[0] = begun + seconds
    except threading.BrokenBarrierError:
        pass
    for thread in threads:
        thread.join()
    answer.send((sum(counts), time.perf_counter() - begun, failures[0] if failures else ""))
    os._exit(0)
