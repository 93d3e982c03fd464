"""The households that somebody may choose from, by place and door: the system knows them, nobody types a code."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Replace

from huipai.grid import queries as grid
from huipai.grid.models import GridNode, Residence
from huipai.grid.models.periods import in_force
from huipai.grid.words import Level
from huipai.households.models import Group, Link, Membership
from huipai.households.queries.standing import of_contacts
from huipai.households.words import CONTACT_ROLES, LinkState
from huipai.people.models import Person
from huipai.people.words import Role

_OPEN = (LinkState.PROPOSED, LinkState.STANDING)


def to_link(person: Person, at: datetime) -> QuerySet[GridNode]:
    """Whom this person may ask to be linked with: of their grids, or of the group they lead; not those they have."""
    linked = Link.objects.filter(contact=person, household=OuterRef("pk"), state__in=_OPEN)
    return _households(_kept(person, CONTACT_ROLES, at) | _led(person, at), at).exclude(_lived_in(person, at)).exclude(
        Exists(linked)
    )  # fmt: skip


def to_propose_for(person: Person, at: datetime) -> QuerySet[GridNode]:
    """Whose incentive this person may propose: of whom they are a contact, and of the linked or grouped ones of their
    communities; never of their own group."""
    standing = Link.objects.filter(household=OuterRef("pk"), state=LinkState.STANDING)
    grouped = Membership.objects.filter(in_force(at), household=OuterRef("pk"))
    kept = _kept(person, (Role.COORDINATOR, Role.SYSTEM_ADMIN), at) & (Q(Exists(standing)) | Q(Exists(grouped)))
    near = Q(Exists(standing.filter(of_contacts(at), contact=person))) | kept
    mine = Residence.objects.filter(in_force(at), person=person).values("household")
    group = Membership.objects.filter(in_force(at), household__in=mine).values("group")
    close = Membership.objects.filter(in_force(at), group__in=group).values("household")
    return _households(near, at).exclude(_lived_in(person, at)).exclude(pk__in=close)


def to_live_in(actor: Person, at: datetime) -> QuerySet[GridNode]:
    """Where this colleague may note that somebody lives."""
    if grid.has_role(actor, Role.SECURITY_ADMIN, at):
        return _households(Q(), at)
    return _households(_kept(actor, (Role.COORDINATOR, Role.GRID_WORKER, Role.SYSTEM_ADMIN), at), at)


def to_join(group: Group, at: datetime) -> QuerySet[GridNode]:
    """Who may belong to a group: the households of its place that belong to none."""
    grouped = Membership.objects.filter(in_force(at), household=OuterRef("pk"))
    return _households(Q(path__startswith=group.node.path), at).exclude(Exists(grouped))


def said(found: QuerySet[GridNode], words: str) -> QuerySet[GridNode]:
    """Those whose place says every word, with or without its blanks, or whose code begins with it."""
    over = ("parent__parent__parent__name", "parent__parent__name", "parent__name", "name")
    found = found.alias(said=Replace(Concat(*over), Value(" "), Value("")))
    for word in words.split():
        found = found.filter(Q(said__icontains=word) | Q(code__istartswith=word))
    return found


def _households(which: Q, at: datetime) -> QuerySet[GridNode]:
    found = GridNode.objects.valid_at(at).filter(which, level=Level.HOUSEHOLD)
    return found.select_related("parent__parent__parent__parent").order_by("code")


def _kept(person: Person, roles: tuple[Role, ...], at: datetime) -> Q:
    """What lies in the places for which somebody acts; all of the street for its administrator."""
    if Role.SYSTEM_ADMIN in roles and grid.has_role(person, Role.SYSTEM_ADMIN, at):
        return Q()
    inside = Q(pk__in=[])
    for role in roles:
        for node in grid.nodes_of(person, role, at):
            inside |= Q(path__startswith=node.path)
    return inside


def _led(person: Person, at: datetime) -> Q:
    led = Membership.objects.filter(in_force(at), group__lead=person, group__closed_at=None)
    return Q(pk__in=led.values("household"))


def _lived_in(person: Person, at: datetime) -> Q:
    return Q(pk__in=Residence.objects.filter(in_force(at), person=person).values("household"))
