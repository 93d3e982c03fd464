"""Real files, drawn and encoded here: the same bytes at each run, for tests, browser tests and the demo.

python -m tests.photos.samples FOLDER      writes parking_jam.jpg, parking_jam.heic, stripped.jpg, after.jpg
"""

import io
import struct
import sys
import zlib
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import piexif
import pillow_heif
from PIL import Image, ImageDraw, ImageFilter

from huipai.photos.words import Kind

PLACE = (30.6586, 104.0648)
"""Latitude and longitude that the sample photos carry, unless told otherwise."""
TAKEN = "2026:03:02 08:15:30"
_CARS = ["#b8433c", "#3f6ea5", "#e3e1da", "#2f3337", "#8b9299", "#d9a441", "#5d7f5e"]


@cache
def scene(*, cars: int, size: tuple[int, int] = (1600, 1200), seed: int = 7) -> Image.Image:
    """A lane between shop fronts, a fire lane painted yellow, and `cars` cars standing on it (0: cleared)."""
    rng = Random(seed)
    picture = Image.new("RGB", (1600, 1200), "#a9c4d6")
    draw = ImageDraw.Draw(picture)
    for left in range(0, 1600, 200):
        top = 190 + rng.randrange(0, 110)
        draw.rectangle((left, top, left + 188, 620), fill=rng.choice(["#c9b79c", "#b7a58a", "#d3c6ae", "#a79a88"]))
        for row in range(top + 30, 470, 70):
            for column in (left + 24, left + 108):
                draw.rectangle((column, row, column + 50, row + 42), fill="#6f8796", outline="#efe9dc", width=3)
        draw.rectangle((left + 10, 500, left + 178, 545), fill=rng.choice(["#8e3b2f", "#2f6b52", "#34557c"]))
    draw.polygon([(0, 620), (1600, 620), (1600, 1200), (0, 1200)], fill="#6b6e70")
    draw.polygon([(0, 600), (1600, 600), (1600, 640), (0, 640)], fill="#bdb8ae")
    for left in range(-200, 1700, 130):
        draw.polygon([(left, 1200), (left + 34, 1200), (left + 190, 660), (left + 170, 660)], fill="#d8b531")
    for number in range(cars):
        row, column = divmod(number, 4)
        _car(draw, 90 + column * 375 + row * 70 + rng.randrange(30), 690 + row * 175, rng.choice(_CARS))
    return Image.blend(picture.filter(ImageFilter.SMOOTH), _grain(rng), 0.06).resize(size)


def _grain(rng: Random) -> Image.Image:
    small = Image.frombytes("L", (400, 300), rng.randbytes(120_000))
    return small.resize((1600, 1200), Image.Resampling.BILINEAR).convert("RGB")


def _car(draw: ImageDraw.ImageDraw, left: int, top: int, colour: str) -> None:
    draw.rounded_rectangle((left, top + 50, left + 300, top + 130), 26, fill=colour)
    draw.polygon([(left + 55, top + 54), (left + 95, top), (left + 215, top), (left + 255, top + 54)], fill=colour)
    draw.polygon(
        [(left + 76, top + 50), (left + 104, top + 10), (left + 150, top + 10), (left + 150, top + 50)], fill="#cfe0ea"
    )
    draw.polygon(
        [(left + 158, top + 50), (left + 158, top + 10), (left + 207, top + 10), (left + 234, top + 50)], fill="#cfe0ea"
    )
    for wheel in (left + 66, left + 234):
        draw.ellipse((wheel - 30, top + 102, wheel + 30, top + 162), fill="#1d1f21")
        draw.ellipse((wheel - 12, top + 120, wheel + 12, top + 144), fill="#9aa0a4")


def exif(
    *, place: tuple[float, float] | None = PLACE, taken: str | None = TAKEN, orientation: int = 1, zone: str = ""
) -> bytes:
    """An EXIF block as a phone writes it, with the maker's name and a thumbnail-sized secret in the comment."""
    camera: dict[int, Any] = {piexif.ExifIFD.UserComment: b"ASCII\0\0\0SECRET-COMMENT"}
    if taken:
        camera[piexif.ExifIFD.DateTimeOriginal] = taken
    if zone:
        camera[piexif.ExifIFD.OffsetTimeOriginal] = zone
    gps: dict[int, Any] = {}
    if place is not None:
        lat, lng = place
        gps = {
            piexif.GPSIFD.GPSLatitudeRef: "N" if lat >= 0 else "S",
            piexif.GPSIFD.GPSLatitude: _sexagesimal(lat),
            piexif.GPSIFD.GPSLongitudeRef: "E" if lng >= 0 else "W",
            piexif.GPSIFD.GPSLongitude: _sexagesimal(lng),
        }
    basics = {piexif.ImageIFD.Make: "SECRETMAKER", piexif.ImageIFD.Orientation: orientation}
    return bytes(piexif.dump({"0th": basics, "Exif": camera, "GPS": gps}))


