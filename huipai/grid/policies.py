"""Who may change the grid. System administrators everywhere; coordinators in their own communities."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.grid import queries
from huipai.grid.models import GridNode
from huipai.grid.words import COMMUNITY_ROLES
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.models import Person
from huipai.people.rules import local_date, may_be_under_age
from huipai.people.words import ADMIN_ROLES, Role

_DESK = {
    Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.DISPATCHER, Role.LEADER, Role.COORDINATOR,
    Role.GRID_WORKER,
}  # fmt: skip


def may_enter_desk(person: Person, at: datetime) -> Verdict:
    """May this person look at the desk of the grid at all?"""
    if any(assignment.role in _DESK for assignment in queries.roles_of(person, at)):
        return YES
    return no("not_at_the_desk", _("这一页由网格的工作人员用"))


def may_keep_tree(person: Person, at: datetime) -> Verdict:
    """May this person change the whole tree: import it, draw it, split it?"""
    if queries.has_role(person, Role.SYSTEM_ADMIN, at):
        return YES
    return no("not_keeper_of_tree", _("网格树由系统管理员维护"))


def may_keep_node(person: Person, node: GridNode, at: datetime) -> Verdict:
    """May this person add, rename or close what stands in `node`?"""
    if may_keep_tree(person, at) or queries.has_role(person, Role.COORDINATOR, at, node):
        return YES
    return no("not_keeper_of_node", _("这里由系统管理员或本社区协调员维护"))


def may_house(actor: Person, household: GridNode, at: datetime) -> Verdict:
    """May this person note who lives in `household`? Whoever keeps that place, its worker, and for those who are
    employed the security administrator; whom they may serve is the counter's question."""
    if may_keep_node(actor, household, at) or queries.has_role(actor, Role.GRID_WORKER, at, household):
        return YES
    if queries.has_role(actor, Role.SECURITY_ADMIN, at):
        return YES
    return no("not_keeper_of_homes", _("这一户由本社区协调员或本网格的网格员登记"))


def may_leave_home(person: Person, at: datetime) -> Verdict:
    """May somebody say on a page that they have moved out? Whoever has a post is kept apart by where they live."""
    if may_be_under_age(person.born_by, local_date(at)):
        return no("home_of_a_child", _("孩子搬家由大人带到社区窗口登记"))
    if queries.roles_of(person, at):
        return no("home_of_a_post", _("您在街道有任务在身，搬家请到社区窗口登记"))
    return YES


def may_assign(person: Person, role: Role, node: GridNode | None, to: Person, at: datetime) -> Verdict:
    """May this person give `role` for `node` (None: for a unit) to somebody, or take it back?

    Nobody gives himself a role. The three admin roles are given by the security administrator, who keeps the accounts;
    all others by the system administrator, and those of a community by its coordinator.
    """
    if person.pk == to.pk:
        return no("not_oneself", _("不能给自己派任务，请另一位管理员来办"))
    if role in ADMIN_ROLES:
        if queries.has_role(person, Role.SECURITY_ADMIN, at):
            return YES
        return no("not_security_admin", _("三类管理员由安全管理员指派"))
    if queries.has_role(person, Role.SYSTEM_ADMIN, at):
        return YES
    if node is not None and role in COMMUNITY_ROLES and queries.has_role(person, Role.COORDINATOR, at, node):
        return YES
    return no("not_assigner", _("这个角色由系统管理员指派"))


def may_assign_at_all(person: Person, node: GridNode | None, at: datetime) -> bool:
    """Whether there is any role that this person may give for `node`: whether to show the way there."""
    if any(queries.has_role(person, role, at) for role in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)):
        return True
    return node is not None and queries.has_role(person, Role.COORDINATOR, at, node)


def may_serve_at_counter(actor: Person, person: Person | None, at: datetime) -> Verdict:
    """May this actor serve at a counter, and there this person? (None: anybody at all.)

    Coordinators serve every resident, grid workers those who live in their grids. Whoever is employed anywhere has an
    account that opens more than his own things: only the security administrator touches it.
    """
    if queries.has_role(actor, Role.SECURITY_ADMIN, at):
        return YES
    if person is not None and _is_employed(person):
        return no("counter_of_staff", _("工作人员的账号由安全管理员来办"))
    if queries.has_role(actor, Role.COORDINATOR, at):
        return YES
    areas = queries.areas_of(actor, Role.GRID_WORKER, at)
    if not areas:
        return no("not_at_the_counter", _("这一步由窗口的工作人员来办"))
    home = queries.household_of(person, at) if person is not None else None
    if person is None or (home is not None and any(home.path.startswith(area) for area in areas)):
        return YES
    return no("counter_of_another_grid", _("这位没有登记住在您的网格里，请到社区窗口来办"))


def _is_employed(person: Person) -> bool:
    return person.is_staff or (person.account is not None and person.account.is_staff)


def may_record_absence(person: Person, of: Person, at: datetime) -> Verdict:
    """May this person say that somebody is away? One says so oneself, or an administrator or one's coordinator does."""
    if person.pk == of.pk or queries.has_role(person, Role.SYSTEM_ADMIN, at):
        return YES
    mine = queries.nodes_of(person, Role.COORDINATOR, at)
    theirs = [held.node for held in queries.roles_of(of, at) if held.person_id == of.pk and held.node is not None]
    if any(node.is_in(own) for node in theirs for own in mine):
        return YES
    return no("not_over_them", _("只能登记自己或本社区工作人员的请假"))


def may_see_staff(person: Person, at: datetime) -> Verdict:
    """May this person look at the list of those who work here, and at how they come in?"""
    if any(held.role in ADMIN_ROLES for held in queries.roles_of(person, at)):
        return YES
    return no("not_an_admin", _("人员名单由三类管理员来看"))


def may_keep_staff(person: Person, at: datetime) -> Verdict:
    """May this person employ somebody, or end that?"""
    if queries.has_role(person, Role.SYSTEM_ADMIN, at):
        return YES
    return no("not_keeper_of_staff", _("工作人员由系统管理员登记和注销"))


def may_let_go(person: Person, of: Person, at: datetime) -> Verdict:
    """May this person end somebody's employment? Not one's own, and not an administrator's while they are one."""
    if person.pk == of.pk:
        return no("not_oneself", _("自己的离职请另一位管理员来办"))
    if any(held.role in ADMIN_ROLES and held.person_id == of.pk for held in queries.roles_of(of, at)):
        return no("still_an_admin", _("他还是管理员，请安全管理员先结束这个角色"))
    return YES


def may_keep_access(person: Person, at: datetime) -> Verdict:
    """May this person reset a password, take off a second factor, unlock?"""
    if queries.has_role(person, Role.SECURITY_ADMIN, at):
        return YES
    return no("not_security_admin", _("密码和动态口令由安全管理员来管"))


def may_change_access(person: Person, of: Person) -> Verdict:
    """Nobody opens a door for himself."""
    if person.pk == of.pk:
        return no("not_oneself", _("自己的登录请另一位管理员来办"))
    return YES


def may_keep_texts(person: Person, at: datetime) -> Verdict:
    """May this person publish what residents are asked to agree to?"""
    if queries.has_role(person, Role.SECURITY_ADMIN, at):
        return YES
    return no("not_keeper_of_texts", _("告知文本由安全管理员发布"))
