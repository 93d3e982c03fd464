"""What may be told of a month, however often it is asked: never what fewer than five people make the difference of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from huipai.rulebook.words import SMALLEST_GROUP


@dataclass(frozen=True, slots=True)
class Cell:
    """What is said of some people, and a trace of each of them with what it was said from.

    A trace is a digest: it shows whether something of a person is as it was, and names neither.
    """

    of: frozenset[str]
    says: Any


@dataclass(frozen=True, slots=True)
class Telling:
    """What a run tells, as it is shown, and the cells that it was told from."""

    result: Mapping[str, object]
    cells: Mapping[str, Cell]


def bounded(found: Cell, told: Iterable[Cell]) -> Cell:
    """What may be told now: what was found, or again the first that was told and from which fewer than five differ.

    Two cells that say something else are therefore five people apart at least; and from what is repeated nobody can see
    whether some few differ or nobody does.
    """
    return next((each for each in told if _apart(each, found) < SMALLEST_GROUP), found)


def cells_to_json(cells: Mapping[str, Cell]) -> dict[str, dict[str, object]]:
    return {name: {"of": sorted(cell.of), "says": cell.says} for name, cell in cells.items()}


def cells_from_json(kept: Mapping[str, Mapping[str, Any]]) -> dict[str, Cell]:
    return {name: Cell(frozenset(cell["of"]), cell["says"]) for name, cell in kept.items()}


def _apart(one: Cell, other: Cell) -> int:
    """How many people differ at least: whoever does has another trace on one side, or one on one side alone."""
    return max(len(one.of - other.of), len(other.of - one.of))
