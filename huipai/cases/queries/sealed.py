"""What is kept from view, for whoever has opened it with a reason: who reported, and photos as they were received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from huipai.audit import queries as audit
from huipai.audit.models import Disclosure
from huipai.audit.words import Kind
from huipai.cases import queries
from huipai.cases.models import Case, CasePhoto, Report
from huipai.cases.models.case import CaseQuerySet
from huipai.cases.words import ReportState
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.people.rules import normalise_phone, same_name


@dataclass(frozen=True)
class Reporter:
    """Somebody who reported it, in clear."""

    name: str
    phone: str
    reported_at: datetime
    has_withdrawn: bool


def opened_by(viewer: Person, case: Case, at: datetime) -> Disclosure | None:
    """The opening that still holds, if this person has one for this case: until others come who reported it. Whoever
    opened it gave a reason for those who were there, and to see the others gives one anew."""
    return _of_everybody(audit.standing(kind=Kind.UNMASKED, subject=case.subject, person=viewer, at=at), case)


def _of_everybody(opened: Disclosure | None, case: Case) -> Disclosure | None:
    if opened is None:
        return None
    since = Q(received_at__gt=opened.happened_at) | Q(came_along_at__gt=opened.happened_at)
    return None if Report.objects.filter(since, case=case).exists() else opened


def reporters(case: Case, opened: Disclosure) -> list[Reporter]:
    """Everybody who reported it, for the one opening that was written down for this case."""
    if opened.subject != case.subject or opened.kind != Kind.UNMASKED:
        raise NotVisible
    reports = Report.objects.filter(case=case).select_related("reporter__account").order_by("received_at", "id")
    return [
        Reporter(
            name=one.reporter.name,
            phone=((one.reporter.account.phone if one.reporter.account else None) or "").removeprefix("+86"),
            reported_at=one.received_at,
            has_withdrawn=one.state == ReportState.WITHDRAWN,
        )
        for one in reports
    ]


def names_read_by(viewer: Person, case: Case, at: datetime) -> Disclosure | None:
    """As `opened_by`, of those alone who want the community to know who they are."""
    return _of_everybody(audit.standing(kind=Kind.NAMED, subject=case.subject, person=viewer, at=at), case)


def has_named(case: Case) -> bool:
    return _named(case).exists()


def names(case: Case, opened: Disclosure) -> list[str]:
    """Who reported it and wants the community to know; without their number."""
    if opened.subject != case.subject or opened.kind != Kind.NAMED:
        raise NotVisible
    return list(dict.fromkeys(_named(case).order_by("received_at", "id").values_list("reporter__name", flat=True)))


def _named(case: Case) -> QuerySet[Report]:
    kept = Report.objects.filter(case=case, is_name_hidden=False).exclude(state=ReportState.WITHDRAWN)
    return kept.exclude(reporter__name="")


def photos_of(case: Case) -> list[CasePhoto]:
    """The photos of a case whose originals still exist."""
    kept = CasePhoto.objects.filter(case=case, photo__erased_at__isnull=True).select_related("photo")
    return list(kept.order_by("round", "moment", "position"))


def photo_of(case: Case, photo_id: UUID) -> CasePhoto:
    found = next((one for one in photos_of(case) if one.photo_id == photo_id), None)
    if found is None:
        raise NotVisible
    return found


def people_called(who: str) -> list[Person] | None:
    """Who has this whole number or this whole name; None where it is neither."""
    phone = normalise_phone(who)
    if phone is not None:
        return list(Person.objects.filter(account__phone=phone))
    name = "".join(who.split())
    if len(name) < 2 or any(sign.isdigit() for sign in name):
        return None
    return [person for person in Person.objects.filter(name__iexact=name) if same_name(name, person.name)]


def reported_by(people: list[Person], viewer: Person, at: datetime) -> CaseQuerySet:
    """What these people reported, among what the viewer sees; latest first."""
    theirs = Report.objects.filter(reporter__in=people).exclude(state=ReportState.WITHDRAWN).values("case")
    seen = queries.visible_to(viewer, at).filter(pk__in=theirs).select_related("case_type", "node", "unit")
    return seen.prefetch_related("photos__photo").order_by("-reported_at", "-id")
