"""Which links hold in fact: whose contact may be one at this instant, whatever the link says; who was one lately."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, TextField

from huipai.grid import queries as grid
from huipai.grid.models import Absence, Assignment, GridNode, Residence
from huipai.grid.models.periods import in_force
from huipai.grid.words import TIES_LAST
from huipai.households.models import Link, Membership, Need
from huipai.households.words import CONTACT_ROLES, LinkState
from huipai.people import queries as people
from huipai.people.models import Person
from huipai.people.words import Role


def of_contacts(at: datetime) -> Q:
    """Links whose contact may be one there at `at`: `policies.may_be_contact` as a condition; a test holds the two
    together."""
    return ~Q(_lives_there(at)) & people.grown_up("contact", at) & (Q(_acts_there(at)) | Q(_leads_there(at)))


def _lives_there(at: datetime) -> Exists:
    return Exists(Residence.objects.filter(in_force(at), person=OuterRef("contact"), household=OuterRef("household")))


def _acts_there(at: datetime) -> Exists:
    """By an assignment to a node over the household; their own, or that of somebody away for whom they stand in."""
    away = Absence.objects.filter(in_force(at))
    stands_in = Q(deputy=OuterRef("contact")) & Exists(away.filter(person=OuterRef("person")))
    home = ExpressionWrapper(OuterRef("household__path"), output_field=TextField())
    held = Assignment.objects.in_force(at).filter(role__in=CONTACT_ROLES).alias(home=home)
    is_theirs = Q(person=OuterRef("contact")) | stands_in & ~Q(Exists(away.filter(person=OuterRef("deputy"))))
    return Exists(held.filter(is_theirs, home__startswith=F("node__path")))


def _leads_there(at: datetime) -> Exists:
    """As the lead of the household's group, who lives in it still."""
    lives = Residence.objects.filter(in_force(at), household=OuterRef("household"), person=OuterRef("group__lead"))
    lived_in = Membership.objects.filter(in_force(at), Exists(lives), group=OuterRef("group"))
    led = Membership.objects.filter(in_force(at), household=OuterRef("household"), group__lead=OuterRef("contact"))
    return Exists(led.filter(Exists(lived_in)))


def is_contact_of(person: Person, household_id: UUID, at: datetime) -> bool:
    """Whether a link of theirs with this household stands and they may still be its contact."""
    standing = Link.objects.filter(of_contacts(at), contact=person, household=household_id, state=LinkState.STANDING)
    return standing.exists()


def were_contacts(at: datetime) -> Q:
    """Links that stand or stood lately, like every other tie."""
    return Q(state=LinkState.STANDING) | Q(
        state=LinkState.ENDED, answered_at__isnull=False, ended_at__gt=at - TIES_LAST
    )


def left_by_contacts(links: QuerySet[Link], at: datetime) -> QuerySet[Link]:
    """Those of these links, answered or not, whose contact may be one there no more; in the order of their ids."""
    return links.filter(~of_contacts(at), state__in=(LinkState.PROPOSED, LinkState.STANDING)).order_by("id")


def touched_by(subject: str, facts: Mapping[str, str]) -> tuple[QuerySet[Link], QuerySet[Need]]:
    """The links and needs that may be left by what the journal says of a group, or of who is responsible or there."""
    links, needs = Link.objects.all(), Need.objects.all()
    kind, _, key = subject.partition(":")
    if kind == "group":
        homes = Membership.objects.filter(group=UUID(key)).values("household")
        return links.filter(household__in=homes), needs.filter(household__in=homes)
    if kind == "assignment" and facts.get("node"):
        # Also of whoever stood in there until now.
        inside = GridNode.objects.filter(path__startswith=GridNode.objects.get(pk=UUID(facts["node"])).path)
        return links.filter(household__in=inside), needs.filter(household__in=inside)
    person_id = UUID(facts["person"])
    stood_in = Assignment.objects.filter(person=person_id, deputy__isnull=False).values("deputy")
    return (
        links.filter(Q(contact=person_id) | Q(contact__in=stood_in)),
        needs.filter(Q(taken_by=person_id) | Q(taken_by__in=stood_in)),
    )


def acts_for(person: Person, at: datetime) -> set[UUID]:
    """The ids of those in whose place this person acts as a coordinator today, and their own."""
    held = [one for one in grid.roles_of(person, at) if one.role == Role.COORDINATOR]
    return {person.pk, *(one.person_id for one in held)}


def is_stood_in_for(person: Person, household: GridNode, at: datetime) -> bool:
    """Whether somebody acts in their place as a coordinator of this household."""
    held = Assignment.objects.attended(at).filter(person=person, role=Role.COORDINATOR)
    over = held.filter(node__in=household.ids_above()).select_related("person", "deputy")
    return any(one.acting != person for one in over)
