"""Telling people before their points lapse: two months ahead, in the last week (ruling 24), and when all of it ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from huipai.grid import queries as grid
from huipai.grid.models import GridNode, Residence
from huipai.grid.models.periods import in_force
from huipai.kit import days
from huipai.notices import commands as notices
from huipai.notices.words import Wording, Writer
from huipai.people import queries as people
from huipai.people.models import Consent
from huipai.people.words import ConsentPurpose, ProxyScope, Role
from huipai.points import queries
from huipai.points.models import Lot
from huipai.points.rules.ending import last_day
from huipai.points.words import NOTICE_DAYS, Purse

LAPSING, CLOSING = "points.lapsing", "points.closing"
# Told once when so many days are left, and once more when it is nearly over: each from so long before the end until
# so long before it, so that nobody hears both at one moment.
AHEAD = ((timedelta(days=NOTICE_DAYS), timedelta(days=7)), (timedelta(days=7), timedelta(0)))


def warn(*, now: datetime) -> int:
    """Tell everybody whose points lapse soon, once for each date and each of `AHEAD`; the number told.

    What lies in a reservation counts and is named beside it: not fetched, it lapses with the rest.
    """
    told, closing, acting = 0, queries.closing(), people.acting_for(ProxyScope.POINTS, now)
    left = Lot.objects.filter(remaining__gt=0, account__purse=Purse.SPENDABLE)
    left = left.annotate(end=queries.ends_of_lots(closing))
    for ahead, until in AHEAD:
        soon = left.filter(end__gt=now + until, end__lte=now + ahead)
        groups = soon.values("account__person_id", "account__household_id", "account__person__account_id", "end")
        sums = groups.annotate(points=Sum("remaining"), kept=Sum("held")).order_by("end")
        for row in sums.iterator(chunk_size=2_000):
            told += _tell(row, ahead, acting, now)
    return told


def announce(*, now: datetime) -> int:
    """Tell everybody who has points that the scheme ends, and until when they are good; once. The number told.

    What lapses by itself before the stop is named beside those that are good until the last day.
    """
    closing, told = queries.closing(), 0
    if closing is None:
        return 0
    acting = people.acting_for(ProxyScope.POINTS, now)
    params = {"stop": f"{last_day(closing.awards_until)}", "last": f"{last_day(closing.redeem_until)}"}
    left = Lot.objects.filter(remaining__gt=0, account__purse=Purse.SPENDABLE)
    left = left.annotate(end=queries.ends_of_lots(closing)).filter(end__gt=now)
    last = Q(end=closing.redeem_until)
    purses = left.values("account__person_id", "account__household_id", "account__person__account_id").annotate(
        points=Coalesce(Sum("remaining", filter=last), 0), before=Coalesce(Sum("remaining", filter=~last), 0)
    )
    for row in purses.order_by("account_id").iterator(chunk_size=2_000):
        household_id = row["account__household_id"]
        for reader in _readers(row, acting, now):
            made = notices.tell(
                person_ids=reader.person_ids, kind=CLOSING, subject=f"closing:{closing.id}",
                cause=f"closing:{closing.id}:{reader.mark}", now=now,
                params={
                    **params, "points": row["points"], "before": row["before"],
                    "household": household_id is not None, **reader.params,
                },
            )  # fmt: skip
            told += len(made)
    return told


@dataclass(frozen=True)
class _Readers:
    """Some who are told of one purse in the same words."""

    person_ids: Sequence[UUID]
    # What tells the purse from others of which the same people are told.
    mark: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


def _readers(row: Mapping[str, Any], acting: Mapping[UUID, Sequence[UUID]], now: datetime) -> Iterator[_Readers]:
    """Whose it is; and who may spend it for them, as a child has no inbox that anybody opens.

    Of somebody without a phone, for whom nobody acts, and of a home where nobody has one, whoever looks after it hears
    where to say it: neither who it is nor how much.
    """
    person_id, household_id = row["account__person_id"], row["account__household_id"]
    if household_id is not None:
        if told := _grown_ups_of(household_id, now):
            yield _Readers(told, str(household_id))
        elif (near := _near(household_id, now)) is not None:
            yield near
    elif person_id is not None:
        yield _Readers([person_id])
        if others := acting.get(person_id):
            yield _Readers(others, f"for:{person_id}", {"for": str(person_id)})
        elif row["account__person__account_id"] is None and (near := _near_to(person_id, now)) is not None:
            yield near


def _near_to(person_id: UUID, now: datetime) -> _Readers | None:
    """The same of somebody's home; None where they have none."""
    lives = Residence.objects.filter(in_force(now), person_id=person_id).first()
    return _near(lives.household_id, now, mark=person_id) if lives is not None else None


def _near(household_id: UUID, now: datetime, mark: UUID | None = None) -> _Readers | None:
    """Who attends to a home, and where that is; None where nobody does. Its purse, or that of whom `mark` names."""
    household = GridNode.objects.get(pk=household_id)
    for role in (Role.GRID_WORKER, Role.COORDINATOR):
        if (who := grid.acting_at(household, role, now)) is not None:
            # How much there is does not lie in a notice of another's either.
            kept_back = dict.fromkeys(("points", "before", "kept"), 0)
            return _Readers([who], f"near:{mark or household_id}", {**kept_back, "near": grid.door_of(household)})
    return None


