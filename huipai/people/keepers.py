"""What is kept of somebody is known on the floors above this one; here is asked of whom nothing is kept any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from huipai.people.models import Guardianship, Person, Proxy
from huipai.people.words import STAYS_KNOWN

# What the person `OuterRef("pk")` is still known for at an instant: rows, whatever they are.
Keeper = Callable[[datetime], QuerySet[Any, Any]]

_keepers: tuple[Keeper, ...] = ()


def wire(keepers: tuple[Keeper, ...]) -> None:
    """Name, once at start-up, who keeps something of people."""
    global _keepers
    _keepers = keepers


def unkept(at: datetime) -> QuerySet[Person]:
    """People whom no account lets in, and of whom nothing is kept: nobody else could ever ask that their names go.

    A number that was given up is nobody's for good only after a while: until then its owner may come for another.
    """
    given_up = Q(
        account__phone=None, account__given_up_at__lte=at - STAYS_KNOWN, account__employed_in=0, account__leaves_in=None
    )
    found = Person.objects.filter(Q(account=None) | given_up, erased_at=None, is_staff=False)
    for keeper in (_bonds, _proxies, *_keepers):
        found = found.exclude(Exists(keeper(at)))
    return found.order_by("pk")


def _bonds(at: datetime) -> QuerySet[Guardianship]:
    """For a while after it ended too: what was ended by mistake is noted again for the same child."""
    stands = Q(ended_at=None) | Q(ended_at__gt=at - STAYS_KNOWN)
    return Guardianship.objects.filter(stands, Q(minor=OuterRef("pk")) | Q(guardian=OuterRef("pk")))


def _proxies(at: datetime) -> QuerySet[Proxy]:
    stands = Q(ended_at=None, valid_until__gt=at)
    return Proxy.objects.filter(stands, Q(elder=OuterRef("pk")) | Q(helper=OuterRef("pk")))
