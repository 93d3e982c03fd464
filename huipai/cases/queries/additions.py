"""What reporters have added to their reports, and whether they may add more."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from huipai.cases.models import Addition, Case, Report
from huipai.cases.queries import neighbours, own
from huipai.cases.words import ReportState, State
from huipai.people.models import Person
from huipai.people.words import ProxyScope

_CHINA = ZoneInfo("Asia/Shanghai")


def of(case: Case) -> QuerySet[Addition]:
    """Everything that was added, oldest first; nothing of what its reporter took back."""
    told = Addition.objects.filter(report__case=case).exclude(report__state=ReportState.WITHDRAWN)
    return told.select_related("report").order_by("added_at", "id")


def of_a_day(report: Report, day: date) -> QuerySet[Addition]:
    return Addition.objects.filter(report__case=report.case_id, report__reporter=report.reporter_id, added_date=day)


def is_by(person: Person, addition: Addition, at: datetime) -> bool:
    """Whether this person added it, or reports for the elder whose it is."""
    reporter = addition.report.reporter
    return reporter == person or own.elder_of(person, reporter.id, ProxyScope.REPORT, at) is not None


def is_in_hand(case: Case) -> bool:
    """Whether somebody is at work on it: it is neither over, nor waits for the word of who reported it."""
    return case.ended_at is None and case.state != State.CONFIRMING


def has_seen_it(person: Person, case: Case, now: datetime) -> bool:
    """Whether this person has said today that it is still there."""
    today = now.astimezone(_CHINA).date()
    return neighbours.sightings_of(case).filter(person=person, seen_date=today).exists()


def report_of(person: Person, case: Case) -> Report | None:
    """This person's own first report of it that they did not take back."""
    own = Report.objects.filter(case=case, reporter=person).exclude(state=ReportState.WITHDRAWN)
    return own.order_by("received_at", "id").first()
