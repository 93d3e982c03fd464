"""Makes the copies of one photo; run by `kit.apart`, because pictures are opened by native code:

    developing.py ORIGINAL KIND FOLDER SIDES

It imports nothing of ours: it must start fast and run in isolation. It leaves `<longest side>.jpg` for each of
SIDES in FOLDER and prints the fingerprint and the marks. Exit code 3: the picture cannot be read; 4: the machine
could not write.
"""

import io
import struct
import sys
from collections.abc import Callable, Sequence
from functools import cache
from math import cos, pi
from operator import mul
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

UNREADABLE, MACHINE_AT_FAULT = 3, 4
_ORIENTATION = 0x0112
_PAPER = (255, 255, 255)
_STRIP = 64

CUTS = ((0.0, 0.0), (0.0, 0.07), (0.07, 0.0), (0.05, 0.05), (0.09, 0.09))
"""What is cut off at the two ends of a side for the marks; the first of all is the whole picture."""
WAVES = 8
"""So many waves along each side tell light from dark in a mark: 64 bits, of which the first says nothing."""
_DOTS, _FINER = 64, 4
# A long screenshot keeps a width at which it can be read: from so many times as long as wide on, and up to so many.
_LONG, _ENDLESS, _READABLE, _MOST = 3, 30, 720, 12_000
# A border is of one colour and no wider than this part of a side.
_WIDEST_BORDER, _EVEN = 0.15, 8


def main(arguments: list[str]) -> int:
    original, kind, folder, sides = arguments
    try:
        small = develop(Path(original), kind, Path(folder), [int(side) for side in sides.split(",")])
        print(fingerprint(small), marks(small).hex())
    except ImportError as lacking:  # the packages are being replaced
        print(lacking, file=sys.stderr)
        return MACHINE_AT_FAULT
    except Exception as unreadable:  # every decoder fails in its own way; the answer is the same
        print(f"{type(unreadable).__name__}: {unreadable}", file=sys.stderr)
        return MACHINE_AT_FAULT if getattr(unreadable, "errno", None) else UNREADABLE
    return 0


def develop(original: Path, kind: str, folder: Path, sides: list[int]) -> Image.Image:
    """Write the copies, the largest first, each upright, in sRGB, with nothing but pixels; return the smallest.

    The largest of a picture that is long and narrow is longer than its side says, as `longest_side` has it.
    """
    Image.MAX_IMAGE_PIXELS = None  # the size was judged before, and the kernel holds the limit
    largest = max(sides)
    picture, longest = heic_picture(original, largest) if kind == "heic" else plain_picture(original, kind, largest)
    for side in sorted(sides, reverse=True):
        limit = longest if side == largest else side
        picture.thumbnail((limit, limit), Image.Resampling.LANCZOS)
        picture.save(folder / f"{side}.jpg", "JPEG", quality=82, optimize=True, progressive=True)
    return picture


def longest_side(width: int, height: int, side: int) -> int:
    """How long the longer side of the largest copy is at most: `side`, or more where it would be too narrow to read."""
    times = max(width, height) / min(width, height)
    return min(_MOST, max(side, int(_READABLE * times))) if _LONG < times <= _ENDLESS else side


