"""Assignments and absences: who is responsible, from when to when, and who stands in."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from huipai.grid import policies
from huipai.grid.commands.refusals import (
    AlreadyAssigned,
    AlreadyEnded,
    IsEmployed,
    NodeIsClosed,
    NotEmployed,
    ThreePeople,
    UnitIsClosed,
    WrongDeputy,
    WrongPeriod,
    WrongScope,
    explained,
)
from huipai.grid.commands.telling import tell_of_absence, tell_of_assignment
from huipai.grid.models import Absence, Assignment, GridNode, Unit
from huipai.grid.words import STREET_ROLES, UNIT_ROLES, AbsenceKind, Fact, Level
from huipai.kit.verdict import NotVisible
from huipai.people import commands as people
from huipai.people.models import Account, Person
from huipai.people.words import ADMIN_ROLES, ROLES_WITHOUT_EMPLOYMENT, Role


@transaction.atomic
def assign(
    *,
    person: Person,
    role: Role,
    actor: Person | None,
    now: datetime,
    node: GridNode | None = None,
    unit: Unit | None = None,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    deputy: Person | None = None,
) -> Assignment:
    """`person` holds `role` for a node or a unit, from `valid_from` (now, when not said), and no longer than it."""
    if actor is not None:
        policies.may_assign(actor, role, node, person, now).require()
    begins = valid_from or now
    if node is not None:
        # Whoever plans its end waits, or is seen here.
        node = GridNode.objects.select_for_update(of=("self",), no_key=True).get(pk=node.pk)
    _require_scope(role, node, unit, max(begins, now))
    _require_fit(role, person)
    _require_deputy(role, person, deputy)
    if valid_until is not None and valid_until < begins:
        raise WrongPeriod(field="valid_until")
    valid_until = min(filter(None, (valid_until, node.valid_until if node else None)), default=None)
    assignment = Assignment(
        person=person, role=role, node=node, unit=unit, deputy=deputy, valid_from=begins, valid_until=valid_until
    )
    with explained():
        assignment.save(force_insert=True)
    _require_second_factor(role, person, actor, now)
    tell_of_assignment(Fact.ASSIGNMENT_BEGAN, assignment, actor, now, begins=begins.isoformat())
    return assignment


@transaction.atomic
def end_assignment(*, assignment_id: UUID, at: datetime, actor: Person | None, now: datetime) -> Assignment:
    """The role ends at `at`, never before now: what was done in it stays done by whoever held it.

    When that comes the journal says so, and the open work passes on (ruling 4).
    """
    assignment = _for_change(assignment_id, actor, now)
    _require_to_come(at, now)
    if at < assignment.valid_from:
        at = assignment.valid_from
    _end(assignment, at=at, actor=actor, now=now)
    return assignment


def leave_posts(*, person: Person, now: datetime) -> None:
    """Somebody has left: they hold no role and stand in for nobody any more. Twice is once."""
    later = Assignment.objects.filter(Q(valid_until=None) | Q(valid_until__gt=now)).order_by("pk")
    for id in list(later.filter(person=person).values_list("pk", flat=True)):
        end_assignment(assignment_id=id, at=now, actor=None, now=now)
    for id in list(later.filter(deputy=person).values_list("pk", flat=True)):
        name_deputy(assignment_id=id, deputy=None, actor=None, now=now)


@transaction.atomic
def hand_over(*, assignment_id: UUID, to: Person, at: datetime, actor: Person | None, now: datetime) -> Assignment:
    """`to` holds the role from `at` on and the one before no longer: both, or neither. The new assignment."""
    old = _for_change(assignment_id, actor, now)
    role = Role(old.role)
    if to.pk == old.person_id:
        raise WrongDeputy(_("要交给另一个人"), field="to")
    _require_to_come(at, now)
    if at < old.valid_from or (old.valid_until is not None and at >= old.valid_until):
        raise WrongPeriod(_("交接的那一天要在他担任期间"), field="day")
    if actor is not None:
        policies.may_assign(actor, role, old.node, to, now).require()
    _require_fit(role, to)
    new = Assignment(
        person=to,
        role=role,
        node=old.node,
        unit=old.unit,
        deputy=old.deputy if old.deputy_id != to.pk else None,
        takes_over=old,
        valid_from=at,
        valid_until=old.valid_until,
    )
    with explained():
        Assignment.objects.filter(pk=old.pk).update(valid_until=at)
        new.save(force_insert=True)
    _require_second_factor(role, to, actor, now)
    _end(old, at=at, actor=actor, now=now)
    tell_of_assignment(Fact.ASSIGNMENT_HANDED_OVER, new, actor, now, before=str(old.pk), begins=at.isoformat())
    return new


@transaction.atomic
def name_deputy(*, assignment_id: UUID, deputy: Person | None, actor: Person | None, now: datetime) -> Assignment:
    """Who acts while the holder is away; None: nobody, the work waits in the queue."""
    assignment = _for_change(assignment_id, actor, now)
    _require_deputy(Role(assignment.role), assignment.person, deputy)
    if assignment.deputy_id != (deputy.pk if deputy else None):
        assignment.deputy = deputy
        assignment.save(update_fields=["deputy"])
        tell_of_assignment(Fact.DEPUTY_NAMED, assignment, actor, now)
    return assignment


@transaction.atomic
def record_absence(
    *,
    person: Person,
    kind: AbsenceKind,
    valid_from: datetime,
    valid_until: datetime | None,
    actor: Person | None,
    now: datetime,
) -> Absence:
    """Somebody is away; from the first moment his deputies act, and the journal says so when it comes."""
    if actor is not None:
        policies.may_record_absence(actor, person, now).require()
    if valid_until is not None and valid_until <= max(valid_from, now):
        raise WrongPeriod(field="valid_until")
    absence = Absence(person=person, kind=kind, valid_from=valid_from, valid_until=valid_until)
    has_begun = valid_from <= now
    absence.begin_told_at = now if has_begun else None
    with explained():
        absence.save(force_insert=True)
    tell_of_absence(Fact.ABSENCE_BEGAN if has_begun else Fact.ABSENCE_PLANNED, absence, actor, now)
    return absence


@transaction.atomic
def end_absence(*, absence_id: UUID, actor: Person | None, now: datetime) -> Absence:
    """Back earlier than said, or not going at all."""
    absence = (
        Absence.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person")
        .filter(pk=absence_id)
        .first()
    )
    if absence is None:
        raise NotVisible
    if actor is not None:
        policies.may_record_absence(actor, absence.person, now).require()
    if absence.valid_until is not None and absence.valid_until <= now:
        raise AlreadyEnded
    absence.valid_until = max(absence.valid_from, now)
    if absence.valid_from >= now:
        # It never came: nothing of it is left to tell.
        absence.begin_told_at = absence.begin_told_at or now
    absence.end_told_at = now
    absence.save(update_fields=["valid_until", "begin_told_at", "end_told_at"])
    tell_of_absence(Fact.ABSENCE_ENDED, absence, actor, now)
    return absence


def end_all_of(assignments: QuerySet[Assignment], *, at: datetime, actor: Person | None, now: datetime) -> None:
    """End those of them that hold after `at`: their node or unit closes then. Those that would begin later never do."""
    later = assignments.filter(Q(valid_until=None) | Q(valid_until__gt=at)).order_by("pk")
    for assignment in later.select_for_update(of=("self",), no_key=True):
        _end(assignment, at=max(at, assignment.valid_from), actor=actor, now=now)


def go_on(assignments: QuerySet[Assignment], *, until: datetime | None) -> None:
    """Those of them that were to end with their node go on with it, unless another has been given the role since."""
    for assignment in assignments.select_for_update(of=("self",), no_key=True).order_by("pk"):
        assignment.valid_until = until
        with suppress(AlreadyAssigned, ThreePeople), explained():
            assignment.save(update_fields=["valid_until"])


def _require_to_come(at: datetime, now: datetime) -> None:
    if at < now:
        raise WrongPeriod(_("从现在或以后的某一天开始"), field="day")


def _end(assignment: Assignment, *, at: datetime, actor: Person | None, now: datetime) -> None:
    assignment.valid_until = at
    assignment.end_told_at = now if at <= now else None
    assignment.save(update_fields=["valid_until", "end_told_at"])
    if at <= now:
        tell_of_end(assignment, actor, now)


def tell_of_end(assignment: Assignment, actor: Person | None, now: datetime) -> None:
    """The end, with the one who takes over, if anybody does."""
    successor = Assignment.objects.filter(takes_over=assignment).values_list("pk", flat=True).first()
    ended = assignment.valid_until.isoformat() if assignment.valid_until else None
    tell_of_assignment(
        Fact.ASSIGNMENT_ENDED, assignment, actor, now, successor=str(successor) if successor else None, ended=ended
    )


def _for_change(assignment_id: UUID, actor: Person | None, now: datetime) -> Assignment:
    found = Assignment.objects.select_for_update(of=("self",), no_key=True).select_related(
        "person", "node", "unit", "deputy"
    )
    assignment = found.filter(pk=assignment_id).first()
    if assignment is None:
        raise NotVisible
    if actor is not None:
        policies.may_assign(actor, Role(assignment.role), assignment.node, assignment.person, now).require()
    if assignment.valid_until is not None and assignment.valid_until <= now:
        raise AlreadyEnded
    return assignment


def _require_scope(role: Role, node: GridNode | None, unit: Unit | None, at: datetime) -> None:
    if (role in UNIT_ROLES) != (unit is not None) or (unit is None) == (node is None):
        raise WrongScope(field="unit" if role in UNIT_ROLES else "node")
    if node is not None and role in STREET_ROLES and node.level != Level.STREET:
        raise WrongScope(field="node")
    if node is not None and not node.is_valid(at):
        raise NodeIsClosed(field="node")
    if unit is not None and not unit.is_active:
        raise UnitIsClosed(field="unit")


def _require_fit(role: Role, person: Person) -> None:
    """Staff roles for the employed; a part-time member is a resident (ruling 3)."""
    if role not in ROLES_WITHOUT_EMPLOYMENT and not person.is_staff:
        raise NotEmployed(field="person")
    if role == Role.PART_TIME_MEMBER and person.is_staff:
        raise IsEmployed(field="person")


def _require_deputy(role: Role, person: Person, deputy: Person | None) -> None:
    """Somebody else who could hold the role. The three admins have none: one could then act for two of them."""
    if deputy is None:
        return
    if role in ADMIN_ROLES or deputy.pk == person.pk:
        raise WrongDeputy(field="deputy")
    _require_fit(role, deputy)


def _require_second_factor(role: Role, person: Person, actor: Person | None, now: datetime) -> None:
    if role in ADMIN_ROLES and person.account_id is not None:
        account = Account.objects.get(pk=person.account_id)
        people.require_second_factor(account=account, actor=actor, now=now)
