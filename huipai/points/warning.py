"""Telling people before their points lapse: two months ahead, in the last week (ruling 24), and when all of it ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Sum, Value
from django.db.models.functions import Least
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from huipai.grid.models import Residence
from huipai.grid.models.periods import in_force
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer
from huipai.people.models import Consent
from huipai.people.rules import local_date
from huipai.people.words import ConsentPurpose
from huipai.points import queries
from huipai.points.models import Account, Lot
from huipai.points.words import NOTICE_DAYS, Purse

LAPSING, CLOSING = "points.lapsing", "points.closing"
# Told once when so many days are left, and once more when it is nearly over.
AHEAD = (timedelta(days=NOTICE_DAYS), timedelta(days=7))


def warn(*, now: datetime) -> int:
    """Tell everybody whose points lapse soon, once for each date and each of `AHEAD`; the number told."""
    told, closing = 0, queries.closing()
    # When the scheme ends, every lot ends with it. (The least of a date and nothing is the date.)
    end = Least("expires_at", Value(closing.redeem_until)) if closing else F("expires_at")
    left = Lot.objects.filter(remaining__gt=F("held"), account__purse=Purse.SPENDABLE).annotate(end=end)
    for ahead in AHEAD:
        soon = left.filter(end__gt=now, end__lte=now + ahead)
        groups = soon.values("account__person_id", "account__household_id", "end")
        sums = groups.annotate(points=Sum(F("remaining") - F("held"))).order_by("end")
        for row in sums.iterator(chunk_size=2_000):
            told += _tell(row, ahead, now)
    return told


def announce(*, now: datetime) -> int:
    """Tell everybody who has points that the scheme ends, and until when they are good; once. The number told."""
    closing, told = queries.closing(), 0
    if closing is None:
        return 0
    params = {"stop": _day_before(closing.awards_until), "last": _day_before(closing.redeem_until)}
    purses = Account.objects.filter(purse=Purse.SPENDABLE, balance__gt=0).order_by("id")
    for person_id, household_id, points in purses.values_list("person", "household", "balance").iterator():
        made = notices.tell(
            person_ids=_grown_ups_of(household_id, now) if household_id else [person_id], kind=CLOSING,
            subject=f"closing:{closing.id}", cause=f"closing:{closing.id}:{household_id or ''}", now=now,
            params={**params, "points": points, "household": household_id is not None},
        )  # fmt: skip
        told += len(made)
    return told


def _day_before(at: datetime) -> str:
    """The last day of which something lies before an instant."""
    return local_date(at - timedelta(microseconds=1)).isoformat()


def _tell(row: Mapping[str, object], ahead: timedelta, now: datetime) -> int:
    expires_at, household_id = row["end"], row["account__household_id"]
    assert isinstance(expires_at, datetime)
    last_day = _day_before(expires_at)
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


def _ending(_subject: str, params: Mapping[str, object]) -> Wording:
    words = {name: params.get(name, "") for name in ("points", "stop", "last")}
    of_home = bool(params.get("household"))
    title = _("家里的 %(points)s 分能换到 %(last)s") if of_home else _("您的 %(points)s 分能换到 %(last)s")
    text = _("积分要结束了：%(stop)s 以后做的事不再计分，%(last)s 以后没换的清零") % words
    return Wording(title % words, text, reverse_lazy("points:household") if of_home else reverse_lazy("points:home"))


WORDINGS: dict[str, Writer] = {LAPSING: _wording, CLOSING: _ending}
