"""Public copies that wait for somebody to look at them, those that are shown, and those that are kept back."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from huipai.cases.models import Case, CasePhoto, KeptBack
from huipai.cases.queries import own_reports, within
from huipai.cases.words import Moment, State
from huipai.grid import queries as grid
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.photos.words import State as PhotoState

# Whoever looks after a place looks at its photos too.
LOOKERS = (Role.GRID_WORKER, Role.COORDINATOR)
_GONE = (State.DECLINED, State.NOT_FILED, State.MERGED, State.VOIDED)


def _looked_after(person: Person, at: datetime) -> QuerySet[CasePhoto]:
    """Photos of public cases in this person's places; never of what the person reported, nor of what stays private."""
    acting = [held.node for held in grid.roles_of(person, at) if held.role in LOOKERS]
    cases = Case.objects.filter(within([node for node in acting if node]), is_public=True).exclude(state__in=_GONE)
    return (
        CasePhoto.objects.filter(case__in=cases.exclude(own_reports(person)), moment__in=(Moment.BEFORE, Moment.AFTER))
        .filter(photo__state=PhotoState.READY, photo__erased_at=None)
        .exclude(report__is_kept_private=True)
        .select_related("photo", "case__case_type", "case__node")
    )


def waiting_for(person: Person, at: datetime) -> QuerySet[CasePhoto]:
    """What nobody has looked at yet, the oldest first."""
    held = Exists(KeptBack.objects.filter(photo=OuterRef("photo")))
    return _looked_after(person, at).filter(photo__released_at=None).exclude(held).order_by("id")


def shown_by_place(person: Person, at: datetime) -> QuerySet[CasePhoto]:
    """What neighbours see now, the latest release first."""
    return _looked_after(person, at).filter(photo__released_at__isnull=False).order_by("-photo__released_at", "-id")


def kept_back(person: Person, at: datetime) -> QuerySet[CasePhoto]:
    """What somebody has kept inside, with the reason as `kept_reason`."""
    held = KeptBack.objects.filter(photo=OuterRef("photo"))
    return (
        _looked_after(person, at).filter(Exists(held)).annotate(kept_reason=held.values("reason")[:1]).order_by("-id")
    )


def may_look(person: Person, at: datetime) -> bool:
    """Whether somebody has a place whose photos they look at."""
    return any(held.role in LOOKERS for held in grid.roles_of(person, at))
