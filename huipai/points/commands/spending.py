"""Using points."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.kit.ids import new_id
from huipai.kit.verdict import Moved
from huipai.people.models import Person
from huipai.points import queries, rules
from huipai.points.commands.settling import tidy
from huipai.points.commands.writing import lock_accounts, posting_of, write
from huipai.points.models import Posting
from huipai.points.rules import Booking, Holder
from huipai.points.words import Book, Kind, Purse


class NotEnough(Moved):
    code = "points_not_enough"
    default_reason = _("积分不够，这次没有扣分")


class SpentOtherwise(Moved):
    code = "points_spent_otherwise"
    default_reason = _("这一次已经用过分了，分数和现在的不一样")


@transaction.atomic
def spend(*, person: Person, subject: str, points: int, actor: Person | None, now: datetime) -> Posting:
    """Take `points` from what this person may spend at `now`, earliest expiry first; once a subject.

    Refuses more than there is. The same subject again returns the stored posting.
    """
    if points < 1:
        raise ValueError("spend at least one point")
    holder = Holder(person.id)
    accounts = lock_accounts(holder)
    stored = queries.spending_for(subject=subject, person_id=person.id)
    if stored:
        if stored.points != -points:
            raise SpentOtherwise
        return stored
    account = tidy(holder, accounts, now)[Purse.SPENDABLE]
    draws = rules.draw(queries.open_lots(account.id), points, now)
    if sum(each.points for each in draws) < points:
        raise NotEnough
    booking = Booking(
        id=new_id(), kind=Kind.SPEND, holder=holder, subject=subject, points=-points, received_at=now,
        posted_at=now, actor_id=actor.id if actor else None, draws=draws,
        lines=rules.spend_lines(points, spendable_id=account.id, book=Book.REDEMPTION),
    )  # fmt: skip
    write([booking])
    return posting_of(booking)
