"""Anybody tells of a good deed, once however often the phone sends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.commands.intake import NotThisId, TooManyPhotos
from huipai.cases.commands.locating import NoPlace, OutsideTheStreet
from huipai.cases.commands.saying import TooLong
from huipai.cases.commands.stepping import PhotoMissing, PhotoUsed
from huipai.cases.deed_words import DEEDS_A_DAY, LONGEST_TITLE, DeedAction, DeedPart
from huipai.cases.fact_words import DeedFact
from huipai.cases.models import DeedPhoto, DeedStep, GoodDeed
from huipai.cases.rules import deeds as machine
from huipai.cases.rules.contents import content_hash
from huipai.cases.words import LONGEST_TEXT, MOST_PHOTOS
from huipai.grid import queries as grid
from huipai.journal import commands as journal
from huipai.kit.coordinates import Point
from huipai.kit.ids import short_code
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, TooMany
from huipai.people.models import Person
from huipai.photos.models import Photo
from huipai.streets.holding import hold_here

CODE_LENGTH = 9
_CHINA = ZoneInfo("Asia/Shanghai")
# Any of them says that a photo is part of something already: a row of a deed has the id of its photo.
_PHOTO_OF_A_DEED = ("cases_a_photo_belongs_to_one_deed", "cases_deedphoto_pkey", "cases_deedphoto_in_street")


class TitleMissing(Invalid):
    code = "deed_title_missing"
    default_reason = _("写一句是什么好事，40 个字以内")


class DeedTellsTooMuch(Invalid):
    code = "deed_tells_too_much"
    default_reason = _("登出去谁都看得到，去掉电话、邮箱和证件号")


class DeedNamesSomebody(Invalid):
    """Public words name nobody of the street and lead to nobody's door: what they agreed to is their picture."""

    code = "deed_names_somebody"
    default_reason = _("登出去谁都看得到，把姓名、门牌改成“一位邻居”这样的说法再公开")


class ToldEnough(TooMany):
    """Nothing is lost by it: the form comes back with everything, a phone sends it the next day by itself."""

    code = "deeds_of_the_day"
    default_reason = _("好事今天讲得够多了，明天再讲，写的、拍的都还在")


class WhoIsInThePhoto(Invalid):
    code = "third_party_missing"
    default_reason = _("照片里认不认得出人，选一个")


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
    address: str = ""

    def content(self) -> dict[str, object]:
        return {
            "title": self.title, "text": self.text, "who": self.who, "own": self.is_own, "photos": self.photo_ids,
            "address": self.address, "lng": self.point and self.point.lng, "lat": self.point and self.point.lat,
        }  # fmt: skip


def tell(*, told: Told, reporter: Person, now: datetime) -> GoodDeed:
    """Keep a deed for the coordinators of its place, once however often it is sent; one's own may be told too.

    So many a person and day, whatever comes in the same moment; what is sent again counts once.
    """
    _look_over(told)
    for _attempt in range(3):
        try:
            return _tell(told, reporter, now)
        except IntegrityError as error:
            if any(name in str(error) for name in _PHOTO_OF_A_DEED):
                raise PhotoUsed(field="photos") from error
            if "cases_one_deed_a_code" not in str(error):
                raise
    raise NotThisId


def _look_over(told: Told) -> None:
    if not as_seen(told.title) or len(as_seen(told.title)) > LONGEST_TITLE:
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
    _count(reporter, now)
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


def _count(reporter: Person, now: datetime) -> None:
    """One more of this person's day, or none; of two at once the second counts the first."""
    hold_here("cases.deeds_of", reporter.id)
    midnight = now.astimezone(_CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    today = GoodDeed.objects.filter(
        reporter=reporter, reported_at__gte=midnight, reported_at__lt=midnight + timedelta(days=1)
    )
    if today.count() >= DEEDS_A_DAY:
        raise ToldEnough


def _insert(told: Told, reporter: Person, node_id: UUID, now: datetime) -> GoodDeed:
    assert told.point is not None
    deed = GoodDeed(
        id=told.deed_id, code=short_code(CODE_LENGTH), state=machine.INITIAL, reporter=reporter, who=as_seen(told.who),
        doer=reporter if told.is_own else None, title=as_seen(told.title), text=as_seen(told.text), node_id=node_id,
        address=as_seen(told.address),
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
