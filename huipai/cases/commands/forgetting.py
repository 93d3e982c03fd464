"""Somebody is forgotten (ruling 26): their words and pictures leave what has ended; the matter itself stays, unnamed.

What is still being handled keeps them until it has ended, and what is held until it is not: the street acts in its duty
there. A job asks every night.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from huipai.cases.comment_words import CommentState
from huipai.cases.deed_words import DeedState
from huipai.cases.finding_words import FindingState
from huipai.cases.models import (
    Addition,
    Case,
    CasePhoto,
    Comment,
    DeedPhoto,
    Finding,
    FindPhoto,
    GoodDeed,
    Note,
    OwnFind,
    Question,
    Report,
    ReportAnswers,
    ReportHelp,
)
from huipai.cases.queries import retention
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import WIPED
from huipai.photos import commands as photos
from huipai.photos.models import Photo
from huipai.photos.words import ErasingReason
from huipai.points import queries as points


@transaction.atomic
def forget(*, person: Person, now: datetime) -> None:
    """Wipe what this person wrote, told and photographed, wherever nobody is at work on it any more. Twice is once."""
    over = retention.over_and_free(now)
    told = Report.objects.filter(reporter=person, case__in=over)
    _wipe_addresses(told)
    ReportAnswers.objects.filter(report__in=told.values("pk")).delete()
    told.update(text="", address="")
    Note.objects.filter(author=person, case__in=over).delete()
    Addition.objects.filter(report__in=told.values("pk")).exclude(text="").delete()
    Question.objects.filter(answered_by=person, case__in=over).exclude(answer="").update(answer="")
    said = Comment.objects.filter(author=person).exclude(case__in=retention.held_cases(now))
    said.update(state=CommentState.WITHDRAWN, text="")
    OwnFind.objects.filter(worker=person).exclude(text="", address="").update(text="", address="")
    _settled(now).filter(reporter=person).update(grounds=WIPED, appeal="", answer="")
    deeds = _decided(now)
    deeds.filter(reporter=person).update(who="", address="", title=WIPED, text="")
    deeds.filter(doer=person).exclude(who="", address="").update(who="", address="")
    for photo in _pictures_of(person, over, deeds):
        photos.erase(photo=photo, by=person, reason=ErasingReason.REQUEST, now=now)
    reporting, helping = _in_what_goes_on(now)
    if not reporting.filter(reporter=person).exists() and not helping.filter(helper=person).exists():
        people.forget_former_names(person=person)


def _in_what_goes_on(at: datetime) -> tuple[QuerySet[Report, UUID], QuerySet[ReportHelp, UUID]]:
    """Who reported what is not over, and who helped with it: whoever handles it must not read their names."""
    going_on = Report.objects.filter(case__in=retention.going_on_or_held(at))
    helps = ReportHelp.objects.filter(report__in=going_on.values("pk"))
    return going_on.values_list("reporter", flat=True), helps.values_list("helper", flat=True)


def _settled(at: datetime) -> QuerySet[Finding]:
    """What was found about reports, except where somebody still has to look at an appeal, or the case is held."""
    return Finding.objects.exclude(state=FindingState.APPEALED).exclude(case__in=retention.held_cases(at))


def _decided(at: datetime) -> QuerySet[GoodDeed]:
    """Good deeds for which nobody waits, and that nobody holds."""
    return GoodDeed.objects.exclude(state=DeedState.REPORTED).exclude(pk__in=retention.held_deeds(at))


def _wipe_addresses(told: QuerySet[Report]) -> None:
    """The address of a case is that of a report; where it is this one's, it goes with it."""
    for case_id, address in told.exclude(address="").values_list("case", "address"):
        Case.objects.filter(pk=case_id, address=address).update(address="")


def _pictures_of(person: Person, over: QuerySet[Case, Any], deeds: QuerySet[GoodDeed]) -> list[Photo]:
    """The photos of their reports and deeds that are over, whoever took them, and theirs that are part of nothing."""
    told = CasePhoto.objects.filter(report__reporter=person, case__in=over).values("photo")
    shown = DeedPhoto.objects.filter(deed__in=deeds.filter(reporter=person).values("pk")).values("photo")
    kept = Photo.objects.kept()
    used = set(CasePhoto.objects.filter(photo__uploader=person).values_list("photo", flat=True))
    used |= set(DeedPhoto.objects.filter(photo__uploader=person).values_list("photo", flat=True))
    used |= set(FindPhoto.objects.filter(photo__uploader=person).values_list("photo", flat=True))
    used |= points.photos_shown_by(person)
    loose = kept.filter(uploader=person).exclude(pk__in=used).values("pk")
    return list(kept.filter(Q(pk__in=told) | Q(pk__in=shown) | Q(pk__in=loose)).order_by("pk"))


def left_behind(at: datetime) -> QuerySet[Person]:
    """People who have been forgotten and whose words or pictures still lie on what has ended since."""
    over = retention.over_and_free(at)
    told = Report.objects.filter(case__in=over).exclude(text="", address="").values("reporter")
    shown = CasePhoto.objects.filter(case__in=over, photo__erased_at=None, report__isnull=False)
    answered = ReportAnswers.objects.filter(report__case__in=over).values("report__reporter")
    said = Note.objects.filter(case__in=over).values("author")
    added = Addition.objects.filter(report__case__in=over).exclude(text="").values("report__reporter")
    deeds = _decided(at).exclude(title=WIPED, text="", who="", address="").values("reporter")
    done = _decided(at).exclude(who="", address="").values("doer")
    mended = OwnFind.objects.exclude(text="", address="").values("worker")
    found = _settled(at).exclude(grounds=WIPED, appeal="", answer="").values("reporter")
    gone = Person.objects.filter(erased_at__isnull=False)
    reporting, helping = _in_what_goes_on(at)
    named = gone.exclude(former_names=[]).exclude(pk__in=reporting).exclude(pk__in=helping).values("pk")
    return gone.filter(
        Q(pk__in=told) | Q(pk__in=said) | Q(pk__in=added) | Q(pk__in=deeds) | Q(pk__in=found) | Q(pk__in=mended)
        | Q(pk__in=answered) | Q(pk__in=done) | Q(pk__in=shown.values("report__reporter")) | Q(pk__in=named)
    ).order_by("pk")  # fmt: skip
