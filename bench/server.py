"""The server under measurement: granian as `python -m huipai serve` starts it, in production mode, on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from huipai.cli import children, serve

# What a deployment sets, beside DATABASE_URL. Nobody signs in by a guess: the database is gone afterwards.
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "huipai.config.settings",
    "HUIPAI_MODE": "production",
    "HUIPAI_SECRET_KEY": "of-one-benchmark-run-" + "x" * 40,
    "HUIPAI_HOSTS": "127.0.0.1",
    "HUIPAI_REPORTS_AN_HOUR": "0",
    "HUIPAI_REPORTS_A_DAY": "0",
    "HUIPAI_REPORTS_AT_A_PLACE": "0",
}
HOST = "127.0.0.1"
WORKERS = 2


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Inside, the server answers on `port`; afterwards it is gone."""
    place = serve.Place(HOST, port, None)
    command = serve.web(place, workers=WORKERS).command
    process = children.spawn(command, stop=signal.SIGTERM, env={**os.environ, **ENVIRONMENT})
    try:
        serve.wait_until_up(place)
        yield process
    finally:
        children.end(process, (signal.SIGTERM, 15.0))
