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


def check_value() -> str:
    """Tells this installation's secret key from another's, and tells nothing of either."""
    return _derived("huipai.kit.check_value").hex()[:32]


def _key_for(purpose: str) -> Fernet:
    """A key of the installation's own for each purpose."""
    return Fernet(base64.urlsafe_b64encode(_derived(purpose)))


def _derived(purpose: str) -> bytes:
    """HKDF, RFC 5869."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode())
    return key.derive(settings.SECRET_KEY.encode())
