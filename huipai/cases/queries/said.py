"""What the reporters of a case wrote, for whoever may read it: the first of them, and who came after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, F, Func

from huipai.cases.models import Addition, Case, Report
from huipai.cases.words import ReportState
from huipai.people.models import Person
from huipai.people.words import LONGEST_NAME


@dataclass(frozen=True)
class Said:
    """The first report's words, those of the others that stand, and the names and numbers to strike out of all."""

    names: list[str]
    first: str
    others: list[str]

    @property
    def all(self) -> list[str]:
        return [text for text in (self.first, *self.others) if text]


def by_reporters(case: Case) -> Said:
    """Asked of the database once. Of a part nothing was written; the names are those of its whole."""
    return by_reporters_until(case, None)


def by_reporters_until(case: Case, end: datetime | None) -> Said:
    """The same of what had been written by a time, if one is named; the names are those of everybody who came."""
    told = Report.objects.about(case).order_by("received_at", "id")
    rows = list(
        told.values_list(
            "reporter__account__phone", "help__helper__account__phone", called("reporter"), called("help__helper"),
            "reporter_id", "case_id", "text", "state", "received_at", "came_along_at",
        )
    )  # fmt: skip
    found = [[*phones, *theirs, *helpers] for *phones, theirs, helpers, _who, _case, _text, _state, _at, _along in rows]
    # From what was merged away the reports went along; its first reporter stays.
    if case.reporter_id not in {row[4] for row in rows}:
        own = Person.objects.filter(pk=case.reporter_id).values_list("account__phone", called(""))
        found += [[phone, *names] for phone, names in own]
    names = dict.fromkeys(name for of_one in found for name in of_one if name)
    first, others = _parted(
        (text, state) for *_who, of_case, text, state, at, along in rows
        if of_case == case.id and (end is None or (along or at) <= end)
    )  # fmt: skip
    return Said(list(names), first, others)


def called(person: str) -> Func:
    """All names of the person at this path, those of before and today's; one of nothing where there is nobody."""
    path = f"{person}__" if person else ""
    names = ArrayField(CharField(max_length=LONGEST_NAME))
    return Func(F(f"{path}former_names"), F(f"{path}name"), function="array_append", output_field=names)


def words_of(reports: Iterable[Report]) -> list[str]:
    """The same of reports that are at hand, the first of them first."""
    first, others = _parted((one.text, one.state) for one in reports)
    return [text for text in (first, *others) if text]


def additions_to(reports: Iterable[Report]) -> list[Addition]:
    """What was added to reports that are at hand with their additions; nothing to what was taken back."""
    kept = [one for one in reports if one.state != ReportState.WITHDRAWN]
    return [addition for one in kept for addition in one.additions.all()]


def _parted(told: Iterable[tuple[str, str]]) -> tuple[str, list[str]]:
    """What the first said whatever became of it; the others once each, unless they took it back."""
    texts = list(told)
    first = texts[0][0] if texts else ""
    others = dict.fromkeys(text for text, state in texts[1:] if text and state != ReportState.WITHDRAWN)
    others.pop(first, None)
    return first, list(others)
