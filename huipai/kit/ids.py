"""Ids that can be made anywhere, on a phone without a network too, and codes that carry no meaning."""

import secrets
import uuid

import uuid_utils

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: a code is read out on the telephone and typed by elders.
_ALPHABET = "3467ACDEFGHJKMNPQRTWXY9"


def new_id() -> uuid.UUID:
    """A UUID version 7 (RFC 9562): its order is roughly the order of making, across machines."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)


def short_code(length: int = 8) -> str:
    """`length` random characters without look-alikes; uniqueness is the database's business."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))
