"""Sealing by the clock."""

from uuid import UUID

from procrastinate.contrib.django import app

from huipai.journal import commands
from huipai.kit import clock
from huipai.streets.current import in_street
from huipai.streets.models import Street


@app.periodic(cron="* * * * *")
@app.task(name="journal.seal_all", queue="journal", queueing_lock="journal.seal_all")
def seal_all(timestamp: int) -> None:
    """Every minute, one sealing job a street."""
    for street_id in Street.objects.values_list("id", flat=True):
        seal.configure(lock=f"journal.seal:{street_id}").defer(street=str(street_id))


@app.task(name="journal.seal", queue="journal")
def seal(*, street: str) -> None:
    with in_street(UUID(street)):
        commands.seal(now=clock.now())


@app.periodic(cron="30 19 * * *")  # 03:30 in Shanghai
@app.task(name="journal.sweep_all", queue="journal", queueing_lock="journal.sweep_all")
def sweep_all(timestamp: int) -> None:
    """Every night, one sweep a street."""
    for street_id in Street.objects.values_list("id", flat=True):
        sweep.configure(lock=f"journal.seal:{street_id}").defer(street=str(street_id))


@app.task(name="journal.sweep", queue="journal")
def sweep(*, street: str) -> None:
    with in_street(UUID(street)):
        commands.sweep(now=clock.now())
