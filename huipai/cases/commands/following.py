"""Neighbours along: following a public case, leaving it, and saying that it is still there."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import stepping
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Check, Follow, Sighting
from huipai.cases.queries import neighbours
from huipai.cases.words import DAYS_TO_SAY_STILL_THERE
from huipai.journal import commands as journal
from huipai.kit.verdict import Moved, NotVisible
from huipai.people.models import Person

_CHINA = ZoneInfo("Asia/Shanghai")


class TooLate(Moved):
    code = "too_late_to_say"
    default_reason = _("这件事办结很久了，还在的话再拍一张报给我们")


@transaction.atomic
def follow(*, code: str, person: Person, now: datetime) -> Case:
    """Hear each step of a public case from now on; twice is once. Never beside a draw that makes them its checker."""
    case = stepping.locked(_shown(code).id)
    if not neighbours.is_shown(case.id):  # looked at again, now that it is held
        raise NotVisible
    policies.may_follow(person, case).require()
    _row, is_new = Follow.objects.get_or_create(case=case, person=person, defaults={"followed_at": now})
    if is_new:
        journal.record(what=Fact.FOLLOWED, subject=case.subject, actor_id=person.id, now=now)
    return case


@transaction.atomic
def unfollow(*, code: str, person: Person, now: datetime) -> Case:
    """Hear no more of it; also of a case that is not shown any more. Twice is once."""
    case = Case.objects.filter(code=code).first()
    if case is None:
        raise NotVisible
    removed, _kinds = Follow.objects.filter(case=case, person=person).delete()
    if removed:
        journal.record(what=Fact.UNFOLLOWED, subject=case.subject, actor_id=person.id, now=now)
    elif not neighbours.is_shown(case.id):
        raise NotVisible
    return case


@transaction.atomic
def say_still_there(*, code: str, person: Person, now: datetime) -> Case:
    """A follower has seen that it is still there: a hint for staff, once a day, and no step of the case."""
    case = _shown(code)
    policies.may_say_still_there(person, case).require()
    if case.ended_at is not None and now - case.ended_at > timedelta(days=DAYS_TO_SAY_STILL_THERE):
        raise TooLate
    note_sighting(case, person, now)
    return case


def note_sighting(case: Case, person: Person, now: datetime) -> None:
    """Somebody has seen that it is still there, once a day."""
    day = now.astimezone(_CHINA).date()
    _row, is_new = Sighting.objects.get_or_create(case=case, person=person, seen_date=day, defaults={"seen_at": now})
    if is_new:
        journal.record(what=Fact.STILL_THERE, subject=case.subject, actor_id=person.id, now=now)


def go_along(case: Case, into: Case) -> None:
    """Who followed a case that was merged away follows the one that goes on, once, and where neighbours may see it.

    Not who was drawn to check that one: a checker follows nothing that is theirs to check (ruling 9).
    """
    if into.is_public:
        there = Follow.objects.filter(case=into).values("person")
        drawn = Check.objects.filter(case=into).values("checker")
        Follow.objects.filter(case=case).exclude(person__in=there).exclude(person__in=drawn).update(case=into)
    Follow.objects.filter(case=case).delete()


def _shown(code: str) -> Case:
    case = neighbours.shown_case(code)
    if case is None:
        raise NotVisible
    return case
