"""The table of a joint task as a part of the drawn page."""

from __future__ import annotations

from collections.abc import Iterable

from huipai.cases.joint_words import JointState
from huipai.cases.rules.joint import INITIAL, JOINT, ends, states

HEAD = """\
## The life of a joint task (吹哨报到)

From the table in `huipai/cases/rules/joint.py`. The community whistles on a case, or on several of one matter; units
are called by name and each says who comes. It runs beside its cases: no step of it moves a case, an order or a clock,
and when the last of its cases ends it is called off. Every open state has an instant at which the system moves it on
(a CHECK in the database), and a person can move it on before. What did not come stays written in the steps. Once
there is a result, or an end, no unit is waited for: whoever still was need not come.
"""


def section() -> list[str]:
    return [HEAD, "```mermaid", *_mermaid(), "```", "", *_states(), "", *_steps(), ""]


def _mermaid() -> list[str]:
    lines = ["stateDiagram-v2", f"    [*] --> {INITIAL}: whistle"]
    lines += [
        f"    {source} --> {row.target or source}: {row.action}" for row in JOINT for source in _in_order(row.sources)
    ]
    return [*lines, *(f"    {state} --> [*]" for state in _in_order(ends()))]


def _states() -> list[str]:
    rows = [f"| `{state}` | {state.label} |" for state in _in_order(states())]
    return ["| state | for people |", "|---|---|", *rows]


def _steps() -> list[str]:
    head = ["| action | | from | to | by |", "|---|---|---|---|---|"]
    for row in JOINT:
        sources = ", ".join(f"`{state}`" for state in _in_order(row.sources))
        target = f"`{row.target}`" if row.target else "stays"
        head.append(f"| `{row.action}` | {row.action.label} | {sources} | {target} | {', '.join(sorted(row.parts))} |")
    return head


def _in_order(some: Iterable[JointState]) -> list[JointState]:
    chosen = set(some)
    return [state for state in JointState if state in chosen]
