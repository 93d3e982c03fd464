"""Reads the text in a picture, in a process of its own whose time the kernel bounds:

    python reader.py PICTURE CPU_LIMIT

It imports nothing of ours, prints the lines as JSON and keeps nothing. Exit code 3: the reader is not installed
(requirements/ocr.txt); 4: the picture could not be read.
"""

import json
import resource
import sys

NOT_INSTALLED, UNREADABLE = 3, 4


def main(arguments: list[str]) -> int:
    picture, cpu_limit = arguments
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_limit), int(cpu_limit)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        from rapidocr import RapidOCR  # noqa: PLC0415  # an optional extra, in this program only
    except ImportError:
        return NOT_INSTALLED
    try:
        found = RapidOCR(params={"Global.log_level": "critical"})(picture)
    except Exception as unreadable:  # native code fails in every way that there is
        print(type(unreadable).__name__, file=sys.stderr)
        return UNREADABLE
    sys.stdout.write(json.dumps([str(line) for line in (found.txts or ())]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
