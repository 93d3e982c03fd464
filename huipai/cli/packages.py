"""The Python packages of the lock: what is installed, and whether it is all there."""

import importlib.metadata
import re
from pathlib import Path

from huipai.cli.words import Trouble

_LOCKED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+)", re.MULTILINE)


def locked(lock: Path) -> list[tuple[str, str]]:
    """The names and versions in a lock; none where it is not here."""
    return _LOCKED.findall(lock.read_text()) if lock.exists() else []


def installed(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def require_whole(lock: Path) -> None:
    """Refuses what the web server's own processes would only find out one after the other: a package that is gone."""
    for name, _version in locked(lock):
        if not is_there(name):
            raise Trouble(f"The Python package {name} is missing: run 'make install'.")


def is_there(name: str) -> bool:
    """Whether a package is installed and the first module that it says it brought lies where it says."""
    if installed(name) is None:
        return False
    distribution = importlib.metadata.distribution(name)
    modules = (file for file in distribution.files or () if file.suffix in {".py", ".so"} and ".." not in file.parts)
    first = next(modules, None)
    return first is None or Path(str(distribution.locate_file(first))).exists()
