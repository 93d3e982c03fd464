"""Photos of the demo: drawn, sealed and developed by the same commands as anybody's."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from huipai.cli.seed import scenes
from huipai.cli.seed.folk.ids import derived
from huipai.cli.seed.scenes.goods import goods
from huipai.cli.seed.story import Matter
from huipai.cli.seed.town.warp import Position
from huipai.people.models import Person
from huipai.photos import commands as photos
from huipai.photos.models import Photo
from huipai.photos.rules.claims import Claims
from huipai.photos.words import Source


def take(matter: Matter, by: Person, *, done: bool, seed: int, name: str, position: Position, now: datetime) -> UUID:
    """Receive one photo of a matter; half of them come without place and time, as messengers send them.

    Its copies are made by the job that receiving defers, as for anybody's photo.
    """
    taken_at = now - timedelta(minutes=1 + matter.variant)
    at = None if matter.stripped else position
    content = scenes.photo(matter.kind.code, matter.variant, done=done, at=at, taken_at=taken_at)
    claims = Claims() if at is None else Claims(lat=at[1], lng=at[0], taken_at=taken_at, source=Source.EXIF)
    photo_id = derived(seed, now, name)
    file = SimpleUploadedFile(f"{name}.jpg", content, "image/jpeg")
    photos.receive(photo_id=photo_id, uploader=by, file=file, claims=claims, now=now)
    return photo_id


def take_goods(picture: str, by: Person, *, photo_id: UUID, now: datetime) -> Photo:
    """A released photo of something in the shop, as the page of the shelf keeps it."""
    file = SimpleUploadedFile(f"{picture}.jpg", goods(picture), "image/jpeg")
    photos.receive(photo_id=photo_id, uploader=by, file=file, claims=Claims(), now=now)
    show(photo_id, by, now=now)
    return Photo.objects.get(pk=photo_id)


def show(photo_id: UUID, by: Person, *, now: datetime) -> None:
    """Make the copies now instead of in the job, and release the public one as a person does who has looked at it."""
    photo = photos.process(photo_id=photo_id, now=now)
    if photo is not None and photo.is_ready:
        photos.release(photo=photo, by=by, copy_seen=photo.public_sha256, now=now)
