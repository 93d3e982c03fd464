"""What the reporters of a case wrote, for whoever may read it: the first of them, and who came after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from huipai.cases.models import Case, Report
from huipai.cases.words import ReportState


@dataclass(frozen=True)
class Said:
    """The first report's words, those of the others that were not taken back, and every name to strike out of them."""

    names: list[str]
    first: str
    others: list[str]

    @property
    def all(self) -> list[str]:
        return [text for text in (self.first, *self.others) if text]


def by_reporters(case: Case) -> Said:
    """Asked of the database once."""
    told = case.reports.order_by("received_at", "id")
    rows = list(told.values_list("reporter_id", "reporter__name", "help__helper__name", "text", "state"))
    names = dict.fromkeys(name for _id, *called, _text, _state in rows for name in called if name)
    # The part that was split off has no report of its own.
    if case.reporter_id not in {row[0] for row in rows}:
        names[case.reporter.name] = None
    first, others = _parted((row[3], row[4]) for row in rows)
    return Said(list(names), first, others)


def words_of(reports: Iterable[Report]) -> list[str]:
    """The same of reports that are at hand, the first of them first."""
    first, others = _parted((one.text, one.state) for one in reports)
    return [text for text in (first, *others) if text]


def _parted(told: Iterable[tuple[str, str]]) -> tuple[str, list[str]]:
    """What the first said whatever became of it; the others once each, unless they took it back."""
    texts = list(told)
    first = texts[0][0] if texts else ""
    others = dict.fromkeys(text for text, state in texts[1:] if text and state != ReportState.WITHDRAWN)
    others.pop(first, None)
    return first, list(others)
