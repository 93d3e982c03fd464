"""What `serve` and `demo` keep running is stopped whole, whenever the stop comes."""

import subprocess
import sys

from huipai.cli.postgres import PROJECT

from .processes import is_alive, kill

# Ctrl-C right after the fork: the child runs, and who began it does not hold it yet. It does not end of itself when its
# parent does, as a worker in the middle of a job does not.
_STOPPED_AT_THE_FORK = """
import os, signal, sys
from huipai.cli import children, services

class Begun(services.Service):
    def begin(self):
        child = children.spawn(self.command, stop=self.if_we_are_killed)
        print(child.pid, flush=True)
        os.kill(os.getpid(), signal.SIGINT)
        self.child = child

services._PATIENCE = 0.5
stubborn = [sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"]
sys.exit(services.run([Begun("worker", stubborn)], cluster=None, when_up=lambda: None))
"""


def test_a_stop_between_the_fork_and_its_return_leaves_no_child() -> None:
    command = [sys.executable, "-c", _STOPPED_AT_THE_FORK]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        try:
            assert process.wait(timeout=30) == 0
            assert not is_alive(child)
        finally:
            if is_alive(child):
                kill(child)
