"""The end of a photo: erased on purpose, or swept up because no row knows of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import transaction

from huipai.journal import commands as journal
from huipai.people.models import Person
from huipai.photos import storage
from huipai.photos.models import Photo
from huipai.photos.rules import naming
from huipai.photos.words import ErasingReason, Fact
from huipai.streets.current import street_in_force

GRACE = timedelta(days=1)
"""An upload or a job that has not named its file after this time never will."""


@transaction.atomic
def erase(*, photo: Photo, by: Person | None, reason: ErasingReason, now: datetime) -> Photo:
    """Remove every file and every claim; the row stays as a tombstone with the digest. Twice is once."""
    locked = Photo.objects.select_for_update().get(pk=photo.pk)
    if not locked.is_kept:
        return locked
    keys = locked.keys
    locked.erase(now=now)
    journal.record(
        what=Fact.ERASED, subject=locked.subject, actor_id=by.pk if by else None, now=now,
        facts={"reason": reason.value},
    )  # fmt: skip
    transaction.on_commit(lambda: _remove(keys))
    return locked


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
