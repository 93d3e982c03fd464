"""Who reads the record: the auditor, and nobody by sitting in the hub or keeping the machine (ruling 3)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.grid import queries as grid
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role


def may_audit(person: Person, at: datetime) -> Verdict:
    """May this person read who was shown what, and why?"""
    if grid.has_role(person, Role.AUDITOR, at):
        return YES
    return no("not_the_auditor", _("查阅记录由审计管理员来看"))
