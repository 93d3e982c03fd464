"""Somebody is forgotten (ruling 26): what they wrote and showed for points goes; ids, codes and points stay."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from huipai.people.models import Person
from huipai.people.words import WIPED
from huipai.photos import commands as photos
from huipai.photos.models import Photo
from huipai.photos.words import ErasingReason
from huipai.points.commands.claims import stepping
from huipai.points.models import Appeal, Claim, Contest, Correction, Evidence, Objection
from huipai.points.rules.claiming import UNPAID


@transaction.atomic
def forget(*, person: Person, now: datetime) -> None:
    """Take back what is not paid yet, wipe every word and erase every picture of their claims. Twice is once.

    What is objected to is taken back when that is decided, if it is not paid by then.
    """
    theirs = Claim.objects.filter(claimant=person)
    for claim_id in theirs.filter(state__in=UNPAID).order_by("id").values_list("id", flat=True):
        stepping.take_back_forgotten(stepping.locked(claim_id), now)
    theirs.exclude(note="").update(note="")
    Appeal.objects.filter(claim__in=theirs.values("pk")).exclude(text=WIPED).update(text=WIPED)
    Objection.objects.filter(objector=person).exclude(text__in=("", WIPED)).update(text=WIPED)
    Correction.objects.filter(person=person).exclude(note=WIPED).update(note=WIPED)
    said = Correction.objects.filter(Q(person=person) | Q(appealed_by=person))
    said.exclude(appeal__in=("", WIPED)).update(appeal=WIPED)
    Contest.objects.filter(claimant=person).exclude(text=WIPED).update(text=WIPED)
    shown = Evidence.objects.filter(claim__in=theirs.values("pk"), photo__isnull=False).values("photo")
    for photo in Photo.objects.kept().filter(pk__in=shown).order_by("pk"):
        photos.erase(photo=photo, by=person, reason=ErasingReason.REQUEST, now=now)
    photos.forget_likenesses_of(person)
