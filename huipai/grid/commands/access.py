"""How colleagues come in: kept by the security administrator, journalled, and told to the one whom it concerns."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from huipai.grid import policies
from huipai.grid.commands.refusals import EmployedElsewhere
from huipai.kit.verdict import NotVisible
from huipai.people import commands as people
from huipai.people.models import Account, ConsentText, Person
from huipai.people.words import ConsentPurpose, FactorLoss

# Nothing that is misread when it is read aloud or copied by hand.
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 3, 4


@transaction.atomic
def put_password(*, person_id: UUID, actor: Person, now: datetime) -> str:
    """A password for once, to be said or handed over; whoever comes in with it must choose another at once."""
    account = _account_of(person_id, actor, now)
    password = "-".join("".join(secrets.choice(_SIGNS) for _sign in range(_GROUP)) for _group in range(_GROUPS))
    people.set_password_for(account=account, password=password, actor=actor, now=now)
    return password


@transaction.atomic
def require_password(*, person_id: UUID, actor: Person, now: datetime) -> None:
    """The next sign-in asks for a new password, and every session ends now."""
    people.require_new_password(account=_account_of(person_id, actor, now), actor=actor, now=now)


@transaction.atomic
def take_off_second_factor(*, person_id: UUID, why: FactorLoss, actor: Person, now: datetime) -> None:
    """A lost second factor no longer opens anything; an administrator binds another at the next sign-in."""
    people.remove_second_factor(account=_account_of(person_id, actor, now), why=why, actor=actor, now=now)


@transaction.atomic
def unlock(*, person_id: UUID, actor: Person, now: datetime) -> None:
    """Whoever mistyped too often may try again at once."""
    people.unlock(account=_account_of(person_id, actor, now), actor=actor, now=now)


@transaction.atomic
def publish_text(
    *, purpose: ConsentPurpose, seen: int, body: str, legal_basis: str, actor: Person, now: datetime
) -> ConsentText:
    """The next version of what people are asked to agree to; those who agreed to an older one are asked again."""
    policies.may_keep_texts(actor, now).require()
    return people.publish_text(purpose=purpose, seen=seen, body=body, legal_basis=legal_basis, actor=actor, now=now)


def _account_of(person_id: UUID, actor: Person, now: datetime) -> Account:
    """Whose way in this administrator keeps. Refused for somebody who works in another street too: the same account
    opens that one's things, and its administrators have not agreed."""
    policies.may_keep_access(actor, now).require()
    person = Person.objects.select_related("account").filter(pk=person_id, is_staff=True).first()
    if person is None or person.account is None:
        raise NotVisible
    policies.may_change_access(actor, person).require()
    if person.account.employed_in > 1:
        raise EmployedElsewhere
    return person.account
