"""Reading the record. Nothing of a case is in it but its code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from huipai.audit.models import Disclosure
from huipai.audit.words import Kind
from huipai.people.models import Person

_CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Wanted:
    """What the auditor looks for; nothing given: everything."""

    kind: str = ""
    person: UUID | None = None
    since: date | None = None
    until: date | None = None
    words: str = ""


def record(wanted: Wanted) -> QuerySet[Disclosure]:
    """Who was shown what, latest first."""
    rows = Disclosure.objects.select_related("person").order_by("-happened_at", "-id")
    if wanted.kind in Kind.values:
        rows = rows.filter(kind=wanted.kind)
    if wanted.person is not None:
        rows = rows.filter(person=wanted.person)
    if wanted.since is not None:
        rows = rows.filter(happened_at__gte=_begin_of(wanted.since))
    if wanted.until is not None:
        rows = rows.filter(happened_at__lt=_begin_of(wanted.until + timedelta(days=1)))
    return rows.filter(_says(wanted.words)) if wanted.words else rows


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time(), _CHINA)


def _says(words: str) -> Q:
    return (
        Q(words__icontains=words)
        | Q(about__iexact=words)
        | Q(number__iexact=words)
        | Q(person__in=Person.objects.filter(name__icontains=words))
    )


def people() -> list[Person]:
    """Everybody who stands in the record, by name."""
    seen = Disclosure.objects.values("person")
    return list(Person.objects.filter(pk__in=seen).order_by("name", "id"))


def standing(*, kind: Kind, subject: str, person: Person, at: datetime) -> Disclosure | None:
    """What somebody has opened and what has not closed again."""
    opened = Disclosure.objects.filter(kind=kind, subject=subject, person=person, happened_at__lte=at, until__gt=at)
    return opened.order_by("-happened_at").first()


def looked_since(person: Person, since: datetime) -> bool:
    return Disclosure.objects.filter(kind=Kind.LOOK, person=person, happened_at__gt=since).exists()
