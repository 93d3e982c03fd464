"""What makes two sendings the same."""

import hashlib
import json
from collections.abc import Mapping


def content_hash(content: Mapping[str, object]) -> str:
    """SHA-256 over what was typed and chosen, in one fixed spelling."""
    spelling = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(spelling.encode()).hexdigest()


def words_digest(title: str, text: str) -> str:
    """SHA-256 of what neighbours read of a deed; the proof of deeds computes the same in its statement."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()
