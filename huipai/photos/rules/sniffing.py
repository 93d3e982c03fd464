"""What a file is, judged by its bytes alone: kind, size in pixels, whether it is whole, what it costs to open.

Nothing is decoded here: headers are walked, so a picture that would fill the memory is refused by its first bytes.
The name and the declared content type are never looked at.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from mmap import mmap

import pillow_heif

from huipai.photos.rules.developing import longest_side
from huipai.photos.rules.refusals import (
    CutShort,
    EmptyFile,
    NotAPicture,
    TooCostly,
    TooLarge,
    TooManyParts,
    TooManyPixels,
    UnsupportedPicture,
)
from huipai.photos.words import MAX_BYTES, MAX_PIXELS, Copy, Kind

DECODING_BUDGET = 620_000_000
"""Bytes that opening one photo may take in the process that does it; the decision `photos in a bounded process`."""

MOST_PARTS = 65_536
"""Chunks, segments or boxes of one file. The smallest that encoders write are of some hundred bytes; a file of 20 MB
can be made of millions of empty ones, each of which costs more to look at than it holds."""

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_MOST_SCANS = 64  # each goes over the whole picture; encoders write some ten
_MOST_OF_FTYP = 512
_PNG_CHUNKS = {b"IHDR", b"IDAT", b"IEND", b"eXIf"}
_WEBP_CHUNKS = {b"VP8X", b"VP8 ", b"VP8L", b"EXIF"}
_APP1, _START_OF_SCAN, _END_OF_IMAGE = 0xE1, 0xDA, 0xD9
_OTHER_PICTURES = (b"GIF8", b"BM", b"II*\0", b"MM\0*", b"%PDF", b"8BPS", b"\0\0\1\0")
_MARKER_FILL = re.compile(rb"\xff*")
_JPEG_MARKER_IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_START_OF_FRAME = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_PROGRESSIVE = {0xC2, 0xC6, 0xCA, 0xCE}


@dataclass(frozen=True)
class Seen:
    """A whole picture of a kind that we take."""

    kind: Kind
    width: int
    height: int
    cost: int
    exif: bytes = b""


def look(content: bytes | mmap) -> Seen:
    """What `content` (bytes or a memory map) is; refuses whatever is not one whole, affordable picture."""
    view = memoryview(content)
    if not view.nbytes:
        raise EmptyFile
    if view.nbytes > MAX_BYTES:
        raise TooLarge
    try:
        return _reader_of(bytes(view[:32]))(view)
    except (IndexError, struct.error) as broken:
        raise CutShort from broken


def _reader_of(head: bytes) -> Callable[[memoryview], Seen]:
    if head[:3] == b"\xff\xd8\xff":
        return _jpeg
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return _png
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp
    if head[4:8] == b"ftyp":
        return _heif
    if head.startswith(_OTHER_PICTURES) or head.lstrip().lower().startswith((b"<svg", b"<?xml")):
        raise UnsupportedPicture
    raise NotAPicture


def _seen(kind: Kind, *, width: int, height: int, cost: float, exif: bytes) -> Seen:
    if width * height > MAX_PIXELS:
        raise TooManyPixels
    if cost > DECODING_BUDGET:
        raise TooCostly
    if not width or not height:
        raise CutShort
    return Seen(kind=kind, width=width, height=height, cost=int(cost), exif=exif.removeprefix(b"Exif\0\0"))


@dataclass
class _Frame:
    """The frame header of a JPEG: its size, and how its planes are sampled."""

    width: int
    height: int
    samplings: list[tuple[int, int]]
    is_buffered: bool

    @classmethod
    def read(cls, body: memoryview, marker: int) -> "_Frame":
        height, width, components = struct.unpack(">HHB", body[1:6])
        samplings = [(body[7 + 3 * n] >> 4, body[7 + 3 * n] & 15) for n in range(components)]
        return cls(width, height, samplings, marker in _PROGRESSIVE)

    def cost(self) -> float:
        """A sequential frame is decoded at an eighth to a half of its size; a buffered one is kept whole first."""
        longest = longest_side(self.width, self.height, Copy.PUBLIC) if self.width and self.height else Copy.PUBLIC
        reduction = max(1, min(8, max(self.width, self.height) // longest))
        decoded = 4 * self.width * self.height / (1 << (reduction.bit_length() - 1)) ** 2
        if not self.is_buffered:
            return decoded
        widest, highest = (max(max(pair[n], 1) for pair in self.samplings) for n in (0, 1))
        planes = sum(across * down / (widest * highest) for across, down in self.samplings)
        return decoded + 2 * self.width * self.height * planes


def _jpeg(view: memoryview) -> Seen:
    """Every segment is there, from the start to an end-of-image marker after the picture's own data."""
    frame: _Frame | None = None
    exif, is_seen_scan = b"", False
    for marker, body in _jpeg_segments(view):
        if marker in _START_OF_FRAME and frame is None:
            frame = _Frame.read(body, marker)
        elif marker == _APP1 and bytes(body[:6]) == b"Exif\0\0" and not exif:
            exif = bytes(body)
        elif marker == _START_OF_SCAN and frame is not None:
            frame.is_buffered = frame.is_buffered or body[0] < len(frame.samplings)
            is_seen_scan = True
    if frame is None or not is_seen_scan:
        raise CutShort
    return _seen(Kind.JPEG, width=frame.width, height=frame.height, cost=frame.cost(), exif=exif)


