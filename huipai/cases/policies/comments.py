"""Who may comment, who reads comments before they show, who turns them on."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.models import Case, Comment
from huipai.cases.policies import joint
from huipai.cases.queries import involved
from huipai.grid import queries as grid
from huipai.grid.models import GridNode
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role


def may_comment(person: Person, case: Case) -> Verdict:
    """May this person speak as a neighbour? Not who handles or checks it: they answer in their own part."""
    if policies.has_checked(person, case):
        return no("own_check", _("您去核查的事，不在这里留言"))
    if person.id in involved.in_the_hands_of(case):
        return no("own_work", _("您经手办的事，用“告诉上报人一句”来说"))
    return YES


def may_enter(person: Person, at: datetime) -> Verdict:
    """May this person read comments before neighbours do? Coordinators of communities."""
    if grid.has_role(person, Role.COORDINATOR, at):
        return YES
    return no("not_the_coordinator", _("这一页由社区协调员用"))


def may_open(person: Person, node: GridNode, at: datetime) -> Verdict:
    """May this person let the neighbours of a community comment, or stop it? Its coordinator."""
    if grid.has_role(person, Role.COORDINATOR, at, node=node):
        return YES
    return no("not_the_coordinator_here", _("邻居留言由当地社区的协调员打开和关掉"))


def may_decide(person: Person, comment: Comment, at: datetime) -> Verdict:
    """May this person say whether a comment shows? The coordinator of its place, who neither wrote nor reported."""
    if comment.author_id == person.id:
        return no("own_comment", _("自己写的留言，要请另一位来看"))
    if policies.has_reported(person, comment.case):
        return no("own_report", _("自己报的事要由别人来办"))
    if joint.coordinates(person, comment.case, at):
        return YES
    return no("not_the_coordinator_here", _("留言由当地社区的协调员来看"))
