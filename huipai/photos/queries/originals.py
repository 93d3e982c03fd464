"""Proving that every sealed original is there, byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from huipai.photos import storage
from huipai.photos.models import Photo
from huipai.streets.current import in_street
from huipai.streets.models import Street


def damaged_originals(street: Street) -> Iterator[str]:
    """A sentence for each photo of the street that is kept and whose original is gone, or is another."""
    with in_street(street.id):
        kept = Photo.objects.kept().exclude(original_key="").order_by("id")
        for id, key, sha256 in kept.values_list("id", "original_key", "sha256").iterator():
            found = _digest(key)
            if found != sha256:
                why = "is not there" if found is None else "is not the one that was received"
                yield f"photos_photo {id}: its original {key} {why}"


def _digest(key: str) -> str | None:
    try:
        with storage.photos().open(key) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
