"""`python -m huipai backup FOLDER`: the database and the photos, so that `restore` brings both back.

The database is dumped first: a photo that comes in meanwhile is then a file too many, never a row without its file.
Photos never change, so only those that the folder does not hold yet are copied. What was erased since is laid aside
and goes for good when `LAID_ASIDE` is over: a folder that was not mounted one night must not empty the backup.
"""

import argparse
import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from huipai.cli import database, keeping, programs
from huipai.cli.words import Trouble
from huipai.kit import locked

DUMP = "database.dump"
PHOTOS = "media"
ERASED = "erased"
# Tells by which secret key things are locked in the database. The key itself is kept elsewhere.
KEY = "secret-key.check"
LOCK = "lock"
LAID_ASIDE = timedelta(days=30)
# How the name of a file begins that is not whole yet, in our folders of photos as here. What a killed one left is
# written over by the next.
_PART = ".part-"


def main(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser(prog="python -m huipai backup")
    options.add_argument("folder", type=Path)
    folder = options.parse_args(arguments).folder
    database.set_up_django()
    require_apart(folder)
    os.umask(0o077)  # what is written here is names and numbers: for whoever writes it alone
    try:
        return _back_up(folder)
    except OSError as problem:
        raise Trouble(
            f"The backup is not finished: {why(problem, folder)}. What was backed up before can still be restored."
        ) from problem


def require_apart(folder: Path) -> None:
    """Refuses a backup that is, holds or lies in a folder that photos and papers are kept in: it would be copied onto
    itself, or into itself one level deeper each night."""
    backup = folder.resolve()
    for alias, place in keeping.folders().items():
        kept = place.resolve()
        if backup in (kept, *kept.parents) or kept in backup.parents:
            raise Trouble(
                f"{folder} cannot be a backup: the {alias} themselves are kept in {place}. Name a folder that neither "
                "holds that one nor lies in it, best on another disk."
            )


def why(problem: OSError, folder: Path) -> str:
    return f"{problem.strerror} ({problem.filename2 or problem.filename or folder})"


def _back_up(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    kept = keeping.folders()
    with (folder / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of two at once the second waits, and what a killed one left is written over
        fresh = folder / f"{DUMP}.new"
        if programs.run("pg_dump", "--format=custom", f"--file={fresh}") != 0:
            raise Trouble("The database could not be dumped; the last backup stays as it is.")
        copied = sum(copy_missing(place, folder / PHOTOS / alias) for alias, place in kept.items())
        fresh.replace(folder / DUMP)
        (folder / KEY).write_text(f"{locked.check_value()}\n")
        laid_aside = lay_aside(folder / PHOTOS, sources=kept, aside=folder / ERASED, now=datetime.now(UTC))
    print(f"Backed up into {folder}: the database, and {copied} new files of photos; {laid_aside} erased laid aside.")
    for sentence in elsewhere():
        print(sentence)
    return 0


def elsewhere() -> Iterator[str]:
    """What is kept by somebody else's storage is theirs to back up, and to bring back."""
    here = keeping.folders()
    for alias, setting in keeping.SETTINGS.items():
        if alias not in here:
            yield f"The {alias} are not in it: {setting} keeps them elsewhere."


def missing(source: Path, target: Path) -> Iterator[tuple[Path, Path]]:
    """Each file of `source` that `target` lacks, or has a part of, and where it belongs."""
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        is_whole = path.is_file() and not path.name.startswith(_PART)
        if is_whole and not (place.exists() and place.stat().st_size == path.stat().st_size):
            yield path, place


def copy_missing(source: Path, target: Path) -> int:
    """Afterwards `target` holds every file of `source`; how many it lacked. A file appears whole or not at all, and is
    nobody else's to read, as the folder of photos keeps them (decision 0011)."""
    copied = 0
    for path, place in missing(source, target):
        place.parent.mkdir(parents=True, exist_ok=True)
        half = place.with_name(f"{_PART}{place.name}")
        half.unlink(missing_ok=True)  # what a killed one left is not to be written to any more
        try:
            shutil.copyfile(path, half)
            half.chmod(0o400)
        except OSError:
            half.unlink(missing_ok=True)
            raise
        half.replace(place)
        copied += 1
    return copied


def lay_aside(target: Path, *, sources: Mapping[str, Path], aside: Path, now: datetime) -> int:
    """Afterwards `target` holds no file that its source lacks: they lie in a folder of this day in `aside`, of which
    those of `LAID_ASIDE` ago and before are gone. How many were moved."""
    moved = 0
    for path in sorted(target.rglob("*")):
        alias, *name = path.relative_to(target).parts
        source = sources.get(alias)  # none of what is kept elsewhere by now
        if path.is_file() and (source is None or not source.joinpath(*name).exists()):
            place = aside / now.date().isoformat() / path.relative_to(target)
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
            moved += 1
    last = (now - LAID_ASIDE).date().isoformat()
    for day in sorted(aside.glob("*-*-*")):
        if day.name <= last:
            shutil.rmtree(day)
    return moved
