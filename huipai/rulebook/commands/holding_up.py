"""An objection that nobody has decided keeps a version from taking effect: the day moves, never the decision.

What is in force is read so from the dates and the open objections together (`rulebook_calendar_at` in the database);
here the dates are only brought into line with it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from huipai.kit.ids import new_id
from huipai.rulebook import queries, rules
from huipai.rulebook.commands.telling import record
from huipai.rulebook.models import PointItem, Postponement, RulebookVersion
from huipai.rulebook.words import HOLD_UP_AT, Fact


def lock_calendar(now: datetime) -> list[RulebookVersion]:
    """Every published version that is not over at `now`, newest first and locked in that order, as withdrawing does."""
    versions = list(queries.published().select_for_update(of=("self",), no_key=True).order_by("-effective_from"))
    counts = rules.counts_at(now, queries.held_from())
    return [version for version in versions if version.effective_until is None or version.effective_until > counts]


def catch_up(now: datetime) -> list[RulebookVersion]:
    """The calendar, locked, in which the day of every version that waited past it lies ahead again.

    Before an objection is decided or a version withdrawn: what had not begun because of it begins later, never at
    once and never in what has been counted already.
    """
    calendar = lock_calendar(now)
    hold_up_all(calendar, now, within=HOLD_UP_AT)
    return calendar


def hold_up_all(calendar: list[RulebookVersion], now: datetime, *, within: timedelta) -> int:
    """Move whatever waits for a decision and begins so soon or should have, the earliest first; how many moved."""
    waiting = set(queries.held_up(now, within=within).values_list("id", flat=True))
    return sum(hold_up(calendar, each, now) for each in reversed(calendar) if each.id in waiting)


def hold_up(calendar: list[RulebookVersion], version: RulebookVersion, now: datetime) -> bool:
    """Move the day of a version that has not begun so far off that what was objected can be decided before it.

    Whatever was published after it begins as long after it as before; the version in force goes on until then. Part
    of the caller's transaction, the calendar locked.
    """
    begins = version.effective_from
    assert begins is not None
    shift = rules.days_to_wait(begins, now)
    if not shift:
        return False
    for each in calendar:
        _move(each, begins, shift, now)
    return True


def _move(each: RulebookVersion, begins: datetime, shift: timedelta, now: datetime) -> None:
    """Newest first, so that no two are ever in force at once."""
    assert each.effective_from is not None
    if each.effective_from >= begins:
        was, becomes = each.effective_from, each.effective_from + shift
        Postponement.objects.create(id=new_id(), version=each, was=was, becomes=becomes, decided_at=now)
        each.effective_from = becomes
        each.effective_until = each.effective_until + shift if each.effective_until else None
        record(Fact.POSTPONED, each, None, now, effective=int(becomes.timestamp()), was=int(was.timestamp()))
        _tell_of_admissions(each, was, becomes, now)
    elif each.effective_until is not None and each.effective_until >= begins:
        each.effective_until = each.effective_until + shift
    else:
        return
    each.save(update_fields=["effective_from", "effective_until"])


def _tell_of_admissions(version: RulebookVersion, was: datetime, becomes: datetime, now: datetime) -> None:
    """Say of each item that would have counted on the old day, and will not on the new one, that it is over."""
    over = PointItem.objects.admitted(queries.local_date(was)).filter(
        version=version, admitted_until__lt=queries.local_date(becomes)
    )
    for item in over.select_related("admission").order_by("code"):
        unit = {"unit": str(item.admission.unit_id)} if item.admission else {}
        until = item.admitted_until.isoformat() if item.admitted_until else ""
        record(Fact.OVERTAKEN, version, None, now, code=item.code, until=until, **unit)
