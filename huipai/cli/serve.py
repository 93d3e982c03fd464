"""`python -m huipai serve`: the web server, and with `--with-worker` the job worker beside it."""

import argparse
import datetime as dt
import os
import signal
import ssl
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection

from huipai.cli import addresses, built, certificate, database, keeping, numbers, ownership, packages, services
from huipai.cli.certificate import Pair
from huipai.cli.postgres import PROJECT
from huipai.cli.services import Service
from huipai.cli.words import Trouble

_PATIENCE = 60.0


def parser(name: str) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog=f"python -m huipai {name}")
    made.add_argument("--port", type=int, default=8000)
    made.add_argument("--workers", type=numbers.from_one_on("--workers"), default=2, help="web processes")
    made.add_argument("--tls", action="store_true", help="serve a phone in this network, with a certificate of our own")
    return made


def main(arguments: Sequence[str]) -> int:
    options = parser("serve")
    options.add_argument("--host", default=addresses.LOOPBACK)
    options.add_argument("--with-worker", action="store_true", help="run the job worker too")
    chosen = options.parse_args(arguments)
    place = Place.chosen(host=chosen.host, port=chosen.port, tls=chosen.tls)
    with database.reached() as cluster:
        database.require_settings()
        packages.require_whole(PROJECT / "requirements" / "base.txt")
        built.require_whole(PROJECT)
        database.require_answer()
        ownership.require_for_mode()
        database.require_tables()
        database.require_up_to_date()
        keeping.require_folders()
        children = [web(place, workers=chosen.workers), *([work()] if chosen.with_worker else [])]
        return services.run(children, cluster=cluster, when_up=lambda: announce(place))


class Place:
    """Where the pages are: host, port, and the certificate when there is one."""

    def __init__(self, host: str, port: int, pair: Pair | None) -> None:
        self.host, self.port, self.pair = host, port, pair

    @classmethod
    def chosen(cls, *, host: str, port: int, tls: bool) -> "Place":
        """Refuses a used port, and in demo mode every address that others can reach, but the one of `--tls`."""
        if tls:
            host = addresses.in_this_network()
        elif ownership.mode() != "production" and not addresses.is_loopback(host):
            raise Trouble(f"Demo mode serves this machine only: {host} is not its own address. For a phone use --tls.")
        addresses.require_free(host, port)
        if not tls:
            return cls(host, port, None)
        pair = certificate.for_address(host, folder=PROJECT / "var" / "tls", now=dt.datetime.now(dt.UTC))
        os.environ.setdefault("HUIPAI_HOSTS", f"{host},localhost,127.0.0.1")
        os.environ.setdefault("HUIPAI_ORIGINS", f"https://{host}:{port}")
        os.environ["HUIPAI_TLS_AUTHORITY"] = str(pair.authority)
        return cls(host, port, pair)

    @property
    def url(self) -> str:
        return f"{'https' if self.pair else 'http'}://{self.netloc}/"

    @property
    def netloc(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def web(place: Place, *, workers: int) -> Service:
    """Granian as tried: bodies are read in the blocking threads, so their number is what slow uploads may take.

    Should we be killed it goes at once, and its port with it: its database goes too.
    """
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", place.host, "--port", str(place.port)]
    command += ["--workers", str(workers), "--backpressure", "32", "--no-ws", "--log-level", "error"]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", "10s"]
    if place.pair is not None:
        command += ["--ssl-certificate", str(place.pair.certificate), "--ssl-keyfile", str(place.pair.key)]
    return Service("web server", [*command, "huipai.cli.wsgi:application"], if_we_are_killed=signal.SIGKILL)


def work() -> Service:
    """Should we be killed it goes at once: its database goes too, and what it had in hand is safe to run twice."""
    return Service("job worker", [sys.executable, "-m", "huipai", "work"], if_we_are_killed=signal.SIGKILL)


def announce(place: Place) -> None:
    """Say the address once it answers."""
    wait_until_up(place)
    sys.stdout.write(f"Huipai answers on {place.url}\n")
    sys.stdout.flush()


def wait_until_up(place: Place) -> None:
    """Return when the first page answers, whatever it says; stop waiting when it takes too long."""
    deadline = time.monotonic() + _PATIENCE
    trust = ssl.create_default_context(cadata=place.pair.authority.read_bytes()) if place.pair else None
    while time.monotonic() < deadline:
        try:
            _ask(place, trust)
        except (OSError, HTTPException):
            time.sleep(0.1)
            continue
        return
    raise Trouble(f"The web server did not answer on {place.url} in time.")


def _ask(place: Place, trust: ssl.SSLContext | None) -> None:
    """Ask for the first page by a name that the server goes by; where that page leads to is not followed."""
    reach = HTTPConnection if trust is None else partial(HTTPSConnection, context=trust)
    with closing(reach(place.host, place.port, timeout=5)) as connection:
        connection.request("GET", "/", headers={"Host": _a_name_of(place)})
        connection.getresponse().read()


def _a_name_of(place: Place) -> str:
    named = os.environ.get("HUIPAI_HOSTS", "").split(",")[0].strip().lstrip(".")
    return place.netloc if named in ("", "*") else named
