"""Codes as they are typed, read out and shown as a picture."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from uuid import UUID

import segno

from huipai.shop.words import CODE_LENGTH

MARK_LENGTH = 4
_BETWEEN = re.compile(r"[\s\-·.]+")


def normalise(typed: str) -> str:
    """A code as it is stored, however it was typed or scanned; empty if it cannot be one."""
    code = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed.rpartition("code=")[2])).upper()
    return code if re.fullmatch(f"[A-Z0-9]{{{CODE_LENGTH}}}", code) else ""


def mark_of(reservation_id: UUID, code: str) -> str:
    """What the journal keeps of a code: enough to prove it by, too little to find it by."""
    return hashlib.sha256(f"{reservation_id}{code}".encode()).hexdigest()[:MARK_LENGTH]


@dataclass(frozen=True, slots=True)
class Picture:
    """A QR code as one path in a square of so many modules, with its quiet zone."""

    size: int
    path: str


def picture(text: str) -> Picture:
    """The QR code of a text, made here: nothing is asked of another host."""
    border = 2
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix_iter(border=border)]
    runs = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return Picture(len(rows), "".join(runs))
