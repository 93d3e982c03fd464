"""A HEIC of any size from one encoded tile: phones write large photos as a grid of tiles, ours are all the same one."""

import struct
from collections.abc import Iterator

from PIL import Image

from tests.photos import samples

TILE = 1024


def grid_heic(columns: int, rows: int, *, width: int, height: int) -> bytes:
    """`columns` x `rows` tiles, cropped to `width` x `height`."""
    tile = samples.encode(Image.new("RGB", (TILE, TILE), "#5a7850"), "HEIF", quality=10)
    boxes = dict(_boxes(tile))
    properties = dict(_boxes(dict(_boxes(dict(_boxes(boxes[b"meta"][4:]))[b"iprp"]))[b"ipco"]))
    count = columns * rows
    layout = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)
    pieces = {"layout": layout, "tile": boxes[b"mdat"]}

    head = _box(b"ftyp", boxes[b"ftyp"])
    length = len(_meta(properties, count, pieces, width, height, offset=0))
    meta = _meta(properties, count, pieces, width, height, offset=len(head) + length + 8)
    return head + meta + _box(b"mdat", layout + boxes[b"mdat"])


def _meta(
    properties: dict[bytes, bytes], count: int, pieces: dict[str, bytes], width: int, height: int, *, offset: int
) -> bytes:
    grid = count + 1
    handler = _full(b"hdlr", bytes(4) + b"pict" + bytes(13))
    places = [(item, offset + len(pieces["layout"]), len(pieces["tile"])) for item in range(1, grid)]
    places.append((grid, offset, len(pieces["layout"])))
    located = b"".join(struct.pack(">HHHII", item, 0, 1, at, size) for item, at, size in places)
    iloc = _full(b"iloc", struct.pack(">BBH", 0x44, 0, grid) + located)
    entries = [_full(b"infe", struct.pack(">HH", item, 0) + b"hvc1\0", version=2, flags=1) for item in range(1, grid)]
    entries.append(_full(b"infe", struct.pack(">HH", grid, 0) + b"grid\0", version=2))
    iinf = _full(b"iinf", struct.pack(">H", grid) + b"".join(entries))
    made_of = struct.pack(f">HH{count}H", grid, count, *range(1, grid))
    iref = _full(b"iref", _box(b"dimg", made_of))
    shared = [_box(name, properties[name]) for name in (b"hvcC", b"ispe", b"colr", b"pixi")]
    ipco = _box(b"ipco", b"".join([*shared, _full(b"ispe", struct.pack(">II", width, height))]))
    of_tiles = b"".join(struct.pack(">HBBBBB", item, 4, 0x81, 2, 3, 4) for item in range(1, grid))
    ipma = _full(b"ipma", struct.pack(">I", grid) + of_tiles + struct.pack(">HBBB", grid, 2, 5, 4))
    primary = _full(b"pitm", struct.pack(">H", grid))
    return _full(b"meta", handler + primary + iloc + iinf + iref + _box(b"iprp", ipco + ipma))


def _boxes(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        yield name, content[at + 8 : at + length]
        at += length


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, name) + body


def _full(name: bytes, body: bytes, *, version: int = 0, flags: int = 0) -> bytes:
    return _box(name, struct.pack(">I", version << 24 | flags) + body)
