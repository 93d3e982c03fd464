"""The web server and the worker: they answer, they stop together, and a killing leaves nothing behind."""

import datetime as dt
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from huipai.cli import certificate, serve, services
from huipai.cli.postgres import PROJECT
from huipai.cli.serve import Place
from huipai.cli.words import Trouble

from .processes import eventually, free_port, kill, marked


@contextmanager
def serving(*arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """`python -m huipai serve` once it answers, and the mark that all its processes carry."""
    mark = uuid.uuid4().hex
    process = subprocess.Popen(
        [sys.executable, "-m", "huipai", "serve", *arguments],
        cwd=PROJECT,
        env={**os.environ, "TEST_MARK": mark},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if "answers on" in line:
                break
        yield process, mark
    finally:
        process.stdout.close()
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=60)
        for left in marked(mark):
            kill(left)


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
    except urllib.error.HTTPError as answer:
        answer.close()
        return True
    except OSError:
        return False
    return True


class TestServe:
    def test_answers_and_stops_without_a_trace(self, tables: str) -> None:
        port = free_port()
        with serving("--port", str(port), "--with-worker") as (process, mark):
            assert answers(port)
            assert len(marked(mark)) >= 4
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 0
            assert eventually(lambda: marked(mark) == [])

    def test_a_killed_one_takes_its_children_with_it(self, tables: str) -> None:
        with serving("--port", str(free_port()), "--with-worker") as (process, mark):
            kill(process.pid)
            process.wait()
            assert eventually(lambda: marked(mark) == [])

    def test_a_killed_web_server_is_started_again(self, tables: str) -> None:
        port = free_port()
        with serving("--port", str(port)) as (process, mark):
            master = min(number for number in marked(mark) if number != process.pid)
            kill(master)
            assert eventually(lambda: master not in marked(mark) and answers(port), patience=60)

    def test_a_port_in_use_is_said_before_anything_starts(self) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            with pytest.raises(Trouble, match=r"Port \d+ is in use"):
                Place.chosen(host="127.0.0.1", port=other.getsockname()[1], tls=False)

    def test_demo_mode_serves_this_machine_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HUIPAI_MODE", "demo")
        with pytest.raises(Trouble, match="this machine only"):
            Place.chosen(host="0.0.0.0", port=free_port(), tls=False)

    def test_an_empty_database_is_said(self, empty_database: str) -> None:
        with pytest.raises(Trouble, match="no tables yet"):
            serve.main(["--port", str(free_port())])


class TestCertificate:
    NOW = dt.datetime.now(dt.UTC)

    def test_a_phone_reaches_us_over_tls(self, tables: str, tmp_path: Path) -> None:
        pair = certificate.for_address("127.0.0.1", folder=tmp_path, now=self.NOW)
        place = Place("127.0.0.1", free_port(), pair)
        web = serve.web(place, workers=1)
        try:
            web.begin()
            serve.wait_until_up(place)
        finally:
            services.stop([web])

    def test_it_is_kept_while_it_holds(self, tmp_path: Path) -> None:
        pair = certificate.for_address("127.0.0.1", folder=tmp_path, now=self.NOW)
        first = pair.certificate.read_bytes()
        certificate.for_address("127.0.0.1", folder=tmp_path, now=self.NOW + dt.timedelta(days=30))
        assert pair.certificate.read_bytes() == first

    @pytest.mark.parametrize(("address", "days"), [("127.0.0.2", 0), ("127.0.0.1", 85)])
    def test_it_is_renewed_for_another_address_and_before_it_ends(
        self, tmp_path: Path, address: str, days: int
    ) -> None:
        pair = certificate.for_address("127.0.0.1", folder=tmp_path, now=self.NOW)
        first = pair.certificate.read_bytes()
        certificate.for_address(address, folder=tmp_path, now=self.NOW + dt.timedelta(days=days))
        assert pair.certificate.read_bytes() != first

    def test_its_key_is_ours_alone(self, tmp_path: Path) -> None:
        pair = certificate.for_address("127.0.0.1", folder=tmp_path, now=self.NOW)
        assert pair.key.stat().st_mode & 0o077 == 0
