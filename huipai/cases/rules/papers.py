"""What an attached file is, judged by its bytes alone. Nothing is decoded and nothing is unpacked."""

from __future__ import annotations

import re
import zipfile
from typing import IO

from huipai.cases.attachment_words import LONGEST_NAME, FileKind
from huipai.kit.zipped import UNREADABLE

_BEGINS = {b"\xff\xd8\xff": FileKind.JPEG, b"\x89PNG\r\n\x1a\n": FileKind.PNG}
_MAIN_PART = {"word/document.xml": FileKind.DOCX, "xl/workbook.xml": FileKind.XLSX}
# A package of an office has some hundred parts; one that would fill a disk when opened is none.
_MOST_PARTS, _MOST_UNPACKED = 2000, 200 * 1024 * 1024
_ODD = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")


def kind_of(file: IO[bytes]) -> FileKind | None:
    """The kind, or nothing where it is none that we take; leaves the file at its beginning."""
    file.seek(0)
    head = file.read(1024)
    file.seek(0)
    for begins, kind in _BEGINS.items():
        if head.startswith(begins):
            return kind
    if head.startswith(b"%PDF-"):
        return FileKind.PDF
    return _package(file) if head.startswith(b"PK\x03\x04") else None


def _package(file: IO[bytes]) -> FileKind | None:
    """A document or a table without macros; its directory is read, its parts are not."""
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
    except UNREADABLE:
        return None
    finally:
        file.seek(0)
    names = {part.filename for part in parts}
    is_too_much = len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED
    has_macros = any(name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js")) for name in names)
    if is_too_much or has_macros or "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in _MAIN_PART.items() if part in names), None)


def name_of(given: str, kind: FileKind) -> str:
    """The name as it is kept: without anything a file system or a reader could be misled by, with the true ending."""
    stem = _ODD.sub(" ", given).strip().rsplit(".", 1)[0].strip(" .") or "file"
    return f"{stem[: LONGEST_NAME - 6]}.{'jpg' if kind == FileKind.JPEG else kind.value}"
