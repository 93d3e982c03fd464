"""Being employed by the street."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from huipai.journal import commands as journal
from huipai.people import queries
from huipai.people.commands.accounts import NumberInDoubt, phone_of
from huipai.people.commands.persons import account_id_of, name_of, register
from huipai.people.models import Account, Person, new_session_mark
from huipai.people.words import Fact


@transaction.atomic
def employ(*, phone: str, name: str, actor: Person | None, now: datetime) -> Person:
    """A person employed by this street: signs in with a password, which they choose by a code to their number.

    Whoever employs them vouches for the number, but not for whose it was: while that is in doubt, a colleague of
    another name would come into a stranger's things. Employed twice, it holds once.
    """
    _require_theirs(phone, name, now)
    person = register(phone=phone, name=name, now=now)
    if person.is_staff:
        return person
    person.is_staff = True
    person.save(update_fields=["is_staff"])
    account = Account.objects.select_for_update(no_key=True).get(pk=account_id_of(person))
    account.employed_in += 1
    account.phone_confirmed_at, account.doubted_at = now, None
    account.session_mark = new_session_mark()
    account.save(update_fields=["employed_in", "phone_confirmed_at", "doubted_at", "session_mark"])
    journal.record(
        what=Fact.PERSON_EMPLOYED, subject=f"person:{person.id}", actor_id=actor.id if actor else None, now=now
    )
    person.account = account
    return person


def _require_theirs(phone: str, name: str, now: datetime) -> None:
    account = Account.objects.filter(phone=phone_of(phone)).first()
    if account is None or queries.is_theirs_today(account, now):
        return
    if not Person.objects.filter(account=account, name=name_of(name)).exists():
        raise NumberInDoubt(field="phone")


@transaction.atomic
def dismiss(*, person: Person, actor: Person | None, now: datetime) -> Person:
    """No longer employed here: a resident like others. Employed in no other street, the account signs in by code again.

    Assignments end with their own commands, upstairs; this ends every session.
    """
    person = Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    if not person.is_staff:
        return person
    person.is_staff = False
    person.save(update_fields=["is_staff"])
    Account.objects.filter(pk=account_id_of(person)).update(
        employed_in=F("employed_in") - 1, session_mark=new_session_mark()
    )
    journal.record(what=Fact.PERSON_LEFT, subject=f"person:{person.id}", actor_id=actor.id if actor else None, now=now)
    return person


@transaction.atomic
def close_account(*, account: Account, actor: Person | None, now: datetime) -> None:
    """Nobody comes in with this account until it is opened again; every session ends now."""
    open_one = Account.objects.filter(pk=account.pk, is_active=True)
    if not open_one.update(is_active=False, session_mark=new_session_mark()):
        return
    journal.record(
        what=Fact.ACCOUNT_CLOSED, subject=f"account:{account.pk}", actor_id=actor.id if actor else None, now=now
    )
