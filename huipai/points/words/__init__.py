"""The words of points; each part of the package adds its file."""

from huipai.points.words.ledger import (
    FACT_OF,
    LOCAL_ZONE,
    NOTICE_DAYS,
    Book,
    Fact,
    Kind,
    Purse,
    ReversalReason,
    Why,
)

__all__ = ["FACT_OF", "LOCAL_ZONE", "NOTICE_DAYS", "Book", "Fact", "Kind", "Purse", "ReversalReason", "Why"]
