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
from huipai.rulebook.rules.cells import tellable, visible
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
    replace_why,
    standing,
    to_json,
    with_breaks_of,
)

__all__ = [
    "KNOWN", "LONGEST_JUDGED", "RULES", "Asked", "Book", "Burden", "Change", "Changes", "Dates", "EndRule",
    "EndRuleUnfit", "Known", "Rule", "Terms", "Unfit", "apply", "counts_at", "days_to_wait", "diff", "digest_of",
    "from_json", "is_known", "judged", "lint", "lint_asked", "listed", "pieces", "price", "replace_why", "shared",
    "spellings", "standing", "tellable", "to_json", "unjudged", "visible", "with_breaks_of", "without_judgement",
]  # fmt: skip
