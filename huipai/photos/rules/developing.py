"""Makes the copies of one photo. Run as a program of its own, because pictures are opened by native code:

    python -I developing.py ORIGINAL KIND FOLDER SIDES DATA_LIMIT CPU_LIMIT

It may use DATA_LIMIT bytes and CPU_LIMIT seconds, enforced by the kernel, and so may a picture made to harm it.
It imports nothing of ours: it must start fast and run in isolation. It leaves `<longest side>.jpg` for each of
SIDES in FOLDER and prints the fingerprint. Exit code 3: the picture cannot be read; 4: the machine could not write.
"""

import io
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import pillow_heif
from PIL import Image, ImageCms, ImageOps

UNREADABLE, MACHINE_AT_FAULT = 3, 4
_ORIENTATION = 0x0112
_PAPER = (255, 255, 255)
_STRIP = 64


def main(arguments: list[str]) -> int:
    original, kind, folder, sides, data_limit, cpu_limit = arguments
    resource.setrlimit(resource.RLIMIT_DATA, (int(data_limit), int(data_limit)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_limit), int(cpu_limit)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        print(develop(Path(original), kind, Path(folder), [int(side) for side in sides.split(",")]))
    except Exception as unreadable:  # every decoder fails in its own way; the answer is the same
        print(f"{type(unreadable).__name__}: {unreadable}", file=sys.stderr)
        return MACHINE_AT_FAULT if getattr(unreadable, "errno", None) else UNREADABLE
    return 0


def develop(original: Path, kind: str, folder: Path, sides: list[int]) -> int:
    """Write the copies, the largest first, each upright, in sRGB, with nothing but pixels; return the fingerprint."""
    Image.MAX_IMAGE_PIXELS = None  # the size was judged before, and the kernel holds the limit
    largest = max(sides)
    picture = heic_picture(original, largest) if kind == "heic" else plain_picture(original, kind, largest)
    for side in sorted(sides, reverse=True):
        picture.thumbnail((side, side), Image.Resampling.LANCZOS)
        picture.save(folder / f"{side}.jpg", "JPEG", quality=82, optimize=True, progressive=True)
    return fingerprint(picture)


def plain_picture(original: Path, kind: str, largest: int) -> Image.Image:
    with Image.open(original, formats=[kind.upper()]) as source:
        factor = max(1, max(source.size) // largest)
        if kind == "jpeg":
            source.draft(None, (source.width // factor, source.height // factor))
        orientation = source.getexif().get(_ORIENTATION, 1)
        profile = source.info.get("icc_profile")
        source.load()
        small = reduced(
            source.size, source.mode, lambda top, bottom: source.crop((0, top, source.width, bottom)), largest
        )
    return upright(in_srgb(small, profile), orientation)


def heic_picture(original: Path, largest: int) -> Image.Image:
    """The library has turned the picture already: the orientation in its EXIF must not turn it again."""
    pillow_heif.options.DECODE_THREADS = 2
    source = pillow_heif.open_heif(original, convert_hdr_to_8bit=True)
    (width, height), mode, pixels, stride = source.size, source.mode, memoryview(source.data), source.stride

    def strip(top: int, bottom: int) -> Image.Image:
        rows = bytes(pixels[top * stride : bottom * stride])
        return Image.frombuffer(mode, (width, bottom - top), rows, "raw", mode, stride, 1)

    small = reduced((width, height), mode, strip, largest)
    return in_srgb(small, source.info.get("icc_profile"))


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
