"""A photo that comes in pieces, over a network that breaks: each piece is kept, and the next goes on where it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from huipai.kit.verdict import Invalid, Moved, TooMany
from huipai.people.models import Person
from huipai.photos.commands.intake import NotThisId, receive
from huipai.photos.models import Photo, Piece, Upload
from huipai.photos.rules.claims import Claims
from huipai.photos.rules.refusals import EmptyFile, TooLarge
from huipai.photos.uploads import StreamedUpload
from huipai.photos.words import BYTES_AT_ONCE, LARGEST_PIECE, MAX_BYTES, UPLOAD_KEPT_DAYS, UPLOADS_AT_ONCE
from huipai.streets.current import street_in_force


class OffsetMoved(Moved):
    """The piece does not begin where the last one ended; `offset` says where to go on."""

    code = "offset_moved"
    default_reason = _("接着上次断开的地方传")

    def __init__(self, offset: int) -> None:
        super().__init__()
        self.offset = offset


class TooManyUploads(TooMany):
    code = "too_many_uploads"
    default_reason = _("手里传了一半的照片太多了，先把前面的传完")


class PieceTooLarge(Invalid):
    code = "piece_too_large"
    default_reason = _("一次传得太多了，分小一点再传")


@dataclass(frozen=True)
class Arrived:
    """How much of a photo is here; the photo itself when it is whole and sealed."""

    offset: int
    photo: Photo | None = None


def append(
    *, photo_id: UUID, uploader: Person, length: int, start: int, content: bytes, claims: Claims, now: datetime
) -> Arrived:
    """Keep a piece that begins at `start`, and seal the photo when it is whole. The same again changes nothing.

    Refuses a piece that leaves a gap, an id that is not this person's, and more than may be on the way at once.
    """
    _look_over(length, start, content)
    sealed = _sealed(photo_id, uploader, length)
    if sealed is not None:
        return sealed
    received = _keep(photo_id, uploader, length, start, content, now)
    if received < length:
        return Arrived(received)
    return Arrived(length, _seal(photo_id, uploader, claims, now))


def _look_over(length: int, start: int, content: bytes) -> None:
    if length > MAX_BYTES:
        raise TooLarge
    if length < 1 or start < 0:
        raise EmptyFile
    if len(content) > LARGEST_PIECE:
        raise PieceTooLarge(field="file")


def _sealed(photo_id: UUID, uploader: Person, length: int) -> Arrived | None:
    photo = Photo.objects.filter(pk=photo_id).first()
    if photo is None:
        return None
    if photo.uploader_id != uploader.pk or photo.size != length or not photo.is_kept:
        raise NotThisId
    return Arrived(length, photo)


@transaction.atomic
def _keep(photo_id: UUID, uploader: Person, length: int, start: int, content: bytes, now: datetime) -> int:
    upload = _opened(photo_id, uploader, length, now)
    if start != upload.received:
        raise OffsetMoved(upload.received)
    if start + len(content) > length:
        raise OffsetMoved(upload.received)
    if content:
        Piece.objects.create(upload=upload, start=start, content=content)
        upload.received = start + len(content)
        upload.expires_at = now + timedelta(days=UPLOAD_KEPT_DAYS)
        upload.save(update_fields=["received", "expires_at"])
    return upload.received


def _opened(photo_id: UUID, uploader: Person, length: int, now: datetime) -> Upload:
    """The upload, held until the transaction ends; a new one if this person may have one more on the way."""
    upload = Upload.objects.select_for_update(no_key=True).filter(pk=photo_id).first()
    if upload is None:
        _require_room(uploader, length)
        until = now + timedelta(days=UPLOAD_KEPT_DAYS)
        new = Upload(id=photo_id, street_id=street_in_force(), uploader=uploader, length=length, expires_at=until)
        Upload.objects.bulk_create([new], ignore_conflicts=True)
        upload = Upload.objects.select_for_update(no_key=True).filter(pk=photo_id).first()
    # Another street's id is not found; somebody else's is; both get the same answer.
    if upload is None or upload.uploader_id != uploader.pk or upload.length != length:
        raise NotThisId
    return upload


def _require_room(uploader: Person, length: int) -> None:
    waiting = Upload.objects.filter(uploader=uploader)
    bytes_waiting = waiting.aggregate(total=Sum("length"))["total"] or 0
    if waiting.count() >= UPLOADS_AT_ONCE or bytes_waiting + length > BYTES_AT_ONCE:
        raise TooManyUploads


def _seal(photo_id: UUID, uploader: Person, claims: Claims, now: datetime) -> Photo:
    """Put the pieces together and take the photo in; what is no photo leaves nothing behind."""
    try:
        with transaction.atomic():
            Upload.objects.select_for_update(no_key=True).filter(pk=photo_id).first()  # a second last piece waits here
            with StreamedUpload("photo", "", 0, None) as whole:
                for piece in Piece.objects.filter(upload=photo_id).order_by("start").iterator(chunk_size=4):
                    whole.write(bytes(piece.content))
                whole.flush()
                whole.size = whole.tell()
                photo = _taken_in(photo_id, uploader, whole, claims, now)
            _forget(photo_id)
    except Invalid:
        with transaction.atomic():
            _forget(photo_id)
        raise
    return photo


def _taken_in(photo_id: UUID, uploader: Person, whole: StreamedUpload, claims: Claims, now: datetime) -> Photo:
    """The photo; the one that is there already if another last piece was quicker."""
    known = Photo.objects.filter(pk=photo_id, uploader=uploader).first()
    if known is not None and not whole.size:
        return known
    return receive(photo_id=photo_id, uploader=uploader, file=whole, claims=claims, now=now)


def _forget(photo_id: UUID) -> None:
    Piece.objects.filter(upload=photo_id).delete()
    Upload.objects.filter(pk=photo_id).delete()


@transaction.atomic
def sweep_uploads(*, now: datetime) -> int:
    """Let go of photos that were begun and not gone on with; how many."""
    over = list(
        Upload.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(expires_at__lte=now)
        .values_list("id", flat=True)
    )
    Piece.objects.filter(upload__in=over).delete()
    return Upload.objects.filter(pk__in=over).delete()[0]
