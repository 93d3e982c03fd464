"""Who may find a report false, and who may look at it again: never who worked on it, checked it or is near to it."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.models import Case, Finding
from huipai.cases.queries import findings
from huipai.grid import queries as grid
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.models import Person


def may_enter(person: Person, at: datetime) -> Verdict:
    """May this person look through what was found about reports of some place?"""
    if any(held.role in findings.READERS for held in grid.roles_of(person, at)):
        return YES
    return no("not_reading_findings", _("这一页由社区协调员、联动中心和街道负责人看"))


def may_find(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person find a report of the case false? Who looks after the place and has no hand in the case."""
    if not policies.is_at_the_desk_of(person, case, at):
        return no("not_at_the_desk", _("这一页由社区协调员和分拨员用"))
    if policies.has_reported(person, case):
        return no("own_report", _("自己报的事要由别人来办"))
    if findings.has_worked_on(person, case) or policies.has_checked(person, case):
        return no("hands_on_the_case", _("办这件事、核查这件事的人不能认定，请没经手的同事来看"))
    if policies.took_down(person, case):
        return no("hands_on_the_report", _("这一份是您替上报人登记或者传话的，请另一位同事来看"))
    if policies.is_worker_of(person, case, at) or grid.units_of(person, at):
        return no("hands_on_the_case", _("办这件事、核查这件事的人不能认定，请没经手的同事来看"))
    return YES


def may_judge(person: Person, case: Case, reporter: Person, at: datetime) -> Verdict:
    """The same, of this reporter. Who is near to them is asked to leave it, in words that do not say why."""
    if grid.is_near_to(person, reporter, at):
        return no("let_a_colleague", _("这一份请另一位同事来看"))
    return may_find(person, case, at)


def may_hear(person: Person, finding: Finding, at: datetime) -> Verdict:
    """May this person decide on the appeal? Who could have found it, but did not."""
    if finding.found_by_id == person.id:
        return no("own_finding", _("是您认定的，申诉要由另一位来看"))
    return may_judge(person, finding.case, finding.reporter, at)
