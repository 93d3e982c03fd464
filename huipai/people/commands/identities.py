"""What somebody is, for a time."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.verdict import Invalid, Moved
from huipai.people import policies, queries
from huipai.people.commands.consents import ConsentMissing
from huipai.people.models import Identity, Person
from huipai.people.words import SENSITIVE_IDENTITIES, ConsentPurpose, Fact, IdentityKind


class AlreadySo(Moved):
    code = "identity_already_so"
    default_reason = _("这个身份在这段时间里已经登记过了")


class EndsBeforeItBegins(Invalid):
    code = "ends_before_it_begins"
    default_reason = _("结束的日子在开始之前，改一下")


@transaction.atomic
def add_identity(
    *,
    person: Person,
    kind: IdentityKind,
    valid_from: date,
    valid_until: date | None,
    actor: Person,
    now: datetime,
) -> Identity:
    """Note what somebody says they are. Party membership and the like want a consent of their own first."""
    policies.may_change(actor, person, now).require()
    if kind in SENSITIVE_IDENTITIES and not queries.has_consent(person, ConsentPurpose.SENSITIVE_IDENTITY):
        raise ConsentMissing(_("这一项是敏感信息，要先单独同意登记"), field="kind")
    if valid_until is not None and valid_until < valid_from:
        raise EndsBeforeItBegins(field="valid_until")
    identity = Identity(person=person, kind=kind, valid_from=valid_from, valid_until=valid_until, created_at=now)
    try:
        with transaction.atomic():
            identity.save(force_insert=True)
    except IntegrityError as overlap:
        raise AlreadySo from overlap
    _record(Fact.IDENTITY_ADDED, identity, actor, now)
    return identity


@transaction.atomic
def confirm_identity(*, identity: Identity, actor: Person, now: datetime) -> Identity:
    """Somebody employed has seen a proof; what was shown is not kept."""
    policies.may_confirm(actor, identity, now).require()
    identity = Identity.objects.select_for_update(no_key=True).get(pk=identity.pk)
    if identity.confirmed_at is None:
        identity.confirmed_by, identity.confirmed_at = actor, now
        identity.save(update_fields=["confirmed_by", "confirmed_at"])
        _record(Fact.IDENTITY_CONFIRMED, identity, actor, now)
    return identity


@transaction.atomic
def end_identity(*, identity: Identity, day: date, actor: Person, now: datetime) -> None:
    """It holds no longer from this day on; one that would have begun later is gone."""
    policies.may_change(actor, identity.person, now).require()
    standing = Identity.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gt=day), pk=identity.pk)
    ended = standing.filter(valid_from__lte=day).update(valid_until=day)
    if not ended and not standing.delete()[0]:
        raise Moved
    _record(Fact.IDENTITY_ENDED, identity, actor, now)


def _record(what: Fact, identity: Identity, actor: Person, now: datetime) -> None:
    # The kind is left out: the journal outlives a consent that was withdrawn.
    journal.record(
        what=what,
        subject=f"person:{identity.person_id}",
        actor_id=actor.id,
        now=now,
        facts={"identity": str(identity.id)},
    )
