"""Good deeds: told by anybody, verified and published by a coordinator who is neither doer nor reporter (ruling 16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands.handling import ReasonMissing
from huipai.cases.commands.intake import NoPlace, NotThisId, OutsideTheStreet, TooLong, TooManyPhotos
from huipai.cases.commands.stepping import PhotoMissing, PhotoUsed
from huipai.cases.deed_words import LONGEST_TITLE, DeedAction, DeedPart, DeedState, ThirdParty
from huipai.cases.fact_words import DeedFact
from huipai.cases.models import DeedPhoto, DeedStep, GoodDeed
from huipai.cases.rules import deeds as machine
from huipai.cases.rules.contents import content_hash
from huipai.cases.words import LONGEST_TEXT, MOST_PHOTOS
from huipai.grid import queries as grid
from huipai.journal import commands as journal
from huipai.kit.coordinates import Point
from huipai.kit.ids import short_code
from huipai.kit.masking import reaches_somebody
from huipai.kit.verdict import Invalid, NotVisible
from huipai.people import queries as people
from huipai.people.models import Person
from huipai.people.rules import normalise_phone
from huipai.people.words import Channel
from huipai.photos import commands as photos
from huipai.photos.models import Photo
from huipai.points import commands as points
from huipai.points import queries as ledger
from huipai.rulebook import queries as rulebook
from huipai.rulebook.words import Port
from huipai.streets.holding import hold_here

CODE_LENGTH = 9


class TitleMissing(Invalid):
    code = "deed_title_missing"
    default_reason = _("写一句是什么好事，40 个字以内")


class DeedTellsTooMuch(Invalid):
    code = "deed_tells_too_much"
    default_reason = _("登出去谁都看得到，去掉电话、邮箱和证件号")


class WhoIsInThePhoto(Invalid):
    code = "third_party_missing"
    default_reason = _("照片里认不认得出人，选一个")


class HowConsented(Invalid):
    code = "consent_channel_missing"
    default_reason = _("本人是怎么同意的，选一个")


class PhotoNotSeen(Invalid):
    code = "deed_photo_not_seen"
    default_reason = _("有照片还在整理，过一分钟刷新再看")


class UnknownDoer(Invalid):
    code = "doer_unknown"
    default_reason = _("这个号码没有在本街道登录过，请他先登录一次，或者留空")


class UnfitItem(Invalid):
    code = "deed_item_unfit"
    default_reason = _("选一条孺子牛条目，或者选不记分")


@dataclass(frozen=True)
class Told:
    """What a person tells of a deed."""

    deed_id: UUID
    title: str
    text: str
    who: str
    is_own: bool
    point: Point | None
    photo_ids: tuple[UUID, ...]

    def content(self) -> dict[str, object]:
        return {
            "title": self.title, "text": self.text, "who": self.who, "own": self.is_own, "photos": self.photo_ids,
            "lng": self.point and self.point.lng, "lat": self.point and self.point.lat,
        }  # fmt: skip


@dataclass(frozen=True)
class Verified:
    """What a coordinator has found out and chosen."""

    title: str
    text: str
    third_party: str
    consent_channel: str = ""
    doer_phone: str = ""
    point_item: str = ""
    # The digest of each public copy that was looked at, by the photo's id.
    seen: Mapping[UUID, str] | None = None


def tell(*, told: Told, reporter: Person, now: datetime) -> GoodDeed:
    """Keep a deed for the coordinators of its place, once however often it is sent; one's own may be told too."""
    _look_over(told)
    for _attempt in range(3):
        try:
            return _tell(told, reporter, now)
        except IntegrityError as error:
            if "cases_a_photo_belongs_to_one_deed" in str(error):
                raise PhotoUsed(field="photos") from error
            if "cases_one_deed_a_code" not in str(error):
                raise
    raise NotThisId


def _look_over(told: Told) -> None:
    if not told.title.strip() or len(told.title.strip()) > LONGEST_TITLE:
        raise TitleMissing(field="title")
    if len(told.text) > LONGEST_TEXT:
        raise TooLong(field="text")
    if len(set(told.photo_ids)) > MOST_PHOTOS:
        raise TooManyPhotos(field="photos")
    if told.point is None:
        raise NoPlace(field="place")


