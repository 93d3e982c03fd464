"""Run the jobs that are waiting, as the worker does, and come back."""

from concurrent.futures import ThreadPoolExecutor

from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector


def run_jobs() -> None:
    """Every job that is due has run once; a failing one is left for `failed_jobs`.

    In a thread of its own: a browser test holds the event loop of the one it runs in.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(_run).result()


def _run() -> None:
    try:
        connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=4)
        with app.replace_connector(connector) as working:
            working.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    finally:
        connections.close_all()


def failed_jobs() -> list[str]:
    """The names of tasks whose jobs have failed."""
    return list(ProcrastinateJob.objects.filter(status="failed").values_list("task_name", flat=True))
