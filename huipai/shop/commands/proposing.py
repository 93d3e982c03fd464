"""A gift, its price and its limits are asked for by one and opened by another."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person
from huipai.shop import policies
from huipai.shop.commands import keeping
from huipai.shop.commands.budgeting import require_budget
from huipai.shop.commands.ending import require_exchange
from huipai.shop.commands.keeping import ItemUnfit, NameStands, NameTaken, Offer
from huipai.shop.models import ItemProposal, Reservation, ShopItem
from huipai.shop.words import MOST_BUDGETED, MOST_PLANNED, REFUSAL_REASON, Fact, ProposalState


class ChangeWaits(Moved):
    code = "shop_change_waits"
    default_reason = _("这一件有人提了改动，还没有定。先定那一份，或者请提出的人撤回")


class ProposalDecided(Moved):
    code = "shop_proposal_decided"
    default_reason = _("这一份已经有人定了")


class ReasonUnsaid(Invalid):
    code = "shop_reason_unsaid"
    default_reason = _("写一句为什么，最多 200 个字，提出的人会看到")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How many shall come first, and what they may cost together; nothing where they are given."""

    quantity: int
    cost_cents: int = 0


@transaction.atomic
def propose_item(*, offer: Offer, plan: Plan, actor: Person, now: datetime) -> ItemProposal:
    """Ask for something new on the shelf. Nobody sees it there until another has opened it; the same twice waits once.

    Refuses what is as good as money, by kind and by words, and what the budget of the day does not cover.
    """
    policies.may_keep_shop(actor, now).require()
    require_exchange(now)
    offer = keeping.fit(offer)
    _require_plan(plan)
    if plan.cost_cents:
        require_budget(plan.cost_cents, now)
    values = keeping.values_of(offer)
    if ShopItem.objects.filter(name=values["name"], withdrawn_at=None).exists():
        raise NameTaken(field="name")
    waits = ItemProposal.objects.filter(name=values["name"], is_new=True, state=ProposalState.PROPOSED).first()
    asked = ItemProposal(
        is_new=True, quantity=plan.quantity, cost_cents=plan.cost_cents, proposed_by=actor, proposed_at=now, **values
    )
    if waits is not None:
        return _the_same(waits, asked, NameTaken(_("同名的一件已经有人提了，还没有定"), field="name"))
    return _propose(asked, actor, now, NameTaken(_("同名的一件已经有人提了，还没有定"), field="name"))


@transaction.atomic
def propose_change(*, item_id: UUID, offer: Offer, actor: Person, now: datetime) -> ItemProposal:
    """Ask that an item cost otherwise or say something else; it stays as it is until another has agreed.

    What was exchanged keeps its name, so that accounts go on saying what they said.
    """
    policies.may_keep_shop(actor, now).require()
    require_exchange(now)
    offer = keeping.fit(offer)
    item = keeping.find_open(item_id)
    values = keeping.values_of(offer)
    _require_name(item, values)
    if all(getattr(item, name) == value for name, value in values.items()):
        raise ItemUnfit(_("和现在的一样，没有要改的"), field="points")
    asked = ItemProposal(item=item, is_new=False, proposed_by=actor, proposed_at=now, **values)
    waits = ItemProposal.objects.filter(item=item, is_new=False, state=ProposalState.PROPOSED).first()
    if waits is not None:
        return _the_same(waits, asked, ChangeWaits())
    return _propose(asked, actor, now, ChangeWaits())


@transaction.atomic
def open_item(*, proposal_id: UUID, actor: Person, now: datetime) -> ShopItem:
    """Agree to what another has asked for: from now on people find it, or it says this. Twice by the same is once.

    What is reserved already costs what it cost.
    """
    # As where an item goes off the shelf: first the item, then what waits for it.
    ShopItem.objects.select_for_update(no_key=True).filter(proposals=proposal_id).first()
    one = _locked(proposal_id)
    policies.may_open_item(actor, one.proposed_by, now).require()
    if one.state == ProposalState.OPENED and one.decided_by_id == actor.id and one.item is not None:
        return one.item
    _require_open(one)
    require_exchange(now)
    return _open(one, actor, now) if one.is_new else _change(one, actor, now)


@transaction.atomic
def refuse_item(*, proposal_id: UUID, actor: Person, reason: str, now: datetime) -> ItemProposal:
    """Say no to what another has asked for, and why. The same no twice is one."""
    one = _locked(proposal_id)
    policies.may_open_item(actor, one.proposed_by, now).require()
    said = as_seen(reason)
    if one.state == ProposalState.REFUSED and (one.decided_by_id, one.reason) == (actor.id, said):
        return one
    _require_open(one)
    if not 1 <= len(said) <= REFUSAL_REASON:
        raise ReasonUnsaid(field="reason")
    one.reason = said
    _decide(one, ProposalState.REFUSED, actor, now)
    _record(Fact.ITEM_REFUSED, one, actor, now)
    return one


