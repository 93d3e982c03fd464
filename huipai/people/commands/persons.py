"""Who somebody is in this street."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved
from huipai.people import policies, queries
from huipai.people.commands.accounts import open_account, phone_of, visit
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.people.words import LONGEST_NAME, OLDEST, Fact


class NobodyHasIt(Invalid):
    code = "nobody_has_the_number"
    default_reason = _("这个街道没有人用这个号码")


class NameTooLong(Invalid):
    code = "name_too_long"
    default_reason = _("名字太长了，最多 40 个字，写平常用的就行")


class NotBornYet(Invalid):
    code = "not_born_yet"
    default_reason = _("出生年份在今年以后，看看填对没有")


class BornTooLongAgo(Invalid):
    code = "born_too_long_ago"
    default_reason = _("出生年份太早了，看看填对没有")


class WithoutAccount(Moved):
    code = "without_account"
    default_reason = _("这位没有自己的账号，只在窗口登记过")


def account_id_of(person: Person) -> UUID:
    """The account behind a person; refused for somebody whom only the counter knows."""
    if person.account_id is None:
        raise WithoutAccount
    return person.account_id


def name_of(typed: str) -> str:
    """A name as it is kept; refused where it is longer than any."""
    name = as_seen(typed)
    if len(name) > LONGEST_NAME:
        raise NameTooLong(field="name")
    return name


@transaction.atomic
def register(*, phone: str, name: str, now: datetime, birth_year: int | None = None) -> Person:
    """A person of this street with an account of their own; known already, they keep their name unless it is empty."""
    person = visit(account=open_account(phone=phone_of(phone), now=now), now=now)
    if not person.name or (birth_year and not person.birth_year):
        person.name = person.name or name_of(name)
        person.birth_year = person.birth_year or birth_year
        person.save(update_fields=["name", "birth_year"])
    return person


@transaction.atomic
def enter_at_counter(*, name: str, actor: Person, now: datetime, birth_year: int | None = None) -> Person:
    """A person without an account, known to the counter or the telephone only."""
    person = Person.objects.create(name=name_of(name), birth_year=birth_year, created_at=now)
    journal.record(what=Fact.PERSON_REGISTERED, subject=f"person:{person.id}", actor_id=actor.id, now=now)
    return person


@transaction.atomic
def look_up_at_counter(*, phone: str, actor: Person, now: datetime) -> Person:
    """Whoever has this whole number in this street, for somebody who may serve them. Each look is journalled."""
    policies.may_enter_counter(actor, now).require()
    person = queries.by_phone(phone_of(phone))
    if person is None:
        raise NobodyHasIt(field="phone")
    policies.may_serve_at_counter(actor, person, now).require()
    journal.record(what=Fact.PERSON_LOOKED_UP, subject=f"person:{person.id}", actor_id=actor.id, now=now)
    return person


@transaction.atomic
def rename(*, person: Person, name: str, actor: Person, now: datetime) -> Person:
    """Put another name. No page shows the old one; what they wrote under it is shown without it (ruling 11)."""
    name = name_of(name)
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.erased_at is not None:
        raise Moved
    if person.name != name:
        person.give_up_name()
    person.name = name
    person.save(update_fields=["name", "former_names"])
    journal.record(what=Fact.PERSON_RENAMED, subject=f"person:{person.id}", actor_id=actor.id, now=now)
    return person


@transaction.atomic
def keep_birth_year(*, person: Person, birth_year: int, actor: Person, now: datetime) -> Person:
    """Keep the year of birth that stands in the document shown at the counter; a wrong one is noted anew."""
    policies.may_serve_at_counter(actor, person, now).require()
    require_birth_year(birth_year, now)
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.erased_at is not None:
        raise Moved
    if person.birth_year != birth_year:
        person.birth_year = birth_year
        person.save(update_fields=["birth_year"])
        journal.record(what=Fact.BIRTH_YEAR_NOTED, subject=f"person:{person.id}", actor_id=actor.id, now=now)
    return person


def require_birth_year(birth_year: int, now: datetime) -> None:
    """Refuse a year in which nobody was born who is alive."""
    year = local_date(now).year
    if birth_year > year:
        raise NotBornYet(field="birth_year")
    if birth_year < year - OLDEST:
        raise BornTooLongAgo(field="birth_year")
