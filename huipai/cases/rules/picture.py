"""The machine as a page of the documentation."""

from __future__ import annotations

from collections.abc import Iterable

from huipai.cases.order_words import OrderState
from huipai.cases.rules import deed_picture, finding_picture, hearing_picture, joint_picture, orders, stage_picture
from huipai.cases.rules.machine import INITIAL, ends, states
from huipai.cases.rules.machine_table import MACHINE, Step
from huipai.cases.words import Outcome, State
from huipai.kit.language import speaking

HEAD = """\
# The life of a case

Drawn by `python -m huipai draw_machine` from the table in `huipai/cases/rules/machine_table.py`; a test fails when
this page is not what the command draws. What a resident reads of each state is one chip of the design, in
`huipai/web/chips.py`.

The clock is the handler's: it stands between a response and the return of the case and while the hub has suspended it,
and nothing sets it back: no return, no second order, no question. Nobody stops their own clock. Every state that waits
for somebody outside (`verifying` by a worker, `extension_pending`, `suspended`, `responded`, `checking`, `confirming`)
is left by the system when time runs out, and a person can always move it on before; an order that nobody reads raises
an alarm and can be recalled.
"""

ORDERS_HEAD = """\
## The life of a work order

A case has one leading order at a time and any number of helping ones; each belongs to one unit. The table is
`huipai/cases/rules/orders.py`. An order follows its case: a failed check or a dispute takes the leading one back to
work under the same clock, the end of the case ends them all.
"""


def page() -> str:
    """`docs/machine.md`."""
    with speaking("zh-hans"):
        case = [HEAD, "```mermaid", *_mermaid(), "```", "", *_states(), "", *_steps(), "", *_orders()]
        others = (hearing_picture, joint_picture, deed_picture, finding_picture, stage_picture)
        return "\n".join([*case, *(line for other in others for line in other.section())])


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


def _orders() -> list[str]:
    drawn = ["stateDiagram-v2", "    [*] --> sent: send"]
    for row in orders.ORDERS:
        drawn += [
            f"    {source} --> {row.target or source}: {row.action}" for source in OrderState if source in row.sources
        ]
    drawn += [f"    {state} --> [*]" for state in OrderState if state in orders.OVER]
    table = [
        f"| `{row.action}` | {row.action.label} | {', '.join(_sources(row))} "
        f"| {f'`{row.target}`' if row.target else 'stays'} | {', '.join(sorted(row.parts))} |"
        for row in orders.ORDERS
    ]
    head = ["| action | | from | to | by |", "|---|---|---|---|---|"]
    return [ORDERS_HEAD, "```mermaid", *drawn, "```", "", *head, *table, ""]


def _sources(row: orders.OrderStep) -> list[str]:
    return [f"`{state}`" for state in OrderState if state in row.sources]


def _in_order(some: Iterable[State]) -> list[State]:
    chosen = set(some)
    return [state for state in State if state in chosen]
