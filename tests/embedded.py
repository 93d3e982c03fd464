"""A pytest plugin: the tests' own PostgreSQL, when DATABASE_URL is unset.

It starts before Django's settings are read. The workers of pytest-xdist inherit DATABASE_URL and share the server of
the process that started them; a second test run in the same folder takes a cluster of its own.
"""

import os
from collections.abc import Generator

import pytest

from huipai.cli.postgres import FAST_AND_CARELESS, Busy, Cluster
from huipai.cli.words import Trouble

_running: list[Cluster] = []


def _free_cluster() -> Cluster:
    for number in range(1, 20):
        try:
            return Cluster(f"test-{number}", options=FAST_AND_CARELESS).start_if_alone()
        except Busy:
            continue
    raise Trouble("Twenty test runs are going on in this folder.")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    os.environ["HUIPAI_MODE"] = "test"
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
