"""Coming to work for the street, and leaving. Roles are given and ended by `duty`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from huipai.grid import policies
from huipai.grid.commands import duty
from huipai.grid.commands.refusals import AlreadyEmployed, NotEmployedHere
from huipai.grid.models import Assignment
from huipai.kit.verdict import NotVisible
from huipai.people import commands as people
from huipai.people import queries as people_queries
from huipai.people.models import Person
from huipai.people.words import Role


@transaction.atomic
def take_on(*, phone: str, name: str, actor: Person, now: datetime) -> Person:
    """Somebody works for the street from now on, and chooses a password by a code to their number."""
    policies.may_keep_staff(actor, now).require()
    known = people_queries.by_phone(people.phone_of(phone))
    if known is not None and known.is_staff:
        raise AlreadyEmployed(field="phone")
    return people.employ(phone=phone, name=name, actor=actor, now=now)


@transaction.atomic
def let_go(*, person_id: UUID, actor: Person, now: datetime) -> Person:
    """Employment and every role end now, planned ones too; open work passes on. All of it, or nothing.

    Nobody lets himself go. A role as administrator is ended first, by the security administrator.
    """
    policies.may_keep_staff(actor, now).require()
    person = Person.objects.select_for_update(of=("self",), no_key=True).filter(pk=person_id).first()
    if person is None:
        raise NotVisible
    policies.may_let_go(actor, person, now).require()
    if not person.is_staff:
        raise NotEmployedHere
    running = Assignment.objects.filter(Q(valid_until=None) | Q(valid_until__gt=now), person=person)
    for held in running.select_related("node").order_by("pk"):
        policies.may_assign(actor, Role(held.role), held.node, person, now).require()
        duty.end_assignment(assignment_id=held.pk, at=now, actor=actor, now=now)
    return people.dismiss(person=person, actor=actor, now=now)
