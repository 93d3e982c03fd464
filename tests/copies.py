"""The copies of a picture are made once by a process of the tests, and laid there again for whoever else has its bytes.

A program of its own makes them, and most tests take the one picture to look at what becomes of its copies. Tests of the
photos themselves have each of theirs made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from unittest.mock import patch

from huipai.photos.rules import darkroom
from huipai.photos.words import Kind

MADE_EACH_TIME = darkroom.develop


@dataclass(frozen=True)
class _Made:
    # By name what lies in the folder.
    files: dict[str, bytes]
    copies: darkroom.Copies

    def laid(self, folder: Path) -> darkroom.Copies:
        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        public, thumb, tiny = (folder / path.name for path in (self.copies.public, self.copies.thumb, self.copies.tiny))
        return darkroom.Copies(public, thumb, tiny, self.copies.fingerprint, self.copies.marks)


@contextmanager
def made_once() -> Iterator[None]:
    """Meanwhile of equal pictures only the first is opened; what cannot be read is tried again."""
    known: dict[tuple[bytes, Kind], _Made] = {}

    def develop(*, original: Path, kind: Kind, cost: int, folder: Path) -> darkroom.Copies:
        key = (sha256(original.read_bytes()).digest(), kind)
        if key in known:
            return known[key].laid(folder)
        copies = MADE_EACH_TIME(original=original, kind=kind, cost=cost, folder=folder)
        files = {path.name: path.read_bytes() for path in (copies.public, copies.thumb, copies.tiny)}
        known[key] = _Made(files, copies)
        return copies

    with patch.object(darkroom, "develop", develop):
        yield
