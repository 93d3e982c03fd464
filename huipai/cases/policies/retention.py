"""Who reads how long things are kept, who says so, and who holds a case back."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.cases.models import Case, GoodDeed
from huipai.cases.policies import has_reported
from huipai.grid import queries as grid
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role
from huipai.points.models import Claim

OWN = no("own_report", _("自己报的事要由别人来办"))
NOT_A_HOLDER = no("not_yours_to_hold", _("到期先不删，由联动中心和街道负责人来定"))
_HOLDERS = (Role.DISPATCHER, Role.LEADER)
_READERS = (Role.AUDITOR, Role.LEADER, Role.DISPATCHER, Role.SECURITY_ADMIN)


def may_read_retention(person: Person, at: datetime) -> Verdict:
    """May this person read what is kept for how long, what is held back and what went? They see codes of cases."""
    if any(grid.has_role(person, role, at) for role in _READERS):
        return YES
    return no("not_a_reader_of_retention", _("保存和删除由审计、安全管理员、联动中心和街道负责人来看"))


def may_set_terms(person: Person, at: datetime) -> Verdict:
    """May this person say how long a class is kept? Who answers for the street."""
    if grid.has_role(person, Role.LEADER, at):
        return YES
    return no("not_yours_to_keep", _("保存多久由街道负责人来定"))


def may_hold(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person keep a case from being let go, or end that? The hub and who leads the street."""
    if has_reported(person, case):
        return OWN
    if any(grid.has_role(person, role, at, node=case.node) for role in _HOLDERS):
        return YES
    return NOT_A_HOLDER


def may_hold_deed(person: Person, deed: GoodDeed, at: datetime) -> Verdict:
    """The same for a good deed; not who told of it or did it."""
    if person.id in (deed.reporter_id, deed.doer_id):
        return OWN
    if any(grid.has_role(person, role, at, node=deed.node) for role in _HOLDERS):
        return YES
    return NOT_A_HOLDER


def may_hold_claim(person: Person, claim: Claim, at: datetime) -> Verdict:
    """The same for a claim, which lies nowhere; not who asks for its points or entered it."""
    if person.id in (claim.claimant_id, claim.entered_by_id):
        return OWN
    if any(grid.has_role(person, role, at) for role in _HOLDERS):
        return YES
    return NOT_A_HOLDER
