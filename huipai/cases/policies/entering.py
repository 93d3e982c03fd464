"""Who may open which part of the desk, and look for cases and people."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.cases import queries
from huipai.cases.export_words import TableKind
from huipai.cases.models import Export, TypePayment
from huipai.cases.policies import is_worker
from huipai.cases.queries import hub
from huipai.grid import queries as grid
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points import queries as points


def may_enter_desk(person: Person, at: datetime) -> Verdict:
    """May this person look over the queue of whole communities?"""
    if any(grid.has_role(person, role, at) for role in (Role.COORDINATOR, Role.DISPATCHER)):
        return YES
    return no("not_at_the_desk", _("这一页由社区协调员和分拨员用"))


def may_enter_releasing(person: Person, at: datetime) -> Verdict:
    """May this person look at the photos of some place before neighbours see them?"""
    if any(grid.has_role(person, role, at) for role in (Role.GRID_WORKER, Role.COORDINATOR)):
        return YES
    return no("not_a_looker", _("这一页由网格员和社区协调员用"))


def may_name_callers(person: Person, at: datetime) -> Verdict:
    """May this person take a report down for somebody who has no account? Who serves every resident, at a window."""
    if any(grid.has_role(person, role, at) for role in (Role.COORDINATOR, Role.SECURITY_ADMIN)):
        return YES
    reason = _("没有账号的人由社区窗口登记。网格员登记要填本人的手机号，而且本人登记住在您的网格里")
    return no("caller_without_account", reason)


def may_enter_deeds(person: Person, at: datetime) -> Verdict:
    """May this person verify what neighbours tell of each other?"""
    if grid.has_role(person, Role.COORDINATOR, at):
        return YES
    return no("not_the_coordinator", _("这一页由社区协调员用"))


def may_see_types(person: Person, at: datetime) -> Verdict:
    """May this person read how the street has set up its kinds of cases? Whoever works with them, and the auditor."""
    readers = {Role.SYSTEM_ADMIN, Role.DISPATCHER, Role.COORDINATOR, Role.AUDITOR, Role.LEADER}
    if any(held.role in readers for held in grid.roles_of(person, at)):
        return YES
    return no("not_a_reader_of_types", _("案件类别由联动中心、社区和系统管理员来看"))


def may_keep_types(person: Person, at: datetime) -> Verdict:
    """May this person say what the street takes on, and by when?"""
    if grid.has_role(person, Role.SYSTEM_ADMIN, at):
        return YES
    return no("not_keeper_of_types", _("案件类别由系统管理员来改"))


def may_decide_on_payment(person: Person, proposed_by: Person, at: datetime) -> Verdict:
    """May this person agree to the item that another wants a kind of case to pay?"""
    if person.id == proposed_by.id:
        return no("own_type_payment", _("自己提的积分条目，要由另一位来定"))
    if points.is_tied(person, proposed_by, at):
        return no("type_payment_of_one_home", _("提出的人和您同住、同组，或者您已申明回避，由别人来定"))
    if any(grid.has_role(person, role, at) for role in (Role.LEADER, Role.SYSTEM_ADMIN)):
        return YES
    return no("not_deciding_on_payment", _("积分条目由街道负责人或另一位系统管理员来定"))


def may_withdraw_payment(person: Person, payment: TypePayment) -> Verdict:
    """May this person take back what was asked and not decided? Only who asked."""
    if person.id == payment.proposed_by_id:
        return YES
    return no("not_own_type_payment", _("谁提的谁来撤回"))


def may_search(person: Person, at: datetime) -> Verdict:
    """May this person look through the cases of some part of the grid?"""
    if any(held.role in queries.ROLES_WITH_A_VIEW for held in grid.roles_of(person, at)):
        return YES
    return no("nothing_to_search", _("这一页由网格和街道的工作人员用"))


def may_look_up(person: Person, at: datetime) -> Verdict:
    """May this person find cases by who reported them, with a reason? Of which cases `may_unmask` says."""
    looks_after = any(grid.has_role(person, role, at) for role in (Role.COORDINATOR, Role.DISPATCHER, Role.LEADER))
    if looks_after and not is_worker(person, at) and not grid.units_of(person, at):
        return YES
    return no("not_yours_to_unmask", _("上报人只有社区协调员、联动中心和街道负责人写明原因才能看"))


def may_enter_orders(person: Person, at: datetime) -> Verdict:
    """May this person look at a unit's orders?"""
    if grid.units_of(person, at):
        return YES
    return no("not_at_a_unit", _("这一页由处置单位的经办人用"))


def may_fetch(export: Export, at: datetime) -> Verdict:
    """May whoever asked for a table have it now? Only while they still look over all that they looked over then."""
    person, then = export.person, export.asked_at
    if export.kind == TableKind.ORDERS:
        verdict = may_enter_orders(person, at)
        # Now first: what a page was told of an instant it takes for good for the moments behind it.
        now, before = ({unit.pk for unit in grid.units_of(person, when)} for when in (at, then))
        still = bool(before) and before <= now
    else:
        verdict, still = may_enter_desk(person, at), _covers(hub.areas_of(person, at), hub.areas_of(person, then))
    if not verdict or still:
        return verdict
    return no("table_of_another_place", _("这张表是按您原来管的范围导的，现在管的不一样了，重新导一张"))


def _covers(now: list[str] | None, then: list[str] | None) -> bool:
    if now is None or then is None:
        return now is None
    return bool(then) and all(any(path.startswith(area) for area in now) for path in then)


def may_enter_joint(person: Person, at: datetime) -> Verdict:
    """May this person look at joint tasks: of their communities, or to which their unit is called?"""
    if may_enter_desk(person, at) or grid.units_of(person, at):
        return YES
    return no("not_in_joint_tasks", _("这一页由社区、联动中心和被叫到的单位用"))


def may_open_wall(person: Person, at: datetime) -> Verdict:
    """May this person look at the whole street at once: the hub, and who leads the street?"""
    if any(grid.has_role(person, role, at) for role in (Role.DISPATCHER, Role.LEADER)):
        return YES
    return no("not_at_the_wall", _("大屏由联动中心和街道负责人打开"))


def may_keep_walls(person: Person, at: datetime) -> Verdict:
    """May this person give a screen a link, or take it back?"""
    if grid.has_role(person, Role.SYSTEM_ADMIN, at):
        return YES
    return no("not_the_system_admin", _("大屏的链接由系统管理员来管"))
