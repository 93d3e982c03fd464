"""As whom the embedded PostgreSQL runs: it refuses to be root."""

import os
import pwd
import subprocess
from pathlib import Path

from huipai.cli.children import OURSELVES, Identity
from huipai.cli.words import Trouble

# A user namespace in which we are somebody ordinary: no user is made, no folder opened to others.
NAMESPACE = Identity(prefix=("unshare", "-U", "--map-user=1000", "--map-group=1000", "--"))
CANDIDATES = ("postgres", "nobody")
_REACHES = 'cd "$1" && exec "$2" --version'


def for_server(program: Path, data: Path) -> Identity:
    """Ourselves; for root the owner of existing data, or an ordinary user who reaches program and data, or a
    namespace. Raises `Trouble` when there is no such way."""
    if os.getuid() != 0:
        return _owner_or_trouble(data)
    if data.exists():
        return _whoever_owns(data)
    for name in CANDIDATES:
        found = _user(name)
        if found is not None and _works(found, program, data.parent):
            return found
    if _works(NAMESPACE, program, data.parent):
        return NAMESPACE
    raise Trouble(
        f"PostgreSQL does not run as root, no ordinary user reaches {data.parent}, and user namespaces are switched "
        "off: run this as an ordinary user, or set DATABASE_URL."
    )


def _owner_or_trouble(data: Path) -> Identity:
    if data.exists() and data.stat().st_uid != os.getuid():
        raise Trouble(f"The database in {data} belongs to another user: run this as that user, or remove the folder.")
    return OURSELVES


def _whoever_owns(data: Path) -> Identity:
    owner = data.stat()
    return Identity(user=owner.st_uid, group=owner.st_gid) if owner.st_uid else NAMESPACE


def _user(name: str) -> Identity | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Identity(user=entry.pw_uid, group=entry.pw_gid)


def _works(identity: Identity, program: Path, folder: Path) -> bool:
    command = [*identity.prefix, "/bin/sh", "-c", _REACHES, "sh", str(folder), str(program)]
    try:
        tried = subprocess.run(
            command,
            user=identity.user,
            group=identity.group,
            extra_groups=[] if identity.user is not None else None,
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return tried.returncode == 0
