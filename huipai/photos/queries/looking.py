"""Which earlier picture of the street is the same as this one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from uuid import UUID

import numpy as np
from PIL import Image

from huipai.photos import storage
from huipai.photos.models import Photo
from huipai.photos.rules import darkroom, likeness
from huipai.photos.words import LIKENESS_LASTS

MOST_LOOKED_AT = 40
"""So many of those that may be it are laid over the new one, the likeliest first."""
_AT_ONCE = 4000

IsOwn = Callable[[UUID, UUID], bool]
"""Whether an earlier photo, by its id and who uploaded it, is of the same person as the one looked at."""


@dataclass(frozen=True, slots=True)
class Alike:
    """An earlier picture that is the same, whose it is, and how well the two fit."""

    photo_id: UUID
    is_own: bool
    percent: int


class _Other(NamedTuple):
    id: UUID
    uploader_id: UUID
    received_at: datetime
    thumb_key: str
    marks: bytes
    fingerprint: int


class _MayBe(NamedTuple):
    """One that may be it: in how many bits it differs, in which form mine lies on it; whether the fingerprint says so.

    The fingerprint of the whole is enough: it stays under a strip of words or a sticker, which cannot be laid over.
    """

    bits: int
    form: int
    is_whole: bool
    other: _Other


def alike(photo: Photo, *, beside: Collection[UUID], is_own: IsOwn) -> Alike | None:
    """The likeliest earlier picture that is this one, cut, turned, mirrored, framed or saved again; none of `beside`.

    Somebody else's goes before one's own: whoever sends a copy twice hides nothing behind the first. Cut or turned ones
    are laid over each other where both are still there; of what is gone only the marks are left to speak.
    """
    if photo.fingerprint is None:
        return None
    found = sorted(
        _may_be(photo, beside),
        key=lambda one: (is_own(one.other.id, one.other.uploader_id), one.bits, one.other.received_at, one.other.id),
    )
    mine = _thumb(photo.thumb_key)
    for one in found[:MOST_LOOKED_AT]:
        if (percent := _percent(mine, one)) is not None:
            return Alike(one.other.id, is_own(one.other.id, one.other.uploader_id), percent)
    return None


def _may_be(photo: Photo, beside: Collection[UUID]) -> Iterator[_MayBe]:
    assert photo.fingerprint is not None
    mine = likeness.in_all_forms(bytes(photo.marks or b""))
    for others in _earlier(photo, beside):
        marked = {one.other.id: one for one in _by_marks(mine, others)}
        for other in others:
            bits = darkroom.distance(photo.fingerprint, other.fingerprint)
            if bits <= likeness.SAME_DOTS:
                marked[other.id] = _MayBe(bits, 0, True, other)
        yield from marked.values()


def _earlier(photo: Photo, beside: Collection[UUID]) -> Iterator[list[_Other]]:
    before = Photo.objects.filter(
        received_at__gt=photo.received_at - LIKENESS_LASTS, received_at__lt=photo.received_at,
        fingerprint__isnull=False,
    ).exclude(pk__in={photo.pk, *beside})  # fmt: skip
    rows = before.values_list("id", "uploader_id", "received_at", "thumb_key", "marks", "fingerprint")
    others = (
        _Other(id, uploader_id, received_at, thumb_key, bytes(marks or b""), fingerprint)
        for id, uploader_id, received_at, thumb_key, marks, fingerprint in rows.iterator(chunk_size=_AT_ONCE)
        if fingerprint is not None
    )
    while some := list(islice(others, _AT_ONCE)):
        yield some


def _by_marks(mine: likeness.Marks, others: Sequence[_Other]) -> Iterator[_MayBe]:
    sets = [likeness.unpacked(other.marks) for other in others]
    whose = np.repeat(np.arange(len(others)), [len(some) for some in sets])
    bits, forms = likeness.nearest(mine, np.concatenate(sets))
    for at in np.flatnonzero(bits <= likeness.MAY_BE):
        yield _MayBe(int(bits[at]), int(forms[at]), False, others[whose[at]])


def _percent(mine: Image.Image | None, one: _MayBe) -> int | None:
    """How well the two fit, if they are one."""
    other = _thumb(one.other.thumb_key) if mine is not None and not one.is_whole else None
    agreement = None if mine is None or other is None else likeness.fit(mine, other, one.form)
    if agreement is not None:
        return round(100 * agreement) if likeness.is_one(agreement) else None
    return round(100 * (64 - one.bits) / 64) if one.is_whole or likeness.is_surely_one(one.bits) else None


def _thumb(key: str) -> Image.Image | None:
    if not key:
        return None
    try:
        with storage.photos().open(key) as file, Image.open(file, formats=["JPEG"]) as picture:
            picture.load()
            return picture
    except FileNotFoundError:
        return None
