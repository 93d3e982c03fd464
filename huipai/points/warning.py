"""Telling people before their points lapse: two months ahead, and in the last week (ruling 24)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Sum
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from huipai.grid.models import Residence
from huipai.grid.models.periods import in_force
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer
from huipai.people.models import Consent
from huipai.people.rules import local_date
from huipai.people.words import ConsentPurpose
from huipai.points.models import Lot
from huipai.points.words import NOTICE_DAYS, Purse

LAPSING = "points.lapsing"
# Told once when so many days are left, and once more when it is nearly over.
AHEAD = (timedelta(days=NOTICE_DAYS), timedelta(days=7))


def warn(*, now: datetime) -> int:
    """Tell everybody whose points lapse soon, once for each date and each of `AHEAD`; the number told."""
    told = 0
    for ahead in AHEAD:
        soon = Lot.objects.filter(
            remaining__gt=F("held"), expires_at__gt=now, expires_at__lte=now + ahead, account__purse=Purse.SPENDABLE
        )
        groups = soon.values("account__person_id", "account__household_id", "expires_at")
        sums = groups.annotate(points=Sum(F("remaining") - F("held"))).order_by("expires_at")
        for row in sums.iterator(chunk_size=2_000):
            told += _tell(row, ahead, now)
    return told


def _tell(row: Mapping[str, object], ahead: timedelta, now: datetime) -> int:
    expires_at, household_id = row["expires_at"], row["account__household_id"]
    assert isinstance(expires_at, datetime)
    last_day = local_date(expires_at - timedelta(microseconds=1)).isoformat()
    to = _grown_ups_of(household_id, now) if isinstance(household_id, UUID) else [row["account__person_id"]]
    made = notices.tell(
        person_ids=to,  # type: ignore[arg-type]
        kind=LAPSING, subject=f"lapse:{last_day}", cause=f"lapse:{last_day}:{ahead.days}:{household_id or ''}", now=now,
        params={"points": row["points"], "day": last_day, "household": household_id is not None},
    )  # fmt: skip
    return len(made)


def _grown_ups_of(household_id: UUID, now: datetime) -> list[UUID]:
    """Who has agreed to spend the household's points and lives there."""
    agreed = Consent.objects.filter(purpose=ConsentPurpose.HOUSEHOLD_POINTS, withdrawn_at__isnull=True)
    home = Residence.objects.filter(in_force(now), household_id=household_id, person__in=agreed.values("person"))
    return list(home.values_list("person_id", flat=True))


def _wording(_subject: str, params: Mapping[str, object]) -> Wording:
    words = {"points": params.get("points", ""), "day": params.get("day", "")}
    if params.get("household"):
        title = _("家里有 %(points)s 分到 %(day)s 过期") % words
        return Wording(title, _("换成用得着的东西，会先用快到期的"), reverse_lazy("points:household"))
    title = _("有 %(points)s 分到 %(day)s 过期") % words
    return Wording(title, _("换成用得着的东西，会先用快到期的"), reverse_lazy("points:home"))


WORDINGS: dict[str, Writer] = {LAPSING: _wording}
