"""Whether and when the scheme ends."""

from __future__ import annotations

from datetime import datetime
from time import monotonic
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Case, F, QuerySet, Sum, Value, When
from django.db.models.expressions import Combinable

from huipai.grid import queries as grid
from huipai.grid.models import Assignment
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points.models import Closing, Hold, Lot
from huipai.points.queries.claims.ties import is_tied
from huipai.points.rules.ending import ends_at, why_over
from huipai.points.words import HoldState
from huipai.streets.current import street_in_force


def closing() -> Closing | None:
    """The end that was decided and announced, past or to come."""
    return Closing.objects.filter(approved_at__isnull=False).first()


# When a lot ends, as `rules.ending.ends_at` has it, for statements that join the decided end as `closing`, if any.
LOT_ENDS: Final = """CASE WHEN closing.redeem_until IS NULL OR lot.expires_at < closing.awards_until
               THEN lot.expires_at ELSE closing.redeem_until END"""


def end_of(expires_at: datetime | None, end: Closing | None) -> datetime | None:
    """When a lot ends that lapses at `expires_at` by its item; None: never."""
    return ends_at(expires_at, end.awards_until, end.redeem_until) if end else expires_at


def ends_of_lots(end: Closing | None) -> Combinable:
    """The same of each lot of a queryset."""
    if end is None:
        return F("expires_at")
    before = When(expires_at__lt=end.awards_until, then=F("expires_at"))
    return Case(before, default=Value(end.redeem_until))


# That an end is coming is known 30 days before it does anything; kept like the street itself.
_kept: dict[UUID, tuple[float, Closing | None]] = {}


def end_in_sight() -> Closing | None:
    """`closing()` as this process read it some seconds ago, for the many pages and claims that only ask whether."""
    street, at = street_in_force(), monotonic()
    until, kept = _kept.get(street, (0.0, None))
    if at < until:
        return kept
    end = closing()
    if settings.STREET_KEPT_SECONDS:
        _kept[street] = (at + settings.STREET_KEPT_SECONDS, end)
    return end


def why_claims_are_over(at: datetime) -> str:
    """Why nothing is claimed any more; empty as long as points are earned."""
    end = end_in_sight()
    return why_over(end.awards_until, end.redeem_until, at) if end else ""


def look_again() -> None:
    """Let this process read the end anew; the others do so within `STREET_KEPT_SECONDS`."""
    _kept.pop(street_in_force(), None)


def proposed_closing() -> Closing | None:
    """The end that waits for a second person."""
    proposed = Closing.objects.filter(approved_at=None, withdrawn_at=None)
    return proposed.select_related("proposed_by").first()


def deciders_of_closing(proposer: Person, proposed_at: datetime, at: datetime) -> list[tuple[Person, Role]]:
    """Who could decide at `at` what this person proposes: another leader, or the editor where the leader proposed.
    Nobody who is near to the proposer."""
    roles = [Role.LEADER, *([Role.RULEBOOK_EDITOR] if grid.has_role(proposer, Role.LEADER, proposed_at) else [])]
    held = Assignment.objects.attended(at).filter(role__in=roles).select_related("person", "deputy").order_by("id")
    others = (one for one in held if one.acting.id != proposer.id and not is_tied(one.acting, proposer, at))
    named = {one.acting.id: (one.acting, Role(one.role)) for one in others}
    return sorted(named.values(), key=lambda one: roles.index(one[1]))


def lapsed_lots(at: datetime) -> QuerySet[Lot]:
    """Lots of which something has lapsed at `at` and is not posted yet."""
    # More than nothing is what its index holds, and follows from more than what is held.
    free = Lot.objects.filter(remaining__gt=F("held")).filter(remaining__gt=0)
    end = closing()
    if end is None:
        return free.filter(expires_at__lte=at)
    if end.redeem_until <= at:
        return free
    return free.filter(expires_at__lte=at, expires_at__lt=end.awards_until)


def held_in_all(at: datetime) -> int:
    """The points that are set aside in the street."""
    living = Hold.objects.filter(state=HoldState.OPEN, expires_at__gt=at)
    return living.aggregate(sum=Sum("points"))["sum"] or 0
