"""The dry runs of a version, and what the month holds over which one is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from huipai.rulebook.models import DryRun, RulebookVersion
from huipai.rulebook.queries.book import last_month
from huipai.rulebook.rules import Cell, cells_from_json
from huipai.rulebook.words import Trying

# A digest of all that a trial reads of the deeds between two instants, where items pause for so long.
Held = Callable[[datetime, datetime, Mapping[str, timedelta]], str]

_held: tuple[Held, ...] = ()


def wire_month(held: tuple[Held, ...]) -> None:
    """Name, once at start-up, who knows the deeds of a month; they belong to packages above."""
    global _held
    _held = held


def month_held(begins: datetime, ends: datetime, pauses: Mapping[str, timedelta]) -> str:
    """A digest of what was earned in a period and of what bears on it: another one, once anything of it has changed."""
    return sha256("".join(ask(begins, ends, pauses) for ask in _held).encode()).hexdigest()


def last_run(version: RulebookVersion, content_hash: str) -> DryRun | None:
    """The dry run of a content that was asked for last, done or not."""
    return DryRun.objects.filter(version=version, content_hash=content_hash).order_by("asked_at", "id").last()


def is_of_late(run: DryRun, at: datetime) -> bool:
    """Whether a run counted the last month, or the one before it: who decides on the first has read that one."""
    return run.ends >= last_month(at)[0]


def last_result(version: RulebookVersion, content_hash: str) -> DryRun | None:
    """The last dry run of a content that is done."""
    done = DryRun.objects.filter(version=version, content_hash=content_hash, state=Trying.DONE)
    return done.order_by("asked_at", "id").last()


def told_of_month(begins: datetime) -> list[dict[str, Cell]]:
    """What the runs over the month that begins there told, whatever draft they were of, the first first."""
    done = DryRun.objects.filter(begins=begins, state=Trying.DONE).order_by("finished_at", "id")
    return [cells_from_json(told) for told in done.values_list("told", flat=True)]
