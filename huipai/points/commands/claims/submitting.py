"""A claim comes in: once, by the rulebook in force, with what shows it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit import hot
from huipai.kit.ids import new_id
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, Refused, TooMany
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.photos.models import Photo
from huipai.points import policies
from huipai.points.commands.claims import statement, stepping
from huipai.points.commands.claims.ending import require_still_taken
from huipai.points.models import CAME_TO_NOTHING, Claim, ClaimStep, Evidence
from huipai.points.rules import sending as rules
from huipai.points.rules.sending import ClaimSending
from huipai.points.words import (
    CLAIMS_A_DAY,
    DRAFT_FOR,
    ClaimAction,
    ClaimFact,
    ClaimPart,
    ClaimSource,
    ClaimState,
    Shown,
)
from huipai.rulebook import queries as rulebook
from huipai.rulebook.models import PointItem
from huipai.rulebook.rules import formula as formulas
from huipai.stations.models import Station
from huipai.streets.current import street_in_force
from huipai.streets.holding import hold_here


class NotThisClaimId(Moved):
    """Somebody else's id, another street's, or the same one with other content: one refusal for all (ruling 6)."""

    code = "claim_id_in_use"
    default_reason = _("这一条没有收下，请回到上一页重新报")


class ClaimedAlready(Moved):
    code = "claimed_already"
    default_reason = _("这件事今天已经报过一次，在「我的申报」里能看到")


class NoSuchItem(Invalid):
    code = "claim_no_such_item"
    default_reason = _("现在施行的条目里没有这一条，换一条再报")


class TooManyClaims(TooMany):
    code = "claim_too_many"
    default_reason = _("今天报得够多了，明天再来；急的事找社区登记")


class EvidenceMissing(Invalid):
    code = "claim_photo_missing"
    default_reason = _("照片没传完整，再选一次")


class EvidenceUsed(EvidenceMissing):
    code = "claim_photo_used"
    default_reason = _("这张照片已经用在另一件事上，再拍一张")


class NoSuchStation(Invalid):
    code = "claim_no_such_station"
    default_reason = _("这个码不是本街道驿站的，请在驿站现场再扫一次")


@dataclass(frozen=True, slots=True)
class Entry:
    """Who sends a claim in for whom, and as what."""

    claimant: Person
    sender: Person
    source: ClaimSource = ClaimSource.SELF
    part: ClaimPart = ClaimPart.CLAIMANT
    fact: ClaimFact = ClaimFact.SUBMITTED

    @property
    def entered_by(self) -> Person | None:
        """Who sends it for another; nobody where it is their own."""
        return None if self.source == ClaimSource.SELF else self.sender


def submit(*, sending: ClaimSending, claimant: Person, now: datetime) -> Claim:
    """Take in one claim, exactly once however often it is sent; a kept draft of that id goes with this content.

    Refuses an item that is not in force or that this person may not earn by, nothing shown, and a deed that was
    claimed today already.
    """
    return receive(sending, Entry(claimant, claimant), now)


def receive(sending: ClaimSending, entry: Entry, now: datetime) -> Claim:
    """Write a claim that comes in by whatever door.

    What was taken in before is answered with it, whatever has changed since: the rulebook, the station, the person.
    """
    try:
        return _take_in(sending, entry, now)
    except Refused:
        known = taken_in(sending, entry)
        if known is None:
            raise
        return known


def taken_in(sending: ClaimSending, entry: Entry) -> Claim | None:
    """What this very sending by this sender has become, as it was counted by the item of then."""
    known = (
        Claim.objects.select_related("item")
        .filter(pk=sending.claim_id, claimant=entry.claimant, entered_by=entry.entered_by)
        .first()
    )
    if known is None or known.state == ClaimState.DRAFT:
        return None
    return known if _says(known, sending) else None


def _says(known: Claim, sending: ClaimSending) -> bool:
    """Whether a claim is of this very content, counted by its own item."""
    counted = rules.counted(sending, formulas.from_json(known.item.formula))
    return bool(counted.content_hash() == known.content_hash)


def _take_in(sending: ClaimSending, entry: Entry, now: datetime) -> Claim:
    require_still_taken(now)
    item = _item(sending.item_code, now)
    policies.may_claim(entry.claimant, item, now).require()
    sending = _look_over(sending, item)
    entry_id, kinds = new_id(), rules.picture_kinds(item.evidence, sending.photo_ids, sending.screenshot_ids)
    values = {
        "street": street_in_force(), "claim": sending.claim_id, "claimant": entry.claimant.id,
        "sender": entry.sender.id, "entered_by": entry.entered_by.id if entry.entered_by else None,
        "source": entry.source.value, "part": entry.part.value, "fact": entry.fact.value,
        "item": item.id, "code": item.code, "note": as_seen(sending.note),
        "measured": json.dumps(dict(sending.measured)) if sending.measured else None, "hash": sending.content_hash(),
        "date": local_date(now), "subject": sending.subject(), "now": now, "most": CLAIMS_A_DAY,
        "photos": list(kinds), "photo_rows": [new_id() for _photo in kinds],
        "photo_kinds": [kind.value for kind in kinds.values()], "scan": new_id(),
        "station": sending.on_site.station_id if sending.on_site else None,
        "shown_at": sending.on_site.shown_at if sending.on_site else None, "step": new_id(), "entry": entry_id,
        "told": json.dumps(sending.told(entry.claimant.id, item.evidence)),
        "jobs": journal.jobs_of(what=entry.fact, entry_id=entry_id),
    }  # fmt: skip
    # Alone it is a transaction of its own.
    with photos_used_once(), transaction.atomic() if connection.in_atomic_block else nullcontext():
        [(written, photos_are_theirs, has_room)] = hot.rows(statement.RECEIVE, values)
    if written is None:
        return _answer_again(sending, entry, photos_are_theirs, has_room, now)
    return _written(values, item, entry.claimant)


def _look_over(sending: ClaimSending, item: PointItem) -> ClaimSending:
    """What is written of it: without what the item does not count. Refuses what no reviewer could judge."""
    formula = formulas.from_json(item.formula)
    told = rules.counted(sending, formula)
    rules.look_over(told, item.evidence, formula)
    _require_station(told)
    return told


def _written(values: Mapping[str, Any], item: PointItem, claimant: Person) -> Claim:
    """The row that the statement has just made."""
    claim = Claim(
        id=values["claim"], street_id=values["street"], claimant=claimant, item=item, item_code=item.code,
        state=ClaimState.SUBMITTED, source=values["source"], entered_by_id=values["entered_by"], note=values["note"],
        measured=json.loads(values["measured"]) if values["measured"] else None, content_hash=values["hash"],
        local_date=values["date"], subject=values["subject"], received_at=values["now"],
    )  # fmt: skip
    claim._state.adding, claim._state.db = False, connection.alias
    return claim


def _answer_again(sending: ClaimSending, entry: Entry, photos_are_theirs: bool, has_room: bool, now: datetime) -> Claim:
    """A kept draft that goes now; else why nothing was written."""
    known = Claim.objects.select_related("item").filter(pk=sending.claim_id, claimant=entry.claimant).first()
    if known is not None and known.state == ClaimState.DRAFT and entry.source == ClaimSource.SELF:
        return _send_draft(known, sending, now)
    if not photos_are_theirs:
        raise EvidenceMissing(field="photos")
    if not has_room:
        raise TooManyClaims
    if known is None and _is_claimed(sending, entry.claimant, now):
        raise ClaimedAlready
    raise NotThisClaimId


def _is_claimed(sending: ClaimSending, claimant: Person, now: datetime) -> bool:
    same = Claim.objects.filter(
        claimant=claimant, item_code=sending.item_code, local_date=local_date(now), subject=sending.subject()
    )
    return same.exclude(state__in=CAME_TO_NOTHING).exists()


def keep(*, sending: ClaimSending, claimant: Person, now: datetime) -> Claim:
    """Put a claim aside unsent, as far as it is filled in; it waits a week. Kept again, it is what was kept last.

    What is kept already says so again, whatever has changed since.
    """
    try:
        return _keep(sending, claimant, now)
    except Refused:
        kept = Claim.objects.select_related("item").filter(
            pk=sending.claim_id, claimant=claimant, state=ClaimState.DRAFT
        )
        known = kept.first()
        if known is None or not _says(known, sending):
            raise
        return known


@transaction.atomic
def _keep(sending: ClaimSending, claimant: Person, now: datetime) -> Claim:
    require_still_taken(now)
    item = _item(sending.item_code, now)
    policies.may_claim(claimant, item, now).require()
    sending = rules.counted(sending, formulas.from_json(item.formula))
    rules.look_at_length(sending)
    known = Claim.objects.select_for_update(no_key=True).filter(pk=sending.claim_id).first()
    if known is not None:
        if known.claimant_id != claimant.id or known.state != ClaimState.DRAFT:
            raise NotThisClaimId
        _fill(known, sending, item, claimant, now)
        return known
    claim = Claim(
        id=sending.claim_id, claimant=claimant, item=item, item_code=item.code, state=ClaimState.DRAFT,
        note=as_seen(sending.note), measured=dict(sending.measured) or None, content_hash=sending.content_hash(),
        local_date=local_date(now), subject=sending.subject(), received_at=now, evidence_until=now + DRAFT_FOR,
    )  # fmt: skip
    _require_room(claim, now)
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError as clash:
        raise NotThisClaimId from clash
    _attach(claim, sending, item, claimant)
    ClaimStep.objects.create(
        claim=claim, position=1, action=ClaimAction.KEEP, to_state=ClaimState.DRAFT, part=ClaimPart.CLAIMANT,
        actor=claimant, happened_at=now,
    )  # fmt: skip
    journal.record(
        what=ClaimFact.KEPT, subject=claim.subject_of_journal, actor_id=claimant.id, now=now, facts={"code": item.code}
    )
    return claim


@transaction.atomic
def _send_draft(draft: Claim, sending: ClaimSending, now: datetime) -> Claim:
    """What was put aside goes in, as it is now filled in, by the rulebook in force now."""
    claim = stepping.locked(draft.id)
    item = _item(sending.item_code, now)
    policies.may_claim(claim.claimant, item, now).require()
    sending = _look_over(sending, item)
    _require_room(claim, now)
    if _is_claimed(sending, claim.claimant, now):
        raise ClaimedAlready
    _fill(claim, sending, item, claim.claimant, now)
    claim.evidence_until = None
    stepping.take(
        claim, ClaimAction.SUBMIT, part=ClaimPart.CLAIMANT, actor=claim.claimant, now=now, fact=ClaimFact.SUBMITTED,
        facts={"item": str(item.id), "code": item.code, **sending.told(claim.claimant_id, item.evidence)},
    )  # fmt: skip
    return claim


def _require_room(claim: Claim, now: datetime) -> None:
    """Put aside first, a day's claims are as many as those sent at once; counted one after the other."""
    hold_here("points.claims_of_claimant", claim.claimant_id)
    others = Claim.objects.filter(claimant=claim.claimant_id, received_at__gt=now - timedelta(days=1))
    if others.exclude(pk=claim.pk).count() >= CLAIMS_A_DAY:
        raise TooManyClaims


