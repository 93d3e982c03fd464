"""The machine as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import override

from huipai.cases.rules.machine import INITIAL, MACHINE, Step, ends, states
from huipai.cases.words import Outcome, State

HEAD = """\
# The life of a case

Drawn by `python -m huipai draw_machine` from the table in `huipai/cases/rules/machine.py`; a test fails when this page
is not what the command draws. What a resident reads of each state is one chip of the design, in `huipai/web/chips.py`.

The clock is the handler's: it stands between a response and the return of the case, and nothing sets it back. Every
state that waits for somebody outside (`responded`, `checking`, `confirming`) is left by the system when time runs out.
"""


def page() -> str:
    """`docs/machine.md`."""
    with override("zh-hans"):
        return "\n".join([HEAD, "```mermaid", *_mermaid(), "```", "", *_states(), "", *_steps(), ""])


def _mermaid() -> list[str]:
    lines = ["stateDiagram-v2", f"    [*] --> {INITIAL}"]
    lines += [
        f"    {source} --> {row.leads_to(source)}: {row.action}" for row in MACHINE for source in _in_order(row.sources)
    ]
    return [*lines, *(f"    {state} --> [*]" for state in _in_order(ends()))]


def _states() -> list[str]:
    rows = [
        f"| `{state}` | {state.label} | {_outcomes(state) if state in ends() else ''} |"
        for state in _in_order(states())
    ]
    return ["| state | for staff | ends with |", "|---|---|---|", *rows]


def _outcomes(state: State) -> str:
    return ", ".join(
        f"`{row.outcome}` {Outcome(row.outcome).label}" for row in MACHINE if row.target == state and row.outcome
    )


def _steps() -> list[str]:
    return ["| action | | from | to | by | clock |", "|---|---|---|---|---|---|", *map(_step, MACHINE)]


def _step(row: Step) -> str:
    sources = ", ".join(f"`{state}`" for state in _in_order(row.sources))
    target = f"`{row.target}`" if row.target is not None else "stays"
    parts = ", ".join(sorted(row.parts))
    return f"| `{row.action}` | {row.action.label} | {sources} | {target} | {parts} | {row.clock.replace('_', ' ')} |"


def _in_order(some: Iterable[State]) -> list[State]:
    chosen = set(some)
    return [state for state in State if state in chosen]
