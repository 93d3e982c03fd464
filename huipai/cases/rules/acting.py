"""What in a paper could act on its own when it is opened: macros, scripts, other files inside, templates from outside.

Looked for and not judged: a part is read to a bound, nothing is run, nothing is written. What cannot be looked into
counts as acting.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import IO, Final
from xml.parsers import expat

from huipai.cases.attachment_words import FileKind
from huipai.kit.zipped import UNREADABLE

_MOST_OF_A_PART: Final = 1024 * 1024
_MOST_OF_ALL: Final = 16 * 1024 * 1024


def acts(file: IO[bytes], kind: FileKind) -> bool:
    """Whether something of that is in the file, or whether it cannot be told; leaves the file at its beginning."""
    file.seek(0)
    try:
        if kind == FileKind.PDF:
            return _pdf_acts(file.read())
        return kind in (FileKind.DOCX, FileKind.XLSX) and _package_acts(file)
    finally:
        file.seek(0)


# --- Documents and tables: the list of their parts, and what each is related to.
_ACTING_TYPES = (
    "macroenabled",
    "vbaproject",
    "vbadata",
    "oleobject",
    "activex",
    "ms-office.control",
    "officedocument.package",
)
_ACTING_RELATIONS = (
    "oleobject",
    "package",
    "vbaproject",
    "afchunk",
    "control",
    "activexcontrolbinary",
    "attachedtoolbars",
)
# What may lie outside: where a link leads, and another workbook that a cell reads from when somebody lets it.
_MAY_BE_OUTSIDE = ("hyperlink", "externallinkpath", "externallinklongpath")


class _Acting(Exception):
    """Found; raised through the parser."""


def _package_acts(file: IO[bytes]) -> bool:
    left = _MOST_OF_ALL
    try:
        with zipfile.ZipFile(file) as package:
            for part in package.infolist():
                look = _look_of(part.filename.lower())
                if look is None:
                    continue
                with package.open(part) as opened:
                    content = opened.read(_MOST_OF_A_PART + 1)
                left -= len(content)
                if len(content) > _MOST_OF_A_PART or left < 0:
                    return True
                _parse(content, look)
    except (_Acting, expat.ExpatError, *UNREADABLE):
        return True  # What cannot be read is not taken.
    return False


def _look_of(name: str) -> Callable[[str, Mapping[str, str]], None] | None:
    if name == "[content_types].xml":
        return _look_at_type
    return _look_at_relation if name.endswith(".rels") else None


def _parse(content: bytes, look: Callable[[str, Mapping[str, str]], None]) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = look
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.Parse(content, True)


def _no_doctype(*_told: object) -> None:
    raise _Acting


def _look_at_type(_name: str, told: Mapping[str, str]) -> None:
    if any(word in told.get("ContentType", "").lower() for word in _ACTING_TYPES):
        raise _Acting


def _look_at_relation(_name: str, told: Mapping[str, str]) -> None:
    kind = told.get("Type", "").lower().rsplit("/", 1)[-1]
    is_outside = told.get("TargetMode", "").lower() == "external"
    if kind in _ACTING_RELATIONS or (is_outside and kind not in _MAY_BE_OUTSIDE):
        raise _Acting


# --- PDF: names of what acts, spelled out or with #xx, in the file and in the objects that are packed together.
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_WORDS = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFile|FileAttachment|RichMedia|GoToE|ImportData|XFA)(?![A-Za-z0-9])|/EmbeddedFiles"
)
# Too short to be looked for in packed pictures, where three letters come about by themselves.
_SHORT = re.compile(rb"/(?:JS|EF)(?![A-Za-z0-9])")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_END = b"endstream"
_PACKED = re.compile(rb"/ObjStm(?![A-Za-z0-9])")


def _pdf_acts(content: bytes) -> bool:
    if b"/Encrypt" in content:
        return True
    spelled = _spelled(content)
    return (
        _WORDS.search(spelled) is not None
        or _SHORT.search(_spelled(_without_streams(content))) is not None
        or any(part is None or _names(part) for part in _packed_objects(content))
    )


def _names(part: bytes) -> bool:
    spelled = _spelled(part)
    return _WORDS.search(spelled) is not None or _SHORT.search(spelled) is not None


def _spelled(content: bytes) -> bytes:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), content)


def _streams(content: bytes) -> Iterable[tuple[int, int, int]]:
    """Of each stream: where its dictionary may begin, where it begins and where it ends."""
    last = 0
    for found in _STREAM.finditer(content):
        if found.start() < last:
            continue
        end = content.find(_END, found.end())
        end = len(content) if end < 0 else end
        yield max(last, content.rfind(b"obj", last, found.start())), found.end(), end
        last = end


def _without_streams(content: bytes) -> bytes:
    kept, last = [], 0
    for _told, begin, end in _streams(content):
        kept.append(content[last:begin])
        last = end
    return b"".join([*kept, content[last:]])


def _packed_objects(content: bytes) -> Iterable[bytes | None]:
    """Each stream of objects, unpacked; None where that is more than the bound, or packed as we do not read."""
    left = _MOST_OF_ALL
    for told, begin, end in _streams(content):
        words = _spelled(content[told:begin])
        if not _PACKED.search(words):
            continue
        if b"/Filter" not in words:
            yield content[begin:end]
            continue
        part = _unpacked(words, content[begin:end])
        left -= len(part or b"")
        yield part if left > 0 else None


def _unpacked(words: bytes, packed: bytes) -> bytes | None:
    filters = re.findall(rb"/[A-Za-z0-9]+Decode", words)
    if filters != [b"/FlateDecode"] or b"/DecodeParms" in words:
        return None
    machine = zlib.decompressobj()
    try:
        part = machine.decompress(packed, _MOST_OF_A_PART)
    except zlib.error:
        return None
    return None if machine.unconsumed_tail else part
