"""Reading the ledger."""

from huipai.points.queries.claims.facts import station_of, waits_for_copies
from huipai.points.queries.claims.offering import Offered, offered
from huipai.points.queries.claims.own import claims_of, objection_of, open_count, with_evidence, year_of
from huipai.points.queries.claims.public import in_public, may_be_objected, name_in_public, thanked, totals
from huipai.points.queries.claims.queue import (
    clean,
    counts,
    last_decision,
    objections_for,
    second,
    to_look_at,
    waiting_for,
)
from huipai.points.queries.claims.ties import is_tied, tied_to, wire_groups
from huipai.points.queries.closing import closing, held_in_all, lapsed_lots, outstanding, proposed_closing
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
from huipai.points.queries.proof import Difference, differences, verify_ledger

__all__ = [
    "Balance",
    "Difference",
    "Lapse",
    "Offered",
    "Side",
    "Slice",
    "award_for",
    "balance",
    "balance_of",
    "claims_of",
    "clean",
    "closing",
    "counts",
    "differences",
    "draws_of",
    "held_in_all",
    "holds_over",
    "household_award_for",
    "household_id",
    "household_tally",
    "in_public",
    "is_tied",
    "lapsed_holds",
    "lapsed_lots",
    "last_decision",
    "lot_and_expired",
    "may_be_objected",
    "name_in_public",
    "objection_of",
    "objections_for",
    "offer_of",
    "offered",
    "open_count",
    "open_lots",
    "outstanding",
    "proposed_closing",
    "reversal_of",
    "second",
    "spending_for",
    "statement",
    "station_of",
    "tally",
    "thanked",
    "tied_to",
    "to_look_at",
    "totals",
    "verify_ledger",
    "waiting_for",
    "waits_for_copies",
    "wire_groups",
    "with_evidence",
    "year_of",
]
