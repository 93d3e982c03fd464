"""After the end that was announced no claim comes in."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import Moved
from huipai.points import queries


class ClaimsOver(Moved):
    code = "claims_over"
    default_reason = _("积分已经停发，不再收申报")


def require_still_taken(now: datetime) -> None:
    """Refuse what comes when nothing is earned any more, with what can still be done."""
    why = queries.why_claims_are_over(now)
    if why:
        raise ClaimsOver(why)
