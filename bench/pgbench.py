"""The raw side: pgbench of the embedded PostgreSQL's wheel with a script of our own."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from huipai.cli.postgres import binaries

_PROCESSED = re.compile(r"^number of transactions actually processed: (\d+)", re.MULTILINE)
_FAILED = re.compile(r"^number of failed transactions: (\d+)", re.MULTILINE)
_RATE = re.compile(r"^tps = ([0-9.]+) \(without initial connection time\)", re.MULTILINE)
_LATENCY = re.compile(r"^latency average = ([0-9.]+) ms", re.MULTILINE)


class PgbenchFailed(RuntimeError):
    """pgbench did not run, or some of its transactions failed: there is no number."""


@dataclass(frozen=True)
class Raw:
    """What one slice of pgbench reached."""

    transactions: int
    per_second: float
    latency_ms: float


def parse(output: str) -> Raw:
    """The figures in pgbench's summary; refuses one with failed transactions or without figures."""
    processed, rate, latency = _PROCESSED.search(output), _RATE.search(output), _LATENCY.search(output)
    failed = _FAILED.search(output)
    if processed is None or rate is None or latency is None:
        raise PgbenchFailed(f"no figures in: {output[-400:]}")
    if failed is not None and int(failed.group(1)):
        raise PgbenchFailed(f"{failed.group(1)} transactions failed")
    return Raw(int(processed.group(1)), float(rate.group(1)), float(latency.group(1)))


def run(url: str, script: str, variables: Mapping[str, object], *, clients: int, seconds: float | None) -> Raw:
    """Run `script` in `clients` connections with prepared statements for so many seconds (whole ones), or once."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "script.sql"
        path.write_text(script)
        command = [
            str(binaries() / "pgbench"), "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=1",
            f"--time={max(1, round(seconds))}" if seconds else "--transactions=1", f"--file={path}",
            *(f"--define={name}={value}" for name, value in variables.items()),
            *_connection(url),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}, check=False)
    if done.returncode != 0:
        raise PgbenchFailed(done.stderr.strip()[:600])
    return parse(done.stdout)


def _connection(url: str) -> list[str]:
    parts = urlsplit(url)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    named = {
        "host": query.get("host") or parts.hostname,
        "port": parts.port,
        "username": query.get("user") or parts.username,
    }
    return [*(f"--{name}={value}" for name, value in named.items() if value), parts.path.lstrip("/")]
