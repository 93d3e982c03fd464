"""Letting points lapse."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huipai.points import queries
from huipai.points.commands.settling import expiry_of
from huipai.points.commands.writing import holder_of, write
from huipai.points.models import Account


@transaction.atomic
def expire(*, now: datetime, limit: int = 1_000) -> int:
    """Post the expiry of up to `limit` lots that have lapsed at `now`; the number posted.

    Points that a hold has set aside are kept for it: they lapse when it gives them back.
    It only tidies: an expired lot cannot be spent before it either. Accounts in use by others are left for the next
    run, so that it waits for nobody.
    """
    lapsed = queries.lapsed_lots(now)
    of_accounts = list(lapsed.order_by("expires_at").values_list("account_id", flat=True)[:limit])
    locked = Account.objects.select_for_update(no_key=True, skip_locked=True).filter(pk__in=of_accounts)
    free = list(locked.order_by("pk").values_list("pk", flat=True))
    lots = lapsed.filter(account_id__in=free).select_related("account").order_by("expires_at", "id")[:limit]
    bookings = [
        expiry_of(holder_of(lot.account), lot.account_id, lot.id, lot.remaining - lot.held, now) for lot in lots
    ]
    if bookings:
        write(bookings)
    return len(bookings)
