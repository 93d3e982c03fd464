"""`python -m huipai demo`, whole: from an empty database to an address, stopped, killed and started again."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from huipai.cli import ownership
from huipai.cli.postgres import PROJECT

from .processes import command_of, eventually, free_port, kill, marked, seconds_of_work

pytestmark = pytest.mark.long

SOON = 10.0


class Demo:
    """A running demo, what it said until it was up, and how much its processes had worked until then.

    Work is processor time, of all of them together; the database of the tests is not theirs. Unlike the time on the
    wall it does not depend on who else uses the machine; on an idle one the wall's is less, because two cores share it.
    """

    def __init__(self, process: "subprocess.Popen[str]", mark: str) -> None:
        self.process, self.mark = process, mark
        self.words: list[str] = []
        self.work = 0.0

    def listen_until(self, words: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.words.append(line)
            if words in line:
                self.work = seconds_of_work(marked(self.mark))
                return
        pytest.fail("".join(self.words))


@contextmanager
def demo(port: int) -> Iterator[Demo]:
    mark = uuid.uuid4().hex
    process = subprocess.Popen(
        [sys.executable, "-m", "huipai", "demo", "--port", str(port)],
        cwd=PROJECT,
        env={**os.environ, "TEST_MARK": mark, "HUIPAI_MODE": "demo"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield Demo(process, mark)
    finally:
        process.terminate()
        try:
            process.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            pytest.fail(f"After a minute there are still {[command_of(one) for one in marked(mark)]}")
        finally:
            for left in marked(mark):
                kill(left)


def test_a_demo_from_nothing(empty_database: str) -> None:
    port = free_port()
    with demo(port) as interrupted:
        interrupted.listen_until("Filling the demo")
        time.sleep(5)
        kill(interrupted.process.pid)
    assert ownership.mark() == ownership.SEEDING

    with demo(port) as first:
        first.listen_until("Ctrl-C stops")
        assert urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10).status == 200
        phones = [found.group() for line in first.words if (found := re.search(r"\b1\d{10}\b", line))]
        assert len(phones) >= 15 and len(set(phones)) == len(phones)
        assert any("next door" in line for line in first.words)
        first.process.send_signal(signal.SIGINT)
        assert first.process.wait(timeout=60) == 0
        assert eventually(lambda: marked(first.mark) == [])

    with demo(port) as second:
        second.listen_until("Ctrl-C stops")
        assert not any("Filling" in line for line in second.words)
        assert 0 < second.work < SOON
