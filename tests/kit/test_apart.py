"""What is run apart is bounded, leaves the processor to others, and ends with whoever asked for it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from huipai.kit import apart

_ASKS = (
    "import subprocess, sys; from huipai.kit import apart;"
    "subprocess.run(apart.command(sys.argv[1], sys.argv[2], cpu=10), env={})"
)


def written(folder: Path, words: str) -> str:
    program = folder / "program.py"
    program.write_text(words)
    return str(program)


def test_it_gets_its_arguments_and_bounds_and_stands_back(tmp_path: Path) -> None:
    program = written(
        tmp_path,
        "import os, resource as r, sys\n"
        "if __name__ == '__main__':\n"
        "    bounds = r.getrlimit(r.RLIMIT_CPU)[0], r.getrlimit(r.RLIMIT_DATA)[0], r.getrlimit(r.RLIMIT_CORE)[0]\n"
        "    print(sys.argv[1:], *bounds, os.nice(0))\n",
    )
    wanted = apart.command(program, "图.jpg", tmp_path, cpu=7, data=300_000_000)
    said = subprocess.run(wanted, check=True, capture_output=True, text=True, env={}).stdout.split("] ")
    assert said[0] == f"['图.jpg', '{tmp_path}'"
    assert said[1].split() == ["7", "300000000", "0", str(min(19, os.nice(0) + apart.KINDNESS))]


def test_who_takes_longer_than_there_is_is_told_from_who_was_killed(tmp_path: Path) -> None:
    """A picture that takes too long takes too long again; a machine that kills may have room the next time."""
    wanted = apart.command(written(tmp_path, "while True: pass\n"), cpu=1)
    assert subprocess.run(wanted, check=False, capture_output=True, env={}).returncode == -signal.SIGXCPU


def test_it_does_not_outlive_a_worker_that_is_killed(tmp_path: Path) -> None:
    program = written(
        tmp_path, "import os, sys, time\nopen(sys.argv[1], 'w').write(str(os.getpid()) + ' ')\ntime.sleep(60)\n"
    )
    note = tmp_path / "note"
    worker = subprocess.Popen([sys.executable, "-c", _ASKS, program, str(note)])
    _until(lambda: note.exists() and note.read_text().endswith(" "))
    child = int(note.read_text())
    assert _runs(child)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    _until(lambda: not _runs(child))


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _until(it_is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not it_is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)
