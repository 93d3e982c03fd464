"""The SQL of `lateness.is_late` for what is open and not answered for: asked by the desk and by the wall."""

from huipai.cases.rules.lateness import RESTING
from huipai.cases.words import State

_RESTING = ", ".join(f"'{state.value}'" for state in RESTING)


def is_late(case: str) -> str:
    """Whether an open case is late at `now`: by the clock that runs; or, while it is set aside, because something came
    into it that was late already. What is overdue stays overdue (ruling 15)."""
    return f"""({case}.due_at <= %(now)s AND ({case}.state NOT IN ({_RESTING})
        OR {case}.state = '{State.SUSPENDED}' AND EXISTS (
            SELECT FROM cases_case AS gone WHERE gone.street_id = %(street)s AND gone.merged_into_id = {case}.id
              AND gone.due_at <= gone.ended_at)))"""
