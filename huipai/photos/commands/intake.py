"""Taking a photo in: sealed byte for byte, once, however often it is sent."""

from __future__ import annotations

import hashlib
import logging
import mmap
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.verdict import Invalid, Refused, TooMany
from huipai.people.models import Person
from huipai.photos import storage
from huipai.photos.models import Photo
from huipai.photos.rules import claims as claim_rules
from huipai.photos.rules import naming, sniffing
from huipai.photos.rules.claims import Claims
from huipai.photos.rules.refusals import CutShort, TooLarge
from huipai.photos.words import MAX_BYTES, PER_DAY, PER_DAY_STAFF, Fact, Source
from huipai.streets.current import street_in_force

log = logging.getLogger(__name__)


class NotThisId(Invalid):
    """The id is taken: by whom, in which street and by what is not said (ruling 6)."""

    code = "id_not_usable"
    default_reason = _("这张照片的编号不能用，请重新选一次照片")


class TooManyPhotos(TooMany):
    code = "photo_limit_reached"
    default_reason = _("今天传的照片太多了，明天再来")


class NotStored(Refused):
    """The disk refused. Nothing was kept of this photo, and nothing of it is half kept."""

    status = 503
    code = "not_stored"
    default_reason = _("服务器现在存不下照片，这张没有收下；您填的都还在，过一会儿再发")


def receive(*, photo_id: UUID, uploader: Person, file: UploadedFile[bytes], claims: Claims, now: datetime) -> Photo:
    """Seal the file as this photo and have its copies made. The same again from the same person: the stored photo."""
    digest = _digest(file)
    known = _stored(photo_id, uploader, digest)
    if known is not None:
        return known
    _require_room(uploader, now)
    seen = _look(file)
    found = claim_rules.read_exif(seen.exif)
    claimed = _possible(claims, now)
    photo = Photo(
        id=photo_id, uploader=uploader, received_at=now, sha256=digest, kind=seen.kind, size=file.size or 0,
        width=seen.width, height=seen.height, opening_cost=seen.cost,
        original_key=_seal(file, naming.original_key(street_in_force(), photo_id, now)),
        claimed_lat=claimed.lat, claimed_lng=claimed.lng, claimed_taken_at=claimed.taken_at,
        claim_source=claimed.source, exif_lat=found.lat, exif_lng=found.lng,
        exif_taken_at=claim_rules.possible_time(found.taken_at),
    )  # fmt: skip
    if _insert(photo, now):
        return photo
    storage.photos().delete(photo.original_key)
    winner = _stored(photo_id, uploader, digest)
    if winner is None:
        raise NotThisId
    return winner


@dataclass(frozen=True)
class Unfit:
    """A file of a form that is not taken: which of them it is, by number, and what its phone calls it, where that tells
    it from the others."""

    refusal: Refused
    number: int
    called: str
    is_alone: bool

    @property
    def reason(self) -> str:
        """Of several files the sentence says which; of one there is nothing to tell apart."""
        said = {"name": self.called, "number": self.number, "reason": self.refusal.reason}
        if self.is_alone:
            return self.refusal.reason
        return (
            gettext("照片“%(name)s”：%(reason)s") if self.called else gettext("第 %(number)s 张照片：%(reason)s")
        ) % said


@dataclass
class Batch:
    """What became of the files of one form: the photos that are kept, and why each other one is not."""

    photos: list[Photo] = field(default_factory=list)
    refused: list[Unfit] = field(default_factory=list)

    @property
    def why(self) -> str:
        """What is said of each file that is not kept, one after the other; empty where every one is."""
        return gettext("；").join(one.reason for one in self.refused)


def receive_all(*, form_id: UUID, uploader: Person, files: Iterable[UploadedFile[bytes]], now: datetime) -> Batch:
    """Receive the files of a form sent without script. A good one is kept even when another is not.

    Each id follows from the form's and the content, so that sending the form again makes no second photo.
    """
    batch, all_files = Batch(), list(files)
    names = Counter(naming.called(file.name or "") for file in all_files)
    for number, file in enumerate(all_files, start=1):
        try:
            photo_id = naming.photo_id(form_id, _digest(file))
            photo = receive(photo_id=photo_id, uploader=uploader, file=file, claims=Claims(), now=now)
        except Refused as refusal:
            name = naming.called(file.name or "")
            batch.refused.append(Unfit(refusal, number, name if names[name] == 1 else "", len(all_files) == 1))
        else:
            if photo not in batch.photos:
                batch.photos.append(photo)
    return batch


def _digest(file: UploadedFile[bytes]) -> str:
    failure = getattr(file, "failure", None)
    if failure is not None:
        log.error("An upload could not be written: %s", failure)
        raise NotStored
    if (file.size or 0) > MAX_BYTES:
        raise TooLarge
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()


def _stored(photo_id: UUID, uploader: Person, digest: str) -> Photo | None:
    """The photo of this id if it is this person's and the same; a refusal if it is anything else."""
    photo = Photo.objects.filter(pk=photo_id).first()
    if photo is None:
        return None
    if photo.uploader_id != uploader.pk or photo.sha256 != digest or not photo.is_kept:
        raise NotThisId
    return photo


def _require_room(uploader: Person, now: datetime) -> None:
    allowed = PER_DAY_STAFF if uploader.is_staff else PER_DAY
    if Photo.objects.sent_since(uploader, now - timedelta(days=1)).count() >= allowed:
        raise TooManyPhotos


def _look(file: UploadedFile[bytes]) -> sniffing.Seen:
    """Judge the file where it lies on the disk, without taking it into memory."""
    file.seek(0)
    handle = getattr(file, "temporary_file_path", None)
    if handle is None or not file.size:
        return sniffing.look(file.read())
    with open(handle(), "rb") as source:
        try:
            return sniffing.look(mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ))
        except ValueError as vanished:
            raise CutShort from vanished


def _possible(claims: Claims, now: datetime) -> Claims:
    """What the device says, without what cannot be; a place needs a source, a time stands by itself."""
    taken_at = claim_rules.possible_time(claims.taken_at)
    lat, lng = claim_rules.possible_place(claims.lat, claims.lng)
    if lat is None or claims.source == Source.NONE:
        return Claims(taken_at=taken_at)
    return Claims(lat=lat, lng=lng, taken_at=taken_at, source=claims.source)


def _seal(file: UploadedFile[bytes], key: str) -> str:
    """Put the bytes away. If the row then fails to come, the sweep finds the file: a row without its file is worse."""
    file.seek(0)
    try:
        return storage.photos().save(key, file)
    except OSError as full:
        log.error("A photo could not be stored: %s", full)
        raise NotStored from full


def _insert(photo: Photo, now: datetime) -> bool:
    """Whether the row is ours: False when somebody, in whatever street, has this id already."""
    try:
        with transaction.atomic():
            photo.save(force_insert=True)
            journal.record(
                what=Fact.RECEIVED, subject=photo.subject, actor_id=photo.uploader_id, now=now,
                facts={"sha256": photo.sha256, "kind": photo.kind, "size": photo.size},
            )  # fmt: skip
    except IntegrityError as clash:
        if getattr(getattr(clash.__cause__, "diag", None), "constraint_name", "") != "photos_photo_pkey":
            raise
        return False
    return True
