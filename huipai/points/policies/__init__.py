"""Who may do what with points; each part of the package adds its file."""

from huipai.points.policies.claims import (
    may_claim,
    may_decide,
    may_enter_claims,
    may_enter_for,
    may_enter_reviews,
    may_object,
    may_review,
    not_tied,
)
from huipai.points.policies.manual import (
    may_approve_closing,
    may_decide_grant,
    may_decide_grants,
    may_enter_grants,
    may_find_receiver,
    may_propose_closing,
    may_propose_grant,
    may_propose_grants,
    may_reverse,
    may_take_back_grant,
)

__all__ = [
    "may_approve_closing",
    "may_claim",
    "may_decide",
    "may_decide_grant",
    "may_decide_grants",
    "may_enter_claims",
    "may_enter_for",
    "may_enter_grants",
    "may_enter_reviews",
    "may_find_receiver",
    "may_object",
    "may_propose_closing",
    "may_propose_grant",
    "may_propose_grants",
    "may_reverse",
    "may_review",
    "may_take_back_grant",
    "not_tied",
]
