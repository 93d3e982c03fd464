"""Who may whistle for other units, come when called, and judge how they came."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from huipai.cases.models import Case, JointTask
from huipai.cases.policies import has_checked, has_reported, may_have_in_hand
from huipai.cases.queries import involved
from huipai.cases.words import Actor
from huipai.grid import queries as grid
from huipai.kit.verdict import YES, NotVisible, Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role


def coordinates(person: Person, case: Case, at: datetime) -> bool:
    return grid.has_role(person, Role.COORDINATOR, at, node=case.node)


def may_whistle(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person call units together on the case? A coordinator of its place who has no other part in it."""
    if not coordinates(person, case, at):
        return no("not_the_coordinator_here", _("吹哨由当地社区的协调员来做"))
    if has_reported(person, case):
        return no("own_report", _("自己报的事要由别人来办"))
    if has_checked(person, case):
        return no("own_check", _("自己去核查的事要由别人来办"))
    return YES


def part_in_joint(person: Person, task: JointTask, at: datetime) -> Actor:
    """In which part somebody looks after a joint task; it does not exist for who has none."""
    for role, part in ((Role.COORDINATOR, Actor.COORDINATOR), (Role.DISPATCHER, Actor.DISPATCHER)):
        if grid.has_role(person, role, at, node=task.node):
            _no_other_part(person, task).require()
            return part
    raise NotVisible


def may_rate(person: Person, unit_ids: Collection[UUID], at: datetime) -> Verdict:
    """May this person say how these units came? Not of one that they act for themselves."""
    if any(unit.pk in unit_ids for unit in grid.units_of(person, at)):
        return no("own_unit_rated", _("您也是其中一家单位的人，请另一位协调员来评"))
    return YES


def may_muster(person: Person, task: JointTask, at: datetime) -> Verdict:
    """May this person come for a unit? Who comes is a handler of each of its cases."""
    verdicts = (may_have_in_hand(person, case) for case in Case.objects.filter(joint__task=task).order_by("id"))
    return next((verdict for verdict in verdicts if not verdict), YES)


def _no_other_part(person: Person, task: JointTask) -> Verdict:
    matters = involved.in_cases(Case.objects.filter(joint__task=task)).values()
    if any(person.id in matter.reporters for matter in matters):
        return no("own_report", _("自己报的事要由别人来办"))
    if any(person.id in matter.checkers for matter in matters):
        return no("own_check", _("自己去核查的事要由别人来办"))
    return YES
