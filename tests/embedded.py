"""A pytest plugin: the tests' own PostgreSQL, when DATABASE_URL is unset, and where their files lie.

It starts before Django's settings are read. The workers of pytest-xdist inherit DATABASE_URL and share the server of
the process that started them; a second test run in the same folder takes a cluster of its own.
"""

import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

from huipai.cli.postgres import FAST_AND_CARELESS, Busy, Cluster
from huipai.cli.words import Trouble

_running: list[Cluster] = []
# Thousands of photos are written through to the disk, and none is looked at when the tests are over.
_MEMORY, _ENOUGH = Path("/dev/shm"), 2 << 30


def _free_cluster() -> Cluster:
    for number in range(1, 20):
        try:
            return Cluster(f"test-{number}", options=FAST_AND_CARELESS).start_if_alone()
        except Busy:
            continue
    raise Trouble("Twenty test runs are going on in this folder.")


def _files_in_memory() -> None:
    if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    os.environ["HUIPAI_MODE"] = "test"
    _files_in_memory()
    if not os.environ.get("DATABASE_URL"):
        try:
            cluster = _free_cluster()
        except Trouble as trouble:
            raise pytest.UsageError(str(trouble)) from trouble
        _running.append(cluster)
        os.environ["DATABASE_URL"] = cluster.url()
    yield


def pytest_unconfigure() -> None:
    while _running:
        _running.pop().stop()
        del os.environ["DATABASE_URL"]
