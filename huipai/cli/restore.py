"""`python -m huipai restore FOLDER`: into an empty database, what `backup` put aside."""

import argparse
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

from huipai.cli import backup, database, doctor, keeping, ownership, programs
from huipai.cli.words import Trouble
from huipai.kit import locked

# A setting of PostgreSQL 17 that newer clients write into every dump; a server before it stops there.
_TOO_NEW = b"SET transaction_timeout = 0;\n"
_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
# Held by who restores into this database; the server lets go of it when that process ends, however it ends.
_RESTORING = 0x48555253


def main(arguments: Sequence[str]) -> int:
    """Refuses a database that holds any table: nothing is ever overwritten. What ended while photos were copied is
    gone on with by `--photos`."""
    options = argparse.ArgumentParser(prog="python -m huipai restore")
    options.add_argument("folder", type=Path)
    options.add_argument(
        "--photos", action="store_true",
        help="only the photos and papers that are still missing, where the database has been restored from this folder",
    )  # fmt: skip
    chosen = options.parse_args(arguments)
    with _alone():
        return _restore(chosen)


@contextmanager
def _alone() -> Iterator[None]:
    """Inside, nobody else restores into this database. Who comes second cannot know yet what the first leaves: whether
    the database stays empty, or which photos are missing."""
    with database.connect() as connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", [_RESTORING]).fetchone()
        if not (row and row[0]):
            raise Trouble(
                "Another restore into this database is running, so this one has changed nothing: wait until that one "
                "has ended, and read what it says."
            )
        yield


def _restore(chosen: argparse.Namespace) -> int:
    folder: Path = chosen.folder
    if not (folder / backup.DUMP).is_file():
        raise Trouble(f"{folder} holds no backup.")
    backup.require_apart(folder)
    keeping.require_folders()
    require_room(folder)
    if chosen.photos:
        _require_tables()
        done = "The database stays as it is"
    else:
        _restore_database(folder)
        done = "The database is restored"
    try:
        copied = _copy_photos(folder)
    except OSError as problem:
        raise Trouble(
            f"{done}, and not all photos are there: {backup.why(problem, folder)}. Mend that, then run "
            f"'python -m huipai restore {folder} --photos': it brings the rest."
        ) from problem
    database.set_up_django()
    done = f"{done}; {copied} files of photos came from {folder}"
    try:
        database.require_whole_steps()
    except Trouble as half_way:
        raise Trouble(f"{done}. {half_way}") from half_way
    print(f"{done}. Now run {_next()}.")
    wanting = [*_of_another_key(folder), *_without_photos()]
    if wanting:
        raise Trouble("\n".join(wanting))
    return 0


def require_room(folder: Path) -> None:
    """Refuses what the disks of the photos could not hold, before anything is written: of each disk the sum."""
    needed, place_on = Counter[int](), dict[int, Path]()
    for alias, place in keeping.folders().items():
        there = next(one for one in (place, *place.parents) if one.exists())
        disk = there.stat().st_dev
        place_on[disk] = there
        needed[disk] += sum(path.stat().st_size for path, _ in backup.missing(folder / backup.PHOTOS / alias, place))
    for disk, size in needed.items():
        if size > (free := shutil.disk_usage(place_on[disk]).free):
            raise Trouble(
                f"Nothing is restored: the photos of {folder} take {size >> 20} MB, and {free >> 20} MB are free on "
                f"the disk of {place_on[disk]}. Make room there, or keep them on another disk (HUIPAI_MEDIA_ROOT)."
            )


def _of_another_key(folder: Path) -> Iterator[str]:
    """What was locked with another secret key does not open: said now, before everybody is shut out."""
    kept = folder / backup.KEY
    is_another = kept.is_file() and kept.read_text().strip() != locked.check_value()
    if is_another or import_module("huipai.people.queries").unreadable_second_factors():
        yield (
            "This backup was made with another HUIPAI_SECRET_KEY: second factors, paper slips and cards do not open "
            f"with the one in use. {doctor.LOST_KEY}"
        )


def _without_photos() -> Iterator[str]:
    missing = _missing_originals()
    if missing:
        yield (
            f"{missing} photos that the database names are not among them. What a backup did not find one night lies "
            f"in {backup.ERASED}, by day: lay it back into {backup.PHOTOS} and restore with --photos. "
            "'python -m huipai verify --originals --all' names each."
        )


def _require_tables() -> None:
    if _is_empty():
        raise Trouble("The database has no tables yet: run 'python -m huipai restore' without --photos.")


def _is_empty() -> bool:
    with database.connect() as connection:
        row = connection.execute(_TABLES).fetchone()
    return row is not None and row[0] == 0


def _restore_database(folder: Path) -> None:
    if not _is_empty():
        raise Trouble(
            "This database is not empty; restore into a new one. If it was restored from this backup and photos are "
            "missing, --photos brings them."
        )
    ownership.forget_mark()  # of a demo that was here before: whose this is, what comes says
    if not _written(folder / backup.DUMP):
        raise Trouble("The database could not be restored; it is still empty.")


def _copy_photos(folder: Path) -> int:
    os.umask(0o077)  # the folders too are nobody else's to read
    kept = keeping.folders()
    return sum(backup.copy_missing(folder / backup.PHOTOS / alias, place) for alias, place in kept.items())


def _next() -> str:
    return "'python -m huipai verify'" if database.is_up_to_date() else (
        "'python -m huipai migrate', then 'python -m huipai verify'"
    )  # fmt: skip


def _missing_originals() -> int:
    """How many photos are kept in the database and lie nowhere."""
    with database.connect() as connection:
        rows = connection.execute("SELECT original_key FROM photos_photo WHERE erased_at IS NULL").fetchall()
    kept = import_module("huipai.photos.storage").photos()
    return sum(not kept.exists(str(key)) for (key,) in rows if key)


def _written(dump: Path) -> bool:
    """Whether all of it is in the database now; else nothing is. As PostgreSQL 15 to 18 read it.

    It ends with a COMMIT that is said here, when the dump has ended well: a psql whose input ends before it, because
    one of us was killed, leaves an empty database. Its own --single-transaction commits what it got.
    """
    read = programs.read("pg_restore", "--no-owner", "--no-privileges", "--no-comments", "--file=-", str(dump))
    assert read.stdout is not None
    with read.stdout as script:
        write = programs.feed("psql", "--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1")
        assert write.stdin is not None
        with suppress(BrokenPipeError), write.stdin as taken:
            taken.write(b"BEGIN;\n")
            taken.writelines(settings_for_all(script))
            shutil.copyfileobj(script, taken)
            if read.wait() == 0:
                taken.write(b"COMMIT;\n")
    return write.wait() == 0 and read.wait() == 0


def settings_for_all(script: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a dump's head, up to its first statement that is no setting, less the one that is too new."""
    for line in script:
        if line != _TOO_NEW:
            yield line
        if line.startswith((b"CREATE ", b"ALTER ", b"COPY ")):
            return
