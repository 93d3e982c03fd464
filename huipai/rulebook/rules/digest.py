"""A fingerprint of what was computed, for the journal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def digest_of(result: Mapping[str, object]) -> str:
    """SHA-256 over a result as it is stored, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(result, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
