"""A folder for the length of one piece of work on private bytes, gone afterwards even when the worker is killed.

Each is held by a lock that ends with its process, whatever ended that. Whoever comes next sweeps what nobody holds.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def folder() -> Iterator[Path]:
    """Of this process alone, and readable by its user alone."""
    with _alone() as home:
        _sweep(home)
        made = Path(tempfile.mkdtemp(dir=home))
        held = os.open(made, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(held)


def sweep() -> None:
    """Take away what killed processes left."""
    with _alone() as home:
        _sweep(home)


@contextmanager
def _alone() -> Iterator[Path]:
    """Nobody takes a folder away between its making and its lock."""
    home = Path(tempfile.gettempdir()) / f"huipai-work-{os.getuid()}"
    home.mkdir(mode=0o700, exist_ok=True)
    door = os.open(home, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        if os.fstat(door).st_uid != os.getuid():
            raise PermissionError(f"{home} belongs to another user.")
        fcntl.flock(door, fcntl.LOCK_EX)
        yield home
    finally:
        os.close(door)


def _sweep(home: Path) -> None:
    for left in home.iterdir():
        try:
            mark = os.open(left, os.O_RDONLY)
        except FileNotFoundError:  # Whose work it was ended since the list was read, and took it along.
            continue
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(mark)
