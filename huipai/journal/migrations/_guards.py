"""The journal is only ever added to. New jobs are found by looking, not by being called.

A transaction that notifies holds a lock of the whole server until its commit is on disk, so that all commits that
defer a job come one after the other: 1,400 a second became 250.
"""

from django.db import migrations

from huipai.streets.operations import append_only

TRIGGER = "TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1"

GUARDS = [
    append_only("journal_entry"),
    append_only("journal_seal"),
    migrations.RunSQL(
        f"ALTER TABLE procrastinate_jobs DISABLE {TRIGGER}", f"ALTER TABLE procrastinate_jobs ENABLE {TRIGGER}"
    ),
]
