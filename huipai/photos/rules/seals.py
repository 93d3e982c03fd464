"""The signature on the address of a photo file: for one photo, variant, street and viewer, until an instant."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from uuid import UUID

from django.utils.crypto import salted_hmac

from huipai.photos.words import Variant

_SALT = "huipai.photos.grant"
ANYONE = "anyone"


@dataclass(frozen=True)
class Grant:
    """What a signed address allows. `opening` is the journal entry that logs the opening of an original."""

    street_id: UUID
    photo_id: UUID
    variant: Variant
    viewer_id: UUID | None
    expires_at: int
    opening: UUID | None = None

    def token(self) -> str:
        opening = f".{self.opening.hex}" if self.opening else ""
        return f"{self.expires_at:x}{opening}.{self._signature()}"

    def _signature(self) -> str:
        viewer = self.viewer_id or ANYONE
        words = (self.street_id, self.photo_id, self.variant.value, viewer, self.expires_at, self.opening or "-")
        digest = salted_hmac(_SALT, "|".join(map(str, words)), algorithm="sha256").digest()
        return urlsafe_b64encode(digest[:18]).decode()


def read(
    token: str, *, street_id: UUID, photo_id: UUID, variant: Variant, viewer_id: UUID | None, now: datetime
) -> Grant | None:
    """The grant that `token` is for exactly this asker; None if it is another's, expired, damaged or made up."""
    try:
        expires, *opening, _signature = token.split(".")
        grant = Grant(
            street_id=street_id, photo_id=photo_id, variant=variant, viewer_id=viewer_id,
            expires_at=int(expires, 16), opening=UUID(opening[0]) if opening else None,
        )  # fmt: skip
    except ValueError:
        return None
    if not token.isascii() or not compare_digest(grant.token(), token) or now.timestamp() >= grant.expires_at:
        return None
    return grant
