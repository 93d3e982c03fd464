"""Telling people, and taking note that they have read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from huipai.kit.verdict import NotVisible
from huipai.notices import queries, rules
from huipai.notices.models import Notice, Preference
from huipai.notices.words import KIND, SUBJECT
from huipai.people.models import Person
from huipai.senders import sms
from huipai.senders.words import Kind
from huipai.streets.current import street_in_force


@transaction.atomic
def tell(
    *,
    person_ids: Iterable[UUID],
    kind: str,
    subject: str,
    cause: str,
    now: datetime,
    params: Mapping[str, object] | None = None,
) -> list[Notice]:
    """Put a notice into each person's inbox, once a `cause`: a second call makes none and returns none.

    `params` holds ids, codes and numbers; the text is made when it is read.
    """  # fmt: skip
    if not KIND.match(kind) or not SUBJECT.match(subject):
        raise ValueError(f"not a kind about a subject: {kind!r}, {subject!r}")
    notices = [
        Notice(person_id=person_id, kind=kind, subject=subject, params=dict(params or {}), cause=cause, created_at=now)
        for person_id in dict.fromkeys(person_ids)
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    made = list(Notice.objects.filter(id__in=[notice.id for notice in notices]))
    _defer_delivery(made, now)
    return made


def _defer_delivery(notices: list[Notice], now: datetime) -> None:
    by_sms = Preference.objects.filter(person__in=[notice.person_id for notice in notices], by_sms=True)
    wishes = {wish.person_id: wish for wish in by_sms}
    for notice in notices:
        if (wish := wishes.get(notice.person_id)) is not None:
            app.configure_task(
                "notices.deliver",
                queue="notices",
                schedule_at=rules.may_ring_at(now, wish.quiet_from, wish.quiet_until),
            ).defer(street=str(street_in_force()), notice=str(notice.id))


@transaction.atomic
def deliver(*, notice_id: UUID, now: datetime) -> None:
    """Hand a notice to the senders, once; not if it has been read, or the person has thought better of it."""
    notice = Notice.objects.select_for_update(of=("self",)).select_related("person__account").get(id=notice_id)
    wish = queries.preference_of(notice.person_id)
    account = notice.person.account
    if notice.sent_at or notice.read_at or not (wish and wish.by_sms and account and account.phone):
        return
    sms.send(phone=account.phone, text=str(notice.wording.title), kind=Kind.NOTICE, now=now)
    notice.sent_at = now
    notice.save(update_fields=["sent_at"])


def mark_read(*, person: Person, notice_id: UUID, now: datetime) -> Notice:
    """The notice has been read, since the first time it was; another person's is not visible."""
    notice = queries.visible_to(person).filter(id=notice_id).first()
    if notice is None:
        raise NotVisible
    if notice.read_at is None:
        queries.visible_to(person).filter(id=notice_id, read_at__isnull=True).update(read_at=now)
        notice.read_at = now
    return notice


def mark_all_read(*, person: Person, until: datetime, now: datetime) -> int:
    """Everything told up to `until` has been read; how many had not. What came after the page was made stays unread."""
    unread = Notice.objects.filter(person=person, read_at__isnull=True, created_at__lte=until)
    return unread.update(read_at=now)


@transaction.atomic
def prefer(*, person: Person, by_sms: bool, quiet_from: time, quiet_until: time, now: datetime) -> Preference:
    """From now on the person is told this way."""
    preference, _made = Preference.objects.update_or_create(
        person=person,
        defaults={"by_sms": by_sms, "quiet_from": quiet_from, "quiet_until": quiet_until, "changed_at": now},
    )
    return preference
