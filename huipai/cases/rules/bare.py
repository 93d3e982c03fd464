"""A picture without what its camera wrote into it: place, time, device, name. Its pixels are copied, never decoded.

JPEG: ITU-T T.81 annex B (markers); PNG: ISO/IEC 15948 clause 5 (chunks). What follows the end of the picture, where
telephones hide films and second pictures, is left off as well.
"""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Final

from PIL import Image

from huipai.cases.attachment_words import FileKind

_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14, _APP15, _COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_STANDS_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_ORIENTATION: Final = 0x0112
_PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
# What the picture looks different without.
_PNG_KEPT: Final = frozenset(b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs".split())


class Broken(ValueError):
    """It is no whole picture of its kind."""


def bare(content: bytes, kind: FileKind) -> bytes:
    """The same picture, upright as before and with nothing else said of it; `Broken` where it is none."""
    try:
        return _jpeg(content) if kind == FileKind.JPEG else _png(content)
    except (IndexError, struct.error) as short:
        raise Broken from short


def _jpeg(content: bytes) -> bytes:
    out, at, turned = BytesIO(), 2, b""
    parts: list[bytes] = []
    while True:
        at, marker = _marker(content, at)
        if marker == _EOI:
            break
        if marker in _STANDS_ALONE:
            parts.append(bytes((0xFF, marker)))
            continue
        (length,) = struct.unpack_from(">H", content, at)
        end = at + length
        if length < 2 or end > len(content):
            raise Broken
        if marker == _APP1:
            turned = turned or _turned(content[at + 2 : end])
        elif _says_how_it_looks(marker, content[at + 2 : end]):
            parts.append(bytes((0xFF, marker)) + content[at:end])
        at = end
        if marker == _SOS:
            end = _end_of_scan(content, at)
            parts.append(content[at:end])
            at = end
    out.write(bytes((0xFF, _SOI)))
    out.write(turned)
    out.writelines(parts)
    out.write(bytes((0xFF, _EOI)))
    return out.getvalue()


def _marker(content: bytes, at: int) -> tuple[int, int]:
    """The next marker and where its segment begins; it may be led in by any number of 0xFF."""
    if content[at] != 0xFF:
        raise Broken
    while content[at] == 0xFF:
        at += 1
    return at + 1, content[at]


def _says_how_it_looks(marker: int, segment: bytes) -> bool:
    if marker == _APP2:
        return segment.startswith(b"ICC_PROFILE\0")
    return marker in (_APP0, _APP14) or not (_APP0 <= marker <= _APP15 or marker == _COM)


def _turned(segment: bytes) -> bytes:
    """A segment that says which side is up and nothing else; nothing where the camera was held upright."""
    if not segment.startswith(b"Exif\0\0"):
        return b""
    said, kept = Image.Exif(), Image.Exif()
    try:
        said.load(segment)
        turn = said.get(_ORIENTATION)
    except (SyntaxError, ValueError, TypeError, KeyError, OSError, struct.error):
        return b""
    if turn not in range(2, 9):
        return b""
    kept[_ORIENTATION] = turn
    payload = kept.tobytes()
    return bytes((0xFF, _APP1)) + struct.pack(">H", len(payload) + 2) + payload


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next marker stands that is not part of the scan's own data."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise Broken
        follows = content[at + 1]
        if follows != 0 and follows not in _STANDS_ALONE:
            return at
        at += 2


def _png(content: bytes) -> bytes:
    out, at, name = BytesIO(), len(_PNG_HEAD), b""
    out.write(_PNG_HEAD)
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        if end > len(content):
            raise Broken
        if name in _PNG_KEPT:
            out.write(content[at:end])
        at = end
    return out.getvalue()
