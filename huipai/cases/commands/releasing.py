"""Somebody of the grid looks at public copies: shown to neighbours, or kept back with a reason (ruling 12)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import stepping
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, CasePhoto, KeptBack
from huipai.cases.words import KeepBackReason, Moment
from huipai.journal import commands as journal
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person
from huipai.photos import commands as photos
from huipai.photos import queries as photo_queries
from huipai.photos.models import Photo


class WhyKeptBack(Invalid):
    code = "why_kept_back"
    default_reason = _("选一个原因，这张为什么先不公开")


class NotToBeShown(Moved):
    code = "case_not_public"
    default_reason = _("这件事不公开，照片也不用放出去")


class IsShown(Moved):
    code = "photo_is_shown"
    default_reason = _("这张已经公开了，先收回来")


class DecidedSince(Moved):
    """Two look at one photo: who says yes has not seen why the other said no."""

    code = "photo_decided_since"
    default_reason = _("这一张刚才有人定了先不公开。还是觉得可以，到“先不公开”里放回去再看")


@transaction.atomic
def release(*, photo_id: UUID, actor: Person, copy_seen: str, looked_at: datetime, now: datetime) -> Case:
    """Show neighbours the copy that was looked at, named by its digest, unless somebody has kept it back or taken it
    back since it was shown at `looked_at`; twice is once."""
    case, photo = _held(photo_id, actor, now)
    if not case.is_public or CasePhoto.objects.filter(photo=photo, report__is_kept_private=True).exists():
        raise NotToBeShown
    if KeptBack.objects.filter(photo=photo).exists() or photo_queries.was_withdrawn(photo, since=looked_at):
        raise DecidedSince
    photos.release(photo=photo, by=actor, copy_seen=copy_seen, now=now)
    return case


@transaction.atomic
def take_back(*, photo_id: UUID, actor: Person, now: datetime) -> Case:
    """From now on no neighbour sees this photo, on any page, feed, card or map; it waits to be looked at anew."""
    case, photo = _held(photo_id, actor, now)
    photos.withdraw_release(photo=photo, by=actor, now=now)
    return case


@transaction.atomic
def keep_back(*, photo_id: UUID, actor: Person, reason: str, now: datetime) -> KeptBack:
    """This photo is not for neighbours, and why; nobody is asked about it again until somebody reconsiders."""
    case, photo = _held(photo_id, actor, now)
    if reason not in KeepBackReason.values:
        raise WhyKeptBack(field="reason")
    if photo.is_public:
        raise IsShown
    held = KeptBack.objects.filter(photo=photo).first()
    if held is not None:
        return held
    try:
        with transaction.atomic():
            held = KeptBack.objects.create(case=case, photo=photo, reason=reason, by=actor, decided_at=now)
    except IntegrityError as twice:
        raise Moved from twice
    _record(Fact.PHOTO_KEPT_BACK, case, photo, actor, now, reason=reason)
    return held


@transaction.atomic
def reconsider(*, photo_id: UUID, actor: Person, now: datetime) -> None:
    """Let a photo that was kept back wait for a look again; twice is once."""
    case, photo = _held(photo_id, actor, now)
    count, _each = KeptBack.objects.filter(photo=photo).delete()
    if count:
        _record(Fact.PHOTO_RECONSIDERED, case, photo, actor, now)


def _held(photo_id: UUID, actor: Person, now: datetime) -> tuple[Case, Photo]:
    """The case, locked before its photo as everywhere, and the photo; only for those of the grid who took no part."""
    part = CasePhoto.objects.filter(photo=photo_id, moment__in=(Moment.BEFORE, Moment.AFTER)).first()
    if part is None:
        raise NotVisible
    case = stepping.locked(part.case_id)
    policies.may_release(actor, case, now).require()
    return case, Photo.objects.get(pk=photo_id)


def _record(fact: Fact, case: Case, photo: Photo, actor: Person, now: datetime, **facts: str) -> None:
    journal.record(what=fact, subject=case.subject, actor_id=actor.id, now=now, facts={"photo": str(photo.id), **facts})
