"""Ids that follow from the seed: the same demo has the same people, reports and photos under the same ids."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID


def derived(seed: int, moment: datetime, *name: object) -> UUID:
    """A version 7 UUID of that moment, whose other bits come from seed and name instead of from chance."""
    digest = sha256(":".join(map(str, (seed, *name))).encode()).digest()
    bits = int.from_bytes(digest[:10], "big") & ((1 << 74) - 1)
    milliseconds = int(moment.timestamp() * 1000) & ((1 << 48) - 1)
    high, low = bits >> 62, bits & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low)
