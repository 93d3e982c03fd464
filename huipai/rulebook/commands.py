"""Writing, approving and publishing the rulebook."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.ids import new_id
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person
from huipai.rulebook import policies, queries, rules
from huipai.rulebook.models import Approval, PointItem, RulebookVersion
from huipai.rulebook.rules import Terms
from huipai.rulebook.words import APPROVALS_NEEDED, Fact
from huipai.streets.current import street_in_force
from huipai.streets.models import Street


class Frozen(Moved):
    code = "rulebook_frozen"
    default_reason = _("这一版已经发布，不能再改；要改就起草下一版")


class NotApproved(Moved):
    code = "rulebook_not_approved"
    default_reason = _("还差表态：要有起草人以外的两位审议组成员同意现在的内容")


class Retroactive(Invalid):
    code = "rulebook_retroactive"
    default_reason = _("计分条目不溯及以前，施行时间不能早于现在，也不能早于上一版")


class Empty(Invalid):
    code = "rulebook_empty"
    default_reason = _("这一版里一个条目也没有")


class UnknownItem(NotVisible):
    code = "rulebook_unknown_item"
    default_reason = _("这一版里没有这个条目")


@transaction.atomic
def draft(*, author: Person, note: str, now: datetime) -> RulebookVersion:
    """Begin the next version with the items of the newest published one."""
    policies.may_write(author, now).require()
    Street.objects.select_for_update(no_key=True).get(pk=street_in_force())  # one number at a time
    highest = RulebookVersion.objects.aggregate(highest=Max("number"))["highest"] or 0
    version = RulebookVersion.objects.create(number=highest + 1, author=author, note=note, drafted_at=now)
    last = queries.published().first()
    if last is not None:
        _copy_items(last, version)
    _record(Fact.DRAFTED, version, author, now)
    return version


@transaction.atomic
def put_item(*, version_id: UUID, actor: Person, terms: Terms, now: datetime) -> PointItem:
    """Write an item into a draft, or rewrite the one of that code; approvals given before count no more."""
    policies.may_write(actor, now).require()
    version = _draft_to_change(version_id)
    for finding in rules.lint(terms):
        raise finding
    values = rules.to_json(terms)
    item, _made = PointItem.objects.update_or_create(version=version, code=values.pop("code"), defaults=values)
    _record(Fact.ITEM_WRITTEN, version, actor, now, item=item.code)
    return item


@transaction.atomic
def strike_item(*, version_id: UUID, actor: Person, code: str, now: datetime) -> None:
    """Take an item out of a draft."""
    policies.may_write(actor, now).require()
    version = _draft_to_change(version_id)
    struck, _by_model = PointItem.objects.filter(version=version, code=code).delete()
    if not struck:
        raise UnknownItem
    _record(Fact.ITEM_STRUCK, version, actor, now, item=code)


@transaction.atomic
def approve(*, version_id: UUID, approver: Person, now: datetime) -> Approval:
    """Say yes to the content as it stands; a second yes to the same content is the first one."""
    version = _draft_to_change(version_id)
    policies.may_approve(approver, version, now).require()
    content_hash = queries.content_hash(version.id)
    approval, made = Approval.objects.get_or_create(
        version=version, approver=approver, content_hash=content_hash, defaults={"approved_at": now}
    )
    if made:
        _record(Fact.APPROVED, version, approver, now, content=content_hash)
    return approval


@transaction.atomic
def publish(*, version_id: UUID, actor: Person, effective_from: datetime, now: datetime) -> RulebookVersion:
    """Freeze an approved draft and put it in force from `effective_from`; the version before it ends there.

    Refuses a content that two others than its author have not approved, and any date in the past.
    """
    policies.may_write(actor, now).require()
    version = _draft_to_change(version_id)
    content_hash = queries.content_hash(version.id)
    if not PointItem.objects.filter(version=version).exists():
        raise Empty
    approvals = Approval.objects.filter(version=version, content_hash=content_hash)
    if approvals.exclude(approver=version.author).values("approver").distinct().count() < APPROVALS_NEEDED:
        raise NotApproved
    last = RulebookVersion.objects.select_for_update().filter(effective_until=None, published_at__isnull=False).first()
    if effective_from < now or (last and last.effective_from and effective_from <= last.effective_from):
        raise Retroactive(field="effective_from")
    if last is not None:
        last.effective_until = effective_from
        last.save(update_fields=["effective_until"])
    version.content_hash, version.published_at, version.effective_from = content_hash, now, effective_from
    version.save(update_fields=["content_hash", "published_at", "effective_from"])
    _record(Fact.PUBLISHED, version, actor, now, content=content_hash)
    return version


def _draft_to_change(version_id: UUID) -> RulebookVersion:
    version = RulebookVersion.objects.select_for_update().filter(pk=version_id).first()
    if version is None:
        raise NotVisible
    if version.published_at is not None:
        raise Frozen
    return version


def _copy_items(source: RulebookVersion, target: RulebookVersion) -> None:
    items = list(PointItem.objects.filter(version=source).order_by("code"))
    for item in items:
        item.pk, item.version, item.why = new_id(), target, ""
    PointItem.objects.bulk_create(items)


def _record(what: Fact, version: RulebookVersion, actor: Person, now: datetime, **facts: str) -> None:
    journal.record(
        what=what, subject=f"rulebook:{version.id}", actor_id=actor.id, now=now,
        facts={"number": version.number, **facts},
    )  # fmt: skip
