"""Whether and when the scheme ends."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, QuerySet, Sum

from huipai.points.models import Account, Closing, Hold, Lot
from huipai.points.words import HoldState, Purse


def closing() -> Closing | None:
    """The end that was decided and announced, past or to come."""
    return Closing.objects.filter(approved_at__isnull=False).first()


def proposed_closing() -> Closing | None:
    """The end that waits for a second person."""
    proposed = Closing.objects.filter(approved_at=None, withdrawn_at=None)
    return proposed.select_related("proposed_by").first()


def outstanding(at: datetime) -> int:
    """The points that everybody together may still exchange at `at`, those set aside among them."""
    end = closing()
    if end and end.redeem_until <= at:
        return 0
    sums = Account.objects.filter(purse=Purse.SPENDABLE).aggregate(sum=Sum("balance"))
    over = lapsed_lots(at).aggregate(sum=Sum(F("remaining") - F("held")))
    return (sums["sum"] or 0) - (over["sum"] or 0)


def lapsed_lots(at: datetime) -> QuerySet[Lot]:
    """Lots of which something has lapsed at `at` and is not posted yet."""
    free = Lot.objects.filter(remaining__gt=F("held"))
    end = closing()
    return free if end and end.redeem_until <= at else free.filter(expires_at__lte=at)


def held_in_all(at: datetime) -> int:
    """The points that are set aside in the street."""
    living = Hold.objects.filter(state=HoldState.OPEN, expires_at__gt=at)
    return living.aggregate(sum=Sum("points"))["sum"] or 0
