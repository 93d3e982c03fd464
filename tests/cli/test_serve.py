"""The web server and the worker: they answer, they stop together, and a killing leaves nothing behind."""

import datetime as dt
import os
import signal
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from cryptography import x509

from huipai.cli import certificate, serve, services
from huipai.cli.postgres import PROJECT
from huipai.cli.serve import Place
from huipai.cli.words import Trouble
from huipai.streets.models import Street

from .processes import eventually, free_port, kill, marked

# A master as granian's: it notes a request to stop and goes on, and what it forks does so until it sets handlers.
_MASTER = """
import multiprocessing, signal, time
def worker():
    import huipai.cli.wsgi
    print("loaded", flush=True)
    time.sleep(120)
signal.signal(signal.SIGTERM, lambda *_: None)
multiprocessing.get_context("fork").Process(target=worker).start()
time.sleep(120)
"""


@contextmanager
def serving(*arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """`python -m huipai serve` once it answers, and the mark that all its processes carry."""
    mark = uuid.uuid4().hex
    process = subprocess.Popen(
        [sys.executable, "-m", "huipai", "serve", *arguments],
        cwd=PROJECT,
        env={**os.environ, "TEST_MARK": mark, "MAKELEVEL": "1"},  # as make runs it
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


def told_of_make(mark: str, *, parent: int) -> bool:
    """Whether a child was started as make's own: it would end by make's word and not as its own parent says.

    Between its fork and its program a child shows its parent's surroundings, so that this is asked until it has begun.
    """
    for number in set(marked(mark)) - {parent}:
        with suppress(OSError):
            if b"MAKELEVEL" in Path(f"/proc/{number}/environ").read_bytes():
                return True
    return False


class TestServe:
    def test_answers_and_stops_without_a_trace(self, tables: str) -> None:
        port = free_port()
        with serving("--port", str(port), "--with-worker") as (process, mark):
            assert answers(port)
            assert len(marked(mark)) >= 4
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 0
            assert eventually(lambda: marked(mark) == [])

    @pytest.mark.long
    def test_a_killed_one_takes_its_children_with_it(self, tables: str) -> None:
        with serving("--port", str(free_port()), "--with-worker") as (process, mark):
            assert eventually(lambda: len(marked(mark)) >= 4 and not told_of_make(mark, parent=process.pid))
            kill(process.pid)
            process.wait()
            assert eventually(lambda: marked(mark) == [])

    @pytest.mark.long
    def test_a_worker_that_has_not_begun_to_serve_ends_with_its_master_too(self) -> None:
        mark = uuid.uuid4().hex
        master = subprocess.Popen(
            [sys.executable, "-c", _MASTER],
            cwd=PROJECT,
            env={**os.environ, "TEST_MARK": mark},
            stdout=subprocess.PIPE,
        )
        try:
            with master:
                assert master.stdout is not None and master.stdout.readline() == b"loaded\n"
                kill(master.pid)
            assert eventually(lambda: marked(mark) == [])
        finally:
            for left in marked(mark):
                kill(left)

    @pytest.mark.long
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

    @pytest.mark.parametrize("port", [-5, 0, 99999])
    def test_what_is_no_port_is_said_before_anything_starts(self, port: int) -> None:
        with pytest.raises(Trouble, match=f"^{port} is no port: choose one"):
            Place.chosen(host="127.0.0.1", port=port, tls=False)

    def test_demo_mode_serves_this_machine_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HUIPAI_MODE", "demo")
        with pytest.raises(Trouble, match="this machine only"):
            Place.chosen(host="0.0.0.0", port=free_port(), tls=False)

    def test_an_empty_database_is_said(self, empty_database: str) -> None:
        with pytest.raises(Trouble, match="no tables yet"):
            serve.main(["--port", str(free_port())])


class TestCertificate:
    NOW = dt.datetime.now(dt.UTC)

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

    def test_its_keys_are_ours_alone(self, tmp_path: Path) -> None:
        certificate.for_address("127.0.0.1", folder=tmp_path, now=self.NOW)
        keys = list(tmp_path.glob("*key.pem"))
        assert len(keys) == 2 and not any(key.stat().st_mode & 0o077 for key in keys)

    @pytest.mark.parametrize("name", ["ca.crt", "ca-key.pem", "certificate.pem", "key.pem"])
    @pytest.mark.parametrize("left", ["nothing", "a part", "another's"])
    def test_a_file_that_is_not_whole_is_made_anew(self, tmp_path: Path, name: str, left: str) -> None:
        pair = certificate.for_address("127.0.0.1", folder=tmp_path, now=self.NOW)
        certificate.for_address("127.0.0.1", folder=tmp_path / "another", now=self.NOW)
        broken = tmp_path / name
        anothers = (tmp_path / "another" / name).read_bytes()
        broken.write_bytes({"nothing": b"", "a part": broken.read_bytes()[:99], "another's": anothers}[left])
        certificate.for_address("127.0.0.1", folder=tmp_path, now=self.NOW)
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(pair.certificate, pair.key)
        own = x509.load_der_x509_certificate(pair.authority.read_bytes())
        x509.load_pem_x509_certificate(pair.certificate.read_bytes()).verify_directly_issued_by(own)
        kept = {path: path.read_bytes() for path in tmp_path.glob("*.*")}
        certificate.for_address("127.0.0.1", folder=tmp_path, now=self.NOW)
        assert {path: path.read_bytes() for path in tmp_path.glob("*.*")} == kept

    def test_one_that_was_spoilt_is_made_anew(self, tmp_path: Path) -> None:
        pair = certificate.for_address("127.0.0.1", folder=tmp_path, now=self.NOW)
        whole = pair.authority.read_bytes()
        for place in range(0, len(whole), 7):
            pair.authority.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
            certificate.for_address("127.0.0.1", folder=tmp_path, now=self.NOW)

    def test_where_none_can_be_kept_it_is_said_and_what_was_kept_stays(self, tmp_path: Path) -> None:
        pair = certificate.for_address("127.0.0.1", folder=tmp_path, now=self.NOW)
        kept = pair.certificate.read_bytes()
        (tmp_path / "certificate.pem.new").mkdir()
        with pytest.raises(Trouble, match=f"^No certificate can be kept in {tmp_path}: "):
            certificate.for_address("127.0.0.1", folder=tmp_path, now=self.NOW + dt.timedelta(days=85))
        assert pair.certificate.read_bytes() == kept

    def test_the_authority_that_phones_trust_stays_with_another_address_and_a_new_certificate(
        self, tmp_path: Path
    ) -> None:
        pair = certificate.for_address("192.168.3.4", folder=tmp_path, now=self.NOW)
        first = pair.authority.read_bytes()
        for address, days in (("10.0.0.7", 0), ("10.0.0.7", 85), ("fd00::7", 400)):
            certificate.for_address(address, folder=tmp_path, now=self.NOW + dt.timedelta(days=days))
        assert pair.authority.read_bytes() == first
        certificate.for_address("192.168.3.4", folder=tmp_path, now=self.NOW + dt.timedelta(days=3600))
        assert pair.authority.read_bytes() != first

    def test_the_authority_speaks_for_no_address_of_the_wide_world(self, tmp_path: Path) -> None:
        pair = certificate.for_address("192.168.3.4", folder=tmp_path, now=self.NOW)
        own = x509.load_der_x509_certificate(pair.authority.read_bytes())
        shown = x509.load_pem_x509_certificate(pair.certificate.read_bytes())
        shown.verify_directly_issued_by(own)
        bounds = own.extensions.get_extension_for_class(x509.NameConstraints)
        assert bounds.critical and own.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        networks = [one.value for one in bounds.value.permitted_subtrees or [] if isinstance(one, x509.IPAddress)]
        assert networks and all(net.is_private or net.is_link_local for net in networks if not isinstance(net, str))
        names = [one.value for one in bounds.value.permitted_subtrees or [] if isinstance(one, x509.DNSName)]
        assert names == ["localhost"]

    def test_a_phone_takes_the_authority_and_cookies_go_over_https_only(
        self, tables: str, yunqiao: Street, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pair = certificate.for_address("127.0.0.1", folder=tmp_path, now=self.NOW)
        monkeypatch.setenv("HUIPAI_TLS_AUTHORITY", str(pair.authority))
        place = Place("127.0.0.1", free_port(), pair)
        web = serve.web(place, workers=1)
        trust = ssl.create_default_context(cadata=pair.authority.read_bytes())
        try:
            web.begin()
            serve.wait_until_up(place)
            with urllib.request.urlopen(f"{place.url}ca.crt", context=trust) as answer:
                assert answer.headers["content-type"] == "application/x-x509-ca-cert"
                assert answer.read() == pair.authority.read_bytes()
            with urllib.request.urlopen(f"{place.url}s/yunqiao/sign-in/", context=trust) as answer:
                cookies = answer.headers.get_all("set-cookie")
            assert cookies and all("; Secure" in cookie for cookie in cookies)
        finally:
            services.stop([web])
