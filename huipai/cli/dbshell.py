"""`python -m huipai dbshell`: psql on the database in use."""

from collections.abc import Sequence

from huipai.cli import database, programs


def main(arguments: Sequence[str]) -> int:
    """Everything after `dbshell` is psql's, so `dbshell -c 'SELECT 1'` works; Django's `--` may stand before it.

    The database has only to answer: whatever else is wrong with it is put right from here.
    """
    own = arguments[1:] if arguments[:1] == ["--"] else arguments
    with database.reached():
        database.connect().close()
        return programs.run("psql", *own)
