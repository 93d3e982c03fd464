"""Names of files in the storage, and ids of photos that come without one."""

import hashlib
import unicodedata
from datetime import datetime
from uuid import UUID

from huipai.kit.ids import short_code

LONGEST_CALLED = 40
"""No file of a phone is called longer; a longer name tells nobody which photo is meant."""


def called(name: str) -> str:
    """A file's name as its phone gave it, to be said to whoever sent it; empty where it would not be read as one: too
    long, with signs that show nothing, turn the line round or pile up on others."""
    plain = unicodedata.normalize("NFC", name).strip()
    is_plain = plain.isprintable() and not any(unicodedata.category(sign)[0] == "M" for sign in plain)
    return plain if is_plain and len(plain) <= LONGEST_CALLED else ""


def original_key(street_id: UUID, photo_id: UUID, now: datetime) -> str:
    """A name that no other attempt has: what loses a race takes away its own file, never the winner's."""
    return f"{street_id}/originals/{now:%Y%m}/{photo_id}.{short_code(10)}"


def copy_key(street_id: UUID, photo_id: UUID, side: int, now: datetime) -> str:
    return f"{street_id}/copies/{now:%Y%m}/{photo_id}.{side}.{short_code(10)}.jpg"


def photo_of(key: str) -> UUID | None:
    """The photo whose file this is; None for a file that no photo of ours can have."""
    try:
        return UUID(key.rsplit("/", 1)[-1].split(".", 1)[0])
    except ValueError:
        return None


def photo_id(form_id: UUID, sha256: str) -> UUID:
    """The id of a content within a form: a UUIDv7 with the form's time, the same each time the form is sent."""
    mixed = bytearray(form_id.bytes[:6] + hashlib.sha256(f"{form_id}:{sha256}".encode()).digest()[:10])
    mixed[6] = mixed[6] & 0x0F | 0x70
    mixed[8] = mixed[8] & 0x3F | 0x80
    return UUID(bytes=bytes(mixed))
