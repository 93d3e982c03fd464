"""Whom a household may ask to be its contact: the system knows them, nobody types a number and tries whose it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models.functions import Length
from django.utils.translation import gettext as _

from huipai.grid.models import Assignment, GridNode, Residence
from huipai.grid.models.periods import in_force
from huipai.households import queries
from huipai.households.models import Link
from huipai.households.words import CONTACT_ROLES, LinkState, Side
from huipai.people import queries as people
from huipai.people.models import Person
from huipai.people.rules import local_date, mask_name, may_be_under_age
from huipai.people.words import Role

_OPEN = (LinkState.PROPOSED, LinkState.STANDING)
_LEAD = "lead"


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be asked, by what they are there; `code` is of their post, and says nothing of the person.

    `hint`: what tells them from another who reads the same.
    """

    code: str
    office: str
    person: Person
    place: str
    hint: str = ""

    def __str__(self) -> str:
        said = f"{self.office} {mask_name(self.person.name)}"
        return _("%(who)s（%(hint)s）") % {"who": said, "hint": self.hint} if self.hint else said


def who_may_be_asked(household: GridNode, at: datetime) -> list[Candidate]:
    """Those of `policies.may_be_asked` who attend to the place today, of each office the nearest first, and the lead of
    the group; each once. Who reads as another is told apart by the place of their post or the year of their birth, as
    far as these tell them apart. A fixed number of queries, however many there are."""
    living = Residence.objects.filter(in_force(at), household=household).values_list("person", flat=True)
    seen, found, today = set(living), [], local_date(at)
    for one in [*_responsible(household, at), *_lead(household, at)]:
        is_grown_up = not may_be_under_age(one.person.born_by, today)
        if one.person.pk not in seen and is_grown_up and people.can_come_in(one.person):
            seen.add(one.person.pk)
            found.append(one)
    return _told_apart(_told_apart(found, _place), _year)


def _told_apart(found: list[Candidate], hint: Callable[[Candidate], str]) -> list[Candidate]:
    """Each with a hint who reads as another does: the given names are hidden."""
    alike = Counter(map(str, found))
    return [replace(one, hint=hint(one) or one.hint) if alike[str(one)] > 1 else one for one in found]


def _place(one: Candidate) -> str:
    return one.place


def _year(one: Candidate) -> str:
    """As at the counter, where a helper's own are told apart."""
    return _("%(year)s 年生") % {"year": one.person.birth_year} if one.person.birth_year else ""


def not_asked_yet(household: GridNode, known: list[Candidate]) -> list[Candidate]:
    """Those of them with whom no link stands or is asked for."""
    linked = set(Link.objects.filter(household=household, state__in=_OPEN).values_list("contact", flat=True))
    return [one for one in known if one.person.pk not in linked]


def _responsible(household: GridNode, at: datetime) -> list[Candidate]:
    over = Assignment.objects.attended(at).filter(role__in=CONTACT_ROLES, node__in=household.ids_above())
    posts = list(
        over.select_related("person__account", "deputy__account", "node").order_by(Length("node__path").desc(), "id")
    )
    posts.sort(key=lambda one: CONTACT_ROLES.index(Role(one.role)))
    return [
        Candidate(str(one.pk), one.get_role_display(), one.acting, one.node.name if one.node else "") for one in posts
    ]


def _lead(household: GridNode, at: datetime) -> list[Candidate]:
    group = queries.group_of(household, at)
    if group is None or group.lead is None or not queries.leads(group.lead, group, at):
        return []
    return [Candidate(_LEAD, _("联户长"), group.lead, group.name)]


def unanswered(household: GridNode) -> int:
    """How many of its questions wait for an answer."""
    return Link.objects.filter(household=household, asked_by_side=Side.HOUSEHOLD, state=LinkState.PROPOSED).count()


def asked_since(household: GridNode, since: datetime) -> int:
    """How often it has asked after this instant, whatever became of it."""
    return Link.objects.filter(household=household, asked_by_side=Side.HOUSEHOLD, asked_at__gt=since).count()


def open_link_of(household: GridNode, contact: Person) -> Link | None:
    """The link of these two that stands or is asked for."""
    return Link.objects.filter(household=household, contact=contact, state__in=_OPEN).first()
