"""Reads the text in a picture; run by `kit.apart`, because pictures are opened by native code:

    reader.py PICTURE

It imports nothing of ours, prints the lines of each piece as JSON once it has them, and keeps nothing. It reads on one
processor: on two it took three times as much of them. Exit code 3: the reader is not installed
(requirements/ocr.txt); 4: the picture could not be read.
"""

import json
import sys
from collections.abc import Iterator

NOT_INSTALLED, UNREADABLE = 3, 4
LONG = 3
"""From so many times as high as wide on, or as wide as high, a picture is read in pieces."""
NARROWEST = 48
"""In fewer pixels than this there is no line of text: such a picture is read whole, and nothing found."""


def main(arguments: list[str]) -> int:
    (picture,) = arguments
    try:
        from rapidocr import RapidOCR  # noqa: PLC0415  # an optional extra, in this program only
    except ImportError:
        return NOT_INSTALLED
    reader = RapidOCR(params={"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": 1})
    try:
        for piece in pieces(picture):
            print(json.dumps([str(line) for line in (reader(piece).txts or ())]), flush=True)
    except Exception as unreadable:  # native code fails in every way that there is
        print(type(unreadable).__name__, file=sys.stderr)
        return UNREADABLE
    return 0


def pieces(picture: str) -> Iterator[object]:
    """The picture; one that is long and narrow in pieces, which the reader would shrink until nothing can be read.

    They lie over each other a little: what a cut goes through is whole in the next; read twice does no harm.
    """
    from numpy import asarray  # noqa: PLC0415  # with the reader
    from PIL import Image  # noqa: PLC0415  # with the reader

    with Image.open(picture) as whole:
        width, height = whole.size
        narrow, long = min(width, height), max(width, height)
        if long <= LONG * narrow or narrow < NARROWEST:
            yield picture
            return
        for begin in range(0, long, LONG * narrow - narrow // 4):
            end = min(long, begin + LONG * narrow)
            box = (0, begin, width, end) if height == long else (begin, 0, end, height)
            yield asarray(whole.crop(box).convert("RGB"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
