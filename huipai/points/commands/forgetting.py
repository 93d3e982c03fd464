"""Somebody is forgotten (ruling 26): what they wrote and showed for points goes; ids, codes and points stay."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from huipai.people.models import Person
from huipai.people.words import WIPED
from huipai.photos import commands as photos
from huipai.photos.models import Photo
from huipai.photos.words import ErasingReason
from huipai.points import queries
from huipai.points.commands.claims import stepping
from huipai.points.models import Appeal, Claim, Contest, Correction, Evidence, Objection
from huipai.points.rules.claiming import UNPAID


@transaction.atomic
def forget(*, person: Person, now: datetime) -> None:
    """Take back what is not paid yet, wipe every word and erase every picture of their claims. Twice is once.

    What is objected to is taken back when that is decided, if it is not paid by then. What is held keeps its words and
    pictures until it is not; a job asks every night.
    """
    everything = Claim.objects.filter(claimant=person)
    # Whoever is just holding one of them back is waited for.
    list(everything.select_for_update(no_key=True).order_by("id").values_list("id"))
    for claim_id in everything.filter(state__in=UNPAID).order_by("id").values_list("id", flat=True):
        stepping.take_back_forgotten(stepping.locked(claim_id), now)
    theirs = everything.exclude(pk__in=queries.held_claims(now).values("pk"))
    theirs.exclude(note="").update(note="")
    Appeal.objects.filter(claim__in=theirs.values("pk")).exclude(text=WIPED).update(text=WIPED)
    _objections(now).filter(objector=person).update(text=WIPED)
    free = _corrections(now)
    free.filter(person=person).exclude(note=WIPED).update(note=WIPED)
    said = free.filter(Q(person=person) | Q(appealed_by=person))
    said.exclude(appeal__in=("", WIPED)).update(appeal=WIPED)
    free_claims = Claim.objects.exclude(pk__in=queries.held_claims(now).values("pk"))
    Contest.objects.filter(claimant=person, claim__in=free_claims.values("pk")).exclude(text=WIPED).update(text=WIPED)
    shown = Evidence.objects.filter(claim__in=theirs.values("pk"), photo__isnull=False).values("photo")
    for photo in Photo.objects.kept().filter(pk__in=shown).order_by("pk"):
        photos.erase(photo=photo, by=person, reason=ErasingReason.REQUEST, now=now)
    photos.forget_likenesses_of(person)


def left_behind(at: datetime) -> QuerySet[Person]:
    """People who have been forgotten and whose words or pictures still lie on claims that nobody holds any more."""
    free = Claim.objects.exclude(pk__in=queries.held_claims(at).values("pk"))
    shown = Evidence.objects.filter(claim__in=free.values("pk"), photo__erased_at=None, photo__isnull=False)
    noted = free.exclude(note="").values("claimant")
    appealed = Appeal.objects.filter(claim__in=free.values("pk")).exclude(text=WIPED).values("claim__claimant")
    contested = Contest.objects.filter(claim__in=free.values("pk")).exclude(text=WIPED).values("claimant")
    asked_back = _corrections(at).exclude(note=WIPED).values("person")
    answered = _corrections(at).exclude(appeal__in=("", WIPED)).values("appealed_by")
    gone = Person.objects.filter(erased_at__isnull=False)
    return gone.filter(
        Q(pk__in=noted) | Q(pk__in=shown.values("claim__claimant")) | Q(pk__in=appealed) | Q(pk__in=contested)
        | Q(pk__in=asked_back) | Q(pk__in=answered) | Q(pk__in=_objections(at).values("objector"))
    ).order_by("pk")  # fmt: skip


def _objections(at: datetime) -> QuerySet[Objection]:
    """Objections with words that are held by nobody."""
    return Objection.objects.exclude(text__in=("", WIPED)).exclude(claim__in=queries.held_claims(at).values("pk"))


def _corrections(at: datetime) -> QuerySet[Correction]:
    """What was asked back, except of points that a held claim brought."""
    brought = queries.held_claims(at).filter(posting__isnull=False)
    return Correction.objects.exclude(posting__in=brought.values("posting"))
