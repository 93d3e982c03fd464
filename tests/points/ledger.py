"""Makers of points for tests."""

from collections.abc import Callable
from datetime import datetime
from threading import Barrier, Thread
from time import monotonic, sleep
from uuid import UUID, uuid4

from django.db import connection, connections

from huipai.people.models import Person
from huipai.points import commands as points
from huipai.points import queries
from huipai.points.commands import Outcome
from huipai.points.models import Posting
from huipai.stations.models import Station
from huipai.stations.words import StationKind
from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.cast import A_YEAR_AGO, MONDAY


def case() -> str:
    return f"case:{uuid4()}"


def award(
    person: Person,
    subject: str | None = None,
    *,
    item_code: str = "woodpecker-02",
    received_at: datetime = MONDAY,
    now: datetime = MONDAY,
) -> Outcome:
    """Pay for a deed, a new one if none is named."""
    return points.award(
        item_code=item_code, subject=subject or case(), person=person, received_at=received_at, actor=None, now=now
    )


def counter() -> Station:
    """Where what was set aside is used: one station for all."""
    found, _made = Station.objects.get_or_create(
        code="Y09",
        defaults={
            "kind": StationKind.CARE_STATION, "name": "望山驿站", "place": "望山路 2 号", "lng": 120.73, "lat": 31.28,
            "opened_at": A_YEAR_AGO,
        },
    )  # fmt: skip
    return found


def capture(*, hold_id: UUID, actor: Person | None, now: datetime) -> Posting:
    """Use what was set aside, at the counter."""
    return points.capture(hold_id=hold_id, station_id=counter().id, actor=actor, now=now)


def spendable(person: Person, at: datetime = MONDAY) -> int:
    return queries.balance(person, at).spendable


def holds(street: Street) -> bool:
    """Whether `verify` finds nothing."""
    return next(queries.verify_ledger(street), None) is None


def at_once(street: Street, *deeds: Callable[[], object]) -> list[object]:
    """Do these at the same time, each in a connection of its own; what each returned or raised."""
    barrier = Barrier(len(deeds))
    came_of: list[object] = [None] * len(deeds)

    def run(number: int) -> None:
        with in_street(street.id):
            barrier.wait(10)
            try:
                came_of[number] = deeds[number]()
            except Exception as error:
                came_of[number] = error
        connections.close_all()

    threads = [Thread(target=run, args=(number,)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return came_of


def until_another_waits(patience: float = 1.0) -> None:
    """Go on once somebody waits for a lock in this database; where nobody comes to wait, after so many seconds."""
    deadline = monotonic() + patience
    with connection.cursor() as cursor:
        while monotonic() < deadline:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone() != (0,):
                return
            sleep(0.02)
