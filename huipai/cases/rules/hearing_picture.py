"""Who is told of which step, as a section of the documentation."""

from __future__ import annotations

from huipai.cases.rules.hearing import HEARD, Heard
from huipai.cases.words import Action

_HEAD = """\
## Who is told of a step of a case

From the table in `huipai/cases/rules/hearing.py`: every action has a row, and whoever is not told has a reason. Whoever
reported it, first or along with others, hears at least what a follower hears. Steps within a minute are one notice,
the last of them, unless it was read meanwhile; it rings when the minute is over. Who took the step is not told of it.
"""


def section() -> list[str]:
    head = ["| action | | reporters | followers | why not |", "|---|---|---|---|---|"]
    return [_HEAD, *head, *(_row(action, heard) for action, heard in HEARD.items()), ""]


def _row(action: Action, heard: Heard) -> str:
    told = [f"`{kind}`" if kind else "" for kind in (heard.reporters, heard.followers)]
    return f"| `{action}` | {action.label} | {told[0]} | {told[1]} | {heard.why_not} |"
