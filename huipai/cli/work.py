"""`python -m huipai work`: runs the jobs and the schedule."""

import argparse
import logging
from collections.abc import Sequence

from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.psycopg_connector import PsycopgConnector

from huipai.cli import database, keeping, numbers, ownership
from huipai.kit import workbench

_BESIDE_THE_JOBS = 2  # heartbeat and the schedule use connections of their own
# Nobody is notified of a new job: a transaction that notifies makes every other wait for its commit.
LOOKS_EVERY = 1.0


def main(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser(prog="python -m huipai work")
    options.add_argument("--concurrency", type=numbers.from_one_on("--concurrency"), default=4, help="jobs at a time")
    options.add_argument("--queues", nargs="*", help="only these queues")
    options.add_argument("--once", action="store_true", help="stop when nothing is left to do")
    chosen = options.parse_args(arguments)
    database.require_tables()
    database.require_up_to_date()
    database.set_up_django()
    ownership.require_for_mode()
    keeping.require_folders()
    workbench.sweep()
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=chosen.concurrency + _BESIDE_THE_JOBS)
    with app.replace_connector(connector) as working:
        working.run_worker(
            queues=chosen.queues or None,
            concurrency=chosen.concurrency,
            wait=not chosen.once,
            fetch_job_polling_interval=LOOKS_EVERY,
            listen_notify=False,
            delete_jobs="successful",  # what failed for good stays, to be seen
            shutdown_graceful_timeout=10,
        )
    return 0
