"""The words of points; each part of the package adds its file."""

from huipai.points.words.ledger import (
    FACT_OF,
    GRANT_MONTHS,
    LOCAL_ZONE,
    MOST_GRANTED,
    NOTICE_DAYS,
    PAPER_NUMBER,
    Book,
    Fact,
    GrantReason,
    GrantState,
    HoldState,
    Kind,
    Purse,
    ReversalReason,
    Why,
)

__all__ = [
    "FACT_OF",
    "GRANT_MONTHS",
    "LOCAL_ZONE",
    "MOST_GRANTED",
    "NOTICE_DAYS",
    "PAPER_NUMBER",
    "Book",
    "Fact",
    "GrantReason",
    "GrantState",
    "HoldState",
    "Kind",
    "Purse",
    "ReversalReason",
    "Why",
]
