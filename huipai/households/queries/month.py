"""What the dry run of a draft asks about the incentives of a month; a month holds those proposed in it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from hashlib import sha256

from django.db.models import Count, Q, QuerySet

from huipai.households.models import Assessment
from huipai.households.rules import last_of
from huipai.households.words import AssessmentState, Fact
from huipai.journal.models import Entry
from huipai.points.rules.trying import Deed

_WAITING = Q(state__in=(AssessmentState.PROPOSED, AssessmentState.PUBLIC))


def incentives_count(subjects: Collection[str]) -> Mapping[str, datetime]:
    """At which instant each of these incentives counts within the limits, by its subject: its quarter's last one."""
    ids = [key for kind, _, key in (subject.partition(":") for subject in subjects) if kind == "assessment"]
    return {one.subject: last_of(one.quarter) for one in Assessment.objects.filter(pk__in=ids)}


def incentives_unpaid(begins: datetime, ends: datetime, reasons: Collection[str]) -> list[Deed]:
    """Those that one of these reasons left without points, and when the ledger said so: as the journal tells, or
    when their days in public were over."""
    unpaid = list(_proposed(begins, ends).filter(state=AssessmentState.UNPAID, why__in=reasons))
    said = Entry.objects.filter(what=Fact.ASSESSMENT_UNPAID, subject__in=[one.subject for one in unpaid])
    said_at = dict(said.values_list("subject", "happened_at"))
    return [
        Deed(
            holder_id=one.household_id, is_home=True, code=one.item_code, points=0, received_at=one.proposed_at,
            measured={}, stays=(), birth_year=None, is_member=False, group="household",
            counts_at=last_of(one.quarter), decided_at=said_at.get(one.subject) or one.public_until or one.proposed_at,
        )
        for one in unpaid
    ]  # fmt: skip


def incentives_wait(begins: datetime, ends: datetime) -> tuple[int, int]:
    """How many are in review or in public still, and of how many households."""
    waiting = _proposed(begins, ends).filter(_WAITING)
    counted = waiting.aggregate(all=Count("id"), homes=Count("household", distinct=True))
    return counted["all"], counted["homes"]


def incentives_held(begins: datetime, ends: datetime) -> str:
    """A digest of those that wait or were left unpaid: another one, once that is otherwise."""
    open_ones = _proposed(begins, ends).filter(_WAITING | Q(state=AssessmentState.UNPAID))
    told = [
        f"{key},{state == AssessmentState.UNPAID}" for key, state in open_ones.order_by("id").values_list("id", "state")
    ]
    return sha256(";".join(told).encode()).hexdigest()


def _proposed(begins: datetime, ends: datetime) -> QuerySet[Assessment]:
    return Assessment.objects.filter(proposed_at__gte=begins, proposed_at__lt=ends)
