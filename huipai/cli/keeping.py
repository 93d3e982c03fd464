"""Whether photos and papers can be kept: a storage that can be made, and a place in which it can write."""

import os
import stat
import tempfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

from huipai.cli.words import Trouble

SETTINGS = {"photos": "HUIPAI_PHOTO_STORAGE", "attachments": "HUIPAI_ATTACHMENT_STORAGE"}
_TRIED = b"huipai doctor"


def require_storages() -> None:
    """Refuses a storage class that is none, and options that it does not take."""
    for alias in SETTINGS:
        storage_of(alias)


def require_folders() -> None:
    """Refuses a folder in which nothing can be kept. A storage elsewhere is asked by `doctor` only."""
    for folder in folders().values():
        try_folder(folder)


def folders() -> dict[str, Path]:
    """Where each of them lies that is kept in a folder of this machine, wherever its options say."""
    found = {alias: folder_of(storage_of(alias)) for alias in SETTINGS}
    return {alias: folder for alias, folder in found.items() if folder is not None}


def storage_of(alias: str) -> Any:
    files = import_module("django.core.files.storage")
    name = SETTINGS[alias]
    try:
        store = files.storages[alias]
        folder_of(store)
    except Exception as problem:  # whatever the class of somebody else raises
        raise Trouble(f"The configuration is not right: {name} cannot be used: {_line(problem)}.") from problem
    if not isinstance(store, files.Storage):
        raise Trouble(f"The configuration is not right: {name} names no storage of Django.")
    return store


def folder_of(store: Any) -> Path | None:
    """Where it keeps its files on this machine; None when it keeps them elsewhere."""
    is_folder = isinstance(store, import_module("django.core.files.storage").FileSystemStorage)
    return Path(store.location) if is_folder else None


def try_storage(alias: str) -> str:
    """Keep something there and take it away again; says where it was. Refuses when that cannot be done."""
    store = storage_of(alias)
    folder = folder_of(store)
    if folder is not None:
        try_folder(folder)
        return str(folder)
    content_file = import_module("django.core.files.base").ContentFile
    try:
        name = store.save(f"doctor/{uuid4()}", content_file(_TRIED))
        with store.open(name) as kept:
            is_same = kept.read() == _TRIED
        store.delete(name)
    except Exception as problem:  # whatever the storage of somebody else raises
        raise Trouble(f"Nothing can be kept in {SETTINGS[alias]}: {_line(problem)}.") from problem
    if not is_same:
        raise Trouble(f"What was kept in {SETTINGS[alias]} came back as something else.")
    return f"the storage of {SETTINGS[alias]}"


def try_folder(folder: Path) -> None:
    """Write a file there and remove it, and the folders that were made for it. Refuses when that cannot be done."""
    made: list[Path] = []
    try:
        for one in (*reversed(folder.parents), folder):
            with suppress(FileExistsError):  # by another of us, in this moment; what is no folder is refused below
                if not one.exists():
                    one.mkdir(mode=0o700)
                    made.append(one)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(_TRIED)
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        raise Trouble(f"Nothing can be kept in {folder}: {problem.strerror}.") from problem
    finally:
        for one in reversed(made):
            with suppress(OSError):  # somebody has put something there meanwhile
                one.rmdir()


def open_to_others(folder: Path) -> Path | None:
    """A file below that others on this machine may read, if there is one: none is meant to be (decision 0011)."""
    if not folder.stat().st_mode & stat.S_IXOTH:  # nobody else gets in
        return None
    files = (Path(path) / name for path, _folders, names in os.walk(folder) for name in names)
    return next((file for file in files if _is_open(file)), None)


def _is_open(file: Path) -> bool:
    with suppress(FileNotFoundError):  # taken away meanwhile
        return bool(file.lstat().st_mode & stat.S_IROTH)
    return False


def _line(problem: Exception) -> str:
    return " ".join(str(problem).split()).rstrip(".")