@transaction.atomic
def _tell(told: Told, reporter: Person, now: datetime) -> GoodDeed:
    hold_here("cases.deed", told.deed_id)  # whoever sends the same at the same moment waits, and is answered the same
    known = GoodDeed.objects.filter(pk=told.deed_id).first()
    if known is not None:
        if known.reporter_id != reporter.id or known.content_hash != content_hash(told.content()):
            raise NotThisId
        return known
    assert told.point is not None
    place = grid.locate(told.point, now)
    if place.node is None:
        raise OutsideTheStreet(field="place")
    deed = _insert(told, reporter, place.node.id, now)
    wanted = tuple(dict.fromkeys(told.photo_ids))
    if Photo.objects.kept().filter(pk__in=wanted, uploader=reporter).count() != len(wanted):
        raise PhotoMissing(field="photos")
    DeedPhoto.objects.bulk_create(
        DeedPhoto(id=photo_id, deed=deed, photo_id=photo_id, position=position)
        for position, photo_id in enumerate(wanted)
    )
    part = DeedPart.DOER if told.is_own else DeedPart.REPORTER
    DeedStep.objects.create(
        deed=deed, position=1, action=DeedAction.REPORT, to_state=deed.state, part=part, actor=reporter, happened_at=now
    )
    journal.record(
        what=DeedFact.REPORTED, subject=deed.subject, actor_id=reporter.id, now=now, facts={"node": str(deed.node_id)}
    )
    return deed


