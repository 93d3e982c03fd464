"""The nouns of points; each part of the package adds its file."""

from huipai.points.models.grants import Grant
from huipai.points.models.holds import Answered, Hold, HoldDraw
from huipai.points.models.ledger import Account, Allocation, Line, Lot, Posting

__all__ = ["Account", "Allocation", "Answered", "Grant", "Hold", "HoldDraw", "Line", "Lot", "Posting"]
