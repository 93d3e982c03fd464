"""Writing the next version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from huipai.kit.ids import new_id
from huipai.kit.lines import as_seen
from huipai.kit.verdict import NotVisible, Refused
from huipai.people.models import Person
from huipai.rulebook import policies, queries, rules
from huipai.rulebook.commands.lasting import require_lasting_when_written
from huipai.rulebook.commands.numbering import one_at_a_time, require_own_number, take_number
from huipai.rulebook.commands.promising import require_promise_kept
from huipai.rulebook.commands.refusals import (
    ContentMoved,
    DraftIsOpen,
    NeedsAdmission,
    NotWaiting,
    UnknownItem,
    WithoutReason,
    WrittenMeanwhile,
)
from huipai.rulebook.commands.telling import draft_to_change, reason_of, record, record_proposal, remark_of, wrote
from huipai.rulebook.models import PointItem, Proposal, RulebookVersion
from huipai.rulebook.rules import EndRule, Terms
from huipai.rulebook.words import Fact, Review


@transaction.atomic
def draft(*, author: Person, note: str, now: datetime) -> RulebookVersion:
    """Begin the next version with the items of the newest published one; one draft at a time.

    Items whose admission is over are left out, and the draft says why.
    """
    policies.may_write(author, now).require()
    one_at_a_time()
    if queries.open_draft() is not None:
        raise DraftIsOpen
    highest = RulebookVersion.objects.aggregate(highest=Max("number"))["highest"] or 0
    last = queries.published().first()
    kept, over = _split_by_admission(last, queries.local_date(now)) if last else ([], [])
    version = RulebookVersion.objects.create(
        number=highest + 1, author=author, note=remark_of(note, field="note"), drafted_at=now, touched_at=now,
        struck={item.code: _("准入到期，没有再申请") for item in over},
        **({"end_notice_days": last.end_notice_days, "end_redeem_days": last.end_redeem_days} if last else {}),
    )  # fmt: skip
    for item in kept:
        item.pk, item.version, item.why = new_id(), version, ""
    PointItem.objects.bulk_create(kept)
    wrote(version, author, now)
    record(Fact.DRAFTED, version, author, now, over=[item.code for item in over])
    return version


def _split_by_admission(last: RulebookVersion, today: date) -> tuple[list[PointItem], list[PointItem]]:
    items = list(PointItem.objects.filter(version=last).order_by("code"))
    over = [item for item in items if item.admitted_until is not None and item.admitted_until < today]
    return [item for item in items if item not in over], over


@transaction.atomic
def reword_note(
    *, version_id: UUID, actor: Person, note: str, now: datetime, seen: str | None = None
) -> RulebookVersion:  # fmt: skip
    """Say anew, in a sentence or two, what the version changes. `seen` as in `put_item`."""
    policies.may_write(actor, now).require()
    version = draft_to_change(version_id)
    said = remark_of(note, field="note")
    if _is_written_over(seen, {"note": version.note}, {"note": said}):
        raise WrittenMeanwhile(
            _("您打开以后说明又改过，现在写的是「%(note)s」。您写的还没有记；看过再按一次")
            % {"note": version.note or _("没有写")}
        )
    version.note = said
    version.save(update_fields=["note"])
    wrote(version, actor, now)
    record(Fact.ITEM_WRITTEN, version, actor, now, item="")
    return version


@transaction.atomic
def set_end_rule(
    *, version_id: UUID, actor: Person, rule: EndRule, now: datetime, seen: str | None = None
) -> RulebookVersion:  # fmt: skip
    """Write what happens to points if the scheme stops; approvals given before count no more.

    `seen` as in `put_item`.
    """
    policies.may_write(actor, now).require()
    version = draft_to_change(version_id)
    if _is_written_over(seen, asdict(there := version.end_rule), asdict(rule)):
        raise WrittenMeanwhile(
            _("您打开以后这里又改过，现在是提前 %(notice)s 天、停止后 %(redeem)s 天。您写的还没有记；看过再按一次")
            % {"notice": there.notice_days, "redeem": there.redeem_days}
        )
    write_end_rule(version, rule)
    wrote(version, actor, now)
    record(Fact.END_RULE_SET, version, actor, now, notice=rule.notice_days, redeem=rule.redeem_days)
    return version


def write_end_rule(version: RulebookVersion, rule: EndRule) -> None:
    """Part of the caller's transaction. A draft begun before versions held this rule holds it from now on."""
    rule.require()
    require_promise_kept(rule)
    version.end_notice_days, version.end_redeem_days, version.form = rule.notice_days, rule.redeem_days, 3
    version.save(update_fields=["end_notice_days", "end_redeem_days", "form"])


