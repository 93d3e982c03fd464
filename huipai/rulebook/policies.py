"""Who may write, approve and publish the rulebook."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.grid import queries as grid
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.rulebook.models import RulebookVersion


def may_write(person: Person, at: datetime) -> Verdict:
    if grid.has_role(person, Role.RULEBOOK_EDITOR, at):
        return YES
    return no("rulebook_not_editor", _("计分条目由条目编辑来写"))


def may_approve(person: Person, version: RulebookVersion, at: datetime) -> Verdict:
    if version.author_id == person.id:
        return no("rulebook_own_draft", _("自己起草的，不能由自己同意"))
    if grid.has_role(person, Role.BOARD_MEMBER, at):
        return YES
    return no("rulebook_not_on_board", _("只有审议组成员可以表态"))
