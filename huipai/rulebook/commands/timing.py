"""What the clock ends: reviews nobody took up, admissions nobody used, drafts nobody touched; and what it warns of."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from huipai.rulebook import queries
from huipai.rulebook.commands.drafting import put_aside
from huipai.rulebook.commands.holding_up import hold_up_all, lock_calendar
from huipai.rulebook.commands.telling import record, record_proposal
from huipai.rulebook.models import PointItem, Proposal, RulebookVersion, Sheet
from huipai.rulebook.words import DRAFT_LASTS, HOLD_UP_WITHIN, OPEN_REVIEWS, WARN_BEFORE, Fact, Review

SHEETS_LAST = timedelta(days=2)


@transaction.atomic
def keep_time(*, now: datetime) -> int:
    """End what has lasted too long, say once what is about to end; how many things that were. Safe to run twice."""
    ended = _lapse_reviews(now) + _put_drafts_aside(now) + _close_consultations(now)
    return ended + _hold_up(now) + _warn(now) + _forget(now)


def _hold_up(now: datetime) -> int:
    """Versions whose day is near or past although an objection to them is open; they were not in force meanwhile."""
    if not queries.held_up(now, within=HOLD_UP_WITHIN).exists():
        return 0
    return hold_up_all(lock_calendar(now), now, within=HOLD_UP_WITHIN)


def _lapse_reviews(now: datetime) -> int:
    late = Proposal.objects.select_for_update(of=("self",), no_key=True).filter(state__in=OPEN_REVIEWS, due_at__lte=now)
    written = PointItem.objects.filter(version__published_at__isnull=True, version__ended_at__isnull=True)
    lapsed = list(late.exclude(items__in=written).order_by("id"))
    for proposal in lapsed:
        proposal.state = Review.LAPSED
        proposal.save(update_fields=["state"])
        record_proposal(Fact.LAPSED, proposal, None, now)
    return len(lapsed)


def _put_drafts_aside(now: datetime) -> int:
    old = RulebookVersion.objects.select_for_update(of=("self",), no_key=True).filter(
        published_at__isnull=True, ended_at__isnull=True, touched_at__lte=now - DRAFT_LASTS
    )
    versions = list(old)
    for version in versions:
        put_aside(version, None, _("90 天没有动过，先放下"), now)
    return len(versions)


def _close_consultations(now: datetime) -> int:
    over = RulebookVersion.objects.select_for_update(of=("self",), no_key=True).filter(
        published_at__isnull=True, ended_at__isnull=True, consulted_until__lte=now, closing_told_at__isnull=True
    )
    versions = list(over)
    for version in versions:
        version.closing_told_at = now
        version.save(update_fields=["closing_told_at"])
        record(Fact.CONSULTATION_CLOSED, version, None, now)
    return len(versions)


def _warn(now: datetime) -> int:
    """Departments whose items will go with the next version, a month before."""
    version = queries.in_force(now)
    if version is None:
        return 0
    soon = Proposal.objects.select_for_update(of=("self",), no_key=True).filter(
        items__version=version, warned_at__isnull=True,
        admitted_until__lte=queries.local_date(now + WARN_BEFORE),
    )  # fmt: skip
    proposals = list(soon.order_by("id"))
    for proposal in proposals:
        proposal.warned_at = now
        proposal.save(update_fields=["warned_at"])
        until = proposal.admitted_until.isoformat() if proposal.admitted_until else ""
        record_proposal(Fact.EXPIRING, proposal, None, now, until=until)
    return len(proposals)


def _forget(now: datetime) -> int:
    """Workbooks that nobody applied."""
    return Sheet.objects.filter(applied_at__isnull=True, uploaded_at__lte=now - SHEETS_LAST).delete()[0]
