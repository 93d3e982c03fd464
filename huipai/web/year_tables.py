"""Bringing in a table of working days: the calendar stands below people and cannot ask who is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.grid import queries as grid
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.workdays import commands
from huipai.workdays.commands import Imported
from huipai.workdays.words import Special


def may_keep_calendar(person: Person, at: datetime) -> Verdict:
    """May this person say which days are worked?"""
    if grid.has_role(person, Role.SYSTEM_ADMIN, at):
        return YES
    return no("not_keeper_of_calendar", _("工作日由系统管理员来导入"))


def bring_in(*, year: int, source: str, specials: Sequence[Special], actor: Person, now: datetime) -> Imported:
    """Put a table in force for everybody on this installation, by somebody who may."""
    may_keep_calendar(actor, now).require()
    return commands.import_year(year=year, source=source, specials=specials, imported_by=actor.id, now=now)
