"""Versions of the rulebook with their items, and everything that is said of them on the way."""

from huipai.rulebook.models.admission import Proposal
from huipai.rulebook.models.board import Approval, Writer
from huipai.rulebook.models.book import PointItem, RulebookVersion
from huipai.rulebook.models.known import KnownField
from huipai.rulebook.models.sheet import Sheet
from huipai.rulebook.models.speech import Postponement, Remark
from huipai.rulebook.models.trial import DryRun

__all__ = [
    "Approval",
    "DryRun",
    "KnownField",
    "PointItem",
    "Postponement",
    "Proposal",
    "Remark",
    "RulebookVersion",
    "Sheet",
    "Writer",
]
