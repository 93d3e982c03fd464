"""How an entry becomes a link of the chain."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID


def digest(
    *,
    before: str,
    id: UUID,
    street_id: UUID,
    what: str,
    subject: str,
    actor_id: UUID | None,
    happened_at: datetime,
    facts: Mapping[str, object],
    version: int = 1,
) -> str:
    """SHA-256 (FIPS 180-4) over the link before and every column that was written, in one fixed spelling."""
    spelling = json.dumps(
        [
            version, before, str(street_id), str(id), what, subject, str(actor_id) if actor_id else None,
            happened_at.astimezone(UTC).isoformat(timespec="microseconds"), facts,
        ],
        ensure_ascii=True, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(spelling.encode()).hexdigest()