def _jpeg_segments(view: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Marker and body of each segment before the end of the image; the data behind a scan's is passed over."""
    scans, at = 0, 2
    for _part in range(MOST_PARTS):
        marker, at = _jpeg_marker(view, at)
        if marker == _END_OF_IMAGE:
            return
        (length,) = struct.unpack_from(">H", view, at)
        if length < 2 or at + length > view.nbytes:
            raise CutShort
        yield marker, view[at + 2 : at + length]
        at += length
        if marker == _START_OF_SCAN:
            scans, at = scans + 1, _end_of_scan(view, at)
        if scans > _MOST_SCANS:
            break
    raise TooManyParts


def _jpeg_marker(view: memoryview, at: int) -> tuple[int, int]:
    if view[at] != 0xFF:
        raise CutShort
    filled = _MARKER_FILL.match(view, at)
    at = filled.end() if filled else at
    return view[at], at + 1


def _end_of_scan(view: memoryview, at: int) -> int:
    found = _JPEG_MARKER_IN_SCAN.search(view, at)
    if found is None:
        raise CutShort
    return found.start()


def _png(view: memoryview) -> Seen:
    """Every chunk is there with its right sum, from the header to the end chunk."""
    width, height = struct.unpack_from(">II", view, 16)
    if width * height > MAX_PIXELS:
        raise TooManyPixels
    chunks = {name: body for name, body in _png_chunks(view) if name in _PNG_CHUNKS}
    if not _PNG_CHUNKS - {b"eXIf"} <= chunks.keys():
        raise CutShort
    return _seen(Kind.PNG, width=width, height=height, cost=4.9 * width * height, exif=bytes(chunks.get(b"eXIf", b"")))


def _png_chunks(view: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    at = 8
    for _part in range(MOST_PARTS):
        (length,) = struct.unpack_from(">I", view, at)
        name, body = bytes(view[at + 4 : at + 8]), view[at + 8 : at + 8 + length]
        (expected,) = struct.unpack_from(">I", view, at + 8 + length)
        if zlib.crc32(view[at + 4 : at + 8 + length]) != expected:
            raise CutShort
        yield name, body
        if name == b"IEND":
            return
        at += 12 + length
    raise TooManyParts


def _webp(view: memoryview) -> Seen:
    (size,) = struct.unpack_from("<I", view, 4)
    if size + 8 > view.nbytes:
        raise CutShort
    chunks: dict[bytes, memoryview] = {}
    at, parts = 12, 0
    while at + 8 <= size + 8:
        parts += 1
        if parts > MOST_PARTS:
            raise TooManyParts
        name, (length,) = bytes(view[at : at + 4]), struct.unpack_from("<I", view, at + 4)
        if at + 8 + length > view.nbytes:
            raise CutShort
        if name in _WEBP_CHUNKS:
            chunks.setdefault(name, view[at + 8 : at + 8 + length])
        at += 8 + length + length % 2
    width, height = _webp_size(chunks)
    # The decoder keeps the canvas again and again: 20 bytes a pixel, measured.
    return _seen(Kind.WEBP, width=width, height=height, cost=20 * width * height, exif=bytes(chunks.get(b"EXIF", b"")))


def _webp_size(chunks: dict[bytes, memoryview]) -> tuple[int, int]:
    if b"VP8X" in chunks:
        body = chunks[b"VP8X"]
        return int.from_bytes(body[4:7], "little") + 1, int.from_bytes(body[7:10], "little") + 1
    if b"VP8 " in chunks:
        width, height = struct.unpack_from("<HH", chunks[b"VP8 "], 6)
        return width & 0x3FFF, height & 0x3FFF
    if b"VP8L" in chunks:
        (bits,) = struct.unpack_from("<I", chunks[b"VP8L"], 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    raise CutShort


def _heif(view: memoryview) -> Seen:
    """The boxes fill the file to its last byte, and the library finds a primary picture in them."""
    (length,) = struct.unpack_from(">I", view, 0)
    brands = {bytes(view[at : at + 4]) for at in range(8, min(length, view.nbytes, _MOST_OF_FTYP), 4)}
    if not brands & _HEIC_BRANDS:
        raise UnsupportedPicture
    _walk_boxes(view)
    try:
        picture = pillow_heif.open_heif(bytes(view))
    except (ValueError, RuntimeError, OSError, SyntaxError, EOFError) as broken:
        raise CutShort from broken
    width, height = picture.size
    return _seen(
        Kind.HEIC,
        width=width,
        height=height,
        cost=_heic_bytes_per_pixel(picture) * width * height,
        exif=picture.info.get("exif") or b"",
    )


def _walk_boxes(view: memoryview) -> None:
    at = 0
    for _part in range(MOST_PARTS):
        if at >= view.nbytes:
            return
        (length,) = struct.unpack_from(">I", view, at)
        if length == 1:
            (length,) = struct.unpack_from(">Q", view, at + 8)
        if length == 0:
            return
        if length < 8 or at + length > view.nbytes:
            raise CutShort
        at += length
    raise TooManyParts


def _heic_bytes_per_pixel(picture: pillow_heif.HeifFile) -> float:
    """Measured on libheif 1.23: planes and converted pixels stand side by side."""
    plain = 4.6 if picture.info.get("bit_depth", 8) <= 8 else 7.4
    return plain + 2 if picture.has_alpha else plain
