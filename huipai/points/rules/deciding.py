"""What follows from the words of reviewers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from huipai.points.rules.spans import local_day
from huipai.points.words import LARGE_POINTS, PUBLIC_DAYS, SecondReason, Verdict


class Outlook(StrEnum):
    ASK_ANOTHER = "ask_another"
    REFUSED = "refused"
    APPROVED = "approved"


def second_reason(
    *, is_manual: bool, points: int, levels: int, is_drawn: bool, verdicts: Sequence[str]
) -> SecondReason | None:
    """Why one pair of eyes is not enough; None if it is."""
    if is_manual:
        return SecondReason.MANUAL
    if points >= LARGE_POINTS:
        return SecondReason.LARGE
    if levels > 1:
        return SecondReason.ITEM
    # What was drawn wants two who agree, and whoever only lets another look is none of them.
    if is_drawn:
        return SecondReason.SAMPLED
    return SecondReason.REFERRED if Verdict.REFERRED in verdicts else None


def outlook(*, verdicts: Sequence[str], before: Sequence[str] = (), second: str) -> Outlook:
    """Where a claim goes after these words of one round, the last of which has just taken effect.

    A no ends it. Whoever refers it has said nothing yet. What wants two wants them on an appeal as well, or a refusal
    would be the cheaper way; a yes from `before` the appeal is one of them, for nobody speaks twice.
    """
    if verdicts[-1] == Verdict.REFUSED:
        return Outlook.REFUSED
    needed = 2 if second and second != SecondReason.REFERRED else 1
    agreed = sum(verdict == Verdict.APPROVED for verdict in (*before, *verdicts))
    return Outlook.APPROVED if agreed >= needed else Outlook.ASK_ANOTHER


def public_until(now: datetime) -> datetime:
    """The end of the third local day after today."""
    return local_day(now).end + timedelta(days=PUBLIC_DAYS)
