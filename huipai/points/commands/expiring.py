"""Letting points lapse."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huipai.kit.ids import new_id
from huipai.points import rules
from huipai.points.commands.writing import write
from huipai.points.models import Account, Lot
from huipai.points.rules import Booking, Draw
from huipai.points.words import Book, Kind


@transaction.atomic
def expire(*, now: datetime, limit: int = 1_000) -> int:
    """Post the expiry of up to `limit` lots that have lapsed at `now`; the number posted.

    It only tidies: an expired lot cannot be spent before it either. Accounts in use by others are left for the next
    run, so that it waits for nobody.
    """
    lapsed = Lot.objects.filter(remaining__gt=0, expires_at__lte=now)
    of_accounts = list(lapsed.order_by("expires_at").values_list("account_id", flat=True)[:limit])
    locked = Account.objects.select_for_update(no_key=True, skip_locked=True).filter(pk__in=of_accounts)
    free = list(locked.order_by("pk").values_list("pk", flat=True))
    lots = lapsed.filter(account_id__in=free).select_related("account").order_by("expires_at", "id")[:limit]
    bookings = [_booking(lot, now) for lot in lots]
    if bookings:
        write(bookings)
    return len(bookings)


def _booking(lot: Lot, now: datetime) -> Booking:
    return Booking(
        id=new_id(), kind=Kind.EXPIRY, person_id=lot.account.person_id, subject=f"lot:{lot.id}",
        points=-lot.remaining, received_at=now, posted_at=now, draws=(Draw(lot.id, lot.remaining),),
        lines=rules.spend_lines(lot.remaining, spendable_id=lot.account_id, book=Book.EXPIRY),
    )  # fmt: skip
