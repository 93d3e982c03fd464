"""A report is found false by a person, appealed against by its reporter, upheld or struck out by another person.

Nothing follows from a finding but the finding: it moves no points, bans nobody and is shown to nobody but the reporter
and who looks after the place.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import stepping
from huipai.cases.commands.handling import ReasonMissing, WordsMissing
from huipai.cases.commands.retention import holding
from huipai.cases.fact_words import Fact
from huipai.cases.finding_words import (
    DAYS_TO_APPEAL,
    DAYS_TO_FIND,
    DAYS_TO_HEAR,
    SHORTEST_GROUNDS,
    FindingAction,
    FindingGround,
    FindingState,
)
from huipai.cases.models import Case, Finding, FindingStep, Report
from huipai.cases.policies import findings as may
from huipai.cases.queries import findings
from huipai.cases.rules import findings as rules
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import LONGEST_TEXT, Actor, Outcome, ReportState, State
from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.points import rules as points

# Nobody can have looked yet: there is nothing to find.
_NOT_LOOKED_AT = frozenset({State.REPORTED, State.VERIFYING})


class NotLookedAt(Moved):
    code = "finding_not_looked_at"
    default_reason = _("还没有人去看过，先去看一眼再认定")


class NobodyToTell(Moved):
    """They could neither hear of it nor appeal."""

    code = "finding_nobody_to_tell"
    default_reason = _("上报人已经注销了，告诉不了他，也没有人能申诉，不再认定")


class FindingTooLate(Moved):
    code = "finding_too_late"
    default_reason = _("办结超过 90 天的事不再认定")


class FoundAlready(Moved):
    code = "found_already"
    default_reason = _("这一份上报已经认定过一次，不再认定第二次")


class GroundsTooShort(Invalid):
    code = "grounds_too_short"
    default_reason = _("写清楚在哪里、看到了什么，至少 10 个字，上报人会看到")


class GroundsTooLong(Invalid):
    code = "grounds_too_long"
    default_reason = _("写短一点，最多 2000 个字")


class AppealTooLate(Moved):
    code = "appeal_too_late"
    default_reason = _("申诉的时间过了，有新的情况可以打社区电话")


class NotTheFinder(NotAllowed):
    code = "not_the_finder"
    default_reason = _("只有认定的人自己能撤回；别人等申诉时再看")


@transaction.atomic
def find(*, case_id: UUID, report_id: UUID | None, actor: Person, ground: str, text: str, now: datetime) -> Finding:
    """Find one report of a case false, on a ground and in words that its reporter reads. Twice by the same is once."""
    case = stepping.locked(case_id)
    may.may_find(actor, case, now).require()
    holding.require_kept(case)
    report = _report_of(case, report_id)
    stored = Finding.objects.filter(report=report).first()
    if stored is not None and (stored.found_by_id, stored.ground, stored.grounds) == (actor.id, ground, as_seen(text)):
        return stored
    _require_findable(case, report, now)
    may.may_judge(actor, case, report.reporter, now).require()
    if ground not in FindingGround.values:
        raise ReasonMissing(field="reason")
    finding = Finding.objects.create(
        case=case, report=report, reporter=report.reporter, state=rules.INITIAL, ground=ground, grounds=_said(text),
        found_by=actor, found_at=now, appeal_until=now + timedelta(days=DAYS_TO_APPEAL),
    )  # fmt: skip
    _write(finding, FindingAction.FIND, "", policies.part_at_the_desk(actor, case, now), actor, Fact.FOUND_FALSE, now)
    return finding


def _report_of(case: Case, report_id: UUID | None) -> Report:
    """The report that is meant; it need not be said where there is one."""
    reports = list(Report.objects.filter(case=case).select_related("reporter").order_by("received_at", "id"))
    if report_id is None and len(reports) == 1:
        return reports[0]
    found = next((one for one in reports if one.id == report_id), None)
    if found is None:
        raise ReasonMissing(_("选一选是哪一份上报"), field="report")
    return found


def _require_findable(case: Case, report: Report, now: datetime) -> None:
    if Finding.objects.filter(report=report).exists():
        raise FoundAlready
    if report.reporter.erased_at is not None:
        raise NobodyToTell
    if case.state in _NOT_LOOKED_AT or case.outcome == Outcome.WITHDRAWN or report.state == ReportState.WITHDRAWN:
        raise NotLookedAt
    if not findings.was_looked_at(case):
        raise NotLookedAt
    if case.ended_at is not None and now - case.ended_at > timedelta(days=DAYS_TO_FIND):
        raise FindingTooLate


def is_findable(case: Case, now: datetime) -> bool:
    """Whether anything of the case could be found false now: somebody has looked at it, and not too long ago."""
    late = case.ended_at is not None and now - case.ended_at > timedelta(days=DAYS_TO_FIND)
    may_be = case.state not in _NOT_LOOKED_AT and case.outcome != Outcome.WITHDRAWN and not late
    return may_be and findings.was_looked_at(case)


def _said(text: str) -> str:
    text = as_seen(text)
    if len(text) < SHORTEST_GROUNDS:
        raise GroundsTooShort(field="text")
    if len(text) > LONGEST_TEXT:
        raise GroundsTooLong(field="text")
    return text


@transaction.atomic
def appeal(*, finding_id: UUID, actor: Person, text: str, now: datetime) -> Finding:
    """The reporter says why it is not so: somebody else than who found it looks, within ten days."""
    finding = _locked(finding_id)
    if finding.reporter_id != actor.id:
        raise NotVisible
    if finding.state == FindingState.APPEALED and finding.appeal == as_seen(text):
        return finding
    if not rules.allows(finding.state, FindingAction.APPEAL):
        raise NotNow
    if finding.appeal_until <= now:
        raise AppealTooLate
    if not as_seen(text):
        raise WordsMissing(_("写一句哪里不对，看的人好去查"), field="text")
    if len(text) > LONGEST_TEXT:
        raise GroundsTooLong(field="text")
    finding.appeal, finding.hear_until = as_seen(text), now + timedelta(days=DAYS_TO_HEAR)
    return _take(finding, FindingAction.APPEAL, Actor.REPORTER, actor, Fact.FINDING_APPEALED, now)


@transaction.atomic
def uphold(*, finding_id: UUID, actor: Person, text: str, now: datetime) -> Finding:
    """Somebody else has looked, and it is so; why is told to the reporter."""
    return _hear(finding_id, FindingAction.UPHOLD, actor, text, Fact.FINDING_UPHELD, now)


@transaction.atomic
def lift(*, finding_id: UUID, actor: Person, text: str, now: datetime) -> Finding:
    """Somebody else has looked, and it is not so: struck out, and the reporter is told."""
    return _hear(finding_id, FindingAction.LIFT, actor, text, Fact.FINDING_LIFTED, now)


def _hear(finding_id: UUID, action: FindingAction, actor: Person, text: str, fact: Fact, now: datetime) -> Finding:
    finding = _locked(finding_id)
    may.may_hear(actor, finding, now).require()
    target = next(row.target for row in rules.FINDINGS if row.action == action)
    if (finding.state, finding.heard_by_id, finding.answer) == (target, actor.id, as_seen(text)):
        return finding
    rules.step(finding.state, action)
    finding.answer, finding.heard_by = _said(text), actor
    return _take(finding, action, policies.part_at_the_desk(actor, finding.case, now), actor, fact, now)


@transaction.atomic
def retract(*, finding_id: UUID, actor: Person, now: datetime) -> Finding:
    """Whoever found it sees that they were wrong. A second press finds it done."""
    finding = _locked(finding_id)
    may.may_find(actor, finding.case, now).require()
    if finding.found_by_id != actor.id:
        raise NotTheFinder
    if finding.state == FindingState.LIFTED and finding.heard_by_id is None:
        return finding
    part = policies.part_at_the_desk(actor, finding.case, now)
    return _take(finding, FindingAction.RETRACT, part, actor, Fact.FINDING_LIFTED, now)


@transaction.atomic
def lapse(*, finding_id: UUID, now: datetime) -> Finding | None:
    """Nobody looked at the appeal in time: struck out. Nothing if somebody has meanwhile."""
    finding = _locked(finding_id)
    if finding.state != FindingState.APPEALED or finding.hear_until is None or finding.hear_until > now:
        return None
    return _take(finding, FindingAction.LAPSE, Actor.SYSTEM, None, Fact.FINDING_LIFTED, now)


def _locked(finding_id: UUID) -> Finding:
    """The finding, held until the transaction ends; its case before it, as everywhere."""
    case_id = Finding.objects.filter(pk=finding_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise NotVisible
    stepping.locked(case_id)
    found = Finding.objects.select_for_update(of=("self",), no_key=True).select_related(
        "case", "case__node", "reporter"
    )
    return found.get(pk=finding_id)


def _take(
    finding: Finding, action: FindingAction, part: Actor, actor: Person | None, fact: Fact, now: datetime
) -> Finding:
    row = rules.step(finding.state, action)
    rules.require_part(row, part)
    before, finding.state = finding.state, row.target
    if row.target in (FindingState.UPHELD, FindingState.LIFTED):
        finding.ended_at = now
    finding.save()
    _write(finding, action, before, part, actor, fact, now)
    return finding


def _write(
    finding: Finding, action: FindingAction, before: str, part: Actor, actor: Person | None, fact: Fact, now: datetime
) -> None:
    """The step and its entry in the journal: ids and codes, never a word of what was written."""
    last = finding.steps.aggregate(last=Max("position"))["last"] or 0
    FindingStep.objects.create(
        finding=finding, position=last + 1, action=action, from_state=before, to_state=finding.state, part=part,
        actor=actor, happened_at=now,
    )  # fmt: skip
    journal.record(
        what=fact, subject=finding.case.subject, actor_id=actor.id if actor else None, now=now,
        facts={
            "finding": str(finding.id), "action": action.value, "ground": finding.ground,
            "appeal_until": points.microseconds(finding.appeal_until),
            "hear_until": points.microseconds(finding.hear_until),
        },
    )  # fmt: skip
