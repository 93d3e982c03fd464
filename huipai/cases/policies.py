"""Who may do what with a case, and why not. Asked inside each command, and by pages to show or hide a button."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from huipai.cases.models import Case, Check, Report
from huipai.cases.rules import machine
from huipai.cases.words import Action, State
from huipai.grid import queries as grid
from huipai.kit.verdict import YES, Verdict, no
from huipai.people.models import Person
from huipai.people.words import Role


def is_worker(person: Person, at: datetime) -> bool:
    return grid.has_role(person, Role.GRID_WORKER, at)


def may_enter_desk(person: Person, at: datetime) -> Verdict:
    """May this person look over the queue of whole communities?"""
    if any(grid.has_role(person, role, at) for role in (Role.COORDINATOR, Role.DISPATCHER)):
        return YES
    return no("not_at_the_desk", _("这一页由社区协调员和分拨员用"))


def is_worker_of(person: Person, case: Case, at: datetime) -> bool:
    """Whether the case lies in this person's area, or is in their hands."""
    return case.worker_id == person.id or grid.has_role(person, Role.GRID_WORKER, at, node=case.node)


def is_reporter_of(person: Person, case: Case) -> bool:
    return case.reporter_id == person.id or Report.objects.filter(case=case, reporter=person).exists()


def waits_in_the_queue(case: Case) -> bool:
    """Whether a case that was begun has nobody in whose hands it is."""
    return case.worker_id is None and machine.allows(case.state, Action.TAKE_OVER)


def has_checked(person: Person, case: Case) -> bool:
    """Whether this person was drawn to check the case, in whatever round."""
    return Check.objects.filter(case=case, checker=person).exists()


def may_handle(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person take the case on or handle it on the spot?"""
    if not is_worker_of(person, case, at):
        return no("not_your_area", _("这件事不在您的网格里"))
    if is_reporter_of(person, case):
        return no("own_report", _("自己报的事要由别人来办"))
    if has_checked(person, case):
        return no("own_check", _("自己去核查的事要由别人来办"))
    return YES


def may_respond(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person say that it is done? Only in whose hands it is."""
    if case.worker_id != person.id:
        return no("not_in_your_hands", _("这件事现在由别人在办"))
    if is_reporter_of(person, case):
        return no("own_report", _("自己报的事要由别人来办"))
    if has_checked(person, case):
        return no("own_check", _("自己去核查的事要由别人来办"))
    return YES


def may_decline(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person say that it is not the street's?"""
    if is_reporter_of(person, case):
        return no("own_report", _("自己报的事要由别人来办"))
    if is_worker_of(person, case, at) or grid.has_role(person, Role.COORDINATOR, at, node=case.node):
        return YES
    return no("not_your_area", _("这件事不在您的网格里"))


def may_merge(person: Person, case: Case, at: datetime) -> Verdict:
    return may_decline(person, case, at)


def may_release(person: Person, case: Case, at: datetime) -> Verdict:
    """May this person say that a photo can be public? Somebody of the grid, not who took part in it."""
    return may_decline(person, case, at)


def may_check(person: Person, check: Check) -> bool:
    """Only the one who was drawn; for everybody else the check does not exist."""
    return check.checker_id == person.id


def may_confirm(person: Person, case: Case) -> bool:
    """Whether the case waits for this person's word."""
    return case.state == State.CONFIRMING and is_reporter_of(person, case)
