"""How much one person may send: so many in an hour and a day, and of one kind in one place (settings say how many)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from huipai.cases.commands.intake_statement import SPEND
from huipai.cases.models import ReportAllowance
from huipai.kit import hot
from huipai.kit.ids import new_id
from huipai.kit.verdict import Invalid, TooMany
from huipai.people.models import Person
from huipai.streets.current import street_in_force

_CHINA = ZoneInfo("Asia/Shanghai")
_SPEND = f"""
INSERT INTO cases_reportallowance AS held (id, street_id, person_id, day, hour, in_day, in_hour)
VALUES (%(allowance)s, %(street)s, %(uploader)s, %(day)s, %(hour)s, 1, 1)
    {SPEND}
RETURNING 1
"""


class TooManyReports(TooMany):
    """Nothing is lost by it: a form comes back with everything, a phone sends it later by itself."""

    code = "too_many_reports"
    default_reason = _("这一小时报得太多了，过一小时再发，写的、拍的都还在。有危险先打 110；急事打社区电话")


class EnoughHere(TooMany):
    code = "enough_in_this_place"
    default_reason = _("您在这里报的同一类，好几件都还在办，先在那几件里补一句；办好一件再报新的。有危险先打 110")


class OwnIsOpen(Invalid):
    """Their own matter is in hand: what is new about it belongs there."""

    code = "own_is_open"
    default_reason = _("您在这里报的同一类还在办，去那一件里补一句；确实是另一件，勾上“是另一件”再发")

    def __init__(self, own_code: str) -> None:
        self.own_code = own_code
        words = _now("您在这里报的同一类还在办（编号 %(code)s），去那一件里补一句；确实是另一件，勾上“是另一件”再发")
        super().__init__(words % {"code": own_code}, field="same")


@dataclass(frozen=True)
class Limits:
    """At most so many; 0 is no limit."""

    an_hour: int
    a_day: int
    at_a_place: int


def of_a_person() -> Limits:
    return Limits(settings.REPORTS_AN_HOUR, settings.REPORTS_A_DAY, settings.REPORTS_AT_A_PLACE)


def of_the_counter() -> Limits:
    """A clerk sends for many; where theirs was reported before is theirs to say."""
    return Limits(0, settings.COUNTER_REPORTS_A_DAY, 0)


def asked(limits: Limits, now: datetime) -> Mapping[str, object]:
    """What the statement takes."""
    local = now.astimezone(_CHINA)
    return {
        "allowance": new_id(), "day": local.date(), "hour": local.hour, "an_hour": limits.an_hour,
        "a_day": limits.a_day,
    }  # fmt: skip


def spend(person: Person, limits: Limits, now: datetime) -> None:
    """Count one more that this person sends, or refuse it; inside the transaction of what is sent."""
    values = {"street": street_in_force(), "uploader": person.id, **asked(limits, now)}
    if not hot.rows(_SPEND, values):
        raise used_up(person.id, limits, now)


def used_up(person_id: UUID, limits: Limits, now: datetime) -> TooManyReports:
    """Which of the two it was: an hour ends sooner than a day."""
    held = ReportAllowance.objects.filter(person=person_id).first()
    if held is not None and limits.a_day and held.in_day >= limits.a_day:
        return TooManyReports(_now("今天报得够多了，明天再发，写的、拍的都还在。有危险先打 110；急事打社区电话"))
    return TooManyReports()
