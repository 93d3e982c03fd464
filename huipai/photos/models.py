"""A photo: one sealed original, the copies made of it, what it claims, and whether a person has released it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self, TypeVar

from django.db import models
from django.db.models import F, Q

from huipai.people.models import Person
from huipai.photos.rules.claims import Claims
from huipai.photos.words import ERASED_WORDS, LIKENESS_LASTS, Kind, Source, State, Variant
from huipai.streets.models import TenantKey, TenantManager, TenantModel

_M = TypeVar("_M", bound="Photo")
# A photo that was kept until there was a network again may be hours old.
ODD_FROM = timedelta(days=1)


class PhotoManager(TenantManager[_M]):
    def kept(self) -> models.QuerySet[_M]:
        """Photos whose files still exist."""
        return self.filter(erased_at__isnull=True)

    def sent_since(self, uploader: Person, since: datetime) -> models.QuerySet[_M]:
        return self.filter(uploader=uploader, received_at__gt=since)


class Photo(TenantModel):
    """What somebody sent, byte for byte, and the copies that others may see. Its id is made by the sender's device.

    After erasing, the row remains as a tombstone: who, when and the digest of the bytes, but no file and no claim.
    Where only its time was over, the likeness stays too for as long as somebody looks for the same picture again.
    """

    uploader = TenantKey(Person, on_delete=models.PROTECT, related_name="photos", db_index=False)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)

    # Of the bytes as received; it proves later that the sealed original is still the same.
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    # Bytes that opening it takes, judged from its header.
    opening_cost = models.BigIntegerField()

    # What the sender's device says: WGS-84, offered in a form, corrected by a person, never a fact.
    claimed_lat = models.FloatField(null=True)
    claimed_lng = models.FloatField(null=True)
    claimed_taken_at = models.DateTimeField(null=True)
    claim_source = models.CharField(max_length=8, choices=Source.choices, default=Source.NONE)
    # What the server read in the original itself: a claim too, kept beside the other.
    exif_lat = models.FloatField(null=True)
    exif_lng = models.FloatField(null=True)
    exif_taken_at = models.DateTimeField(null=True)

    original_key = models.CharField(max_length=160, blank=True)
    public_key = models.CharField(max_length=160, blank=True)
    thumb_key = models.CharField(max_length=160, blank=True)
    tiny_key = models.CharField(max_length=160, blank=True)
    # Of the public copy: a release names the copy that was looked at.
    public_sha256 = models.CharField(max_length=64, blank=True)
    # 64 bits, signed; see rules.darkroom.distance.
    fingerprint = models.BigIntegerField(null=True)
    # For each way to cut the edges off 64 bits; see rules.likeness. None: developed before there were marks.
    marks = models.BinaryField(null=True)
    developed_at = models.DateTimeField(null=True)

    released_at = models.DateTimeField(null=True)
    released_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar[PhotoManager[Self]] = PhotoManager()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(name="photos_a_digest_is_hex", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="photos_a_kept_photo_has_its_original",
                condition=Q(erased_at__isnull=False) | ~Q(original_key=""),
            ),
            models.CheckConstraint(
                name="photos_ready_means_every_copy",
                condition=~Q(state=State.READY)
                | Q(erased_at__isnull=False)
                | (~Q(public_key="") & ~Q(thumb_key="") & ~Q(tiny_key="") & ~Q(public_sha256="")),
            ),
            models.CheckConstraint(
                name="photos_only_a_ready_copy_is_released_by_somebody",
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False, state=State.READY, erased_at__isnull=True),
            ),
            models.CheckConstraint(
                name="photos_a_tombstone_keeps_no_claim",
                condition=Q(erased_at__isnull=True)
                | Q(
                    original_key="",
                    public_key="",
                    thumb_key="",
                    tiny_key="",
                    public_sha256="",
                    claimed_lat__isnull=True,
                    claimed_lng__isnull=True,
                    claimed_taken_at__isnull=True,
                    exif_lat__isnull=True,
                    exif_lng__isnull=True,
                    exif_taken_at__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="photos_a_likeness_ends",
                condition=Q(erased_at__isnull=True)
                | Q(fingerprint__isnull=True, marks__isnull=True)
                | Q(erased_at__lt=F("received_at") + LIKENESS_LASTS),
            ),
            models.CheckConstraint(
                name="photos_a_claimed_place_is_on_earth",
                condition=Q(claimed_lat__isnull=True, claimed_lng__isnull=True)
                | Q(
                    claimed_lat__isnull=False,
                    claimed_lng__isnull=False,
                    claimed_lat__range=(-90, 90),
                    claimed_lng__range=(-180, 180),
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="photos_of_an_uploader", fields=["street", "uploader", "-received_at"]),
            models.Index(name="photos_by_fingerprint", fields=["street", "fingerprint"]),
            models.Index(
                name="photos_waiting",
                fields=["street", "received_at"],
                condition=Q(state=State.RECEIVED, erased_at__isnull=True),
            ),
        ]

    @property
    def subject(self) -> str:
        return f"photo:{self.id}"

    @property
    def is_kept(self) -> bool:
        return self.erased_at is None

    @property
    def is_ready(self) -> bool:
        return self.state == State.READY and self.is_kept

    @property
    def is_unreadable(self) -> bool:
        return self.state == State.UNREADABLE

    @property
    def is_public(self) -> bool:
        return self.released_at is not None

    @property
    def missing_words(self) -> str:
        """What to say where the picture would stand."""
        return str(ERASED_WORDS if not self.is_kept else State(self.state).label)

    @property
    def claims(self) -> Claims:
        """What to offer in a form: the device's own words first, then what the server found in the original."""
        taken_at = self.claimed_taken_at or self.exif_taken_at
        if self.claimed_lat is not None:
            return Claims(self.claimed_lat, self.claimed_lng, taken_at, Source(self.claim_source))
        if self.exif_lat is not None:
            return Claims(self.exif_lat, self.exif_lng, taken_at, Source.EXIF)
        return Claims(taken_at=taken_at)

    @property
    def odd_time(self) -> datetime | None:
        """What the photo says of its own time where that is more than a day from when it came in.

        An old photo, one that waited long for a network, or a camera with a wrong clock: whoever looks is told.
        """
        taken_at = self.claims.taken_at
        return taken_at if taken_at is not None and abs(self.received_at - taken_at) > ODD_FROM else None

    def developed(
        self, *, public_key: str, thumb_key: str, tiny_key: str, public_sha256: str, fingerprint: int, marks: bytes,
        now: datetime,
    ) -> None:  # fmt: skip
        self.public_key, self.thumb_key, self.tiny_key = public_key, thumb_key, tiny_key
        self.public_sha256, self.fingerprint, self.marks = public_sha256, fingerprint, marks
        self.state, self.developed_at = State.READY, now
        self.save(
            update_fields=[
                "public_key", "thumb_key", "tiny_key", "public_sha256", "fingerprint", "marks", "state",
                "developed_at",
            ]
        )  # fmt: skip

    def could_not_be_read(self, *, now: datetime) -> None:
        self.state, self.developed_at = State.UNREADABLE, now
        self.save(update_fields=["state", "developed_at"])

    def release(self, *, by: Person, now: datetime) -> None:
        self.released_by, self.released_at = by, now
        self.save(update_fields=["released_by", "released_at"])

    def withdraw(self) -> None:
        self.released_by, self.released_at = None, None
        self.save(update_fields=["released_by", "released_at"])

    def erase(self, *, now: datetime) -> None:
        """Leave the tombstone: who, when, which bytes; no file, no claim, no likeness."""
        self.fingerprint = self.marks = None
        self.expire(now=now)

    def expire(self, *, now: datetime) -> None:
        """Leave the tombstone, and some bits out of which nobody makes a picture while the same is looked for."""
        if now >= self.received_at + LIKENESS_LASTS:
            self.fingerprint = self.marks = None
        self.original_key = self.public_key = self.thumb_key = self.tiny_key = self.public_sha256 = ""
        self.claimed_lat = self.claimed_lng = self.claimed_taken_at = None
        self.exif_lat = self.exif_lng = self.exif_taken_at = None
        self.claim_source = Source.NONE
        self.released_by = self.released_at = None
        self.erased_at = now
        self.save()

    @property
    def keys(self) -> list[str]:
        """Every file of this photo that exists."""
        return [key for key in (self.original_key, self.public_key, self.thumb_key, self.tiny_key) if key]

    def key_of(self, variant: Variant) -> str:
        """The storage key of a variant; empty where there is none (yet, or any more)."""
        keys = {
            Variant.ORIGINAL: self.original_key,
            Variant.PUBLIC: self.public_key,
            Variant.THUMB: self.thumb_key,
            Variant.TINY: self.tiny_key,
        }
        return keys[variant]


class Upload(TenantModel):
    """A photo that is on its way in pieces. Its id is the photo's; it ends when the photo is sealed, or by its date."""

    uploader = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    length = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="photos_an_upload_never_overflows", condition=Q(length__gt=0, received__lte=models.F("length"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="photos_uploads_of_a_person", fields=["street", "uploader"]),
            models.Index(name="photos_uploads_to_expire", fields=["street", "expires_at"]),
        ]


class Piece(TenantModel):
    """Some bytes of a photo that is on its way: in the database, so that the next piece may come to another server."""

    upload = TenantKey(Upload, on_delete=models.PROTECT, related_name="pieces", db_index=False)
    start = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="photos_one_piece_a_start", fields=["street", "upload", "start"]),
        ]
