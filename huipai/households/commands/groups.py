"""Groups of households: opened, led, joined, left, closed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.grid.models.periods import in_force
from huipai.grid.words import Level
from huipai.households import policies, queries
from huipai.households.commands.refusals import (
    AlreadyGrouped,
    GroupIsClosed,
    GroupIsFull,
    LeadNotGrownUp,
    LeadNotOfGroup,
    LeftAlready,
    NameInUse,
    NotAHousehold,
    NotThere,
)
from huipai.households.commands.telling import said, tell
from huipai.households.models import Group, Membership
from huipai.households.words import MOST_HOUSEHOLDS, Fact
from huipai.kit.verdict import NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.people.rules import local_date, may_be_under_age


@transaction.atomic
def open_group(*, node: GridNode, name: str, actor: Person, now: datetime) -> Group:
    """A group without households yet, in a community or below."""
    policies.may_keep_groups(actor, node, now).require()
    if node.level in (Level.STREET, Level.HOUSEHOLD):
        raise NotThere(field="node")
    try:
        with transaction.atomic():
            group = Group.objects.create(node=node, name=said(name, field="name")[:40], opened_at=now)
    except IntegrityError as error:
        raise NameInUse(field="name") from error
    tell(Fact.GROUP_OPENED, f"group:{group.pk}", actor, now, node=node.pk)
    return group


@transaction.atomic
def join(*, group_id: UUID, household: GridNode, agreed_by: Person, actor: Person, now: datetime) -> Membership:
    """A household belongs to a group from now on, because a grown-up said so to whoever notes it. Twice is once."""
    group = _locked(group_id, actor, now)
    if household.level != Level.HOUSEHOLD:
        raise NotAHousehold(field="household")
    if not household.path.startswith(group.node.path):
        raise NotThere(field="household")
    policies.may_speak_for(agreed_by, household, now).require()
    if agreed_by.pk == actor.pk:
        raise NotAllowed
    standing = Membership.objects.filter(in_force(now), household=household).first()
    if standing is not None and standing.group_id == group.pk:
        return standing
    if queries.members_of(group, now).count() >= MOST_HOUSEHOLDS:
        raise GroupIsFull(field="household")
    try:
        with transaction.atomic():
            membership = Membership.objects.create(
                group=group, household=household, agreed_by=agreed_by, valid_from=now
            )
    except IntegrityError as error:
        raise AlreadyGrouped(field="household") from error
    tell(Fact.GROUP_JOINED, f"group:{group.pk}", actor, now, household=household.pk, person=agreed_by.pk)
    return membership


@transaction.atomic
def leave(*, household: GridNode, actor: Person, now: datetime, group_id: UUID | None = None) -> None:
    """A household belongs to no group any more; its grown-ups say so, or who keeps the groups. No lead stays behind.

    `group_id`: the group that was shown; None: none was. From another one, which it has joined since, it does not go.
    """
    if not policies.may_speak_for(actor, household, now):
        policies.may_keep_groups(actor, household, now).require()
    standing = lock_membership(household, now)
    if standing is None or group_id not in (None, standing.group_id):
        if group_id is not None and not Membership.objects.filter(household=household, group=group_id).exists():
            raise NotVisible
        raise LeftAlready
    group = standing.group
    if group.lead is not None and grid.household_of(group.lead, now) == household:
        group.lead = None
        group.save(update_fields=["lead"])
    standing.valid_until = now
    standing.save(update_fields=["valid_until"])
    tell(Fact.GROUP_LEFT, f"group:{standing.group_id}", actor, now, household=household.pk)


@transaction.atomic
def lead(*, group_id: UUID, person: Person, actor: Person, now: datetime) -> Group:
    """A grown-up who lives in the group speaks for it (联户长). It brings no right over anybody."""
    group = _locked(group_id, actor, now)
    if may_be_under_age(person.born_by, local_date(now)):
        raise LeadNotGrownUp(field="lead")
    home = grid.household_of(person, now)
    if home is None or not queries.members_of(group, now).filter(household=home).exists():
        raise LeadNotOfGroup(field="lead")
    if group.lead_id != person.pk:
        group.lead = person
        group.save(update_fields=["lead"])
        tell(Fact.GROUP_LED, f"group:{group.pk}", actor, now, person=person.pk)
    return group


@transaction.atomic
def close_group(*, group_id: UUID, actor: Person, now: datetime) -> Group:
    """The group is over, and every household free to join another."""
    group = _locked(group_id, actor, now)
    group.closed_at, group.lead = now, None
    group.save(update_fields=["closed_at", "lead"])
    group.memberships.filter(in_force(now)).update(valid_until=now)
    tell(Fact.GROUP_CLOSED, f"group:{group.pk}", actor, now)
    return group


def lock_membership(household: GridNode, now: datetime) -> Membership | None:
    """In which group a household is, both under lock: the group first, as whoever closes it takes them."""
    belongs = Membership.objects.filter(in_force(now), household=household)
    group_id = belongs.values_list("group", flat=True).first()
    if group_id is None:
        return None
    group = Group.objects.select_for_update(of=("self",), no_key=True).select_related("lead").get(pk=group_id)
    membership = belongs.select_for_update(of=("self",), no_key=True).filter(group=group).first()
    if membership is None:  # it has left meanwhile, perhaps for another group
        return lock_membership(household, now)
    membership.group = group
    return membership


def _locked(group_id: UUID, actor: Person, now: datetime) -> Group:
    group = (
        Group.objects.select_for_update(of=("self",), no_key=True).select_related("node").filter(pk=group_id).first()
    )
    if group is None:
        raise NotVisible
    policies.may_keep_groups(actor, group.node, now).require()
    if group.closed_at is not None:
        raise GroupIsClosed
    return group
