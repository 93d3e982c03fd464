"""Ids that can be made anywhere, on a phone without a network too, and codes that carry no meaning."""

import re
import uuid

import uuid_utils

from huipai.kit import chance

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B, U/V: a code is read out on the telephone and typed by elders.
_ALPHABET = "3467ACDEFGHJKMNPQRTWXY9"
# What follows QQ or WX, and seven digits in a row, is struck out of a text as an account or a number
# (`huipai.kit.masking`): a code with them could be read nowhere.
_READ_AS_AN_ACCOUNT = re.compile(r"QQ|WX|\d{7}")


def new_id() -> uuid.UUID:
    """A UUID version 7 (RFC 9562): its order is roughly the order of making, across machines."""
    story = chance.told()
    if story is None:
        return uuid.UUID(bytes=uuid_utils.uuid7().bytes)
    random = story.random.getrandbits(74)
    return uuid.UUID(int=story.next_moment() << 80 | 7 << 76 | random >> 62 << 64 | 2 << 62 | random & (1 << 62) - 1)


def short_code(length: int = 8) -> str:
    """`length` random characters without look-alikes; uniqueness is the database's business.

    No text is struck out because a code stands in it.
    """
    while _READ_AS_AN_ACCOUNT.search(code := _drawn(length)):
        pass
    return code


def _drawn(length: int) -> str:
    return "".join(_ALPHABET[chance.below(len(_ALPHABET))] for _ in range(length))
