"""`python -m huipai restore FOLDER`: into an empty database, what `backup` put aside."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from huipai.cli import backup, database, programs
from huipai.cli.words import Trouble

_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"


def main(arguments: Sequence[str]) -> int:
    """Refuses a database that holds any table: nothing is ever overwritten."""
    options = argparse.ArgumentParser(prog="python -m huipai restore")
    options.add_argument("folder", type=Path)
    folder = options.parse_args(arguments).folder
    if not (folder / backup.DUMP).is_file():
        raise Trouble(f"{folder} holds no backup.")
    with database.connect() as connection:
        row = connection.execute(_TABLES).fetchone()
    if row is None or row[0] != 0:
        raise Trouble("This database is not empty; restore into a new one.")
    done = programs.run(
        "pg_restore",
        "--no-owner",
        "--no-privileges",
        "--exit-on-error",
        "--single-transaction",
        str(folder / backup.DUMP),
    )
    if done != 0:
        raise Trouble("The database could not be restored; it is still empty.")
    database.set_up_django()
    copied = backup.copy_missing(folder / backup.PHOTOS, backup.photos())
    print(f"Restored from {folder}: the database and {copied} files of photos. Now run 'python -m huipai verify'.")
    return 0
