"""Who lives in which household, from when to when."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.db.models import Q, QuerySet

from huipai.grid import policies, queries
from huipai.grid.commands.refusals import AlreadyAtHome, AlreadyEnded, NodeIsClosed, NotAFit, explained
from huipai.grid.commands.telling import tell
from huipai.grid.models import Family, GridNode, Residence
from huipai.grid.models.periods import in_force
from huipai.grid.words import Fact, Level
from huipai.people import policies as people
from huipai.people.models import Person


class Ending(Protocol):
    """How one kind of thing that hangs on a household ends when a new family begins in it."""

    def __call__(self, *, household: GridNode, actor: Person | None, now: datetime) -> object: ...


_endings: tuple[Ending, ...] = ()


def wire(endings: tuple[Ending, ...]) -> None:
    """Name, once at start-up, what ends with a family: it belongs to packages above. Called in the transaction."""
    global _endings
    _endings = endings


@transaction.atomic
def move_in(*, person: Person, household: GridNode, at: datetime, actor: Person | None, now: datetime) -> Residence:
    """`person` lives in `household` from `at` on; where he lived before, he lived until then.

    Where others lived before and all have left, a new family begins: what they left is theirs alone, and ends here.
    """
    if household.level != Level.HOUSEHOLD:
        raise NotAFit(field="household")
    if actor is not None:
        people.may_serve_at_counter(actor, person, now).require()
        policies.may_house(actor, household, now).require()
    # Of two who move in at once, one begins the family and the other comes into it.
    household = GridNode.objects.select_for_update(of=("self",), no_key=True).get(pk=household.pk)
    if not household.is_valid(at):
        raise NodeIsClosed(field="household")
    before = Residence.objects.select_for_update().filter(in_force(at), person=person).first()
    if before is not None and before.household_id == household.pk:
        return before
    if before is not None:
        end_residences(Residence.objects.filter(pk=before.pk), at=at, actor=actor, now=now)
    begins = queries.begins_family(person, household, at)
    residence = Residence(person=person, household=household, valid_from=at, valid_until=household.valid_until)
    with explained():
        residence.save(force_insert=True)
    _tell(Fact.RESIDENCE_BEGAN, residence, actor, now)
    if begins:
        _begin_family(residence, actor, now)
    return residence


def _begin_family(residence: Residence, actor: Person | None, now: datetime) -> None:
    household = residence.household
    for end in _endings:
        end(household=household, actor=actor, now=now)
    family = Family.objects.create(household=household, person_id=residence.person_id, began_at=residence.valid_from)
    tell(
        Fact.FAMILY_BEGAN, f"family:{family.pk}", actor, now, person=str(residence.person_id),
        household=str(household.pk),
    )  # fmt: skip


@transaction.atomic
def move_out(*, person: Person, at: datetime, actor: Person | None, now: datetime) -> Residence:
    """`person` lives nowhere in this street from `at` on; said by themselves, or at the counter."""
    home = Residence.objects.select_related("household").filter(in_force(at), person=person).first()
    if home is None:
        raise AlreadyEnded
    if actor is not None and actor.pk == person.pk:
        policies.may_leave_home(person, now).require()
    elif actor is not None:
        people.may_serve_at_counter(actor, person, now).require()
        policies.may_house(actor, home.household, now).require()
    end_residences(Residence.objects.filter(pk=home.pk), at=at, actor=actor, now=now)
    home.valid_until = at
    return home


def end_residences(residences: QuerySet[Residence], *, at: datetime, actor: Person | None, now: datetime) -> None:
    """End those of them that hold after `at`; one that would begin later never does."""
    later = residences.filter(Q(valid_until=None) | Q(valid_until__gt=at)).order_by("pk")
    for residence in later.select_for_update(of=("self",)):
        residence.valid_until = max(at, residence.valid_from)
        residence.save(update_fields=["valid_until"])
        _tell(Fact.RESIDENCE_ENDED, residence, actor, now)


def live_on(residences: QuerySet[Residence], *, until: datetime | None, actor: Person | None, now: datetime) -> None:
    """Those who were to leave with the closing of their home stay, unless they have another home from then on."""
    for residence in residences.select_for_update(of=("self",)).order_by("pk"):
        residence.valid_until = until
        with suppress(AlreadyAtHome), explained():
            residence.save(update_fields=["valid_until"])
            _tell(Fact.RESIDENCE_BEGAN, residence, actor, now)


def _tell(fact: Fact, residence: Residence, actor: Person | None, now: datetime) -> None:
    tell(
        fact, f"residence:{residence.pk}", actor, now,
        person=str(residence.person_id), household=str(residence.household_id),
    )  # fmt: skip
