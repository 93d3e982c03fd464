"""Makers of points for tests."""

from datetime import datetime
from uuid import uuid4

from huipai.people.models import Person
from huipai.points import commands as points
from huipai.points.commands import Outcome
from tests.cast import MONDAY


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
