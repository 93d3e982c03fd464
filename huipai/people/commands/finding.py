"""Who stands there: found by number, or by name and home where there is none; never by browsing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid
from huipai.people import homes, policies, queries
from huipai.people.commands.accounts import phone_of
from huipai.people.commands.limits import spend_try, take_back_try
from huipai.people.commands.persons import NobodyHasIt
from huipai.people.models import Person
from huipai.people.words import FOUND_AT_MOST, Fact, TryKind


class NothingAsked(Invalid):
    code = "nobody_asked_for"
    default_reason = _("填手机号；没有手机号，就填姓名或住址")


class NobodyFound(Invalid):
    code = "nobody_found"
    default_reason = _("没有找到。姓名要写全，住址写到户；还没登记过的，先到社区窗口登记")


class TooManyFound(Invalid):
    code = "too_many_found"
    default_reason = _("同名的人太多，再写上住址，写到几幢几单元几室")


class NotOneHome(Invalid):
    code = "not_one_home"
    default_reason = _("住址要写到一户，比如：1 幢 2 单元 101 室；或者再写上姓名")


@dataclass(frozen=True)
class Asked:
    """A whole number; or a whole name, a home, or both."""

    phone: str = ""
    name: str = ""
    home: str = ""


def look_for(*, asked: Asked, serves: policies.CounterRule, actor: Person, address: str, now: datetime) -> list[Person]:
    """Whom somebody at a counter may mean: those among the few found whom `serves` lets them do this for.

    Every look counts, and each person it found is in the journal: nobody reads a street by asking for name after name.
    """
    serves(actor, None, now).require()
    asked = Asked(*(as_seen(typed) for typed in (asked.phone, asked.name, asked.home)))
    if not (asked.phone or asked.name or asked.home):
        raise NothingAsked(field="phone")
    count_look(actor=actor, address=address, now=now)
    found = _by_number(asked.phone) if asked.phone else _by_words(asked, now)
    verdicts = [(person, serves(actor, person, now)) for person in found]
    served = [person for person, verdict in verdicts if verdict]
    if not served:
        verdicts[0][1].require()
    _record(served, actor, now)
    return served


def count_look(*, actor: Person, address: str, now: datetime) -> None:
    """Count one look of this colleague, or refuse it because there were too many."""
    spend_try(kind=TryKind.PERSON, number=str(actor.id), address=address, now=now)


def take_back_look(*, actor: Person, address: str, now: datetime) -> None:
    """The look of this moment led to what it was for, which the journal tells by itself."""
    take_back_try(kind=TryKind.PERSON, number=str(actor.id), address=address, now=now)


def note_look(*, phone: str, actor: Person, now: datetime) -> None:
    """Put into the journal whom a number showed to a colleague who serves them; nothing where it showed nobody."""
    person = queries.by_typed_phone(phone)
    if person is not None and policies.may_serve_at_counter(actor, person, now):
        _record([person], actor, now)


@transaction.atomic
def _record(found: list[Person], actor: Person, now: datetime) -> None:
    for person in found:
        journal.record(what=Fact.PERSON_LOOKED_UP, subject=f"person:{person.id}", actor_id=actor.id, now=now)


def _by_number(typed: str) -> list[Person]:
    person = queries.by_phone(phone_of(typed))
    if person is None:
        raise NobodyHasIt(field="phone")
    return [person]


def _by_words(asked: Asked, now: datetime) -> list[Person]:
    found: QuerySet[Person] = queries.known_people()
    if asked.home:
        living = homes.living_at(asked.home, now)
        if not asked.name and len(living.order_by().values_list("household").distinct()[:2]) > 1:
            raise NotOneHome(field="home")
        found = found.filter(id__in=living.values("person"))
    if asked.name:
        found = queries.named(found, asked.name)
    few = list(found.order_by("birth_year", "id")[: FOUND_AT_MOST + 1])
    if not few:
        raise NobodyFound(field="name" if asked.name else "home")
    if len(few) > FOUND_AT_MOST:
        raise TooManyFound(field="home")
    return few
