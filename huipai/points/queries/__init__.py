"""Reading the ledger."""

from huipai.points.queries.deeds import (
    award_for,
    household_award_for,
    household_id,
    household_tally,
    lot_and_expired,
    offer_of,
    open_lots,
    reversal_of,
    spending_for,
    tally,
)
from huipai.points.queries.holds import draws_of, holds_over, lapsed_holds
from huipai.points.queries.own import Balance, Lapse, Side, Slice, balance, balance_of, statement
from huipai.points.queries.proof import Difference, verify_ledger

__all__ = [
    "Balance",
    "Difference",
    "Lapse",
    "Side",
    "Slice",
    "award_for",
    "balance",
    "balance_of",
    "draws_of",
    "holds_over",
    "household_award_for",
    "household_id",
    "household_tally",
    "lapsed_holds",
    "lot_and_expired",
    "offer_of",
    "open_lots",
    "reversal_of",
    "spending_for",
    "statement",
    "tally",
    "verify_ledger",
]