def _fill(claim: Claim, sending: ClaimSending, item: PointItem, by: Person, now: datetime) -> None:
    claim.item, claim.item_code, claim.note = item, item.code, as_seen(sending.note)
    claim.measured = dict(sending.measured) or None
    claim.content_hash, claim.subject = sending.content_hash(), sending.subject()
    claim.received_at, claim.local_date = now, local_date(now)
    claim.evidence_until = now + DRAFT_FOR
    claim.save()
    Evidence.objects.filter(claim=claim).delete()
    _attach(claim, sending, item, by)


def _attach(claim: Claim, sending: ClaimSending, item: PointItem, by: Person) -> None:
    attach(claim, rules.picture_kinds(item.evidence, sending.photo_ids, sending.screenshot_ids), by=by)
    if sending.on_site:
        _require_station(sending)
        Evidence.objects.create(
            claim=claim, position=stepping.next_position(claim), kind=Shown.ON_SITE_CODE,
            station_id=sending.on_site.station_id, code_shown_at=sending.on_site.shown_at,
        )  # fmt: skip


def attach(claim: Claim, kinds: Mapping[UUID, Shown], *, by: Person) -> None:
    """Make photos that `by` has sent evidence of the claim; refuses one that is not theirs, not whole or used."""
    if Photo.objects.kept().filter(pk__in=kinds, uploader=by).count() != len(kinds):
        raise EvidenceMissing(field="photos")
    first = stepping.next_position(claim)
    with photos_used_once(), transaction.atomic():
        Evidence.objects.bulk_create(
            Evidence(claim=claim, photo_id=photo_id, kind=kind, position=first + number, round=claim.round)
            for number, (photo_id, kind) in enumerate(kinds.items())
        )


