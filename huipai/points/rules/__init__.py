"""What a deed is worth and how points move, decided without a database."""

from huipai.points.rules.booking import (
    Booking,
    Clawback,
    Holder,
    Line,
    NewLot,
    award_lines,
    clawback,
    clawback_lines,
    forgiven_lines,
    redeem_lines,
    repay_lines,
    spend_lines,
)
from huipai.points.rules.lots import Draw, OpenLot, draw, total_of
from huipai.points.rules.spans import (
    Span,
    expires_at,
    is_under_14,
    lapses_at,
    local_day,
    local_month,
    local_year,
    microseconds,
)
from huipai.points.rules.worth import Offer, Tally, judge

__all__ = [
    "Booking",
    "Clawback",
    "Draw",
    "Holder",
    "Line",
    "NewLot",
    "Offer",
    "OpenLot",
    "Span",
    "Tally",
    "award_lines",
    "clawback",
    "clawback_lines",
    "draw",
    "expires_at",
    "forgiven_lines",
    "is_under_14",
    "judge",
    "lapses_at",
    "local_day",
    "local_month",
    "local_year",
    "microseconds",
    "redeem_lines",
    "repay_lines",
    "spend_lines",
    "total_of",
]
