"""Sending files as a phone does, and looking at what lies in the storage."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile

from huipai.people.models import Person
from huipai.photos import commands
from huipai.photos.models import Photo
from huipai.photos.rules.claims import Claims
from tests.cast import MONDAY
from tests.photos import samples

JAM = samples.encode(samples.scene(cars=8, size=(640, 480)), "JPEG", quality=60)
NOTHING = Claims()


def sent(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def receive(
    photo_id: UUID, uploader: Person, content: bytes = JAM, *, claims: Claims = NOTHING, now: datetime = MONDAY
) -> Photo:
    return commands.receive(photo_id=photo_id, uploader=uploader, file=sent(content), claims=claims, now=now)


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
