"""What comes into force by itself when its time has come."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from shapely.geometry import shape

from huipai.grid.commands.duty import tell_of_end
from huipai.grid.commands.telling import tell_of_absence
from huipai.grid.commands.tree import move_node
from huipai.grid.models import Absence, Assignment, GridNode
from huipai.grid.rules.plane import nearest_of
from huipai.grid.words import Fact, Level


@transaction.atomic
def take_effect(*, now: datetime) -> int:
    """Tell the journal of every end and absence whose time has come, and move buildings out of split micro-grids.

    Safe to run at any time, twice, and side by side: each row is taken once. The number of rows taken.
    """
    return _tell_ends(now) + _tell_absences(now) + rehouse(now=now)


def _tell_ends(now: datetime) -> int:
    due = Assignment.objects.filter(valid_until__lte=now, end_told_at=None).order_by("pk")
    ended = list(due.select_for_update(of=("self",), skip_locked=True, no_key=True))
    for assignment in ended:
        tell_of_end(assignment, None, now)
    Assignment.objects.filter(pk__in=[assignment.pk for assignment in ended]).update(end_told_at=now)
    return len(ended)


def _tell_absences(now: datetime) -> int:
    begun = Absence.objects.filter(valid_from__lte=now, begin_told_at=None).order_by("pk")
    away = list(begun.select_for_update(of=("self",), skip_locked=True, no_key=True))
    for absence in away:
        tell_of_absence(Fact.ABSENCE_BEGAN, absence, None, now)
    Absence.objects.filter(pk__in=[absence.pk for absence in away]).update(begin_told_at=now)
    over = Absence.objects.filter(valid_until__lte=now, end_told_at=None).order_by("pk")
    back = list(over.select_for_update(of=("self",), skip_locked=True, no_key=True))
    for absence in back:
        tell_of_absence(Fact.ABSENCE_ENDED, absence, None, now)
    Absence.objects.filter(pk__in=[absence.pk for absence in back]).update(end_told_at=now)
    return len(away) + len(back)


def rehouse(*, now: datetime) -> int:
    """Move what still stands in a micro-grid that was split into the part that holds it, or the nearest.

    The part is one that is valid now: where a part was split again meanwhile, one of its parts.
    """
    standing = Q(valid_until=None) | Q(valid_until__gt=now)
    left = GridNode.objects.filter(standing, parent__level=Level.MICRO_GRID, parent__valid_until__lte=now)
    stranded = list(left.select_for_update(of=("self",), skip_locked=True, no_key=True).order_by("code"))
    parts = {parent_id: _parts_of(parent_id, now) for parent_id in {node.parent_id for node in stranded}}
    moved = 0
    for node in stranded:
        choices = parts[node.parent_id]
        if choices:
            areas = [shape(choice.boundary) if choice.boundary else None for choice in choices]
            move_node(node, choices[nearest_of(areas, node.point)], now=now)
            moved += 1
    return moved


def _parts_of(split_id: UUID | None, now: datetime) -> list[GridNode]:
    """What a micro-grid has become by now, however often it was split."""
    found: list[GridNode] = []
    waiting = [split_id]
    while waiting:
        parts = list(GridNode.objects.filter(succeeds__in=waiting, valid_from__lte=now).order_by("code"))
        found += [part for part in parts if part.is_valid(now)]
        waiting = [part.pk for part in parts if not part.is_valid(now)]
    return found
