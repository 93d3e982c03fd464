"""Where the processor's time goes: the seconds each group of processes has used, from /proc."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


def used(root: int) -> float:
    """Seconds of processor time that `root`, all its descendants now alive, and their reaped children have used."""
    children: dict[int, list[int]] = defaultdict(list)
    spent: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _fields(entry)) is not None:
            children[int(fields[1])].append(int(entry.name))
            spent[int(entry.name)] = sum(int(ticks) for ticks in fields[11:15]) / _TICK
    total, waiting = 0.0, [root]
    while waiting:
        process = waiting.pop()
        total += spent.get(process, 0.0)
        waiting += children[process]
    return total


def _fields(entry: Path) -> list[str] | None:
    """The fields of /proc/<id>/stat behind the name, which may itself hold spaces and brackets."""
    try:
        return (entry / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
