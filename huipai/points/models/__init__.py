"""The nouns of points; each part of the package adds its file."""

from huipai.points.models.ledger import Account, Allocation, Line, Lot, Posting

__all__ = ["Account", "Allocation", "Line", "Lot", "Posting"]
