"""`python -m huipai backup FOLDER`: the database and the photos, so that `restore` brings both back.

The database is dumped first: a photo that comes in meanwhile is then a file too many, never a row without its file.
Photos never change, so only those that the folder does not hold yet are copied. What was erased since is laid aside
and goes for good when `LAID_ASIDE` is over: a folder that was not mounted one night must not empty the backup.
"""

import argparse
import fcntl
import os
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

from huipai.cli import database, programs
from huipai.cli.words import Trouble

DUMP = "database.dump"
PHOTOS = "media"
ERASED = "erased"
LOCK = "lock"
LAID_ASIDE = timedelta(days=30)


def main(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser(prog="python -m huipai backup")
    options.add_argument("folder", type=Path)
    folder = options.parse_args(arguments).folder
    database.set_up_django()
    os.umask(0o077)  # what is written here is names and numbers: for whoever writes it alone
    try:
        return _back_up(folder)
    except OSError as problem:
        why = f"{problem.strerror} ({problem.filename or folder})"
        raise Trouble(
            f"The backup is not finished: {why}. What was backed up before can still be restored."
        ) from problem


def _back_up(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two at once the second waits, and what a killed one left is written over
        fresh = folder / f"{DUMP}.new"
        if programs.run("pg_dump", "--format=custom", f"--file={fresh}") != 0:
            raise Trouble("The database could not be dumped; the last backup stays as it is.")
        copied = copy_missing(photos(), folder / PHOTOS)
        fresh.replace(folder / DUMP)
        laid_aside = lay_aside(folder / PHOTOS, source=photos(), aside=folder / ERASED, now=datetime.now(UTC))
    print(f"Backed up into {folder}: the database, and {copied} new files of photos; {laid_aside} erased laid aside.")
    return 0


def photos() -> Path:
    return Path(import_module("django.conf").settings.MEDIA_ROOT)


def copy_missing(source: Path, target: Path) -> int:
    """Afterwards `target` holds every file of `source`; how many it lacked. A file appears whole or not at all."""
    copied = 0
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if not path.is_file() or (place.exists() and place.stat().st_size == path.stat().st_size):
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        half = place.with_name(f"{place.name}.{os.getpid()}")
        try:
            shutil.copyfile(path, half)
        except OSError:
            half.unlink(missing_ok=True)
            raise
        half.replace(place)
        copied += 1
    return copied


def lay_aside(target: Path, *, source: Path, aside: Path, now: datetime) -> int:
    """Afterwards `target` holds no file that `source` lacks: they lie in a folder of this day in `aside`, of which
    those of `LAID_ASIDE` ago and before are gone. How many were moved."""
    moved = 0
    for path in sorted(target.rglob("*")):
        name = path.relative_to(target)
        if path.is_file() and not (source / name).exists():
            place = aside / now.date().isoformat() / name
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
            moved += 1
    last = (now - LAID_ASIDE).date().isoformat()
    for day in sorted(aside.glob("*-*-*")):
        if day.name <= last:
            shutil.rmtree(day)
    return moved
