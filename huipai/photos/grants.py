"""Addresses of photo files: short-lived, signed, and of no use to anybody else.

Whoever renders a page has decided that its viewer may see the photo; the address carries exactly that decision.
"""

from datetime import datetime
from uuid import UUID

from huipai.kit.addresses import AddressForm
from huipai.people.models import Person
from huipai.photos.commands import Opening
from huipai.photos.models import Photo
from huipai.photos.rules.seals import Grant
from huipai.photos.words import GRANT_STEP_SECONDS, ORIGINAL_GRANT_SECONDS, Variant
from huipai.streets.current import street_in_force


def url(photo: Photo, variant: str, *, viewer: Person | None, now: datetime) -> str:
    """An address that shows a copy to `viewer` (None: a visitor, and only while the photo is released) for 15 to 30
    minutes. Empty while there is no such copy: the page shows its placeholder."""
    wanted = Variant(variant)
    if wanted == Variant.ORIGINAL:
        raise ValueError("an original is shown by original_url(), after open_original()")
    if not photo.key_of(wanted) or (viewer is None and not photo.is_public):
        return ""
    return _address(photo.pk, wanted, viewer, expires_at=_until(now))


def thumb_url(photo_id: UUID, *, viewer: Person, now: datetime) -> str:
    """The same for a thumbnail of which a list has seen in its own statement that it is there."""
    return _address(photo_id, Variant.THUMB, viewer, expires_at=_until(now))


def original_url(opening: Opening, *, now: datetime) -> str:
    """An address of the sealed original for the person whose opening was logged, for two minutes."""
    expires_at = int(now.timestamp()) + ORIGINAL_GRANT_SECONDS
    return _address(opening.photo.pk, Variant.ORIGINAL, opening.by, expires_at=expires_at, opening=opening.entry_id)


def _until(now: datetime) -> int:
    return (int(now.timestamp()) // GRANT_STEP_SECONDS + 2) * GRANT_STEP_SECONDS


_file = AddressForm("photos:file", UUID(int=0), Variant.TINY.value, "token")


def _address(
    photo_id: UUID, variant: Variant, viewer: Person | None, *, expires_at: int, opening: UUID | None = None
) -> str:
    grant = Grant(
        street_id=street_in_force(), photo_id=photo_id, variant=variant, viewer_id=viewer.pk if viewer else None,
        expires_at=expires_at, opening=opening,
    )  # fmt: skip
    return _file(photo_id, variant.value, grant.token())
