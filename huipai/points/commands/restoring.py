"""What was taken back comes back after an appeal: a posting of its own, which pays first what is owed because of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.points import rules
from huipai.points.commands.settling import tidy
from huipai.points.commands.writing import lock_accounts, write
from huipai.points.models import Posting
from huipai.points.rules import Booking, Holder, NewLot
from huipai.points.words import GRANT_MONTHS, GrantReason, Kind, Purse


def give_back(posting: Posting, reversal: Posting, *, subject: str, actor: Person, now: datetime) -> UUID:
    """Post again what `reversal` took of `posting`, for `subject`; its id. In the caller's transaction."""
    holder = Holder(posting.person_id, posting.household_id)
    accounts = tidy(holder, lock_accounts(holder), now)
    spendable, debt = accounts[Purse.SPENDABLE], accounts[Purse.DEBT]
    points = -reversal.points
    lines, free = rules.award_lines(points, spendable_id=spendable.id, debt_id=debt.id, debt=-debt.balance)
    months = posting.item.lot_months if posting.item else GRANT_MONTHS
    lapses = rules.expires_at(now, months)
    booking = Booking(
        id=new_id(), kind=Kind.GRANT, holder=holder, item_id=posting.item_id, item_code=posting.item_code,
        subject=subject, points=points, received_at=posting.received_at, posted_at=now, actor_id=actor.id,
        reason=GrantReason.APPEAL_UPHELD, lines=lines,
        lot=NewLot(new_id(), spendable.id, free, lapses) if free else None,
    )  # fmt: skip
    write([booking])
    return booking.id
