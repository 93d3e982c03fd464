"""Keeps a few child processes and the embedded database running until somebody says stop."""

import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from huipai.cli import children
from huipai.cli.postgres import Cluster
from huipai.cli.words import Trouble

_LOOK = 0.2
_TOO_OFTEN = 5
_WITHIN = 60.0
_PATIENCE = 15.0


@dataclass
class Service:
    """One child, by the name that people know it by, and the times of its last starts."""

    name: str
    command: Sequence[str]
    if_we_are_killed: signal.Signals = signal.SIGTERM
    child: "subprocess.Popen[bytes] | None" = None
    starts: deque[float] = field(default_factory=lambda: deque(maxlen=_TOO_OFTEN))

    def begin(self) -> None:
        self.starts.append(time.monotonic())
        self.child = children.spawn(self.command, stop=self.if_we_are_killed)

    def require_running(self) -> None:
        """Start it again when it has ended; give up when it keeps ending."""
        if self.child is None or self.child.poll() is None:
            return
        code = self.child.returncode
        if len(self.starts) == _TOO_OFTEN and time.monotonic() - self.starts[0] < _WITHIN:
            raise Trouble(f"The {self.name} ended {_TOO_OFTEN} times within a minute; the last exit code was {code}.")
        sys.stderr.write(f"The {self.name} ended with code {code}; starting it again.\n")
        time.sleep(1)
        self.begin()


def run(services: Sequence[Service], *, cluster: Cluster | None, when_up: Callable[[], None]) -> int:
    """Start the first and call `when_up`, then start the rest and keep all running.

    On Ctrl-C or TERM all are stopped, the database too; 0. What nobody waits for takes nothing from what somebody does.
    """
    interrupts = _Interrupts()
    for request in (signal.SIGINT, signal.SIGTERM):  # a shell's background job begins with SIGINT ignored
        signal.signal(request, interrupts.come)
    try:
        first, *rest = services
        with interrupts.held_back():
            first.begin()
        when_up()
        for service in rest:
            with interrupts.held_back():
                service.begin()
        while True:
            if cluster is not None:
                cluster.keep()
            for service in services:
                with interrupts.held_back():
                    service.require_running()
            time.sleep(_LOOK)
    except KeyboardInterrupt:
        sys.stderr.write("\nStopping …\n")
        return 0
    finally:
        for impatience in (signal.SIGINT, signal.SIGTERM):
            signal.signal(impatience, signal.SIG_IGN)  # a second Ctrl-C does not tear the stopping apart
        _end(services, cluster)


def _end(services: Sequence[Service], cluster: Cluster | None) -> None:
    stop(services)
    if cluster is not None:
        cluster.stop()  # whoever else uses it: Ctrl-C stops everything


class _Interrupts:
    """Ctrl-C and TERM as KeyboardInterrupt, but not while a child is being started.

    One that came between the fork and its return would leave a child behind that nobody knows and nobody stops.
    """

    def __init__(self) -> None:
        self._holding = self._came = False

    def come(self, number: int, frame: FrameType | None) -> None:
        if not self._holding:
            raise KeyboardInterrupt
        self._came = True

    @contextmanager
    def held_back(self) -> Iterator[None]:
        self._holding = True
        try:
            yield
        finally:
            self._holding = False
        if self._came:
            raise KeyboardInterrupt


def stop(services: Sequence[Service]) -> None:
    """All are asked at once; who does not end in time is killed."""
    running = [service.child for service in services if service.child is not None]
    for child in running:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + _PATIENCE
    for child in running:
        children.end(child, (signal.SIGTERM, max(0.1, deadline - time.monotonic())))
