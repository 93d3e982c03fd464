"""Saying yes, and taking it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotAllowed
from huipai.people import policies, queries
from huipai.people.commands.accounts import end_sessions
from huipai.people.models import Consent, ConsentText, Guardianship, Identity, Person, Proxy
from huipai.people.rules import local_date
from huipai.people.words import LONGEST_PAPER_NUMBER, SENSITIVE_IDENTITIES, Channel, ConsentPurpose, Fact


class ConsentMissing(NotAllowed):
    """What rests on a yes was tried without one (L1)."""

    code = "consent_missing"
    default_reason = _("这一步要本人先同意")


class TextHasMoved(Moved):
    code = "text_has_moved"
    default_reason = _("刚刚已经发布了新的一版，请看过再改")


class PaperNumberTooLong(Invalid):
    code = "paper_number_too_long"
    default_reason = _("同意书的编号太长了，最多 40 个字")


class NothingToWithdraw(Moved):
    code = "nothing_to_withdraw"
    default_reason = _("这一项没有同意过，或者已经撤回了")


def paper_of(typed: str) -> str:
    """The number of a signed paper as it is kept."""
    number = as_seen(typed)
    if len(number) > LONGEST_PAPER_NUMBER:
        raise PaperNumberTooLong(field="paper")
    return number


def give_consent(*, person: Person, purpose: ConsentPurpose, now: datetime) -> Consent:
    """Record a person's own yes on a page, to the text in force. Said twice, it counts once."""
    policies.may_consent_alone(person, local_date(now)).require()
    return keep_consent(consent=_yes(person, purpose, now, channel=Channel.PAGE, given_by=person), actor=person)


def give_consent_for(*, minor: Person, guardian: Person, purpose: ConsentPurpose, now: datetime) -> Consent:
    """Record a guardian's yes for a minor."""
    policies.may_change(guardian, minor, now).require()
    return keep_consent(consent=_yes(minor, purpose, now, channel=Channel.PAGE, given_by=guardian), actor=guardian)


def note_consent(
    *, person: Person, purpose: ConsentPurpose, channel: Channel, paper_number: str, actor: Person, now: datetime
) -> Consent:
    """Note a yes that was said at the counter, on the telephone or on paper."""
    policies.may_serve_at_counter(actor, person, now).require()
    policies.may_consent_alone(person, local_date(now)).require()
    consent = _yes(person, purpose, now, channel=channel, given_by=person)
    consent.noted_by, consent.paper_number = actor, paper_of(paper_number)
    return keep_consent(consent=consent, actor=actor)


@transaction.atomic
def withdraw_consent(*, person: Person, purpose: ConsentPurpose, actor: Person, now: datetime) -> None:
    """Take a yes back: what rests on it stops now; the history of it stays.

    A guardian who takes back theirs, and whom no other follows, leaves the child without any yes: `leave_unguarded`.
    """
    policies.may_change(actor, person, now).require()
    policies.may_take_back(actor, person, purpose, now).require()
    _take_back(person, purpose, actor, now)


@transaction.atomic
def note_withdrawal(*, person: Person, purpose: ConsentPurpose, actor: Person, now: datetime) -> None:
    """Write down that somebody takes a yes back at the counter: who has no page can do it nowhere else."""
    policies.may_serve_at_counter(actor, person, now).require()
    policies.may_take_back(actor, person, purpose, now).require()
    _take_back(person, purpose, actor, now)


def _take_back(person: Person, purpose: ConsentPurpose, actor: Person, now: datetime) -> None:
    standing = Consent.objects.select_for_update(no_key=True).filter(
        person=person, purpose=purpose, withdrawn_at__isnull=True
    )
    if purpose == ConsentPurpose.GUARDIANSHIP:
        # Each guardian has signed a paper of their own, and takes back no other's.
        standing = standing.filter(given_by=actor)
    ids = [consent.id for consent in standing]
    withdrawn = [str(consent_id) for consent_id in ids]
    if not withdrawn:
        raise NothingToWithdraw
    standing.update(withdrawn_at=now)
    _stop(person, purpose, ids, now)
    journal.record(
        what=Fact.CONSENT_WITHDRAWN,
        subject=f"person:{person.id}",
        actor_id=actor.id,
        now=now,
        facts={"consents": withdrawn, "purpose": purpose.value},
    )
    if purpose == ConsentPurpose.GUARDIANSHIP:
        leave_unguarded(minor=person, guardian=actor, actor=actor, now=now)
    elif purpose == ConsentPurpose.PRIVACY_NOTICE and actor.id != person.id:
        _end_sessions(person, actor, now)


@transaction.atomic
def leave_unguarded(*, minor: Person, guardian: Person, actor: Person, now: datetime) -> None:
    """Where nobody answers for a minor any more, what this guardian agreed to for them ends, and so do their sessions.

    Of a child who may not agree alone nothing stands afterwards, whoever has said it. Another guardian who stands
    answers for all of it: then nothing changes.
    """
    if queries.guardianships_at(now).filter(minor=minor).exists():
        return
    standing = Consent.objects.filter(person=minor, withdrawn_at__isnull=True).exclude(
        purpose=ConsentPurpose.GUARDIANSHIP
    )
    if policies.may_consent_alone(minor, local_date(now)):
        standing = standing.filter(given_by=guardian)
    if _end_all(minor, standing, actor, now):
        _end_sessions(minor, actor, now)


