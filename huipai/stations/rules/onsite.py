"""The code on a station host's screen: signed, changing, and of no use a few minutes later.

It says which station showed it and when. Whoever sends it has stood in front of the screen, or knows somebody who has:
that is why it lives so short, and counts once a person, item and day.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from uuid import UUID

from django.utils.crypto import salted_hmac

from huipai.stations.words import CODE_CHANGES_AFTER, CODE_IS_FRESH_FOR

_SALT = "huipai.stations.onsite"
_PLAIN, _SIGNATURE = 20, 12


@dataclass(frozen=True, slots=True)
class OnSite:
    """A genuine code: the station that showed it, and when."""

    station_id: UUID
    shown_at: datetime
    nonce: str


def code_at(*, street_id: UUID, station_id: UUID, now: datetime) -> str:
    """The code that this station shows at `now`; the same for as long as it stands on the screen."""
    step = int(now.timestamp()) // int(CODE_CHANGES_AFTER.total_seconds())
    plain = station_id.bytes + step.to_bytes(4, "big")
    return urlsafe_b64encode(plain + _signature(street_id, plain)).decode().rstrip("=")


def read_code(code: str, *, street_id: UUID) -> OnSite | None:
    """What a code says if this street's screen has shown it; None for anything else."""
    try:
        content = urlsafe_b64decode(code + "=" * (-len(code) % 4))
    except (ValueError, Error):
        return None
    plain, signature = content[:_PLAIN], content[_PLAIN:]
    if len(plain) != _PLAIN or not compare_digest(signature, _signature(street_id, plain)):
        return None
    step = int.from_bytes(plain[16:], "big")
    shown_at = datetime.fromtimestamp(step * CODE_CHANGES_AFTER.total_seconds(), UTC)
    return OnSite(UUID(bytes=plain[:16]), shown_at, signature.hex())


def is_fresh(seen: OnSite, *, now: datetime) -> bool:
    """Whether it was on a screen a moment ago."""
    return seen.shown_at <= now + CODE_CHANGES_AFTER and now - seen.shown_at <= CODE_IS_FRESH_FOR


def _signature(street_id: UUID, plain: bytes) -> bytes:
    words = f"{street_id}|{plain.hex()}"
    return salted_hmac(_SALT, words, algorithm="sha256").digest()[:_SIGNATURE]