@contextmanager
def photos_used_once() -> Iterator[None]:
    """The database lets a photo show one claim and nothing else; here it is said in words."""
    try:
        yield
    except IntegrityError as error:
        if "points_a_photo_shows_one_claim" not in str(error):
            raise
        raise EvidenceUsed(field="photos") from error


# Every claim asks for its item, and which version is in force is known a week before; kept like the street itself.
_kept: dict[tuple[UUID, str], tuple[float, PointItem]] = {}


def _item(code: str, now: datetime) -> PointItem:
    asked, at = (street_in_force(), code), monotonic()
    until, kept = _kept.get(asked, (0.0, None))
    if kept is not None and at < until and _is_in_force(kept, now):
        return kept
    item = rulebook.item_in_force(code, now)
    if item is None:
        raise NoSuchItem(field="item")
    if settings.STREET_KEPT_SECONDS:
        _kept[asked] = (at + settings.STREET_KEPT_SECONDS, item)
    return item


def _is_in_force(item: PointItem, now: datetime) -> bool:
    begins, ends = item.version.effective_from, item.version.effective_until
    return begins is not None and begins <= now and (ends is None or now < ends) and item.counts_on(local_date(now))


def _require_station(sending: ClaimSending) -> None:
    """A code is signed for its street; the station may have gone since."""
    if sending.on_site and not Station.objects.filter(pk=sending.on_site.station_id, closed_at=None).exists():
        raise NoSuchStation(field="code")
