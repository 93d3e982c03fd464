"""Reading the ledger."""

from huipai.points.queries.deeds import (
    award_for,
    household_id,
    lot_and_expired,
    open_lots,
    reversal_of,
    spending_for,
    tally,
)
from huipai.points.queries.own import Balance, Lapse, Side, Slice, balance, statement
from huipai.points.queries.proof import Difference, verify_ledger

__all__ = [
    "Balance",
    "Difference",
    "Lapse",
    "Side",
    "Slice",
    "award_for",
    "balance",
    "household_id",
    "lot_and_expired",
    "open_lots",
    "reversal_of",
    "spending_for",
    "statement",
    "tally",
    "verify_ledger",
]
