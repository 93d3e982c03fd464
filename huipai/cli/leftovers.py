"""What a killed PostgreSQL leaves behind: processes that still sit in its data folder, a lock file naming nobody."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

_STEPS = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


def clear(data: Path) -> None:
    """Afterwards no process works in `data`, and no lock file there stops the next start.

    Only for the holder of the cluster's lock: then whoever still works there has lost its parent.
    """
    for ask, patience in _STEPS:
        deadline = time.monotonic() + patience
        while found := list(_working_in(data)):
            if time.monotonic() > deadline:
                break
            _ask(found, ask)
            time.sleep(0.1)
    _forget_reused_number(data / "postmaster.pid")


def _ask(processes: list[int], ask: signal.Signals) -> None:
    for process in processes:
        try:
            os.kill(process, ask)
        except ProcessLookupError:
            continue


def _working_in(data: Path) -> Iterator[int]:
    """Every PostgreSQL process has its data folder as working directory."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == data and (entry / "comm").read_text().startswith("postgres"):
                yield int(entry.name)
        except OSError:
            continue


def _forget_reused_number(lock_file: Path) -> None:
    """The number in a stale lock file may by now be another program's, and PostgreSQL would then refuse to start."""
    try:
        number = int(lock_file.read_text().split("\n", 1)[0])
        os.kill(number, 0)
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return
    except PermissionError:
        pass
    lock_file.unlink(missing_ok=True)
