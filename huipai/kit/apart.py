"""Runs a program of ours apart from whoever asks for it, for native code that opens what strangers sent:

    python -I apart.py CPU DATA PARENT PROGRAM ARGUMENT…

The kernel bounds its processor time (CPU seconds) and its memory (DATA bytes, 0 for no bound). It leaves the processor
to whatever answers people. It does not outlive PARENT, the process that asked, by whatever death that ends. It imports
nothing of ours: it must start fast and run in isolation.
"""

import ctypes
import os
import resource
import runpy
import signal
import sys
from pathlib import Path

KINDNESS = 10
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)  # before anybody forks


def command(program: str, *arguments: str | Path, cpu: int, data: int = 0) -> list[str]:
    """What runs `program`, the file of one of our modules, for the process that asks."""
    bounds = (str(cpu), str(data), str(os.getpid()))
    return [sys.executable, "-I", __file__, *bounds, program, *map(str, arguments)]


def die_with_parent(stop: signal.Signals, parent: int) -> None:
    """From now on the kernel sends `stop` to this process when `parent` is gone, by whatever death."""
    if sys.platform == "linux":
        _libc.prctl(_PR_SET_PDEATHSIG, int(stop), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def main() -> None:
    cpu, data, parent = (int(bound) for bound in sys.argv[1:4])
    os.nice(KINDNESS)
    # The kernel takes the death of the thread that waits for it for the process's own, and that is as well.
    die_with_parent(signal.SIGKILL, parent)
    # Ended by SIGXCPU, which nobody else sends: whoever asked knows that it was the time, and not the machine.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if data:
        resource.setrlimit(resource.RLIMIT_DATA, (data, data))
    del sys.argv[:4]
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
