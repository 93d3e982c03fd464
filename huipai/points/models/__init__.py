"""The nouns of points; each part of the package adds its file."""

from huipai.points.models.claim import CAME_TO_NOTHING, Claim, ClaimStep, Evidence, Finding
from huipai.points.models.closing import Closing
from huipai.points.models.corrections import Correction
from huipai.points.models.grants import Grant
from huipai.points.models.holds import Answered, Hold, HoldDraw
from huipai.points.models.ledger import Account, Allocation, Line, Lot, Posting
from huipai.points.models.review import Appeal, Conflict, Contest, Objection, Review

__all__ = [
    "CAME_TO_NOTHING",
    "Account",
    "Allocation",
    "Answered",
    "Appeal",
    "Claim",
    "ClaimStep",
    "Closing",
    "Conflict",
    "Contest",
    "Correction",
    "Evidence",
    "Finding",
    "Grant",
    "Hold",
    "HoldDraw",
    "Line",
    "Lot",
    "Objection",
    "Posting",
    "Review",
]
