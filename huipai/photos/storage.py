"""Where the files of photos are: any Django storage named `photos`; by default a folder that is written once."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages


def photos() -> Storage:
    return storages["photos"]


def every_file(folder: str) -> Iterator[str]:
    """The names of all photos' files below `folder`."""
    return files_below(photos(), folder)


def files_below(store: Storage, folder: str) -> Iterator[str]:
    """The names of all files below `folder`, through nothing but the storage's own interface."""
    try:
        folders, files = store.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}"
    for name in folders:
        yield from files_below(store, f"{folder}/{name}")


class SealedFolder(FileSystemStorage):
    """A folder in which a file appears whole or not at all, is never written again, and is nobody else's to read."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name as it is: a second file of the same name is refused, not renamed."""
        return name

    def _save(self, name: str, content: File[Any]) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, part = tempfile.mkstemp(dir=target.parent, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as out:
                for chunk in content.chunks():
                    out.write(chunk)
                out.flush()
                os.fchmod(out.fileno(), 0o400)
                os.fsync(out.fileno())
            os.link(part, target)
        finally:
            os.unlink(part)
        _sync_folder(target.parent)
        return name


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
