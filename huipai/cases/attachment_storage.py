"""Where the files of attachments are: any Django storage named `attachments`; by default a folder written once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from io import SEEK_END
from typing import IO

from django.core.files.base import File
from django.core.files.storage import Storage, storages

from huipai.photos.storage import files_below

_PIECE = 1024 * 1024


def attachments() -> Storage:
    return storages["attachments"]


def digest_of(file: IO[bytes]) -> str:
    """SHA-256, read in pieces; leaves the file at its beginning."""
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(_PIECE):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def size_of(file: IO[bytes]) -> int:
    """In bytes; leaves the file at its beginning."""
    size = file.seek(0, SEEK_END)
    file.seek(0)
    return size


def keep(key: str, file: IO[bytes]) -> None:
    """Store bytes under their digest; what lies there already is the same."""
    if attachments().exists(key):
        return
    try:
        attachments().save(key, File(file))
    except FileExistsError:
        return


def every_file(folder: str) -> Iterator[str]:
    """The names of all files below `folder`."""
    return files_below(attachments(), folder)
