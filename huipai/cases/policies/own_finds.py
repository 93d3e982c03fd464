"""Who may record what they found themselves, and who may read such records."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.cases.queries import own_finds
from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role


def may_record(person: Person, node: GridNode, at: datetime) -> Verdict:
    """May this person record a find here? A worker of the place; what lies elsewhere is reported like by anybody."""
    if grid.has_role(person, Role.GRID_WORKER, at, node=node):
        return YES
    return no("find_elsewhere", _("这里不在您的网格里，请用“上报”报给那边的网格员"))


def may_enter(person: Person, at: datetime) -> Verdict:
    """May this person look through such records of some place?"""
    if any(held.role in own_finds.READERS for held in grid.roles_of(person, at)):
        return YES
    return no("not_reading_finds", _("这一页由网格员、社区和联动中心看"))