def plain_picture(original: Path, kind: str, side: int) -> tuple[Image.Image, int]:
    """The picture, not yet as small as its largest copy, and how long that one's longer side is at most."""
    with Image.open(original, formats=[kind.upper()]) as source:
        largest = longest_side(*source.size, side)
        factor = max(1, max(source.size) // largest)
        if kind == "jpeg":
            source.draft(None, (source.width // factor, source.height // factor))
        orientation = source.getexif().get(_ORIENTATION, 1)
        profile = source.info.get("icc_profile")
        source.load()
        small = reduced(
            source.size, source.mode, lambda top, bottom: source.crop((0, top, source.width, bottom)), largest
        )
    return upright(in_srgb(small, profile), orientation), largest


def heic_picture(original: Path, side: int) -> tuple[Image.Image, int]:
    """The same. The library has turned the picture already: the orientation in its EXIF must not turn it again."""
    import pillow_heif  # noqa: PLC0415 - as much to load as all the rest, and few photos need it

    pillow_heif.options.DECODE_THREADS = 2
    source = pillow_heif.open_heif(original, convert_hdr_to_8bit=True)
    (width, height), mode, pixels, stride = source.size, source.mode, memoryview(source.data), source.stride
    largest = longest_side(width, height, side)

    def strip(top: int, bottom: int) -> Image.Image:
        rows = bytes(pixels[top * stride : bottom * stride])
        return Image.frombuffer(mode, (width, bottom - top), rows, "raw", mode, stride, 1)

    small = reduced((width, height), mode, strip, largest)
    return in_srgb(small, source.info.get("icc_profile")), largest


def reduced(size: tuple[int, int], mode: str, strip: Callable[[int, int], Image.Image], largest: int) -> Image.Image:
    """The picture at a whole fraction of its size, not yet below one and a half times `largest`.

    It is made a strip at a time, so that no second picture of full size ever stands in memory.
    """
    width, height = size
    factor = max(1, 2 * max(size) // (3 * largest))
    target_mode = "CMYK" if mode == "CMYK" else "RGB"
    small = Image.new(target_mode, (-(-width // factor), -(-height // factor)))
    for top in range(0, height, _STRIP * factor):
        rows = flat(strip(top, min(top + _STRIP * factor, height)), target_mode)
        small.paste(rows.reduce(factor), (0, top // factor))
    return small


def flat(picture: Image.Image, mode: str) -> Image.Image:
    """The strip without transparency (on white paper) and without 16-bit samples."""
    if picture.mode.startswith("I"):
        picture = picture.point(lambda sample: sample / 256).convert("L")
    if "transparency" in picture.info or "A" in picture.mode or "a" in picture.mode:
        layered = picture.convert("RGBA")
        paper = Image.new("RGB", layered.size, _PAPER)
        paper.paste(layered, mask=layered.getchannel("A"))
        return paper
    return picture if picture.mode == mode else picture.convert(mode)


def in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as a browser without a profile shows them; a damaged profile is passed over."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            turned = None
        if turned is not None:
            return clean(turned)
    return clean(picture)


def clean(picture: Image.Image) -> Image.Image:
    """The pixels alone: whatever came along in `info` would be written into the copy."""
    pixels = picture.convert("RGB")
    pixels.info = {}
    return pixels


def upright(picture: Image.Image, orientation: int) -> Image.Image:
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    turn = turns.get(orientation)
    return picture if turn is None else picture.transpose(turn)


def fingerprint(picture: Image.Image) -> int:
    """64 bits that stay nearly the same when a photo is shrunk or saved again: is each dot darker than the next?"""
    grey = ImageOps.grayscale(picture).resize((9, 8), Image.Resampling.BOX)
    dots = grey.tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            bits = bits << 1 | (dots[row * 9 + column] < dots[row * 9 + column + 1])
    return bits


def marks(picture: Image.Image) -> bytes:
    """For each way to cut the edges off, 64 bits: is each slow wave of light more of a hill or a valley?

    A picture turned or mirrored has the same bits in another order, some of them the other way round. One with a border
    of one colour has a second set of what is inside it. Of the small copy: it is the same whenever it is made.
    """
    grey = ImageOps.grayscale(picture)
    inside = within_border(grey)
    bases = [grey] if inside is None else [grey, inside]
    return b"".join(struct.pack("<Q", mark) for base in bases for mark in _marks_of(base))


def within_border(grey: Image.Image) -> Image.Image | None:
    """The picture without its border of one colour, and without the line in which both are mixed; None without one."""
    width, height = grey.size
    dots = grey.tobytes()
    rows = [dots[at : at + width] for at in range(0, width * height, width)]
    columns = [dots[at::width] for at in range(width)]
    left, right = _even(columns), _even(columns[::-1])
    top, bottom = _even(rows), _even(rows[::-1])
    return grey.crop((left, top, width - right, height - bottom)) if left + right + top + bottom else None


def _even(lines: Sequence[bytes]) -> int:
    """How many lines from the edge are of one colour, and the mixed one after them."""
    first = sum(lines[0]) / len(lines[0])
    most = int(len(lines) * _WIDEST_BORDER)
    count = 0
    while count < most and all(abs(dot - first) <= _EVEN for dot in lines[count]):
        count += 1
    return count + 1 if count else 0


def _marks_of(grey: Image.Image) -> list[int]:
    dots = grey.resize((_DOTS, _DOTS), Image.Resampling.BOX).tobytes()
    rows = [dots[at : at + _DOTS] for at in range(0, _DOTS * _DOTS, _DOTS)]
    mean = sum(dots) / len(dots)
    # The waves along every row, then along every column of what came out: for every cut of both sides at once.
    along = [[sum(map(mul, wave, row)) - mean * sum(wave) for row in rows] for wave in _waves()]
    waves = [[sum(map(mul, wave, column)) for column in along] for wave in _waves()]
    cuts = range(0, len(CUTS) * WAVES, WAVES)
    return [_mark([row[x : x + WAVES] for row in waves[y : y + WAVES]]) for y in cuts for x in cuts]


def _mark(waves: list[list[float]]) -> int:
    flat = [wave for row in waves for wave in row]
    return sum(1 << at for at, wave in enumerate(flat) if at and wave > 0)


@cache
def _waves() -> list[list[float]]:
    """For every cut, each wave as long as what is left, as the weight of each dot."""
    return [_wave(number, left, right) for left, right in CUTS for number in range(WAVES)]


def _wave(number: int, left: float, right: float) -> list[float]:
    begin, length = left * _DOTS, (1 - left - right) * _DOTS
    weights = [0.0] * _DOTS
    for step in range(_DOTS * _FINER):
        place = ((step + 0.5) / _FINER - begin) / length
        if 0 <= place <= 1:
            weights[step // _FINER] += cos(pi * number * place) / _FINER
    return weights


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