@transaction.atomic
def put_item(
    *, version_id: UUID, actor: Person, terms: Terms, now: datetime, seen: str | None = None
) -> PointItem:  # fmt: skip
    """Write an item into a draft, or rewrite the one of that code; approvals given before count no more.

    The items of units come in by `enter`; here at most their why is written. `seen`: the digest of the item that was
    shown; None: none was shown. Refused where that item reads otherwise by now, but not as it is to read.
    """
    policies.may_write(actor, now).require()
    version = draft_to_change(version_id)
    there = queries.item(version, terms.code)
    stands = there.terms() if there else None
    said = rules.with_breaks_of(stands, terms)
    if _is_written_over(seen, rules.to_json(stands) if stands else {}, rules.to_json(said)):
        raise WrittenMeanwhile
    item = write_item(version, terms, None, now)
    wrote(version, actor, now)
    record(Fact.ITEM_WRITTEN, version, actor, now, item=item.code)
    return item


def _is_written_over(seen: str | None, stands: Mapping[str, object], said: Mapping[str, object]) -> bool:
    """Whether what stands there now is not what was shown, and would be lost."""
    return seen is not None and stands != said and seen != rules.digest_of(stands)


@transaction.atomic
def add_item(*, version_id: UUID, actor: Person, terms: Terms, now: datetime) -> PointItem:
    """Write a new item into a draft under the next free number of its port, whatever code `terms` carries.

    Numbers are given one after the other, so that of two at once neither is lost; the very same item sent twice is
    there once.
    """
    policies.may_write(actor, now).require()
    version = draft_to_change(version_id)
    same = PointItem.objects.filter(version=version, port=terms.port, title=terms.title)
    for item in same:
        if replace(item.terms(), code=terms.code) == terms:
            return item
    terms = replace(terms, code=take_number(terms.port))
    return put_item(version_id=version_id, actor=actor, terms=terms, now=now)


@transaction.atomic
def enter(*, version_id: UUID, proposal_id: UUID, actor: Person, why: str, now: datetime) -> PointItem:
    """Write an admitted proposal into a draft, word for word; a second time changes only the why.

    All are authors from then on: who put it in, who proposed the words, and who handed them in again.
    """
    policies.may_write(actor, now).require()
    version = draft_to_change(version_id)  # before its proposals, as `publish` takes them
    proposal = Proposal.objects.select_for_update(of=("self",), no_key=True).filter(pk=proposal_id).first()
    if proposal is None:
        raise NotVisible
    if proposal.state != Review.ADMITTED:
        raise NotWaiting
    terms = proposal.item_terms()
    terms = rules.replace_why(terms, reason_of(why, field="why") or terms.why)
    item = write_item(version, terms, proposal, now)
    for author in Person.objects.filter(pk__in=queries.proposers(proposal)).order_by("id"):
        wrote(version, author, now)
    wrote(version, actor, now)
    record(Fact.ITEM_WRITTEN, version, actor, now, item=item.code)
    record_proposal(Fact.ENTERED, proposal, actor, now, version=version.number)
    return item


@transaction.atomic
def strike_item(
    *, version_id: UUID, actor: Person, code: str, now: datetime, why: str = "", seen: str | None = None
) -> None:
    """Take an item out of a draft, and say why. `seen` as in `put_item`."""
    policies.may_write(actor, now).require()
    version = draft_to_change(version_id)
    there = queries.item(version, code)
    if there is not None and seen not in (None, there.digest):
        raise WrittenMeanwhile
    strike(version, code, why)
    wrote(version, actor, now)
    record(Fact.ITEM_STRUCK, version, actor, now, item=code)


@transaction.atomic
def restore_item(*, version_id: UUID, actor: Person, code: str, now: datetime, seen: str | None = None) -> PointItem:
    """Put back an item as the version before has it: the undo of a strike or of a change. `seen` as in `put_item`."""
    policies.may_write(actor, now).require()
    version = draft_to_change(version_id)
    there = queries.item(version, code)
    if seen not in (None, there.digest if there else ""):
        title = there.title if there else code
        raise WrittenMeanwhile(_("您打开以后「%(title)s」又改过，还没有恢复；看看现在写的，再定") % {"title": title})
    item = _put_back(version, code)
    if item is None:
        raise UnknownItem
    wrote(version, actor, now)
    record(Fact.ITEM_WRITTEN, version, actor, now, item=code)
    return item


