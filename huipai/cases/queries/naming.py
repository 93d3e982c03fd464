"""Whether words that neighbours would read name somebody of the street."""

from __future__ import annotations

from huipai.cases.models import Case
from huipai.cases.queries.said import by_reporters
from huipai.kit.known_names import is_called, known_names
from huipai.kit.lines import run_together
from huipai.people import queries as people


def names_somebody(text: str) -> bool:
    """Anybody of the street by the whole name, whatever is set between its signs."""
    return bool(_standing(text, people.named_in(text)))


def names_somebody_of(text: str, case: Case) -> bool:
    """The same; and whoever reported the case or helped to, in every form that is struck out for the unit.

    Of anybody, not of the reporter alone: what is refused must not say who that is.
    """
    return bool(_standing(text, people.named_in(text))) or calls(text, who_reported(case))


def who_reported(case: Case) -> set[str]:
    """The names of all who reported the case or helped to."""
    return set(by_reporters(case).names)


def calls(text: str, names: set[str]) -> bool:
    """Whether it says one of these names, also as neighbours call people (老蓝, 蓝家, 藍小河)."""
    return bool(_standing(text, names)) or is_called(text, names) or is_called(run_together(text), names)


def _standing(text: str, names: set[str]) -> list[tuple[int, int]]:
    return known_names(text, names) or known_names(run_together(text), names)
