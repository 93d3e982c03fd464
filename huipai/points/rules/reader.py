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
"""From so many times as high as wide on a picture is read in pieces."""


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
        if height <= LONG * width:
            yield picture
            return
        for top in range(0, height, LONG * width - width // 4):
            yield asarray(whole.crop((0, top, width, min(height, top + LONG * width))).convert("RGB"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
