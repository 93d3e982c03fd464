"""The stages of a limit as a part of the page of machines: from when each runs, what ends it, where it is kept."""

from __future__ import annotations

from huipai.cases.order_words import Stage

HEAD = """\
## The stages of a limit

Each stage for which the type of a case sets a limit is measured once, by a clock that runs anyway, with its pauses;
nothing sets it back. 到现场 and 答复居民 end by no step: they are marked with a time and no place, the first time
counts, and no extension moves them. Nothing is summed up by person.
"""
_CLOCK = "the clock of the case, or of the unit's order"
_RUNS: dict[Stage, tuple[str, str, str]] = {
    Stage.ACCEPT: ("the report", "the step that leaves `reported`", "`StageRecord`"),
    Stage.FILE: ("the look asked for", "the step that leaves `verifying`", "`StageRecord`"),
    Stage.DISPATCH: ("the filing, or a return", "the dispatch", "`StageRecord`"),
    Stage.SIGN: ("the dispatch", "the signature", "`WorkOrder`"),
    Stage.ARRIVE: (_CLOCK, "到现场, pressed by who has it in hand, or handled on the spot", "`StageMark`"),
    Stage.HANDLE: (_CLOCK, "the response", "`WorkOrder`, `Response`"),
    Stage.ANSWER: (_CLOCK, "the first word to who reported it, or the response", "`StageMark`"),
}


def section() -> list[str]:
    rows = [f"| `{stage}` | {stage.label} | {' | '.join(_RUNS[stage])} |" for stage in Stage]
    return [HEAD, "| stage | | from | until | kept in |", "|---|---|---|---|---|", *rows, ""]
