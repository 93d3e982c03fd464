"""A neighbour's thank-you: once a person, can be taken back, and feeds nothing else."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from huipai.cases.models import Like, Shown
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person


@transaction.atomic
def like(*, thing: UUID, actor: Person, now: datetime) -> None:
    """Thank for something public; twice is once. What is not shown does not exist."""
    if not Shown.objects.filter(pk=thing).exists():
        raise NotVisible
    Like.objects.bulk_create([Like(thing=thing, person=actor, liked_at=now)], ignore_conflicts=True)


@transaction.atomic
def take_back(*, thing: UUID, actor: Person) -> None:
    """Take one's thank-you back; twice is once."""
    Like.objects.filter(thing=thing, person=actor).delete()
