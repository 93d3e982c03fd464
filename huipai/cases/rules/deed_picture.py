"""The machine of a good deed as a part of the same page."""

from __future__ import annotations

from collections.abc import Iterable

from huipai.cases.deed_words import DeedReason, DeedState
from huipai.cases.rules.deeds import DEEDS, INITIAL, ends, states

HEAD = """\
## The life of a good deed

From the table in `huipai/cases/rules/deeds.py`. A coordinator who is neither doer nor reporter verifies and
publishes in one step, with what a recognisable third party says to the photo; the doer earns once, by an item that the
coordinator names.
"""


def section() -> list[str]:
    return [HEAD, "```mermaid", *_mermaid(), "```", "", *_states(), "", *_steps(), ""]


def _mermaid() -> list[str]:
    lines = ["stateDiagram-v2", f"    [*] --> {INITIAL}"]
    lines += [f"    {source} --> {row.target}: {row.action}" for row in DEEDS for source in _in_order(row.sources)]
    return [*lines, *(f"    {state} --> [*]" for state in _in_order(ends()))]


def _states() -> list[str]:
    rows = [f"| `{state}` | {state.label} |" for state in _in_order(states())]
    return ["| state | for people |", "|---|---|", *rows]


def _steps() -> list[str]:
    head = ["| action | | from | to | by | reasons |", "|---|---|---|---|---|---|"]
    for row in DEEDS:
        sources = ", ".join(f"`{state}`" for state in _in_order(row.sources))
        reasons = ", ".join(f"`{reason}` {reason.label}" for reason in DeedReason if reason in row.reasons)
        parts = ", ".join(sorted(row.parts))
        head.append(f"| `{row.action}` | {row.action.label} | {sources} | `{row.target}` | {parts} | {reasons} |")
    return head


def _in_order(some: Iterable[DeedState]) -> list[DeedState]:
    chosen = set(some)
    return [state for state in DeedState if state in chosen]