def _insert(told: Told, reporter: Person, node_id: UUID, now: datetime) -> GoodDeed:
    assert told.point is not None
    deed = GoodDeed(
        id=told.deed_id, code=short_code(CODE_LENGTH), state=machine.INITIAL, reporter=reporter, who=told.who.strip(),
        doer=reporter if told.is_own else None, title=told.title.strip(), text=told.text.strip(), node_id=node_id,
        lng=told.point.lng, lat=told.point.lat, content_hash=content_hash(told.content()), reported_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            deed.save(force_insert=True)
    except IntegrityError as clash:
        # Another street's; of this street, one waits for the other.
        if "cases_gooddeed_pkey" in str(clash) or "cases_gooddeed_in_street" in str(clash):
            raise NotThisId from clash
        raise
    return deed


@transaction.atomic
def publish(*, deed_id: UUID, actor: Person, verified: Verified, now: datetime) -> tuple[GoodDeed, int]:
    """Verify and publish: the words, the photos that may be shown, the doer and their points change together.

    Refuses whoever told of it or did it; twice is once. The doer earns once, by the rulebook in force when it was told;
    the number of points is 0 where the rulebook gives none.
    """
    deed = _locked(deed_id)
    if _is_as_published(deed, verified, actor):
        return deed, _earned(deed)
    doer = _doer_of(deed, verified)
    deed.doer = doer
    row = machine.step(deed.state, DeedAction.PUBLISH)
    policies.may_decide_on_deed(actor, deed, now).require()
    _look_over_verified(deed, verified)
    deed.public_title, deed.public_text = verified.title.strip(), verified.text.strip()
    deed.third_party = verified.third_party
    deed.consent_channel = verified.consent_channel if verified.third_party == ThirdParty.CONSENTED else ""
    deed.decided_by, deed.published_at, deed.point_item = actor, now, verified.point_item if doer else ""
    _release_photos(deed, verified, actor, now)
    earned = _award(deed, actor, now)
    _take(deed, row, DeedPart.COORDINATOR, actor, DeedFact.PUBLISHED, now, facts={"points": earned})
    return deed, earned


def _is_as_published(deed: GoodDeed, verified: Verified, actor: Person) -> bool:
    """Whether this person has published it in these words: a second click, or a retry."""
    item = verified.point_item if deed.doer_id else ""
    said = (verified.title.strip(), verified.text.strip(), verified.third_party, item)
    stands = (deed.public_title, deed.public_text, deed.third_party, deed.point_item)
    return deed.state == DeedState.PUBLISHED and deed.decided_by_id == actor.id and said == stands


def _look_over_verified(deed: GoodDeed, verified: Verified) -> None:
    if not verified.title.strip() or len(verified.title.strip()) > LONGEST_TITLE:
        raise TitleMissing(field="title")
    if any(reaches_somebody(text) for text in (verified.title, verified.text)):
        raise DeedTellsTooMuch(field="title" if reaches_somebody(verified.title) else "text")
    if verified.third_party not in ThirdParty.values:
        raise WhoIsInThePhoto(field="third_party")
    if verified.third_party == ThirdParty.CONSENTED and verified.consent_channel not in Channel.values:
        raise HowConsented(field="consent_channel")
    if verified.point_item and not _is_fit(verified.point_item, deed.reported_at):
        raise UnfitItem(field="point_item")


def _is_fit(code: str, at: datetime) -> bool:
    item = rulebook.item_in_force(code, at)
    return item is not None and item.port == Port.OX


def _doer_of(deed: GoodDeed, verified: Verified) -> Person | None:
    """Who did it: whoever told so of themselves, or whom the coordinator has talked to."""
    if deed.doer is not None or not verified.doer_phone.strip():
        return deed.doer
    phone = normalise_phone(verified.doer_phone)
    doer = people.by_phone(phone) if phone else None
    if doer is None:
        raise UnknownDoer(field="doer_phone")
    return doer


def _release_photos(deed: GoodDeed, verified: Verified, actor: Person, now: datetime) -> None:
    """Each photo by the copy that was looked at; none where the photos stay inside."""
    if verified.third_party == ThirdParty.NOT_SHOWN:
        return
    seen = verified.seen or {}
    for part in deed.photos.select_related("photo"):
        if not part.photo.is_ready or part.photo_id not in seen:
            raise PhotoNotSeen(field="photos")
        photos.release(photo=part.photo, by=actor, copy_seen=seen[part.photo_id], now=now)


def _award(deed: GoodDeed, actor: Person, now: datetime) -> int:
    if deed.doer is None or not deed.point_item:
        return 0
    outcome = points.award(
        item_code=deed.point_item, subject=deed.subject, person=deed.doer, received_at=deed.reported_at, actor=actor,
        now=now,
    )  # fmt: skip
    return outcome.points


def _earned(deed: GoodDeed) -> int:
    """What its doer was given for it."""
    if deed.doer_id is None or not deed.point_item:
        return 0
    stored = ledger.award_for(item_code=deed.point_item, subject=deed.subject, person_id=deed.doer_id)
    return stored.points if stored is not None else 0


@transaction.atomic
def decline(*, deed_id: UUID, actor: Person, reason: str, text: str, now: datetime) -> GoodDeed:
    """Do not publish a deed, with the reason that both read."""
    deed = _locked(deed_id)
    row = machine.step(deed.state, DeedAction.DECLINE)
    policies.may_decide_on_deed(actor, deed, now).require()
    if reason not in row.reasons:
        raise ReasonMissing(field="reason")
    deed.decided_by = actor
    _take(deed, row, DeedPart.COORDINATOR, actor, DeedFact.DECLINED, now, reason=reason, text=text)
    return deed


@transaction.atomic
def withdraw(*, deed_id: UUID, actor: Person, now: datetime) -> GoodDeed:
    """Take back what one has told, or what is told of oneself; gone from every page at once."""
    deed = _locked(deed_id)
    part = _own_part(deed, actor)
    row = machine.step(deed.state, DeedAction.WITHDRAW)
    _take(deed, row, part, actor, DeedFact.WITHDRAWN, now)
    return deed


@transaction.atomic
def take_down(*, deed_id: UUID, actor: Person, reason: str, text: str, now: datetime) -> GoodDeed:
    """Take a published deed off every page, with the reason that both read.

    Points that turned out to be given for nothing are for a reviewer to take back; who that is hears of it.
    """
    deed = _locked(deed_id)
    row = machine.step(deed.state, DeedAction.TAKE_DOWN)
    policies.may_decide_on_deed(actor, deed, now).require()
    if reason not in row.reasons:
        raise ReasonMissing(field="reason")
    _take(deed, row, DeedPart.COORDINATOR, actor, DeedFact.TAKEN_DOWN, now, reason=reason, text=text)
    return deed


def _own_part(deed: GoodDeed, actor: Person) -> DeedPart:
    if deed.doer_id == actor.id:
        return DeedPart.DOER
    if deed.reporter_id == actor.id:
        return DeedPart.REPORTER
    raise NotVisible


def _locked(deed_id: UUID) -> GoodDeed:
    deed = GoodDeed.objects.select_for_update(of=("self",)).filter(pk=deed_id).first()
    if deed is None:
        raise NotVisible
    return deed


def _take(
    deed: GoodDeed,
    row: machine.DeedRow,
    part: DeedPart,
    actor: Person,
    fact: DeedFact,
    now: datetime,
    *,
    reason: str = "",
    text: str = "",
    facts: Mapping[str, object] | None = None,
) -> None:
    """Move a locked deed along its machine: state, step and journal change together."""
    machine.require_part(row, part)
    before, deed.state = deed.state, row.target
    deed.save()
    last = deed.steps.aggregate(last=Max("position"))["last"]
    DeedStep.objects.create(
        deed=deed, position=last + 1, action=row.action, from_state=before, to_state=deed.state, part=part,
        actor=actor, reason=reason, text=text.strip()[:300], happened_at=now,
    )  # fmt: skip
    journal.record(
        what=fact, subject=deed.subject, actor_id=actor.id, now=now,
        facts={"from": before, "to": deed.state, **({"reason": reason} if reason else {}), **(facts or {})},
    )  # fmt: skip


class Ending(Protocol):
    """`decline` and `take_down`: both want a reason."""

    def __call__(self, *, deed_id: UUID, actor: Person, reason: str, text: str, now: datetime) -> GoodDeed: ...
