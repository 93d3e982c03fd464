"""Who may move points by hand."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.grid import queries as grid
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points.models import Posting


def may_reverse(person: Person, posting: Posting, at: datetime) -> Verdict:
    if person.id in (posting.person_id, posting.actor_id):
        return no("points_own_posting", _("自己的分、自己经手的分，要由别人来退"))
    if grid.has_role(person, Role.REVIEWER, at):
        return YES
    return no("points_not_reviewer", _("退回积分由积分审核员来做"))
