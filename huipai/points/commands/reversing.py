"""Taking an award back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.kit.ids import new_id
from huipai.kit.verdict import Moved, NotVisible
from huipai.people.models import Person
from huipai.points import policies, queries, rules
from huipai.points.commands.settling import living_lots, tidy
from huipai.points.commands.writing import lock_accounts, posting_of, write
from huipai.points.models import Posting
from huipai.points.rules import Booking, Holder
from huipai.points.words import Kind, Purse, ReversalReason


class NotReversible(Moved):
    code = "points_not_reversible"
    default_reason = _("只有挣来的分可以退回")


@transaction.atomic
def reverse(*, posting_id: UUID, actor: Person, reason: ReversalReason, now: datetime) -> Posting:
    """Take an award back by a reviewer's own word. A second call returns the stored reversal."""
    award = Posting.objects.filter(pk=posting_id).first()
    if award is None:
        raise NotVisible
    policies.may_reverse(actor, award, now).require()
    return take_back(award, actor=actor, reason=reason, now=now)


@transaction.atomic
def take_back(award: Posting, *, actor: Person, reason: ReversalReason, now: datetime) -> Posting:
    """Take an award back, once; what is already spent stands as a debt that later awards pay first.

    That `actor` may decide on it was asked where it was decided: an objection and what is asked back are the leader's
    where no reviewer may (decision 0092).

    What had expired in the meantime is not taken a second time, and what a hold has set aside stays set aside: until
    it comes free it is owed. A second call returns the stored reversal.
    """
    if award.kind not in (Kind.AWARD, Kind.GRANT):
        raise NotReversible
    holder = Holder(award.person_id, award.household_id)
    accounts = lock_accounts(holder)
    stored = queries.reversal_of(award.id)
    if stored:
        return stored
    accounts = tidy(holder, accounts, now)
    account = accounts[Purse.SPENDABLE]
    # What lapses now counts as lapsed below.
    lots = living_lots(holder, account, now)
    own_lot, expired = queries.lot_and_expired(award.id)
    back = rules.clawback(points=award.points, own_lot=own_lot, lots=lots, expired=expired, at=now)
    booking = Booking(
        id=new_id(), kind=Kind.REVERSAL, holder=holder, item_id=award.item_id, item_code=award.item_code,
        subject=award.subject, points=-(back.taken + back.owed), received_at=now, posted_at=now, actor_id=actor.id,
        reverses_id=award.id, reason=reason, draws=back.draws,
        lines=rules.clawback_lines(back, spendable_id=account.id, debt_id=accounts[Purse.DEBT].id),
    )  # fmt: skip
    write([booking])
    return posting_of(booking)
