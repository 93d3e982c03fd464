"""A new family begins in a home that others have left: the points that they left there lapse, their debt ends."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from huipai.grid.models import GridNode
from huipai.journal import commands as journal
from huipai.kit.ids import new_id
from huipai.people.models import Person
from huipai.points import rules
from huipai.points.commands.settling import give_back, living_lots, repay, tidy
from huipai.points.commands.writing import lock_accounts, posting_of, write
from huipai.points.models import Account, Hold, Lot, Posting
from huipai.points.rules import Booking, Draw, Holder
from huipai.points.words import LEFT_BEHIND, Book, Fact, HoldState, Kind, Purse


@transaction.atomic
def end_with_family(*, household: GridNode, actor: Person | None, now: datetime) -> Posting | None:
    """Let every open hold of the household go, post the end of what lies in its account and of what it owes, once.

    Those who have left are told by a follower of the fact that it leaves.
    """
    if not Account.objects.filter(household=household).exists():
        return None
    holder = Holder(household_id=household.pk)
    accounts = tidy(holder, lock_accounts(holder), now)
    spendable = accounts[Purse.SPENDABLE]
    living_lots(holder, spendable, now)
    held = list(Hold.objects.filter(account=spendable, state=HoldState.OPEN).values_list("id", flat=True))
    for hold_id in held:
        give_back(hold_id, actor_id=actor.pk if actor else None, now=now)
    repay(holder, accounts, now)
    lots = Lot.objects.filter(account=spendable, remaining__gt=0).order_by("id").values_list("id", "remaining")
    draws = tuple(Draw(lot_id, remaining) for lot_id, remaining in lots)
    points, owed = rules.total_of(draws), _let_the_debt_go(household, holder, actor, now)
    if points or owed:
        journal.record(
            what=Fact.FAMILY_SETTLED, subject=f"household:{household.pk}", actor_id=actor.pk if actor else None,
            now=now, facts={"points": points, "owed": owed},
        )  # fmt: skip
    if not points:
        return None
    booking = Booking(
        id=new_id(), kind=Kind.EXPIRY, holder=holder, subject=f"{LEFT_BEHIND}{household.pk}", points=-points,
        received_at=now, posted_at=now, actor_id=actor.pk if actor else None, draws=draws,
        lines=rules.spend_lines(points, spendable_id=spendable.pk, book=Book.EXPIRY),
    )  # fmt: skip
    write([booking])
    return posting_of(booking)


def _let_the_debt_go(household: GridNode, holder: Holder, actor: Person | None, now: datetime) -> int:
    """What is owed still, once all that came free has paid it, ends with those who owe it: strangers pay nothing."""
    debt = lock_accounts(holder)[Purse.DEBT]
    owed = -debt.balance
    if owed:
        write([
            Booking(
                id=new_id(), kind=Kind.FORGIVEN, holder=holder, subject=f"{LEFT_BEHIND}{household.pk}", points=owed,
                received_at=now, posted_at=now, actor_id=actor.pk if actor else None,
                lines=rules.forgiven_lines(owed, debt_id=debt.pk),
            )
        ])  # fmt: skip
    return owed
