"""Reading findings: whom they concern, who may have to do with them, and what waits for a second person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from huipai.cases.finding_words import FindingState
from huipai.cases.models import Case, Finding, FindingStep, Report, StageMark, Transition
from huipai.cases.order_words import Stage
from huipai.cases.queries import involved, joint, within
from huipai.cases.words import Action, ReportState
from huipai.grid import queries as grid
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.people.words import Role

# Whoever looks after the place finds and hears; the leader reads.
READERS = (Role.COORDINATOR, Role.DISPATCHER, Role.LEADER)


def in_sight_of(person: Person, at: datetime) -> QuerySet[Finding]:
    """Findings of the places that somebody looks after; never one about a case that they reported themselves."""
    nodes = [held.node for held in grid.roles_of(person, at) if held.role in READERS and held.node]
    here = Finding.objects.filter(case__in=Case.objects.filter(within(nodes)))
    own = Report.objects.filter(reporter=person).values("case")
    here = here.exclude(Q(case__in=own) | Q(case__parent__in=own))
    return here.select_related("case", "case__case_type", "case__node", "report", "found_by")


# Filing and sending are done from a desk; these by somebody who can have seen it.
_LOOKED = (
    Action.HANDLE_ON_THE_SPOT, Action.RESPOND, Action.DECLINE, Action.VOUCH, Action.PASS_CHECK, Action.FAIL_CHECK,
)  # fmt: skip


def was_looked_at(case: Case) -> bool:
    """Whether anybody who can have seen it came to it, answered, declined it, vouched for it or checked it."""
    return (
        Transition.objects.filter(case=case, action__in=_LOOKED).exists()
        or StageMark.objects.filter(case=case, stage=Stage.ARRIVE).exists()
        or joint.was_there(case)
    )


def waiting(person: Person, at: datetime) -> QuerySet[Finding]:
    """Appeals that nobody has decided, the most urgent first."""
    return in_sight_of(person, at).filter(state=FindingState.APPEALED).order_by("hear_until", "id")


def listed(person: Person, at: datetime) -> QuerySet[Finding]:
    return in_sight_of(person, at).order_by("-id")


def seen_by(person: Person, finding_id: UUID, at: datetime) -> Finding:
    """The finding with this id, if the person looks after its place; otherwise it does not exist."""
    found = in_sight_of(person, at).filter(pk=finding_id).first()
    if found is None:
        raise NotVisible
    return found


def own(person: Person, finding_id: UUID) -> Finding:
    """The finding with this id, if it is about a report of this person."""
    found = Finding.objects.filter(reporter=person, pk=finding_id).select_related(
        "case", "case__case_type", "case__node"
    )
    one = found.first()
    if one is None:
        raise NotVisible
    return one


def about(person: Person) -> QuerySet[Finding]:
    """What was found about somebody's reports and still stands, the latest first."""
    standing = Finding.objects.filter(reporter=person).exclude(state=FindingState.LIFTED)
    return standing.select_related("case__case_type").order_by("-id")


def open_to(person: Person, at: datetime) -> QuerySet[Finding]:
    """Those of them against which an appeal may still be made."""
    return about(person).filter(state=FindingState.FOUND, appeal_until__gt=at)


def of_case(case: Case) -> list[Finding]:
    return list(Finding.objects.filter(case=case).order_by("found_at", "id"))


def of_reporter(case: Case, reporter: Person) -> Finding | None:
    """What was found about this person's report, wherever the report has come to lie since."""
    mine = Report.objects.filter(case=case, reporter=reporter).values("pk")
    return Finding.objects.filter(report__in=mine).order_by("-id").first()


def of_report(report_id: UUID) -> Finding | None:
    """What was found about this very report."""
    return Finding.objects.filter(report=report_id).first()


def findable(case: Case) -> list[Report]:
    """Reports of a case that could be found false: not taken back, and not found so before; by somebody who can be told
    of it and appeal."""
    found = Finding.objects.filter(case=case).values("report")
    kept = Report.objects.filter(case=case, reporter__erased_at=None).exclude(state=ReportState.WITHDRAWN)
    kept = kept.exclude(pk__in=found)
    return list(kept.select_related("reporter").order_by("received_at", "id"))


def steps_of(finding: Finding) -> QuerySet[FindingStep]:
    return finding.steps.select_related("actor").order_by("position")


def has_worked_on(person: Person, case: Case) -> bool:
    """Whether anything of the matter was or is in this person's hands, in the grid or at a unit."""
    return person.id in involved.in_the_hands_of(case)
