"""Saying yes, and taking it back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from huipai.journal import commands as journal
from huipai.people import queries
from huipai.people.models import Consent, Person
from huipai.people.words import Channel, ConsentPurpose, Fact


def give_consent(*, person: Person, purpose: ConsentPurpose, now: datetime) -> Consent:
    """Record a person's own yes on a page, to the text in force. Said twice, it counts once."""
    return _keep(
        Consent(
            person=person,
            purpose=purpose,
            version=queries.version_in_force(purpose),
            channel=Channel.PAGE,
            given_by=person,
            given_at=now,
        ),
        actor_id=person.id,
    )


@transaction.atomic
def _keep(consent: Consent, *, actor_id: UUID) -> Consent:
    try:
        with transaction.atomic():
            consent.save(force_insert=True)
    except IntegrityError:
        return Consent.objects.get(
            person=consent.person, purpose=consent.purpose, version=consent.version, withdrawn_at__isnull=True
        )
    journal.record(
        what=Fact.CONSENT_GIVEN,
        subject=f"person:{consent.person_id}",
        actor_id=actor_id,
        now=consent.given_at,
        facts={"consent": str(consent.id), "purpose": consent.purpose, "version": consent.version},
    )
    return consent
