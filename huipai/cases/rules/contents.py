"""What makes two sendings the same."""

import hashlib
import json
from collections.abc import Mapping


def content_hash(content: Mapping[str, object]) -> str:
    """SHA-256 over what was typed and chosen, in one fixed spelling."""
    spelling = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(spelling.encode()).hexdigest()
