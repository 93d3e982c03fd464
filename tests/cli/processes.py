"""Other processes of the project, as a test needs them: started, killed, looked for."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from huipai.cli.postgres import PROJECT

_HOLDER = """
import sys, time
from pathlib import Path
from huipai.cli.postgres import Cluster
cluster = Cluster("main", folder=Path(sys.argv[1])).start()
print(cluster.process_id, flush=True)
try:
    time.sleep(120)
except KeyboardInterrupt:
    pass
cluster.stop()
"""


@contextmanager
def holder(folder: Path) -> Iterator[tuple["subprocess.Popen[str]", int]]:
    """Another process that runs the cluster in `folder`, and the number of its postmaster."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(folder)], stdout=subprocess.PIPE, text=True, cwd=PROJECT
    )
    try:
        assert process.stdout is not None
        yield process, int(process.stdout.readline())
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        assert process.stdout is not None
        process.stdout.close()


def is_alive(number: int) -> bool:
    """Runs; a zombie does not count."""
    try:
        return " Z " not in Path(f"/proc/{number}/stat").read_text()
    except OSError:
        return False


def working_in(folder: Path) -> list[int]:
    """The processes whose working directory lies in `folder`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if folder in (entry / "cwd").readlink().parents:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def eventually(question: Callable[[], bool], patience: float = 20.0) -> bool:
    """Whether the answer turns to yes within `patience` seconds."""
    deadline = time.monotonic() + patience
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def kill(number: int) -> None:
    os.kill(number, signal.SIGKILL)
