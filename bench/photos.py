"""Photos by the hundred thousand, as rows: no file is read in these measurements."""

from collections.abc import Sequence
from uuid import UUID

import psycopg

# The first photo of each entry: every entry has a million numbers of its own, so that all can run in one run.
INTAKE, LIST, SHOWN, HUB, CLAIM = (million * 1_000_000 for million in range(5))

_ROWS = """
INSERT INTO photos_photo (id, street_id, uploader_id, received_at, state, sha256, kind, size, width, height,
                          opening_cost, claim_source, original_key, public_key, thumb_key, tiny_key, public_sha256,
                          developed_at)
SELECT ('00000000-0000-7000-8f00-' || lpad(to_hex(n), 12, '0'))::uuid, %(street)s,
       (%(uploaders)s::uuid[])[n %% %(count)s + 1], now(), 'ready', repeat('a', 64), 'jpeg', 240000, 1600, 1200,
       9000000, 'none', 'o/' || n, 'p/' || n, 't/' || n, 'y/' || n, repeat('b', 64), now()
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
"""


def photo_id(number: int) -> UUID:
    return UUID(f"00000000-0000-7000-8f00-{number:012x}")


def make(url: str, street_id: UUID, uploaders: Sequence[UUID], *, first: int, count: int) -> None:
    """Ready photos with the numbers from `first` on; number n is of uploader n modulo their count."""
    with psycopg.connect(url) as connection:
        connection.execute(
            _ROWS,
            {
                "street": street_id, "uploaders": list(uploaders), "count": len(uploaders),
                "first": first, "last": first + count - 1,
            },
        )  # fmt: skip
