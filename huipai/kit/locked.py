"""Short texts that stand in a table and are for nobody who reads the table or a dump of it."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(ValueError):
    """What was locked for something else, by another secret key, or was edited."""


def lock(text: str, *, purpose: str) -> str:
    """`text` as only this installation reads it, and only for the same purpose."""
    return _key_for(purpose).encrypt(text.encode()).decode()


def unlock(locked: str, *, purpose: str) -> str:
    """What was locked; `Unreadable` where it was not locked like that."""
    try:
        return _key_for(purpose).decrypt(locked.encode()).decode()
    except InvalidToken as why:
        raise Unreadable from why


def _key_for(purpose: str) -> Fernet:
    """A key of the installation's own for each purpose (HKDF, RFC 5869)."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return Fernet(base64.urlsafe_b64encode(key.derive(settings.SECRET_KEY.encode())))