@transaction.atomic
def say_under_14(*, person: Person, now: datetime) -> None:
    """Keep somebody's own answer that they are not 14 yet: they say yes to nothing any more, and nothing said stands.

    It holds until the counter has seen the year of birth, with the guardian who signs for them or without. Where the
    year is known already the answer adds nothing.
    """
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.birth_year is not None or person.said_under_14_at is not None:
        return
    person.said_under_14_at = now
    person.save(update_fields=["said_under_14_at"])
    journal.record(what=Fact.WAITS_FOR_GUARDIAN, subject=f"person:{person.id}", actor_id=person.id, now=now)
    _end_all(person, Consent.objects.filter(person=person, withdrawn_at__isnull=True), person, now)


@transaction.atomic
def end_own_consents(*, child: Person, actor: Person, now: datetime) -> None:
    """What a child alone agreed to ends, and where nobody answers for them so do their sessions."""
    standing = Consent.objects.filter(person=child, withdrawn_at__isnull=True)
    guarded = standing.exclude(given_by=child).values("purpose")
    own = standing.filter(given_by=child).exclude(purpose__in=guarded)
    if _end_all(child, own, actor, now) and not queries.guardianships_at(now).filter(minor=child).exists():
        _end_sessions(child, actor, now)


def _end_all(person: Person, standing: QuerySet[Consent], actor: Person, now: datetime) -> bool:
    """Whether anything stood."""
    purposes = [ConsentPurpose(code) for code in sorted(set(standing.values_list("purpose", flat=True)))]
    for purpose in purposes:
        end_consents(people=[person.id], purpose=purpose, actor=actor, now=now)
        _stop(person, purpose, [], now)
    return bool(purposes)


def _end_sessions(person: Person, actor: Person, now: datetime) -> None:
    """Of somebody who has an account at all."""
    if person.account_id is not None:
        end_sessions(account_id=person.account_id, actor=actor, now=now)


@transaction.atomic
def end_consents(*, people: Collection[UUID], purpose: ConsentPurpose, actor: Person | None, now: datetime) -> int:
    """What they agreed to is there no more; the number of people whose yes has ended."""
    standing = Consent.objects.select_for_update(no_key=True).filter(
        person__in=people, purpose=purpose, withdrawn_at__isnull=True
    )
    ended: dict[UUID, list[str]] = {}
    for consent in standing.order_by("id"):
        ended.setdefault(consent.person_id, []).append(str(consent.id))
    standing.update(withdrawn_at=now)
    for person_id, consents in ended.items():
        journal.record(
            what=Fact.CONSENT_WITHDRAWN,
            subject=f"person:{person_id}",
            actor_id=actor.id if actor else None,
            now=now,
            facts={"consents": consents, "purpose": purpose.value},
        )
    return len(ended)


@transaction.atomic
def publish_text(
    *, purpose: ConsentPurpose, seen: int, body: str, legal_basis: str, actor: Person, now: datetime
) -> ConsentText:
    """Publish the version after `seen`, the one its author has read; whoever agreed to an older one is asked again.

    Refused when another version has come meanwhile, so that a second press publishes nothing.
    """
    policies.may_publish_texts(actor).require()
    if queries.version_in_force(purpose) != seen:
        raise TextHasMoved
    try:
        with transaction.atomic():
            text = ConsentText.objects.create(
                purpose=purpose,
                version=seen + 1,
                body=body,
                legal_basis=legal_basis,
                published_by=actor,
                published_at=now,
            )
    except IntegrityError as race:
        raise TextHasMoved from race
    journal.record(
        what=Fact.CONSENT_TEXT_PUBLISHED,
        subject=f"consent_text:{text.id}",
        actor_id=actor.id,
        now=now,
        facts={"purpose": purpose.value, "version": text.version},
    )
    return text


@transaction.atomic
def keep_consent(*, consent: Consent, actor: Person) -> Consent:
    """Store a yes, once; the stored one if it was said before."""
    try:
        with transaction.atomic():
            consent.save(force_insert=True)
    except IntegrityError:
        known = Consent.objects.filter(
            person=consent.person, purpose=consent.purpose, version=consent.version, withdrawn_at__isnull=True
        )
        if consent.purpose == ConsentPurpose.GUARDIANSHIP:
            known = known.filter(given_by=consent.given_by, paper_number=consent.paper_number)
        return known.get()
    journal.record(
        what=Fact.CONSENT_GIVEN,
        subject=f"person:{consent.person_id}",
        actor_id=actor.id,
        now=consent.given_at,
        facts={"consent": str(consent.id), "purpose": consent.purpose, "version": consent.version},
    )
    return consent


def _yes(person: Person, purpose: ConsentPurpose, now: datetime, *, channel: Channel, given_by: Person) -> Consent:
    version = queries.version_in_force(purpose)
    return Consent(person=person, purpose=purpose, version=version, channel=channel, given_by=given_by, given_at=now)


def _stop(person: Person, purpose: ConsentPurpose, withdrawn: list[UUID], now: datetime) -> None:
    """End what may not go on without the yes."""
    match purpose:
        case ConsentPurpose.SENSITIVE_IDENTITY:
            # Not even the memory of it is needed.
            Identity.objects.filter(person=person, kind__in=SENSITIVE_IDENTITIES).delete()
        case ConsentPurpose.PROXY:
            Proxy.objects.filter(elder=person, ended_at__isnull=True).update(ended_at=now, invited_phone="")
        case ConsentPurpose.GUARDIANSHIP:
            Guardianship.objects.filter(consent__in=withdrawn, ended_at__isnull=True).update(ended_at=now)
        case _:
            return
