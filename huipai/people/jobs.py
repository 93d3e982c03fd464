"""What happens by the clock."""

from uuid import UUID

from procrastinate.contrib.django import app

from huipai.kit import clock
from huipai.people import commands
from huipai.streets.current import in_street
from huipai.streets.each import defer_in_each
from huipai.streets.models import Street


@app.periodic(cron="*/10 * * * *")
@app.task(name="people.apply_all_phone_changes", queue="people", queueing_lock="people.apply_all_phone_changes")
def apply_all_phone_changes(timestamp: int) -> None:
    """Every ten minutes, one job a street."""
    defer_in_each(apply_phone_changes)


@app.task(name="people.apply_phone_changes", queue="people")
def apply_phone_changes(*, street: str) -> None:
    with in_street(UUID(street)):
        commands.apply_phone_changes(now=clock.now())


@app.periodic(cron="40 3 * * *")
@app.task(name="people.forget_tries", queue="people", queueing_lock="people.forget_tries")
def forget_tries(timestamp: int) -> None:
    """Nightly: tries and codes past their retention."""
    commands.forget_old_tries(now=clock.now())


@app.periodic(cron="45 19 * * *")  # 03:45 in Shanghai
@app.task(name="people.forget_sessions", queue="people", queueing_lock="people.forget_sessions")
def forget_sessions(timestamp: int) -> None:
    """Nightly: who was signed in with what, once it is over."""
    commands.forget_sessions(now=clock.now())


@app.periodic(cron="50 * * * *")
@app.task(name="people.forget_codes", queue="people", queueing_lock="people.forget_codes")
def forget_codes(timestamp: int) -> None:
    commands.forget_old_codes(now=clock.now())


@app.periodic(cron="10 20 * * *")  # 04:10 in Shanghai, after what falls due in the night has gone
@app.task(name="people.forget_the_nameless", queue="people", queueing_lock="people.forget_the_nameless")
def forget_the_nameless(timestamp: int) -> None:
    """Every night: whoever comes in by no account, and of whom nothing is kept any more."""
    now = clock.now()
    for street_id in Street.objects.values_list("id", flat=True):
        with in_street(street_id):
            commands.forget_unkept(now=now)
