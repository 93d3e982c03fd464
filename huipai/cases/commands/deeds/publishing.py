"""A coordinator who is neither doer nor reporter verifies a good deed and publishes it (ruling 16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands.deeds.taking import locked, take
from huipai.cases.commands.deeds.telling import DeedNamesSomebody, DeedTellsTooMuch, TitleMissing, WhoIsInThePhoto
from huipai.cases.deed_words import LONGEST_TITLE, DeedAction, DeedPart, DeedState, ThirdParty
from huipai.cases.fact_words import DeedFact
from huipai.cases.models import GoodDeed, Shown
from huipai.cases.queries import deeds as queries
from huipai.cases.queries.naming import names_somebody
from huipai.cases.rules import deeds as machine
from huipai.cases.rules.contents import words_digest
from huipai.kit.lines import as_seen
from huipai.kit.masking import leads_to_a_door, reaches_somebody
from huipai.kit.verdict import Invalid
from huipai.people import queries as people
from huipai.people.models import Person
from huipai.people.words import Channel
from huipai.photos import commands as photos
from huipai.points import commands as points
from huipai.points import queries as ledger
from huipai.rulebook import queries as rulebook
from huipai.rulebook.words import Port
from huipai.streets.holding import hold_here


class HowConsented(Invalid):
    code = "consent_channel_missing"
    default_reason = _("本人是怎么同意的，选一个")


class PhotoNotSeen(Invalid):
    code = "deed_photo_not_seen"
    default_reason = _("有照片还在整理，过一分钟刷新再看")


class UnknownDoer(Invalid):
    code = "doer_unknown"
    default_reason = _("这个号码没有在本街道登录过，请他先登录一次，或者留空")


class MaybeToldAlready(Invalid):
    """Told by two, it would be shown twice and its doer paid twice; whether it is one deed, people decide."""

    code = "deed_maybe_told_already"
    default_reason = _(
        "附近这几天讲过相近的好事，先看一看：不是同一件就勾上；是同一件就选“不公开”，理由选“同一件好事已经讲过”"
    )


class AChilds(Invalid):
    """Nobody under 14 is shown, whoever tells of it."""

    code = "deed_of_a_child"
    default_reason = _("讲的人或者做好事的人不满 14 岁，不能公开。选“不公开”，理由选“说的是 14 岁以下的孩子”")


class UnfitItem(Invalid):
    code = "deed_item_unfit"
    default_reason = _("选一条系统自己记的孺子牛条目，或者选不记分；要人审的，请本人申报")


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
    # What was looked at and is another deed.
    apart: frozenset[UUID] = frozenset()


@transaction.atomic
def publish(*, deed_id: UUID, actor: Person, verified: Verified, now: datetime) -> tuple[GoodDeed, int]:
    """Verify and publish: the words, the photos that may be shown, the doer and their points change together.

    Refuses whoever told of it or did it, what the gate does not show to neighbours, and what may be the same as another
    deed until that was looked at; twice is once. The doer earns once, by the rulebook in force when it was told; the
    number of points is 0 where the rulebook gives none.
    """
    deed = locked(deed_id)
    if _is_as_published(deed, verified, actor):
        return deed, _earned(deed)
    doer = _doer_of(deed, verified)
    deed.doer = doer
    row = machine.step(deed.state, DeedAction.PUBLISH)
    policies.may_decide_on_deed(actor, deed, now).require()
    _look_over_verified(deed, verified)
    _look_around(deed, verified, actor, now)
    deed.public_title, deed.public_text = as_seen(verified.title), as_seen(verified.text)
    deed.third_party = verified.third_party
    deed.consent_channel = _consented(verified)
    deed.decided_by, deed.published_at, deed.point_item = actor, now, verified.point_item if doer else ""
    _release_photos(deed, verified, actor, now)
    earned = _award(deed, actor, now)
    facts = {
        "points": earned, "words": words_digest(deed.public_title, deed.public_text), "third_party": deed.third_party,
        "consent": deed.consent_channel, "item": deed.point_item,
    }  # fmt: skip
    take(deed, row, DeedPart.COORDINATOR, actor, DeedFact.PUBLISHED, now, facts=facts)
    # The gate has decided by now: what it keeps back is not published, and nobody is told that it is.
    if not Shown.objects.filter(pk=deed.pk).exists():
        raise AChilds
    return deed, earned


def _is_as_published(deed: GoodDeed, verified: Verified, actor: Person) -> bool:
    """Whether this person has published it in these words: a second click, or a retry."""
    item = verified.point_item if deed.doer_id else ""
    said = (as_seen(verified.title), as_seen(verified.text), verified.third_party, _consented(verified), item)
    stands = (deed.public_title, deed.public_text, deed.third_party, deed.consent_channel, deed.point_item)
    typed = verified.doer_phone.strip()
    is_same_doer = not typed or people.by_typed_phone(typed) == deed.doer
    return deed.state == DeedState.PUBLISHED and deed.decided_by_id == actor.id and said == stands and is_same_doer


def _consented(verified: Verified) -> str:
    return verified.consent_channel if verified.third_party == ThirdParty.CONSENTED else ""


def _look_over_verified(deed: GoodDeed, verified: Verified) -> None:
    if not as_seen(verified.title) or len(as_seen(verified.title)) > LONGEST_TITLE:
        raise TitleMissing(field="title")
    if any(reaches_somebody(text) for text in (verified.title, verified.text)):
        raise DeedTellsTooMuch(field="title" if reaches_somebody(verified.title) else "text")
    for field, text in (("title", verified.title), ("text", verified.text)):
        if names_somebody(text) or leads_to_a_door(text):
            raise DeedNamesSomebody(field=field)
    if verified.third_party not in ThirdParty.values:
        raise WhoIsInThePhoto(field="third_party")
    if verified.third_party == ThirdParty.CONSENTED and verified.consent_channel not in Channel.values:
        raise HowConsented(field="consent_channel")
    if verified.point_item and not _is_fit(verified.point_item, deed.reported_at):
        raise UnfitItem(field="point_item")


def _look_around(deed: GoodDeed, verified: Verified, actor: Person, now: datetime) -> None:
    """Nobody publishes the same deed in the same moment without seeing it: one after the other in a street."""
    hold_here("cases.publish_deed")
    if {one.deed.id for one in queries.maybe_one(deed, deed.doer, actor, now)} - verified.apart:
        raise MaybeToldAlready(field="apart")


def _is_fit(code: str, at: datetime) -> bool:
    item = rulebook.item_in_force(code, at)
    return item is not None and item.port == Port.OX and item.is_recorded_by_itself


def _doer_of(deed: GoodDeed, verified: Verified) -> Person | None:
    """Who did it: whoever told so of themselves, or whom the coordinator has talked to."""
    if deed.doer is not None or not verified.doer_phone.strip():
        return deed.doer
    doer = people.by_typed_phone(verified.doer_phone)
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
