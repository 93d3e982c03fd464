"""Runs the developing program in a process whose memory and time the kernel bounds.

A worker stays as small as it was, whatever the picture does to the library that opens it.
"""

import fcntl
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from huipai.kit import apart
from huipai.photos.rules import developing
from huipai.photos.words import Copy, Kind

DATA_LIMIT = 700_000_000
CPU_SECONDS = 60
WALL_SECONDS = 120
HEAVY = 100_000_000
"""From this cost on, one picture at a time is opened on a machine."""


# What a picture can do to who opens it: say that it is none, take too much time, or be the end of a decoder. Whatever
# else ended it (a key pressed, a worker stopped, packages that are being replaced) is the machine's, and tried again.
_OF_THE_PICTURE = (
    developing.UNREADABLE, *(-end for end in (signal.SIGXCPU, signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT,
                                              signal.SIGFPE, signal.SIGILL)),
)  # fmt: skip


class Unreadable(Exception):
    """The bytes are of a picture, but no picture comes out of them."""


@dataclass(frozen=True)
class Copies:
    """The files of the copies, the fingerprint as a signed 64-bit number, and the marks."""

    public: Path
    thumb: Path
    tiny: Path
    fingerprint: int
    marks: bytes


def develop(*, original: Path, kind: Kind, cost: int, folder: Path) -> Copies:
    """The copies of `original`, made in `folder`; raises Unreadable, and OSError when the machine is at fault."""
    sides = (Copy.PUBLIC, Copy.THUMB, Copy.TINY)
    wanted = (original, kind.value, folder, ",".join(map(str, sides)))
    command = apart.command(developing.__file__, *wanted, cpu=CPU_SECONDS, data=DATA_LIMIT)
    with _one_at_a_time(cost):
        try:
            done = subprocess.run(command, capture_output=True, check=False, text=True, timeout=WALL_SECONDS, env={})
        except subprocess.TimeoutExpired as stuck:
            raise OSError(f"no copy after {WALL_SECONDS} s on a busy machine") from stuck
    if done.returncode in _OF_THE_PICTURE:
        raise Unreadable(f"exit code {done.returncode}: {done.stderr.strip()[-200:]}")
    if done.returncode:
        raise OSError(f"no copies, exit code {done.returncode}: {done.stderr.strip()[-200:]}")
    public, thumb, tiny = (folder / f"{side}.jpg" for side in sides)
    bits, marks = done.stdout.split()
    return Copies(
        public=public, thumb=thumb, tiny=tiny, fingerprint=_signed(int(bits)), marks=bytes.fromhex(marks)
    )  # fmt: skip


def distance(one: int, other: int) -> int:
    """In how many of the 64 bits two fingerprints differ."""
    return ((one ^ other) & (2**64 - 1)).bit_count()


def _signed(bits: int) -> int:
    return bits - 2**64 if bits >= 2**63 else bits


@contextmanager
def _one_at_a_time(cost: int) -> Iterator[None]:
    if cost < HEAVY:
        yield
        return
    with open(os.path.join(tempfile.gettempdir(), f"huipai-darkroom-{os.getuid()}.lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
