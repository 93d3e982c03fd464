"""One household after another in the same flat: what belongs to those who live there, and what to those before."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from huipai.grid.models import Dispute, Family, GridNode, Residence
from huipai.grid.queries.responsibility import has_role, nodes_of
from huipai.grid.queries.tree import household_of
from huipai.grid.words import DISPUTE_WITHIN
from huipai.people.models import Person
from huipai.people.words import Role


def family_since(household_id: UUID) -> datetime | None:
    """Since when those who live in a household are others than those before; None: nobody was there before."""
    begun = Family.objects.filter(household=household_id).order_by("-began_at")
    return begun.values_list("began_at", flat=True).first()


def living_in(household: GridNode, at: datetime) -> QuerySet[Residence]:
    """The residences in a household that hold at `at`, or are to begin later."""
    return Residence.objects.filter(Q(valid_until=None) | Q(valid_until__gt=at), household=household).order_by("pk")


def last_home_of(person: Person, at: datetime) -> Residence | None:
    """Where somebody lived last who is registered nowhere now, while they may still say that they live there."""
    ended = Residence.objects.filter(person=person, valid_until__lte=at, valid_until__gt=at - DISPUTE_WITHIN)
    if household_of(person, at) is not None:
        return None
    lived = ended.exclude(valid_until=F("valid_from")).select_related("household__parent__parent__parent")
    return lived.order_by("-valid_until", "-pk").first()


def open_disputes(actor: Person, at: datetime) -> QuerySet[Dispute]:
    """Who says that they live still where they were struck off, in the places that this colleague looks after."""
    waiting = Dispute.objects.filter(answered_at=None, residence__person__erased_at=None)
    if not any(has_role(actor, role, at) for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)):
        inside = Q(pk__in=[])
        for node in nodes_of(actor, Role.COORDINATOR, at):
            inside |= Q(path__startswith=node.path)
        waiting = waiting.filter(residence__household__in=GridNode.objects.filter(inside))
    home = "residence__household"
    return waiting.select_related("residence__person", f"{home}__parent__parent__parent").order_by("raised_at", "pk")


def begins_family(person: Person, household: GridNode, at: datetime) -> bool:
    """Whether a new family would begin: others have lived there and all have left, and this person is not of them."""
    lived = Residence.objects.filter(household=household, valid_from__lt=at).exclude(valid_until=F("valid_from"))
    since = family_since(household.pk)
    if since is not None:
        lived = lived.filter(valid_from__gte=since)
    if lived.filter(person=person).exists() or living_in(household, at).exists():
        return False
    return lived.exists()


def of_those_living(household: str, since: str) -> Q:
    """Rows that those who live in their household now may know: no new family has begun in it since they came about."""
    return Q(~Exists(Family.objects.filter(household=OuterRef(household), began_at__gt=OuterRef(since))))


def is_of_those_living(household_id: UUID, at: datetime) -> bool:
    """The same for what came about in one household at an instant."""
    return not Family.objects.filter(household=household_id, began_at__gt=at).exists()
