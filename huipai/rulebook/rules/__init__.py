"""What an item may say and what follows from it, decided without a database."""

from huipai.rulebook.rules.burden import (
    LONGEST_JUDGED,
    Asked,
    Burden,
    judged,
    listed,
    price,
    unjudged,
    without_judgement,
)
from huipai.rulebook.rules.cells import Cell, Telling, bounded, cells_from_json, cells_to_json
from huipai.rulebook.rules.diffing import Book, Change, Changes, apply, diff, pieces, shared
from huipai.rulebook.rules.digest import digest_of
from huipai.rulebook.rules.ending import EndRule, EndRuleUnfit
from huipai.rulebook.rules.known import KNOWN, Known, is_known, spellings
from huipai.rulebook.rules.linting import RULES, Rule, Unfit, lint, lint_asked
from huipai.rulebook.rules.terms import (
    Dates,
    Terms,
    counts_at,
    days_to_wait,
    from_json,
    pauses,
    replace_why,
    standing,
    to_json,
    with_breaks_of,
    with_rest_of,
)

__all__ = [
    "KNOWN", "LONGEST_JUDGED", "RULES", "Asked", "Book", "Burden", "Cell", "Change", "Changes", "Dates", "EndRule",
    "EndRuleUnfit", "Known", "Rule", "Telling", "Terms", "Unfit", "apply", "bounded", "cells_from_json",
    "cells_to_json", "counts_at", "days_to_wait", "diff", "digest_of", "from_json", "is_known", "judged", "lint",
    "lint_asked", "listed", "pauses", "pieces", "price", "replace_why", "shared", "spellings", "standing", "to_json",
    "unjudged", "with_breaks_of", "with_rest_of", "without_judgement",
]  # fmt: skip
