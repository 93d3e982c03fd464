"""The life of a finding as a part of the page of machines."""

from __future__ import annotations

from huipai.cases.finding_words import DAYS_TO_APPEAL, DAYS_TO_HEAR, FindingState
from huipai.cases.rules.findings import FINDINGS, INITIAL

HEAD = f"""\
## The life of a finding that a report was false

From the table in `huipai/cases/rules/findings.py`. Found by somebody who looks after the place and has no hand in the
case, never by a machine; {DAYS_TO_APPEAL} days to appeal, {DAYS_TO_HEAR} days for another person to look, then it is
struck out by itself. A finding moves no points and bans nobody.
"""


def section() -> list[str]:
    order = list(FindingState)
    lines = ["stateDiagram-v2", f"    [*] --> {INITIAL}: find"]
    for row in FINDINGS:
        lines += [f"    {source} --> {row.target}: {row.action}" for source in order if source in row.sources]
    lines += [f"    {state} --> [*]" for state in (FindingState.FOUND, FindingState.UPHELD, FindingState.LIFTED)]
    table = ["| action | | from | to | by |", "|---|---|---|---|---|"]
    for row in FINDINGS:
        sources = ", ".join(f"`{source}`" for source in order if source in row.sources)
        parts = ", ".join(sorted(row.parts))
        table.append(f"| `{row.action}` | {row.action.label} | {sources} | `{row.target}` | {parts} |")
    return [HEAD, "```mermaid", *lines, "```", "", *table, ""]
