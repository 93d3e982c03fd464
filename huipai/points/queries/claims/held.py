"""Claims that are held back for a court or an office: nothing of them goes, whoever leaves and whatever day it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet

from huipai.points.models import Claim

# The ids of the claims that are held at a time.
Held = Callable[[datetime], QuerySet[Any, Any]]


def _none(at: datetime) -> QuerySet[Any, Any]:
    return Claim.objects.none().values("pk")


_held: Held = _none


def wire_held(held: Held) -> None:
    """Name, once at start-up, who knows what is held; that belongs to a package above."""
    global _held
    _held = held


def held_claims(at: datetime) -> QuerySet[Claim]:
    return Claim.objects.filter(pk__in=_held(at))


def is_held(claim: Claim, at: datetime) -> bool:
    return held_claims(at).filter(pk=claim.pk).exists()


def claims_to_let_go(at: datetime) -> QuerySet[Claim]:
    """Claims of which what shows them has had its time, and that nobody holds."""
    return Claim.objects.filter(evidence_until__lte=at).exclude(pk__in=_held(at)).order_by("id")


def held_of_a_person(at: datetime) -> QuerySet[Claim]:
    """Held claims of the person `OuterRef("pk")`."""
    return held_claims(at).filter(claimant=OuterRef("pk"))
