"""Ids that can be made anywhere, on a phone without a network too, and codes that carry no meaning."""

import uuid

import uuid_utils

from huipai.kit import chance

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: a code is read out on the telephone and typed by elders.
_ALPHABET = "3467ACDEFGHJKMNPQRTWXY9"


def new_id() -> uuid.UUID:
    """A UUID version 7 (RFC 9562): its order is roughly the order of making, across machines."""
    story = chance.told()
    if story is None:
        return uuid.UUID(bytes=uuid_utils.uuid7().bytes)
    random = story.random.getrandbits(74)
    return uuid.UUID(int=story.next_moment() << 80 | 7 << 76 | random >> 62 << 64 | 2 << 62 | random & (1 << 62) - 1)


def short_code(length: int = 8) -> str:
    """`length` random characters without look-alikes; uniqueness is the database's business."""
    return "".join(_ALPHABET[chance.below(len(_ALPHABET))] for _ in range(length))