def _sexagesimal(angle: float) -> tuple[tuple[int, int], ...]:
    seconds = round(abs(angle) * 3600 * 10_000)
    return (seconds // 36_000_000, 1), (seconds // 600_000 % 60, 1), (seconds % 600_000, 10_000)


def encode(picture: Image.Image, form: str, **options: Any) -> bytes:
    if form == "HEIF":
        pillow_heif.register_heif_opener()
        options.setdefault("enc_params", {"preset": "ultrafast"})
    buffer = io.BytesIO()
    picture.save(buffer, form, **options)
    return buffer.getvalue()


@cache
def jpeg(*, cars: int = 8, size: tuple[int, int] = (1600, 1200), **claims: Any) -> bytes:
    """A phone's JPEG with place and time in its EXIF."""
    return encode(scene(cars=cars, size=size), "JPEG", quality=85, exif=exif(**claims))


@cache
def heic(*, cars: int = 8, size: tuple[int, int] = (1600, 1200), **claims: Any) -> bytes:
    return encode(scene(cars=cars, size=size), "HEIF", quality=60, exif=exif(**claims))


@cache
def stripped(*, cars: int = 8) -> bytes:
    """What comes out of a messenger: smaller, and without any EXIF."""
    return encode(scene(cars=cars, size=(1280, 960)), "JPEG", quality=60)


@cache
@cache
def noise(**claims: Any) -> bytes:
    """A photo that no coder makes small: more than a megabyte, also after a phone has shrunk it."""
    grain = Image.effect_noise((1600, 1200), 90).convert("RGB")
    return encode(grain, "JPEG", quality=88, exif=exif(**claims))


def screenshot() -> bytes:
    return encode(scene(cars=8, size=(540, 960)), "PNG")


def corners(size: tuple[int, int] = (400, 300)) -> Image.Image:
    """Upright: red top left, green top right, blue bottom left, white bottom right."""
    width, height = size
    picture = Image.new("RGB", size, "white")
    picture.paste("#ff0000", (0, 0, width // 2, height // 2))
    picture.paste("#00ff00", (width // 2, 0, width, height // 2))
    picture.paste("#0000ff", (0, height // 2, width // 2, height))
    return picture


_UNTURN = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def as_held(orientation: int) -> Image.Image:
    """`corners` as a sensor stores it when the phone is held so that the EXIF says `orientation`."""
    turn = _UNTURN.get(orientation)
    return corners() if turn is None else corners().transpose(turn)


def png_header(width: int, height: int, *, body: bytes = b"") -> bytes:
    """A PNG that says it is `width` x `height`, 8-bit grey, with `body` as its compressed data."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def with_a_free_box(heic_file: bytes, size: int) -> bytes:
    """The file filled up to `size` with a box that nobody reads."""
    filler = size - len(heic_file)
    return heic_file + filler.to_bytes(4, "big") + b"free" + bytes(filler - 8)


def of_empty_parts(kind: Kind, size: int) -> bytes:
    """A whole picture of nearly `size` bytes, nearly all of it empty pieces, each of another name where it can be."""
    picture = Image.new("RGB", (64, 64))
    if kind == Kind.JPEG:
        plain = encode(picture, "JPEG")
        return plain[:2] + b"\xff\xe0\0\2" * ((size - len(plain)) // 4) + plain[2:]
    if kind == Kind.PNG:
        plain = encode(picture, "PNG")
        parts = (_chunk(number.to_bytes(4, "big"), b"") for number in range((size - len(plain)) // 12))
        return plain[:33] + b"".join(parts) + plain[33:]
    if kind == Kind.WEBP:
        plain = encode(picture, "WEBP")
        body = plain[12:] + b"".join(struct.pack("<II", number, 0) for number in range((size - len(plain)) // 8))
        return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body
    plain = encode(picture, "HEIF")
    return plain + b"\0\0\0\x08free" * ((size - len(plain)) // 8)


def png_of_numbers(size: int) -> bytes:
    """A picture of 64 x 64 in nearly `size` bytes: one tag of its EXIF is millions of fractions."""
    count = (size - 1000) // 8
    tag = struct.pack("<HHHLL", 1, 0x9999, 5, count, 26)
    block = struct.pack("<2sHL", b"II", 42, 8) + tag + bytes(4) + b"\1\0\0\0" * (2 * count)
    plain, behind_the_header = encode(Image.new("L", (64, 64)), "PNG"), 33
    return plain[:behind_the_header] + _chunk(b"eXIf", block) + plain[behind_the_header:]


def jpeg_bomb(width: int, height: int) -> bytes:
    """A whole small JPEG whose frame header says `width` x `height`."""
    content = bytearray(encode(Image.new("RGB", (64, 64)), "JPEG"))
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(content)


def huge(form: str, **options: Any) -> bytes:
    """12648 x 9486 = 120 megapixels, but few bytes."""
    tile = scene(cars=8, size=(1054, 790)).filter(ImageFilter.GaussianBlur(6))
    picture = Image.new("RGB", (12648, 9486))
    for left in range(0, picture.width, tile.width):
        for top in range(0, picture.height, tile.height):
            picture.paste(tile, (left, top))
    return encode(picture, form, **options)


def write_all(folder: Path, *, place: tuple[float, float] = PLACE) -> dict[str, Path]:
    """The four files that a walk through the product needs, in `folder`."""
    files = {
        "parking_jam.jpg": jpeg(place=place),
        "parking_jam.heic": heic(place=place),
        "stripped.jpg": stripped(),
        "after.jpg": jpeg(cars=0, place=place),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return {name: folder / name for name in files}


if __name__ == "__main__":
    for path in write_all(Path(sys.argv[1])).values():
        print(path, path.stat().st_size)
