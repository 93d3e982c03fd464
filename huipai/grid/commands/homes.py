"""Who lives in which household, from when to when."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from huipai.grid import policies, queries
from huipai.grid.commands.disputes import settle_disputes
from huipai.grid.commands.refusals import (
    AlreadyAtHome,
    AlreadyEnded,
    HomeHasChanged,
    HomeIsLivedIn,
    NodeIsClosed,
    NotAFit,
    explained,
)
from huipai.grid.commands.telling import tell
from huipai.grid.models import Family, GridNode, Residence
from huipai.grid.models.periods import in_force
from huipai.grid.words import Fact, Level
from huipai.people import policies as people
from huipai.people.commands import end_consents
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose


class Ending(Protocol):
    """How one kind of thing that hangs on a household ends."""

    def __call__(self, *, household: GridNode, actor: Person | None, now: datetime) -> object: ...


# What ends with the last who leaves; and what, besides, waits for them until others move in.
_with_the_last: tuple[Ending, ...] = ()
_with_the_next: tuple[Ending, ...] = ()


def wire(with_the_last: tuple[Ending, ...], with_the_next: tuple[Ending, ...]) -> None:
    """Name, once at start-up, what ends with a family: it belongs to packages above. Called in the transaction."""
    global _with_the_last, _with_the_next
    _with_the_last, _with_the_next = with_the_last, with_the_next


@transaction.atomic
def move_in(*, person: Person, household: GridNode, at: datetime, actor: Person | None, now: datetime) -> Residence:
    """`person` lives in `household` from `at` on; where they lived before, they lived until then.

    Refuses a colleague who has not said what becomes of those who are registered there: `join_home`, `take_over_home`.
    Where others lived before and all have left, a new family begins: what they left is theirs alone, and ends here.
    """
    household = _home_for(person, household, at, actor, now)
    if actor is not None and not _lives_in(person, household, at) and queries.living_in(household, at).exists():
        raise HomeIsLivedIn(field="together")
    return _settle(person, household, at, actor, now)


@transaction.atomic
def join_home(
    *, person: Person, household: GridNode, beside: Collection[UUID], at: datetime, actor: Person, now: datetime
) -> Residence:
    """`person` lives there as one of the family of those whose residences are named, and of nobody else."""
    household = _home_for(person, household, at, actor, now)
    if not _lives_in(person, household, at):
        _require_the_same(household, beside, at)
    return _settle(person, household, at, actor, now)


@transaction.atomic
def take_over_home(
    *, person: Person, household: GridNode, leaving: Collection[UUID], at: datetime, actor: Person, now: datetime
) -> Residence:
    """`person` lives there, and those whose residences are named have moved away: a colleague has seen that it is so.

    They are told, and may say that they live there still (`dispute_end`).
    """
    household = _home_for(person, household, at, actor, now)
    if _lives_in(person, household, at):
        return _settle(person, household, at, actor, now)
    _require_the_same(household, leaving, at)
    gone = queries.living_in(household, at)
    for one in gone.select_related("person__account"):
        people.may_serve_at_counter(actor, one.person, now).require()
    end_residences(gone, at=at, actor=actor, now=now)
    return _settle(person, household, at, actor, now)


def _home_for(person: Person, household: GridNode, at: datetime, actor: Person | None, now: datetime) -> GridNode:
    """The household as it stands, for somebody to move into: it, and the one they leave, change by one hand at once."""
    if household.level != Level.HOUSEHOLD:
        raise NotAFit(field="household")
    if actor is not None:
        people.may_serve_at_counter(actor, person, now).require()
        policies.may_house(actor, household, now).require()
    leaves = Residence.objects.filter(in_force(at), person=person).values("household")
    homes = GridNode.objects.filter(Q(pk=household.pk) | Q(pk__in=leaves)).order_by("pk")
    locked = {home.pk: home for home in homes.select_for_update(of=("self",), no_key=True)}
    household = locked[household.pk]
    if not household.is_valid(at):
        raise NodeIsClosed(field="household")
    return household


def _lives_in(person: Person, household: GridNode, at: datetime) -> bool:
    return Residence.objects.filter(in_force(at), person=person, household=household).exists()


def _require_the_same(household: GridNode, seen: Collection[UUID], at: datetime) -> None:
    """Refuse where others are registered than those whom the colleague has read of."""
    if set(queries.living_in(household, at).values_list("pk", flat=True)) != set(seen):
        raise HomeHasChanged


def _settle(person: Person, household: GridNode, at: datetime, actor: Person | None, now: datetime) -> Residence:
    before = Residence.objects.select_for_update(no_key=True).filter(in_force(at), person=person).first()
    if before is not None and before.household_id == household.pk:
        return before
    if before is not None:
        end_residences(Residence.objects.filter(pk=before.pk), at=at, actor=actor, now=now)
    begins = queries.begins_family(person, household, at)
    residence = Residence(person=person, household=household, valid_from=at, valid_until=household.valid_until)
    with explained():
        residence.save(force_insert=True)
    _tell(Fact.RESIDENCE_BEGAN, residence, actor, now)
    if Residence.objects.filter(person=person).exclude(household=household).exists():
        # To spending a home's points together they had said yes in another home.
        end_consents(people=[person.pk], purpose=ConsentPurpose.HOUSEHOLD_POINTS, actor=actor, now=now)
    settle_disputes(residence, actor, now)
    if begins:
        _begin_family(residence, actor, now)
    return residence


def _begin_family(residence: Residence, actor: Person | None, now: datetime) -> None:
    household = residence.household
    for end in (*_with_the_next, *_with_the_last):
        end(household=household, actor=actor, now=now)
    family = Family.objects.create(household=household, person_id=residence.person_id, began_at=residence.valid_from)
    tell(
        Fact.FAMILY_BEGAN, f"family:{family.pk}", actor, now, person=str(residence.person_id),
        household=str(household.pk),
    )  # fmt: skip


@transaction.atomic
def move_out(*, person: Person, at: datetime, actor: Person | None, now: datetime) -> Residence:
    """`person` lives nowhere in this street from `at` on; said by themselves, or at the counter.

    Where they were the last, what hung on the home ends; its points wait for them until others move in.
    """
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


@transaction.atomic
def leave_for_good(*, person: Person, now: datetime) -> None:
    """Somebody is forgotten: they are registered nowhere any more. Twice is once."""
    end_residences(Residence.objects.filter(person=person), at=now, actor=None, now=now)


def end_residences(residences: QuerySet[Residence], *, at: datetime, actor: Person | None, now: datetime) -> None:
    """End those of them that hold after `at`; one that would begin later never does. With the last of a home ends what
    hung on it: at once, or by `tidy_home` when the day has come."""
    later = residences.filter(Q(valid_until=None) | Q(valid_until__gt=at)).order_by("pk")
    left = set(later.values_list("household", flat=True))
    # Of two who leave at once, the second is the last.
    homes = list(GridNode.objects.filter(pk__in=left).select_for_update(of=("self",), no_key=True).order_by("pk"))
    for residence in later.select_for_update(of=("self",), no_key=True):
        residence.valid_until = max(at, residence.valid_from)
        residence.save(update_fields=["valid_until"])
        _tell(Fact.RESIDENCE_ENDED, residence, actor, now)
    for home in homes:
        tidy_home(household=home, actor=actor, now=now)


@transaction.atomic
def tidy_home(*, household: GridNode, actor: Person | None, now: datetime) -> None:
    """End what hung on a home in which nobody lives any more; nothing where somebody does. Twice is once."""
    if queries.living_in(household, now).exists():
        return
    for end in _with_the_last:
        end(household=household, actor=actor, now=now)


def live_on(residences: QuerySet[Residence], *, until: datetime | None, actor: Person | None, now: datetime) -> None:
    """Those who were to leave with the closing of their home stay, unless they have another home from then on."""
    for residence in residences.select_for_update(of=("self",), no_key=True).order_by("pk"):
        residence.valid_until = until
        with suppress(AlreadyAtHome), explained():
            residence.save(update_fields=["valid_until"])
            _tell(Fact.RESIDENCE_BEGAN, residence, actor, now)


def _tell(fact: Fact, residence: Residence, actor: Person | None, now: datetime) -> None:
    tell(
        fact, f"residence:{residence.pk}", actor, now,
        person=str(residence.person_id), household=str(residence.household_id),
    )  # fmt: skip
