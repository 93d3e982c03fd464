"""Making the copies of a photo that others may see."""

import hashlib
import logging
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from PIL import Image

from huipai.journal import commands as journal
from huipai.kit import workbench
from huipai.photos import storage
from huipai.photos.models import Photo
from huipai.photos.rules import darkroom, naming
from huipai.photos.rules.developing import marks
from huipai.photos.words import MARKED_A_NIGHT, Copy, Fact, Kind, State
from huipai.streets.current import street_in_force

log = logging.getLogger(__name__)


class SealBroken(Exception):
    """The original is not what was received: somebody or something changed a sealed file."""


@dataclass(frozen=True)
class _Kept:
    """The stored copies of one attempt, to be named by the row or taken away."""

    public: str
    thumb: str
    tiny: str
    public_sha256: str
    fingerprint: int
    marks: bytes


def process(*, photo_id: UUID, now: datetime) -> Photo | None:
    """Make the copies of a waiting photo, or mark it unreadable; None if nothing waits. Safe at any number of times."""
    photo = Photo.objects.kept().filter(pk=photo_id, state=State.RECEIVED).first()
    if photo is None:
        return None
    with workbench.folder() as folder:
        original = _fetch(photo, folder)
        try:
            copies = darkroom.develop(original=original, kind=Kind(photo.kind), cost=photo.opening_cost, folder=folder)
        except darkroom.Unreadable as unreadable:
            log.info("Photo %s is unreadable: %s", photo.id, unreadable)
            return _mark_unreadable(photo, now)
        kept = _keep(photo, copies, now)
    done = _finish(photo, kept, now)
    if done is None:
        _take_away(kept)
    return done


def mark_older() -> int:
    """Make the marks of developed photos that have none, the newest first; of how many. Safe at any number of times.

    From the smallest copy, which is ours: no sealed original is opened. A night's worth at most.
    """
    older = Photo.objects.kept().filter(state=State.READY, marks=None).order_by("-received_at")
    return sum(_mark(photo) for photo in older[:MARKED_A_NIGHT])


def _mark(photo: Photo) -> int:
    try:
        with storage.photos().open(photo.tiny_key) as file, Image.open(file, formats=["JPEG"]) as picture:
            made = marks(picture)
    except FileNotFoundError:
        log.warning("The smallest copy of photo %s is missing", photo.id)
        return 0
    return Photo.objects.kept().filter(pk=photo.pk, marks=None).update(marks=made)


def _fetch(photo: Photo, folder: Path) -> Path:
    path, digest = folder / "original", hashlib.sha256()
    with storage.photos().open(photo.original_key) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    with path.open("rb") as content:
        while chunk := content.read(1 << 20):
            digest.update(chunk)
    if digest.hexdigest() != photo.sha256:
        raise SealBroken(photo.subject)
    return path


def _keep(photo: Photo, copies: darkroom.Copies, now: datetime) -> _Kept:
    street_id = street_in_force()
    keys: list[str] = []
    for path, side in ((copies.public, Copy.PUBLIC), (copies.thumb, Copy.THUMB), (copies.tiny, Copy.TINY)):
        with path.open("rb") as content:
            keys.append(storage.photos().save(naming.copy_key(street_id, photo.id, side, now), File(content)))
    digest = hashlib.sha256(copies.public.read_bytes()).hexdigest()
    public, thumb, tiny = keys
    return _Kept(
        public=public, thumb=thumb, tiny=tiny, public_sha256=digest, fingerprint=copies.fingerprint, marks=copies.marks
    )  # fmt: skip


def _take_away(kept: _Kept) -> None:
    for key in (kept.public, kept.thumb, kept.tiny):
        storage.photos().delete(key)


@transaction.atomic
def _finish(photo: Photo, kept: _Kept, now: datetime) -> Photo | None:
    waiting = _still_waiting(photo)
    if waiting is None:
        return None
    waiting.developed(
        public_key=kept.public, thumb_key=kept.thumb, tiny_key=kept.tiny, public_sha256=kept.public_sha256,
        fingerprint=kept.fingerprint, marks=kept.marks, now=now,
    )  # fmt: skip
    journal.record(what=Fact.READY, subject=waiting.subject, actor_id=None, now=now)
    return waiting


@transaction.atomic
def _mark_unreadable(photo: Photo, now: datetime) -> Photo | None:
    waiting = _still_waiting(photo)
    if waiting is None:
        return None
    waiting.could_not_be_read(now=now)
    journal.record(what=Fact.UNREADABLE, subject=waiting.subject, actor_id=None, now=now)
    return waiting


def _still_waiting(photo: Photo) -> Photo | None:
    return Photo.objects.kept().select_for_update(no_key=True).filter(pk=photo.pk, state=State.RECEIVED).first()
