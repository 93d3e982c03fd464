"""Being forgotten (ruling 26): names and numbers go, ids stay, so that the journal and the ledger still add up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.verdict import Moved, NotAllowed
from huipai.people import keepers, policies
from huipai.people.commands.persons import account_id_of
from huipai.people.models import (
    Account,
    Consent,
    Guardianship,
    Identity,
    Person,
    PhoneChange,
    Proxy,
    SignInCode,
    new_session_mark,
    no_password,
)
from huipai.people.words import Document, Fact
from huipai.senders import commands as senders
from huipai.streets.current import in_street
from huipai.streets.models import Street


class StillEmployed(NotAllowed):
    code = "still_employed"
    default_reason = _("还是工作人员，先由管理员办理离岗，再注销")


@transaction.atomic
def erase(*, person: Person, actor: Person, now: datetime) -> None:
    """Take all that says who somebody is out of this street, and out of the account if no other street knows it."""
    if actor.id != person.id:
        policies.may_serve_at_counter(actor, person, now).require()
    _erase(person, actor.id, now)


@transaction.atomic
def erase_at_counter(*, person: Person, document: Document, actor: Person, now: datetime) -> None:
    """The same for whoever has no page of their own for it: a document was seen, theirs or their guardian's."""
    policies.may_erase_at_counter(actor, person, now).require()
    _erase(person, actor.id, now, document=document.value)


@transaction.atomic
def forget_unkept(*, now: datetime, among: Collection[UUID] | None = None) -> int:
    """Erase those whom no account lets in and of whom nothing is kept any more; how many. No page lets them ask."""
    found = keepers.unkept(now)
    found = found if among is None else found.filter(pk__in=among)
    # Whoever is just getting another number is waited for, and asked again: the account first, as everywhere.
    accounts = list(found.values_list("account", flat=True))
    list(Account.objects.select_for_update(no_key=True).filter(pk__in=accounts).order_by("pk"))
    gone = list(found.select_for_update(of=("self",), no_key=True))
    for person in gone:
        _erase(person, None, now)
    return len(gone)


def forget_former_names(*, person: Person) -> None:
    """Nothing of somebody who left goes on any more: the names go by which they were kept out of what did."""
    Person.objects.filter(pk=person.pk, erased_at__isnull=False).update(former_names=[])


def _erase(person: Person, actor_id: UUID | None, now: datetime, **facts: str) -> None:
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.erased_at is not None:
        raise Moved
    if person.is_staff:
        raise StillEmployed
    account = (
        Account.objects.select_for_update(no_key=True).get(pk=account_id_of(person)) if person.account_id else None
    )
    if _end_what_stands(person, now) and account is not None:
        account.leaves_in = None
        account.save(update_fields=["leaves_in"])
    person.give_up_name()
    person.account, person.birth_year, person.said_under_14_at = None, None, None
    person.erased_at = now
    person.save()
    if account is not None and not _known_in_any_street(account):
        _empty(account, now)
    journal.record(what=Fact.PERSON_ERASED, subject=f"person:{person.id}", actor_id=actor_id, now=now, facts=facts)


def _end_what_stands(person: Person, now: datetime) -> bool:
    """Whether a change of their number was on its way here."""
    Identity.objects.filter(person=person).delete()
    Consent.objects.filter(person=person, withdrawn_at__isnull=True).update(withdrawn_at=now)
    for whose in ({"elder": person}, {"helper": person}):
        Proxy.objects.filter(ended_at__isnull=True, **whose).update(ended_at=now, invited_phone="")
    for whose in ({"minor": person}, {"guardian": person}):
        Guardianship.objects.filter(ended_at__isnull=True, **whose).update(ended_at=now)
    Guardianship.objects.filter(minor=person).exclude(child_mark="").update(child_mark="")
    leaving = PhoneChange.objects.filter(person=person, done_at__isnull=True, cancelled_at__isnull=True)
    return bool(leaving.update(cancelled_at=now, old_phone="", new_phone=""))


def _known_in_any_street(account: Account) -> bool:
    """Crosses all streets, one after the other."""
    for street_id in Street.objects.values_list("id", flat=True):
        with in_street(street_id):
            if Person.objects.filter(account_id=account.pk).exists():
                return True
    return False


def _empty(account: Account, now: datetime) -> None:
    SignInCode.objects.filter(phone=account.phone).delete()
    if account.phone is not None:
        senders.forget_address(address=account.phone)
    Authenticator.objects.filter(user=account).delete()
    account.phone, account.password, account.is_active = None, no_password(), False
    account.phone_confirmed_at, account.doubted_at, account.last_login = None, None, None
    account.session_mark, account.erased_at = new_session_mark(), now
    account.save()
