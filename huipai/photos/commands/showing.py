"""Who looked, and what may be shown: releasing a public copy, and opening a sealed original."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.audit import commands as audit
from huipai.audit.commands import Act, Why
from huipai.audit.words import Kind
from huipai.journal import commands as journal
from huipai.kit.verdict import Moved, NotVisible
from huipai.people.models import Person
from huipai.photos.models import Photo
from huipai.photos.words import Fact


class NoPhoto(NotVisible):
    code = "photo_not_found"
    default_reason = _("没有找到这张照片")


class NotReleasable(Moved):
    code = "not_releasable"
    default_reason = _("公开副本还没有做好，做好后再公开")


class OtherCopySeen(Moved):
    code = "other_copy_seen"
    default_reason = _("公开副本和您看到的不一样了，请再看一眼")


@transaction.atomic
def release(*, photo: Photo, by: Person, copy_seen: str, now: datetime) -> Photo:
    """Make public exactly the copy that `by` looked at, named by its digest; twice is once (ruling 12)."""
    locked = _locked(photo)
    if not locked.is_ready:
        raise NotReleasable
    if copy_seen != locked.public_sha256:
        raise OtherCopySeen
    if not locked.is_public:
        locked.release(by=by, now=now)
        journal.record(what=Fact.RELEASED, subject=locked.subject, actor_id=by.pk, now=now)
    return locked


@transaction.atomic
def withdraw_release(*, photo: Photo, by: Person, now: datetime) -> Photo:
    """From now on the photo is shown to nobody outside; twice is once."""
    locked = _locked(photo)
    if locked.is_public:
        locked.withdraw()
        journal.record(what=Fact.WITHDRAWN, subject=locked.subject, actor_id=by.pk, now=now)
    return locked


@dataclass(frozen=True)
class Opening:
    """The journalled fact that somebody opens an original; a grant for it can only be made of this."""

    photo: Photo
    by: Person
    entry_id: UUID


@transaction.atomic
def open_original(*, photo: Photo, by: Person, why: Why, about: str = "", now: datetime) -> Opening:
    """Log that `by` opens the sealed original and why, for the auditor. Nothing is ever shown of it without this."""
    locked = _locked(photo)
    act = Act(Kind.ORIGINAL, locked.subject, about)
    opened = audit.disclose(what=Fact.ORIGINAL_OPENED, act=act, by=by, why=why, now=now)
    return Opening(photo=locked, by=by, entry_id=opened.entry_id)


def _locked(photo: Photo) -> Photo:
    locked = Photo.objects.kept().select_for_update(no_key=True).filter(pk=photo.pk).first()
    if locked is None:
        raise NoPhoto
    return locked