def _tell(row: Mapping[str, Any], ahead: timedelta, acting: Mapping[UUID, Sequence[UUID]], now: datetime) -> int:
    last, household_id, told = f"{last_day(row['end'])}", row["account__household_id"], 0
    for reader in _readers(row, acting, now):
        made = notices.tell(
            person_ids=reader.person_ids, kind=LAPSING, subject=f"lapse:{last}",
            cause=f"lapse:{last}:{ahead.days}:{reader.mark}", now=now,
            params={
                "points": row["points"], "kept": row["kept"], "day": last,
                "household": household_id is not None, **reader.params,
            },
        )  # fmt: skip
        told += len(made)
    return told


def _grown_ups_of(household_id: UUID, now: datetime) -> list[UUID]:
    """The grown-ups who live there, read what comes and have agreed to spend the household's points; where none of
    these has yet, all who read it: they can agree, or tell whoever has."""
    living = Residence.objects.filter(in_force(now), household_id=household_id, person__account__isnull=False)
    home = living.filter(people.grown_up("person", now)).order_by("person_id")
    agreed = Consent.objects.filter(purpose=ConsentPurpose.HOUSEHOLD_POINTS, withdrawn_at__isnull=True)
    ready = list(home.filter(person__in=agreed.values("person")).values_list("person_id", flat=True))
    if ready:
        return ready
    return list(home.values_list("person_id", flat=True))


def _wording(_subject: str, params: Mapping[str, object]) -> Wording:
    words = {name: params.get(name, "") for name in ("points", "kept", "near")} | _spelled(params, "day")
    if params.get("near"):
        title = _("一位不用手机的邻居有分到 %(day)s过期") % words
        return Wording(
            title, _("住在%(near)s。见面时说一声：凭卡到驿站换，先用快到期的") % words, reverse_lazy("shop:home")
        )
    kept = _("其中 %(kept)s 分留给了换好的东西，到那天还没领就一起过期") % words if params.get("kept") else ""
    if params.get("household"):
        title = _("家里有 %(points)s 分到 %(day)s过期") % words
        return Wording(title, kept or _("换成用得着的东西，会先用快到期的"), reverse_lazy("points:household"))
    if params.get("for"):
        title = _("您代办的家人有 %(points)s 分到 %(day)s过期") % words
        return Wording(title, kept or _("可以替他们换成用得着的东西，会先用快到期的"), reverse_lazy("shop:home"))
    title = _("有 %(points)s 分到 %(day)s过期") % words
    return Wording(title, kept or _("换成用得着的东西，会先用快到期的"), reverse_lazy("points:home"))


def _spelled(params: Mapping[str, object], *names: str) -> dict[str, object]:
    """Days as pages write them; empty where none was told."""
    told = {name: str(params.get(name, "")) for name in names}
    return {name: days.in_full(date.fromisoformat(day)) if day else "" for name, day in told.items()}


def _ending(_subject: str, params: Mapping[str, object]) -> Wording:
    words = {name: params.get(name, "") for name in ("points", "before", "near")} | _spelled(params, "stop", "last")
    if params.get("near"):
        return Wording(
            _("积分要结束了，告诉一位不用手机的邻居"),
            _("住在%(near)s，还有分没换：凭卡到驿站换，先用快到期的，%(last)s以后没换的清零") % words,
            reverse_lazy("shop:home"),
        )
    text = _("积分要结束了：做过的事、先存着没交的，最晚 %(stop)s报上来；%(last)s以后没换的清零")
    if params.get("points") and params.get("before"):
        text = _(
            "积分要结束了：做过的事、先存着没交的，最晚 %(stop)s报上来；%(last)s以后没换的清零。"
            "另有 %(before)s 分本来就在停发以前到期，日子不变，先用这些"
        )
    whose = "home" if params.get("household") else "other" if params.get("for") else "own"
    titles, where = _END_TITLES[whose]
    return Wording(titles[not params.get("points")] % words, text % words, where)


# Until when points are good; where all of them lapse before the stop, that they do.
_END_TITLES: Final = {
    "own": (
        (_("您的 %(points)s 分能换到 %(last)s"), _("积分要结束了，您的 %(before)s 分在停发以前到期")),
        reverse_lazy("points:home"),
    ),
    "home": (
        (_("家里的 %(points)s 分能换到 %(last)s"), _("积分要结束了，家里的 %(before)s 分在停发以前到期")),
        reverse_lazy("points:household"),
    ),
    "other": (
        (
            _("您代办的家人有 %(points)s 分，能换到 %(last)s"),
            _("积分要结束了，您代办的家人有 %(before)s 分在停发以前到期"),
        ),
        reverse_lazy("shop:home"),
    ),
}


WORDINGS: dict[str, Writer] = {LAPSING: _wording, CLOSING: _ending}
