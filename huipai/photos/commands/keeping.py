"""The end of a photo: erased on purpose, or swept up because no row knows of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, ManyToOneRel, OuterRef, QuerySet

from huipai.journal import commands as journal
from huipai.people.models import Person
from huipai.photos import storage
from huipai.photos.models import Photo
from huipai.photos.rules import naming
from huipai.photos.words import LIKENESS_LASTS, UNUSED_LASTS, ErasingReason, Fact
from huipai.streets.current import street_in_force

GRACE = timedelta(days=1)
"""An upload or a job that has not named its file after this time never will."""


@transaction.atomic
def erase(*, photo: Photo, by: Person | None, reason: ErasingReason, now: datetime) -> Photo:
    """Remove every file, every claim and the likeness; the row stays as a tombstone with the digest. Twice is once."""
    locked = Photo.objects.select_for_update(no_key=True).get(pk=photo.pk)
    if locked.is_kept:
        keys = locked.keys
        locked.erase(now=now)
        _gone(locked, keys, by, reason, now)
    return locked


@transaction.atomic
def expire(*, photo: Photo, now: datetime) -> Photo:
    """The time of a photo is over: erased, but for its likeness while the same is looked for. Twice is once."""
    locked = Photo.objects.select_for_update(no_key=True).get(pk=photo.pk)
    if locked.is_kept:
        keys = locked.keys
        locked.expire(now=now)
        _gone(locked, keys, None, ErasingReason.RETENTION, now)
    return locked


def forget_unused(*, now: datetime) -> int:
    """Erase what became part of nothing: its draft was dropped, or another photo was chosen; how many."""
    waited = Photo.objects.kept().filter(received_at__lte=now - UNUSED_LASTS)
    return sum(_forget_unused(photo_id, now) for photo_id in list(_unused(waited).values_list("id", flat=True)))


@transaction.atomic
def _forget_unused(photo_id: UUID, now: datetime) -> bool:
    # Held, so that it becomes part of nothing meanwhile: whatever names it waits for the row.
    photo = Photo.objects.select_for_update(of=("self",), no_key=True).get(pk=photo_id)
    is_unused = _unused(Photo.objects.kept().filter(pk=photo_id)).exists()
    if is_unused:
        erase(photo=photo, by=None, reason=ErasingReason.RETENTION, now=now)
    return is_unused


def _unused(photos: QuerySet[Photo]) -> QuerySet[Photo]:
    """Those that no row names: every key to a photo is one of an upper floor, and whatever adds one is asked too."""
    for link in Photo._meta.get_fields(include_hidden=True):
        if isinstance(link, ManyToOneRel):
            named = link.related_model._default_manager.filter(**{link.field.name: OuterRef("pk")})
            photos = photos.exclude(Exists(named))
    return photos


def forget_likenesses(*, now: datetime) -> int:
    """Remove the likeness of erased photos that nobody looks for any more; of how many."""
    over = Photo.objects.filter(erased_at__isnull=False, received_at__lte=now - LIKENESS_LASTS)
    return over.exclude(fingerprint=None).update(fingerprint=None, marks=None)


def forget_likenesses_of(uploader: Person) -> int:
    """Remove the likeness of every erased photo of somebody; of how many. Part of the caller's transaction."""
    theirs = Photo.objects.filter(uploader=uploader, erased_at__isnull=False)
    return theirs.exclude(fingerprint=None).update(fingerprint=None, marks=None)


def _gone(locked: Photo, keys: list[str], by: Person | None, reason: ErasingReason, now: datetime) -> None:
    journal.record(
        what=Fact.ERASED, subject=locked.subject, actor_id=by.pk if by else None, now=now,
        facts={"reason": reason.value},
    )  # fmt: skip
    transaction.on_commit(lambda: _remove(keys))


def _remove(keys: list[str]) -> None:
    for key in keys:
        storage.photos().delete(key)


def sweep(*, now: datetime) -> int:
    """Remove the files of the street in force that no photo names and that are older than a day; how many."""
    removed = 0
    names = storage.every_file(str(street_in_force()))
    while batch := list(islice(names, 500)):
        for name in _unknown(batch):
            if storage.photos().get_modified_time(name) < now - GRACE:
                storage.photos().delete(name)
                removed += 1
    return removed


def _unknown(names: list[str]) -> Iterator[str]:
    ids: dict[str, UUID | None] = {name: naming.photo_of(name) for name in names}
    photos = Photo.objects.in_bulk({photo_id for photo_id in ids.values() if photo_id is not None})
    for name, photo_id in ids.items():
        photo = photos.get(photo_id) if photo_id else None
        if photo is None or name not in photo.keys:
            yield name
