"""How an entry becomes a link of the chain."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

# The first spelling left out which transaction wrote an entry and when it was sealed; its links still hold.
SPELLING: Final = 2


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
    transaction: int,
    sealed_at: datetime,
    version: int,
) -> str:
    """SHA-256 (FIPS 180-4) over the link before and every column of entry and seal, in the spelling of `version`."""
    spelled = [
        version, before, str(street_id), str(id), what, subject, str(actor_id) if actor_id else None,
        _spelled(happened_at), facts,
    ]  # fmt: skip
    if version > 1:
        spelled += [transaction, _spelled(sealed_at)]
    spelling = json.dumps(spelled, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelling.encode()).hexdigest()


def _spelled(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