@transaction.atomic
def withdraw_proposal(*, proposal_id: UUID, actor: Person, now: datetime) -> ItemProposal:
    """Think better of what one has asked for, before another decides. Twice is once."""
    one = _locked(proposal_id)
    policies.may_withdraw_proposal(actor, one).require()
    if one.state == ProposalState.WITHDRAWN:
        return one
    _require_open(one)
    _decide(one, ProposalState.WITHDRAWN, None, now)
    _record(Fact.ITEM_UNPROPOSED, one, actor, now)
    return one


def _require_plan(plan: Plan) -> None:
    if not 1 <= plan.quantity <= MOST_PLANNED:
        raise ItemUnfit(_("先进多少，写 1 到 100000"), field="quantity")
    if not 0 <= plan.cost_cents <= MOST_BUDGETED:
        raise ItemUnfit(_("一共要花多少元；别人捐的就写 0"), field="cost")


def _require_name(item: ShopItem, values: dict[str, object]) -> None:
    """Accounts say in the words of the item what points were exchanged for."""
    is_called_otherwise = (item.name, item.unit) != (values["name"], values["unit"])
    if is_called_otherwise and Reservation.objects.filter(item=item).exists():
        raise NameStands(field="name")


_SAME = (
    "name", "unit", "description", "category", "points", "audience", "limit_count", "limit_days", "quantity",
    "cost_cents", "proposed_by_id",
)  # fmt: skip


def _the_same(waits: ItemProposal, asked: ItemProposal, otherwise: Invalid | Moved) -> ItemProposal:
    """What waits already, if it says this and is by the same person."""
    if any(getattr(waits, name) != getattr(asked, name) for name in _SAME):
        raise otherwise
    return waits


def _propose(asked: ItemProposal, actor: Person, now: datetime, beside: Invalid | Moved) -> ItemProposal:
    try:
        with transaction.atomic():
            asked.save(force_insert=True)
    except IntegrityError as twice:
        if _constraint(twice) not in ("shop_a_name_is_proposed_once", "shop_one_change_at_a_time"):
            raise
        raise beside from twice
    _record(Fact.ITEM_PROPOSED, asked, actor, now)
    return asked


def _open(one: ItemProposal, actor: Person, now: datetime) -> ShopItem:
    assert one.cost_cents is not None
    if one.cost_cents:
        require_budget(one.cost_cents, now)
    item = ShopItem(opened_at=now, **_said(one))
    one.item = item
    _decide(one, ProposalState.OPENED, actor, now)
    _save(item)
    keeping.record(Fact.ITEM_OPENED, item, actor, now, proposal=str(one.id), **keeping.terms_of(item))
    return item


def _change(one: ItemProposal, actor: Person, now: datetime) -> ShopItem:
    assert one.item_id is not None
    item = keeping.find_open(one.item_id)
    _require_name(item, _said(one))
    _decide(one, ProposalState.OPENED, actor, now)
    for name, value in _said(one).items():
        setattr(item, name, value)
    _save(item)
    keeping.record(Fact.ITEM_CHANGED, item, actor, now, proposal=str(one.id), **keeping.terms_of(item))
    return item


def _said(one: ItemProposal) -> dict[str, object]:
    return {name: getattr(one, name) for name in _SAME[:8]}


def _save(item: ShopItem) -> None:
    try:
        with transaction.atomic():
            item.save()
    except IntegrityError as twice:
        if _constraint(twice) != "shop_a_name_on_the_shelf_once":
            raise
        raise NameTaken(field="name") from twice


def _constraint(error: IntegrityError) -> str:
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""


def _locked(proposal_id: UUID) -> ItemProposal:
    found = ItemProposal.objects.select_for_update(of=("self",), no_key=True).select_related("proposed_by", "item")
    one = found.filter(pk=proposal_id).first()
    if one is None:
        raise NotVisible
    return one


def _require_open(one: ItemProposal) -> None:
    if one.state != ProposalState.PROPOSED:
        raise ProposalDecided


def _decide(one: ItemProposal, state: ProposalState, actor: Person | None, now: datetime) -> None:
    one.state, one.decided_by, one.decided_at = state, actor, now
    one.save(update_fields=["state", "decided_by", "decided_at", "reason", "item"])


def _record(what: Fact, one: ItemProposal, actor: Person, now: datetime) -> None:
    facts: dict[str, object] = {}
    if what == Fact.ITEM_PROPOSED:
        facts = {
            **keeping.terms_of(one), "said": hashlib.sha256(one.description.encode()).hexdigest(),
            "item": str(one.item_id) if one.item_id else None, "quantity": one.quantity, "cost": one.cost_cents,
        }  # fmt: skip
    journal.record(what=what, subject=one.subject, actor_id=actor.id, now=now, facts=facts)
