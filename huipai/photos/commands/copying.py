"""The same picture for another thing: a photo belongs to one thing, so the other gets one of its own."""

from __future__ import annotations

from datetime import datetime

from django.core.files.base import File
from django.db import transaction

from huipai.journal import commands as journal
from huipai.kit.ids import new_id
from huipai.photos import storage
from huipai.photos.commands.intake import NotStored
from huipai.photos.models import Photo
from huipai.photos.rules import naming
from huipai.photos.words import Fact
from huipai.streets.current import street_in_force


@transaction.atomic
def copy(*, photo: Photo, now: datetime) -> Photo:
    """Another photo of the same bytes by the same person, received when the first was, with files of its own.

    It is looked at, released and let go for itself; what becomes of the first touches it in nothing.
    """
    made = Photo(
        id=new_id(), uploader=photo.uploader, received_at=photo.received_at, sha256=photo.sha256, kind=photo.kind,
        size=photo.size, width=photo.width, height=photo.height, opening_cost=photo.opening_cost,
        claimed_lat=photo.claimed_lat, claimed_lng=photo.claimed_lng, claimed_taken_at=photo.claimed_taken_at,
        claim_source=photo.claim_source, exif_lat=photo.exif_lat, exif_lng=photo.exif_lng,
        exif_taken_at=photo.exif_taken_at,
    )  # fmt: skip
    made.original_key = _seal(photo, naming.original_key(street_in_force(), made.id, now))
    made.save(force_insert=True)
    journal.record(
        what=Fact.RECEIVED, subject=made.subject, actor_id=photo.uploader_id, now=now,
        facts={"sha256": made.sha256, "kind": made.kind, "size": made.size, "of": str(photo.id)},
    )  # fmt: skip
    return made


def _seal(photo: Photo, key: str) -> str:
    """If the transaction then fails, the sweep finds the file, as with any other."""
    try:
        with storage.photos().open(photo.original_key) as original:
            return storage.photos().save(key, File(original))
    except OSError as refused:
        raise NotStored from refused
