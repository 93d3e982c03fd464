"""A reporter adds words and photos to what is in hand, or says that it is still there. No step, and no clock moves."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import following, joining, stepping
from huipai.cases.commands.intake import NotThisId, TooManyPhotos
from huipai.cases.commands.saying import TooLong
from huipai.cases.fact_words import Fact
from huipai.cases.models import Addition, Case, CasePhoto, Report
from huipai.cases.queries import additions
from huipai.cases.rules.contents import content_hash
from huipai.cases.words import ADDITIONS_A_DAY, LONGEST_TEXT, MOST_PHOTOS, Moment
from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotVisible, TooMany
from huipai.people.models import Person
from huipai.photos.models import Photo

_CHINA = ZoneInfo("Asia/Shanghai")
_A_WEEK = timedelta(days=7)


class NothingAdded(Invalid):
    code = "nothing_added"
    default_reason = _("写一句，或者拍一张")


class NotInHand(Moved):
    """It is over, or waits for the reporter's own word: that is where words go now."""

    code = "not_in_hand"
    default_reason = _("这件事已经有了结果，看最新的一步再说")


class NotYoursAnyMore(Moved):
    """What a phone kept for a case that its person has no report in."""

    code = "addition_not_yours"
    default_reason = _("这件事不在您名下了，写的和拍的还在手机里")


class NotForThemAnyMore(Moved):
    """What a phone kept for an elder who lets this person do it no longer; an id of nobody gets the same sentence."""

    code = "addition_not_for_them"
    default_reason = _("现在不能替这一位补充，写的和拍的还在手机里。请对方在“请家人代办”里再请您一次，再发")


class AddedEnough(TooMany):
    code = "additions_a_day"
    default_reason = _("这件事今天补充得够多了，明天再补；着急就打社区电话")


@transaction.atomic
def add(
    *,
    addition_id: UUID,
    case_id: UUID,
    actor: Person,
    text: str,
    photo_ids: tuple[UUID, ...],
    now: datetime,
    uploader: Person | None = None,
) -> Addition:
    """Add to one's own report while it is in hand; exactly once however often it is sent.

    Known under its id, it is the same only in the same words and with the same photos in their order; else it is
    refused, so that no phone lets go of a photo that is nowhere here.
    Whoever has it in hand hears of it. The photos are the reporter's own unless somebody uploaded them for them.
    """
    case = stepping.locked(case_id)
    if _known(addition_id) is None and policies.is_reporter_of(actor, case):
        policies.may_add(actor, case).require()
    return _add(addition_id, case, actor, text, photo_ids, uploader or actor, now)


@transaction.atomic
def write_beside(
    *,
    addition_id: UUID,
    case_id: UUID,
    actor: Person,
    text: str,
    photo_ids: tuple[UUID, ...],
    now: datetime,
    uploader: Person | None = None,
) -> Addition:
    """The same for what a phone holds that was written beside a report: its reporter sent that from another page.

    Taken before anybody has begun, too (0115).
    """
    return _add(addition_id, stepping.locked(case_id), actor, text, photo_ids, uploader or actor, now)


def _known(addition_id: UUID) -> Addition | None:
    return Addition.objects.select_related("report").filter(pk=addition_id).first()


def _add(
    addition_id: UUID, case: Case, actor: Person, text: str, photo_ids: tuple[UUID, ...], uploader: Person,
    now: datetime,
) -> Addition:  # fmt: skip
    text, photo_ids = as_seen(text), tuple(dict.fromkeys(photo_ids))
    _look_over(text, photo_ids)
    known = _known(addition_id)
    if known is not None:
        return _again(known, case, actor, text, photo_ids)
    report = _own(case, actor)
    today = now.astimezone(_CHINA).date()
    if additions.of_a_day(report, today).count() >= ADDITIONS_A_DAY:
        raise AddedEnough
    addition = Addition(
        id=addition_id, report=report, text=text, photos=len(photo_ids), content_hash=_hash(text, photo_ids),
        added_at=now, added_date=today,
    )  # fmt: skip
    _keep(addition)
    _attach(case, report, photo_ids, uploader, now)
    facts = {"addition": str(addition.id), "report": str(report.id), "photos": len(photo_ids)}
    journal.record(what=Fact.ADDED, subject=case.subject, actor_id=actor.id, now=now, facts=facts)
    return addition


@transaction.atomic
def say_still_there(*, case_id: UUID, actor: Person, now: datetime) -> Case:
    """A reporter has seen that it is still there: a hint for staff, once a day, as a follower's."""
    case = stepping.locked(case_id)
    _own(case, actor)
    policies.may_add(actor, case).require()
    following.note_sighting(case, actor, now)
    return case


@transaction.atomic
def say_it_was_still_there(*, case_id: UUID, actor: Person, seen_at: datetime, now: datetime) -> Case:
    """The same for what a phone kept: noted for the day on which they saw it, so that sent twice it is once.

    What was kept longer than a week says no more than that it was so a week ago.
    """
    case = stepping.locked(case_id)
    _own(case, actor)
    policies.may_add(actor, case).require()
    following.note_sighting(case, actor, max(min(seen_at, now), now - _A_WEEK))
    return case


def _look_over(text: str, photo_ids: tuple[UUID, ...]) -> None:
    if not text and not photo_ids:
        raise NothingAdded(field="text")
    if len(text) > LONGEST_TEXT:
        raise TooLong(field="text")
    if len(photo_ids) > MOST_PHOTOS:
        raise TooManyPhotos(field="photos")


def _own(case: Case, actor: Person) -> Report:
    """The report to which this person may add now."""
    if not policies.is_reporter_of(actor, case):
        raise NotVisible
    policies.may_write_beside(actor, case).require()
    if not additions.is_in_hand(case):
        raise NotInHand
    report = additions.report_of(actor, case)
    assert report is not None
    return report


def _keep(addition: Addition) -> None:
    """Under an id that nobody has: the same one may be on its way to another case, or be another street's."""
    try:
        with transaction.atomic():
            addition.save(force_insert=True)
    except IntegrityError as error:
        if "cases_addition_pkey" not in str(error) and "cases_addition_in_street" not in str(error):
            raise
        raise NotThisId from error


def _again(known: Addition, case: Case, actor: Person, text: str, photo_ids: tuple[UUID, ...]) -> Addition:
    if (known.report.case_id, known.report.reporter_id) != (case.id, actor.id):
        raise NotThisId
    if known.content_hash:
        is_same = known.content_hash == _hash(text, photo_ids)
    else:
        is_same = (known.text, known.photos) == (text, len(photo_ids))
    if not is_same:
        raise NotThisId
    return known


def _hash(text: str, photo_ids: tuple[UUID, ...]) -> str:
    return content_hash({"text": text, "photos": [str(id) for id in photo_ids]})


def _attach(case: Case, report: Report, photo_ids: tuple[UUID, ...], uploader: Person, now: datetime) -> None:
    found = {photo.id: photo for photo in Photo.objects.kept().filter(pk__in=photo_ids, uploader=uploader)}
    if len(found) != len(photo_ids):
        raise stepping.PhotoMissing(field="photos")
    with stepping.photos_used_once(), transaction.atomic():
        CasePhoto.objects.bulk_create(
            CasePhoto(
                case=case,
                photo=found[id],
                report=report,
                moment=Moment.BEFORE,
                round=case.round,
                position=position,
                added_at=now,
            )
            for position, id in enumerate(photo_ids, start=joining.next_position(case))
        )
