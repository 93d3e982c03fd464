"""Reading about people."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import OuterRef, Subquery

from huipai.people.models import Account, Consent, ConsentText, Person
from huipai.people.words import ConsentPurpose


def person_of(account: Account) -> Person | None:
    """Who this account is in the street in force."""
    return Person.objects.filter(account_id=account.pk).select_related("account").first()


@dataclass(frozen=True)
class Visitor:
    """A person at the door, and whether the privacy notice in force was read."""

    person: Person
    has_read_notice: bool
    has_read_any_notice: bool


def visitor(account: Account) -> Visitor | None:
    """Who is at the door, in one query."""
    notice = ConsentPurpose.PRIVACY_NOTICE
    texts = ConsentText.objects.filter(purpose=notice).order_by("-version")
    given = Consent.objects.filter(person=OuterRef("pk"), purpose=notice, withdrawn_at__isnull=True)
    found = (
        Person.objects.filter(account_id=account.pk)
        .annotate(
            _asked=Subquery(texts.values("version")[:1]),
            _given=Subquery(given.order_by("-version").values("version")[:1]),
        )
        .first()
    )
    if found is None:
        return None
    found.account = account
    given_version = found._given or 0
    return Visitor(found, given_version >= (found._asked or 1), given_version > 0)


def has_second_factor(account: Account) -> bool:
    """Whether an app for one-time passwords is bound."""
    return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists())


def version_in_force(purpose: ConsentPurpose) -> int:
    """The newest version of a text in this street; 1 is our own."""
    newest = ConsentText.objects.filter(purpose=purpose).order_by("-version").values_list("version", flat=True).first()
    return newest or 1


def has_consent(person: Person, purpose: ConsentPurpose) -> bool:
    """Whether a yes to some version of the text stands. Nothing that rests on it may happen without."""
    return Consent.objects.filter(person=person, purpose=purpose, withdrawn_at__isnull=True).exists()
