"""Points that are set aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from huipai.points.models import Hold, HoldDraw
from huipai.points.queries.closing import closing, end_of
from huipai.points.rules import Draw
from huipai.points.words import HoldState


def lapsed_holds(account_id: UUID, at: datetime) -> list[UUID]:
    """Open holds of an account whose time is over; read under its lock."""
    return list(holds_over(at).filter(account_id=account_id).values_list("id", flat=True))


def holds_over(at: datetime) -> QuerySet[Hold]:
    """Holds that are over by the clock and not yet posted as that, oldest first."""
    return Hold.objects.filter(state=HoldState.OPEN, expires_at__lte=at).order_by("expires_at", "id")


def draws_of(hold_id: UUID) -> tuple[Draw, ...]:
    """What a hold has set aside, by lot."""
    return tuple(Draw(*draw) for draw in HoldDraw.objects.filter(hold_id=hold_id).values_list("lot_id", "points"))


@dataclass(frozen=True, slots=True)
class Ending:
    """Points set aside whose own end has come by some time, and when the first of them end."""

    points: int
    first: datetime


def ending_by(hold_id: UUID, at: datetime) -> Ending | None:
    """What does not come back where a hold ends at `at`: its lots have ended, or the scheme has; None if all does."""
    end = closing()
    found = HoldDraw.objects.filter(hold_id=hold_id).values_list("points", "lot__expires_at")
    drawn = [(points, end_of(lapses, end)) for points, lapses in found]
    over = [(points, lapses) for points, lapses in drawn if lapses is not None and lapses <= at]
    return Ending(sum(points for points, _at in over), min(at for _points, at in over)) if over else None
