"""What an item may say and what follows from it, decided without a database."""

from huipai.rulebook.rules.burden import Burden, price
from huipai.rulebook.rules.linting import RULES, Rule, Unfit, lint
from huipai.rulebook.rules.terms import Terms, from_json, standing, to_json

__all__ = ["RULES", "Burden", "Rule", "Terms", "Unfit", "from_json", "lint", "price", "standing", "to_json"]
