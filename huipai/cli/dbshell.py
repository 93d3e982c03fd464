"""`python -m huipai dbshell`: psql on the database in use."""

from collections.abc import Sequence

from huipai.cli import programs


def main(arguments: Sequence[str]) -> int:
    """Everything after `dbshell` is psql's, so `dbshell -c 'SELECT 1'` works; Django's `--` may stand before it."""
    own = arguments[1:] if arguments[:1] == ["--"] else arguments
    return programs.run("psql", *own)
