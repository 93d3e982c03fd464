"""What an item may say, its picture, and taking it off the shelf."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person
from huipai.photos.models import Photo
from huipai.shop import policies
from huipai.shop.models import ItemProposal, ShopItem
from huipai.shop.rules.cash import look_for_money
from huipai.shop.words import GROUNDS, LIMIT_DAYS, Audience, Category, Fact, ProposalState, Refusable


class CashLike(Invalid):
    """What no shop of points may hold, with the ground that says so."""

    code = "shop_cash_like"
    default_reason = _("积分只换东西和服务，不换现金和能当钱用的券、卡")


class ItemUnfit(Invalid):
    code = "shop_item_unfit"
    default_reason = _("写上名称、单位和分数")


class NameTaken(Invalid):
    code = "shop_name_taken"
    default_reason = _("架上已经有这个名称了")


class NameStands(Invalid):
    """Accounts say in the words of the item what points were exchanged for: each posting explains itself."""

    code = "shop_name_stands"
    default_reason = _("已经有人换过，名称和单位不能再改，免得账上变成别的东西。换成另一样，就让它下架，再上一件新的")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Everything that an item says."""

    name: str
    unit: str
    category: str
    points: int
    description: str = ""
    audience: str = Audience.EVERYBODY
    limit_count: int | None = None
    limit_days: int = LIMIT_DAYS


@transaction.atomic
def picture_item(*, item_id: UUID, photo: Photo, actor: Person, now: datetime) -> ShopItem:
    """Another picture of the thing; people see it once somebody has looked at the public copy."""
    policies.may_keep_shop(actor, now).require()
    item = find_open(item_id)
    item.photo = photo
    item.save(update_fields=["photo"])
    record(Fact.ITEM_CHANGED, item, actor, now, **terms_of(item))
    return item


@transaction.atomic
def withdraw_item(*, item_id: UUID, actor: Person, now: datetime) -> ShopItem:
    """Gone from the shop; what is reserved can still be fetched. A change of it that waits for another ends with it."""
    policies.may_keep_shop(actor, now).require()
    item = find_open(item_id)
    item.withdrawn_at = now
    item.save(update_fields=["withdrawn_at"])
    record(Fact.ITEM_WITHDRAWN, item, actor, now)
    waits = ItemProposal.objects.select_for_update(of=("self",), no_key=True).filter(
        item=item, state=ProposalState.PROPOSED
    )
    for change in waits:
        change.state, change.decided_at = ProposalState.WITHDRAWN, now
        change.save(update_fields=["state", "decided_at"])
        journal.record(what=Fact.ITEM_UNPROPOSED, subject=change.subject, actor_id=actor.id, now=now, facts={})
    return item


def fit(offer: Offer) -> Offer:
    """The offer without what nobody sees. Refuses what lacks something, and what is as good as money."""
    offer = replace(
        offer, name=as_seen(offer.name), unit=as_seen(offer.unit), description=as_seen(offer.description)
    )  # fmt: skip
    _require_fit(offer)
    return offer


def _require_fit(offer: Offer) -> None:
    """By kind and by words."""
    if offer.category in Refusable.values:
        raise CashLike(GROUNDS[Refusable(offer.category)], field="category")
    if offer.category not in Category.values:
        raise ItemUnfit(_("选一个种类"), field="category")
    if not offer.name or not offer.unit:
        raise ItemUnfit(field="name")
    if not 1 <= offer.points <= 10_000:
        raise ItemUnfit(_("1 到 10000 分"), field="points")
    if offer.audience not in Audience.values:
        raise ItemUnfit(_("选一下给谁"), field="audience")
    _require_limit(offer)
    _require_no_money(offer)


def _require_no_money(offer: Offer) -> None:
    found = look_for_money(name=offer.name, unit=offer.unit, description=offer.description)
    if found is not None:
        words = _("这里写着「%(word)s」。%(ground)s") % {"word": found.word, "ground": GROUNDS[found.kind]}
        raise CashLike(words, field=found.field)


def _require_limit(offer: Offer) -> None:
    if offer.limit_count is not None and not 1 <= offer.limit_count <= 1000:
        raise ItemUnfit(_("每人最多 1 到 1000 份；不限就空着"), field="limit_count")
    if not 1 <= offer.limit_days <= 366:
        raise ItemUnfit(_("1 到 366 天"), field="limit_days")


def values_of(offer: Offer) -> dict[str, object]:
    """An offer as its columns hold it."""
    return asdict(offer)


def find_open(item_id: UUID) -> ShopItem:
    """The item, locked; a refusal where there is none or it is off the shelf."""
    item = ShopItem.objects.select_for_update(no_key=True).filter(pk=item_id).first()
    if item is None:
        raise NotVisible(_("没有找到这件东西"))
    if item.withdrawn_at is not None:
        raise Moved(_("这件东西已经下架了"), code="shop_item_withdrawn")
    return item


def terms_of(item: ShopItem | ItemProposal) -> dict[str, object]:
    """What bears on somebody's points; `verify` compares it with the item, and with what another opened."""
    return {
        "points": item.points, "category": item.category, "audience": item.audience, "limit": item.limit_count,
        "days": item.limit_days, "called": hashlib.sha256(f"{item.name}|{item.unit}".encode()).hexdigest(),
    }  # fmt: skip


def record(what: Fact, item: ShopItem, actor: Person, now: datetime, **facts: object) -> None:
    """Into the journal, with the picture that stands for it."""
    told = {**facts, "photo": str(item.photo_id) if item.photo_id else None} if facts else {}
    journal.record(what=what, subject=f"shop_item:{item.id}", actor_id=actor.id, now=now, facts=told)
