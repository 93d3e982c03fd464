"""Reading the inbox."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from huipai.kit import hot, subjects
from huipai.notices.models import Muted, Notice, Preference
from huipai.people.models import Person
from huipai.streets.current import street_in_force

_UNREAD = """
SELECT count(*) FROM notices_notice WHERE street_id = %(street)s AND person_id = %(person)s AND read_at IS NULL
"""
GROUP = "group:"
# What is older was missed long ago; the inbox holds it.
A_DIGEST_REACHES_BACK = timedelta(days=2)


def visible_to(person: Person) -> QuerySet[Notice]:
    """A person's own notices, newest first; nobody else's."""
    return Notice.objects.filter(person=person).order_by("-created_at", "-id")


def unread_count(person: Person) -> int:
    """How many the person has not read; every page shows it."""
    [(count,)] = hot.rows(_UNREAD, {"street": street_in_force(), "person": person.pk})
    return int(count)


def preference_of(person_id: UUID) -> Preference | None:
    return Preference.objects.filter(person_id=person_id).first()


def group_word(group: str) -> str:
    """How a muted group is written."""
    return f"{GROUP}{group}"


def muted_by(person_id: UUID) -> set[str]:
    """Everything that a person does not want to be rung for."""
    return set(Muted.objects.filter(person=person_id).values_list("what", flat=True))


def is_muted(notice: Notice) -> bool:
    muted = muted_by(notice.person_id)
    return bool(muted & {notice.subject, group_word(notice.group)}) or is_stopped(notice.subject, muted)


def is_stopped(subject: str, muted: set[str]) -> bool:
    """Whether somebody who muted these is not to be rung for a thing: for itself, or for what it belongs to."""
    return bool(muted) and bool(muted & subjects.with_kin(subject))


def unsent(person: Person, at: datetime) -> QuerySet[Notice]:
    """What was neither read nor sent, and is not over, the latest first."""
    waiting = Notice.objects.filter(
        person=person, read_at=None, sent_at=None, overtaken_at=None, created_at__gt=at - A_DIGEST_REACHES_BACK
    )
    return waiting.order_by("-created_at", "-id")


def last_told(person: Person, kind: str) -> Notice | None:
    """The latest notice of this kind that somebody was given."""
    return Notice.objects.filter(person=person, kind=kind).order_by("created_at", "id").last()


def digests_due(hour: int) -> QuerySet[Preference]:
    """Who wants their digest in this hour of the day."""
    return Preference.objects.filter(by_sms=True, digest_at__hour=hour)
