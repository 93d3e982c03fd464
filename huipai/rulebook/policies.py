"""Who may propose, admit, write, try out, approve and publish, and decide objections."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from huipai.grid import queries as grid
from huipai.grid.models import Unit
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.rulebook import queries
from huipai.rulebook.models import Proposal, Remark, RulebookVersion

_DESK = (Role.RULEBOOK_EDITOR, Role.BOARD_MEMBER, Role.UNIT_LEAD, Role.AUDITOR)


def may_enter_desk(person: Person, at: datetime) -> Verdict:
    if any(held.role in _DESK for held in grid.roles_of(person, at)):
        return YES
    return no("rulebook_not_at_desk", _("这里是写条目、提条目、审条目的人用的"))


def may_write(person: Person, at: datetime) -> Verdict:
    if grid.has_role(person, Role.RULEBOOK_EDITOR, at):
        return YES
    return no("rulebook_not_editor", _("计分条目由条目编辑来写"))


def may_read_draft(person: Person, at: datetime) -> Verdict:
    """A draft before it is laid open is read by those who write and decide."""
    if any(grid.has_role(person, role, at) for role in (Role.RULEBOOK_EDITOR, Role.BOARD_MEMBER, Role.AUDITOR)):
        return YES
    return no("rulebook_draft_is_closed", _("草稿公开征求意见以后，大家都能看"))


def may_try_out(person: Person, at: datetime) -> Verdict:
    if any(grid.has_role(person, role, at) for role in (Role.RULEBOOK_EDITOR, Role.BOARD_MEMBER)):
        return YES
    return no("rulebook_not_trying_out", _("试算由条目编辑和审议组来做"))


def may_approve(person: Person, version: RulebookVersion, at: datetime) -> Verdict:
    if person.id in queries.writers(version):
        return no("rulebook_own_draft", _("自己起草、自己改过的，不能由自己同意"))
    # A vote is personal: with a deputy's one seat would be two of the two that are needed (ruling 21).
    if grid.holders(Role.BOARD_MEMBER, at).filter(person=person).exists():
        return _is_of_another_home(person, version, at)
    if grid.has_role(person, Role.BOARD_MEMBER, at):
        return no("rulebook_vote_is_personal", _("表态要审议组成员本人来，代班的不能代"))
    return no("rulebook_not_on_board", _("只有审议组成员可以表态"))


def _is_of_another_home(person: Person, version: RulebookVersion, at: datetime) -> Verdict:
    """Two of one home are not two: neither with an author nor with whoever has agreed to this content."""
    near = grid.near_to([person.id], at)
    if near & queries.writers(version):
        return no("rulebook_authors_home", _("起草、改过的人里有您的家人或同住的人，请别家的成员来表态"))
    if near & (queries.agreed(version, queries.content_hash(version.id), at) - {person.id}):
        return no("rulebook_two_of_one_home", _("同意过的一位是您的家人或同住的人，两票要来自两家，请别家的成员来表态"))
    return YES


def may_propose(person: Person, unit: Unit, at: datetime) -> Verdict:
    for held in grid.roles_of(person, at):
        if held.role == Role.UNIT_LEAD and held.unit_id == unit.pk and unit.is_active:
            return YES
    return no("rulebook_not_unit_lead", _("条目由单位负责人代表单位来提"))


def may_review(person: Person, proposal: Proposal, at: datetime) -> Verdict:
    """Admission is decided by the board, and by nobody of the department that asks, who has ever written its words, or
    of their homes."""
    if not grid.has_role(person, Role.BOARD_MEMBER, at):
        return no("rulebook_not_on_board", _("只有审议组成员可以表态"))
    proposers = queries.proposers(proposal)
    if person.id in proposers or any(unit.pk == proposal.unit_id for unit in grid.units_of(person, at)):
        return no("rulebook_own_unit", _("自己单位提的，不能由自己审"))
    return _is_no_side(person, proposers, at)


def may_decide_objection(person: Person, remark: Remark, at: datetime) -> Verdict:
    if not grid.has_role(person, Role.BOARD_MEMBER, at):
        return no("rulebook_not_on_board", _("只有审议组成员可以表态"))
    sides = {remark.person_id, *queries.writers(remark.version)}
    if person.id in sides:
        return no("rulebook_own_objection", _("自己起草、自己改过的，自己提的，要由别人来定"))
    return _is_no_side(person, sides, at)


def _is_no_side(person: Person, sides: Collection[UUID], at: datetime) -> Verdict:
    """Whether who decides is of another home than all of these; if not, whether anybody of the board is."""
    near = grid.near_to(sides, at)
    if person.id not in near:
        return YES
    if grid.holders(Role.BOARD_MEMBER, at).exclude(person__in=near).exists():
        return no("rulebook_near_a_side", _("提的人或起草、改过的人是您的家人或同住的人，请别家的成员来定"))
    return no(
        "rulebook_board_of_one_home",
        _("审议组的成员都和提的人或起草、改过的人是一家，没有人能定，请系统管理员补上别家的成员"),
    )