def _put_back(version: RulebookVersion, code: str) -> PointItem | None:
    """The item as the version before has it; None, and nothing done, where that has none."""
    before = queries.version_before(version)
    item = PointItem.objects.filter(version=before, code=code).first() if before else None
    if item is None:
        return None
    PointItem.objects.filter(version=version, code=code).delete()
    item.pk, item.version, item.why = new_id(), version, ""
    item.save(force_insert=True)
    version.struck = {each: why for each, why in version.struck.items() if each != code}
    version.save(update_fields=["struck"])
    return item


@transaction.atomic
def take_out_carried(*, version_id: UUID, actor: Person, now: datetime) -> list[str]:
    """Take out of a draft what it holds of versions withdrawn since it was begun; the codes, none the second time.

    What was changed or struck there reads again as the version before has it.
    """
    policies.may_write(actor, now).require()
    version = draft_to_change(version_id)
    codes = sorted(queries.carried(version))
    for code in codes:
        what = Fact.ITEM_WRITTEN
        if _put_back(version, code) is None:
            strike(version, code, "")
            what = Fact.ITEM_STRUCK
        record(what, version, actor, now, item=code)
    if codes:
        wrote(version, actor, now)
    return codes


@transaction.atomic
def abandon(*, version_id: UUID, actor: Person, reason: str, now: datetime, seen: str | None = None) -> RulebookVersion:
    """Put a draft aside, with the reason; its number is not used again. `seen` as in `consult`."""
    policies.may_write(actor, now).require()
    version = draft_to_change(version_id)
    if not as_seen(reason):
        raise WithoutReason(field="reason")
    if seen not in (None, queries.content_hash(version.id)):
        raise ContentMoved
    return put_aside(version, actor, reason, now)


def put_aside(version: RulebookVersion, actor: Person | None, reason: str, now: datetime) -> RulebookVersion:
    version.ended_at, version.ended_by, version.end_reason = now, actor, reason_of(reason, field="reason")
    version.save(update_fields=["ended_at", "ended_by", "end_reason"])
    record(Fact.ABANDONED, version, actor, now)
    return version


def write_item(version: RulebookVersion, terms: Terms, proposal: Proposal | None, now: datetime) -> PointItem:
    """The item of these terms in the draft, linted. Part of the caller's transaction."""
    for finding in rules.lint(terms):
        raise finding
    require_own_number(terms)
    require_lasting_when_written(terms, now)
    there = PointItem.objects.filter(version=version, code=terms.code).first()
    terms = rules.with_breaks_of(there.terms() if there else None, terms)
    if proposal is None:
        proposal = _admission_of(there, terms)
    if proposal is None and terms.asked_fields and (there is None or tuple(there.asked_fields) != terms.asked_fields):
        raise NeedsAdmission(_("要人填表的条目，先由单位提出、审议准入，看清要多少工时"), field="asked_fields")
    item = there or PointItem(version=version)
    for name, value in {**rules.to_json(terms), "admitted_until": terms.admitted_until, "admission": proposal}.items():
        setattr(item, name, value)
    if version.struck.pop(terms.code, None) is not None:
        version.save(update_fields=["struck"])
    with _explained():
        item.save(force_insert=there is None)
    return item


def _admission_of(there: PointItem | None, terms: Terms) -> Proposal | None:
    """What a rewritten item was admitted by; it may only get another why."""
    if there is None or there.admission is None:
        return None
    if rules.replace_why(there.terms(), "") != rules.replace_why(terms, ""):
        raise NeedsAdmission(field="title")
    return there.admission


def strike(version: RulebookVersion, code: str, why: str) -> None:
    struck, _by_model = PointItem.objects.filter(version=version, code=code).delete()
    if not struck:
        raise UnknownItem
    before = queries.version_before(version)
    if before is not None and PointItem.objects.filter(version=before, code=code).exists():
        version.struck = {**version.struck, code: reason_of(why, field="why")}
        version.save(update_fields=["struck"])


_EXPLAINED: dict[str, type[Refused]] = {
    "rulebook_departments_are_admitted": NeedsAdmission,
    "rulebook_item_is_what_was_admitted": NeedsAdmission,
}


@contextmanager
def _explained() -> Iterator[None]:
    """The database's own no, in the words of the refusal that it stands for."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""
        if name not in _EXPLAINED:
            raise
        raise _EXPLAINED[name](field="owner") from error
