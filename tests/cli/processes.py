"""Other processes of the project, as a test needs them: started, killed, looked for."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from huipai.cli.postgres import PROJECT

_HOLDER = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
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


# A short command that runs the server: `reached` as the command line uses it, on a cluster of the test's own.
_SHORT_COMMAND = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.default_int_handler)
from pathlib import Path
from huipai.cli import database
from huipai.cli.postgres import Cluster
database.Cluster = lambda: Cluster("main", folder=Path(sys.argv[1]))
with database.reached() as cluster:
    print(cluster.process_id or 0, flush=True)
    sys.stdin.readline()
"""


@contextmanager
def short_command(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that uses the cluster in `folder` until it is sent a line; the number of its postmaster is read."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SHORT_COMMAND, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=PROJECT,
        env={name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "HUIPAI_MODE"}},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


def end_of(process: "subprocess.Popen[str]") -> None:
    """Tell a short command that its work is done."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


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


def marked(mark: str) -> list[int]:
    """The processes that carry `mark` in their environment: one that was started with it, and all its descendants."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (entry / "environ").read_bytes() and is_alive(int(entry.name)):
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def command_of(number: int) -> str:
    """What this process was started as."""
    try:
        return Path(f"/proc/{number}/cmdline").read_text().replace("\0", " ").strip()
    except OSError:
        return ""


def seconds_of_work(numbers: list[int]) -> float:
    """The processor time that these processes and the children they have waited for have used up."""
    ticks = 0
    for number in numbers:
        try:
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))  # own user and system time, then the children's
    return ticks / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def huipai(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """One command line, run to its end; none of ours waits that long for anything."""
    return subprocess.run(
        [sys.executable, "-m", "huipai", *arguments],
        cwd=PROJECT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
