"""Somebody was struck off where they say they live still: who looks after the place looks again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from huipai.grid import policies, queries
from huipai.grid.commands.refusals import AlreadyAnswered, LivesSomewhere, TooLateToSay
from huipai.grid.commands.telling import tell
from huipai.grid.models import Dispute, Residence
from huipai.grid.words import DISPUTE_WITHIN, Fact
from huipai.kit.verdict import NotVisible
from huipai.people import policies as people
from huipai.people.models import Person


@transaction.atomic
def dispute_end(*, residence_id: UUID, actor: Person, now: datetime) -> Dispute:
    """我还住在那里: said by whoever lived there, once, while they are registered nowhere. Said twice, it is one."""
    residence = (
        Residence.objects.select_for_update(of=("self",), no_key=True).filter(pk=residence_id, person=actor).first()
    )
    if residence is None or residence.valid_until is None:
        raise NotVisible
    said = Dispute.objects.filter(residence=residence).first()
    if said is not None:
        return said
    if queries.household_of(actor, now) is not None:
        raise LivesSomewhere
    if residence.valid_until < now - DISPUTE_WITHIN:
        raise TooLateToSay
    dispute = Dispute.objects.create(residence=residence, raised_at=now)
    tell(
        Fact.RESIDENCE_DISPUTED, f"residence:{residence.pk}", actor, now, person=str(residence.person_id),
        household=str(residence.household_id),
    )  # fmt: skip
    return dispute


@transaction.atomic
def hold_to_end(*, dispute_id: UUID, actor: Person, now: datetime) -> Dispute:
    """A colleague has looked: they live there no more."""
    dispute = Dispute.objects.select_for_update(of=("self",), no_key=True).filter(pk=dispute_id).first()
    if dispute is None:
        raise NotVisible
    residence = Residence.objects.select_related("person__account", "household").get(pk=dispute.residence_id)
    people.may_serve_at_counter(actor, residence.person, now).require()
    policies.may_house(actor, residence.household, now).require()
    if dispute.lives_there is False:
        return dispute
    if dispute.lives_there is not None:
        raise AlreadyAnswered
    _answer(dispute, residence, False, actor, now)
    return dispute


def settle_disputes(home: Residence, actor: Person | None, now: datetime) -> None:
    """Whoever has been moved in somewhere has been answered: they live there again, or somewhere else."""
    of_them = Dispute.objects.select_for_update(of=("self",), no_key=True).filter(
        residence__person=home.person_id, answered_at=None
    )
    for dispute in of_them.select_related("residence").order_by("pk"):
        _answer(dispute, dispute.residence, dispute.residence.household_id == home.household_id, actor, now)


def _answer(dispute: Dispute, residence: Residence, lives_there: bool, actor: Person | None, now: datetime) -> None:
    dispute.answered_at, dispute.answered_by, dispute.lives_there = now, actor, lives_there
    dispute.save(update_fields=["answered_at", "answered_by", "lives_there"])
    tell(
        Fact.DISPUTE_ANSWERED, f"residence:{residence.pk}", actor, now, person=str(residence.person_id),
        household=str(residence.household_id), lives_there=lives_there,
    )  # fmt: skip
