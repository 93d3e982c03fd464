"""What somebody may see of reservations: their own, and those of people they act for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Sum

from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.journal.models import Entry
from huipai.people import queries as people
from huipai.people.models import Person
from huipai.people.rules import local_date, may_be_under_age
from huipai.people.words import ConsentPurpose, ProxyScope
from huipai.shop.models import Card, Reservation
from huipai.shop.words import CalledOffBy, Fact, State


def visible_to(person: Person, at: datetime) -> QuerySet[Reservation]:
    """One's own, and those of whom one helps or answers for now: what a helper asked for is the elder's in the end.

    What waits on the points of one's home is there for everybody who may use them.
    """
    own = Person.objects.filter(pk=person.pk).values("id")
    elders = people.elders_helped_by(person, ProxyScope.POINTS, at).values("id")
    wards = people.wards_of(person, at).values("id")
    # One union of persons, by whom the rows are found: an OR of three would read every reservation of the street.
    found = Reservation.objects.filter(person__in=own.union(elders, wards))
    home = household_for(person, at)
    if home is not None:
        kept = Reservation.objects.filter(household=home, state=State.RESERVED)
        found = Reservation.objects.filter(pk__in=found.values("pk").union(kept.values("pk")))
    return found.select_related("item__photo", "station", "person")


def _is_child(person: Person, at: datetime) -> bool:
    return may_be_under_age(person.born_by, local_date(at))


def mine(person: Person, at: datetime, *, waiting: bool) -> QuerySet[Reservation]:
    """Those that wait to be fetched, soonest first; or those that are settled or over, newest first."""
    found = visible_to(person, at)
    if waiting:
        return found.filter(state=State.RESERVED, expires_at__gt=at).order_by("expires_at", "id")
    over = ~Q(state=State.RESERVED) | Q(expires_at__lte=at)
    return found.filter(over).order_by("-reserved_at", "-id")


def called_off(reservations: Iterable[Reservation]) -> dict[UUID, CalledOffBy]:
    """Of these reservations those that nobody who wanted them called off, and why, as the journal keeps it."""
    subjects = {f"reservation:{one.id}": one.id for one in reservations if one.state == State.CANCELLED}
    if not subjects:
        return {}
    told = Entry.objects.filter(what=Fact.CANCELLED, subject__in=subjects, facts__has_key="why")
    return {subjects[subject]: CalledOffBy(why) for subject, why in told.values_list("subject", "facts__why")}


def card_of(person: Person) -> Card | None:
    """The card that is good for somebody's points now."""
    return Card.objects.filter(person=person, blocked_at=None).first()


def counted(person: Person, item_id: UUID, since: datetime, at: datetime) -> int:
    """How many of an item somebody has had or has kept for them since an instant."""
    living = Q(state=State.RESERVED, expires_at__gt=at) | Q(state=State.HANDED_OVER)
    found = Reservation.objects.filter(living, person=person, item_id=item_id, reserved_at__gt=since)
    return found.aggregate(sum=Sum("quantity"))["sum"] or 0


def others_paid_for(person: Person, at: datetime) -> list[Person]:
    """Whose points somebody may use besides their own: elders whom they help with it, then children they answer for."""
    elders, wards = people.elders_helped_by(person, ProxyScope.POINTS, at), people.wards_of(person, at)
    return [*elders.filter(erased_at=None).order_by("id"), *wards.filter(erased_at=None).order_by("id")]


def household_for(person: Person, at: datetime) -> GridNode | None:
    """The household whose points somebody may use: where they live, if they are grown up and have agreed to it."""
    if _is_child(person, at) or not people.has_consent(person, ConsentPurpose.HOUSEHOLD_POINTS):
        return None
    return grid.household_of(person, at)


def of_the_house(household_id: UUID) -> QuerySet[Reservation]:
    """What a household's own points were exchanged for."""
    living = grid.of_those_living("household", "reserved_at")
    return Reservation.objects.filter(living, household_id=household_id).order_by("-reserved_at")


def cards_of_a_person(at: datetime) -> QuerySet[Card]:
    """The card with which the person `OuterRef("pk")` comes for their points."""
    return Card.objects.filter(person=OuterRef("pk"), blocked_at=None)


def waiting_of_a_person(at: datetime) -> QuerySet[Reservation]:
    """What lies ready for the person `OuterRef("pk")`."""
    return Reservation.objects.filter(person=OuterRef("pk"), state=State.RESERVED)
