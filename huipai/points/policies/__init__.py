"""Who may do what with points; each part of the package adds its file."""

from huipai.points.policies.manual import may_decide_grant, may_propose_grant, may_reverse

__all__ = ["may_decide_grant", "may_propose_grant", "may_reverse"]
