"""Child processes that never outlive the process that started them."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from huipai.kit.apart import die_with_parent


@dataclass(frozen=True)
class Identity:
    """Under which user a child runs: our own by default."""

    prefix: tuple[str, ...] = ()
    user: int | None = None
    group: int | None = None


OURSELVES = Identity()


def spawn(
    command: Sequence[str],
    *,
    stop: signal.Signals,
    identity: Identity = OURSELVES,
    env: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
    cwd: Path | None = None,
) -> "subprocess.Popen[bytes]":
    """A child in a session of its own, so that a Ctrl-C in the terminal reaches only us.

    Call it from the main thread: the kernel takes the death of the thread that forked for the parent's.
    """
    return subprocess.Popen(
        [*identity.prefix, *command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        env=dict(env) if env is not None else None,
        cwd=cwd,
        user=identity.user,
        group=identity.group,
        extra_groups=[] if identity.user is not None else None,
        start_new_session=True,
        preexec_fn=_dying(stop),
    )


def _dying(stop: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()
    return lambda: die_with_parent(stop, parent)


def end(child: "subprocess.Popen[bytes]", *steps: tuple[signal.Signals, float]) -> None:
    """Ask `child` to stop with each signal in turn, giving it that many seconds, and kill it when nothing helped."""
    for ask, patience in steps:
        if child.poll() is not None:
            return
        child.send_signal(ask)
        try:
            child.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            continue
    if child.poll() is None:
        child.kill()
        child.wait()
