"""The words of keeping and letting go: which class of things is kept for how long, and on what ground."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.cases.words import Outcome


class Kept(TextChoices):
    """A class of things that have words and pictures of people in them."""

    DONE = "done", _("办结的案件")
    REFUSED = "refused", _("没有受理、没有立案、作废的案件")
    WITHDRAWN = "withdrawn", _("上报人自己撤回的案件")
    FOUND = "found", _("网格员自己发现、当场办完的记录")
    DEED = "deed", _("没有公开或者撤下的好人好事")


# How a case ended says to which class it belongs; what was merged goes with the case that went on.
CLASSES: dict[Kept, tuple[Outcome, ...]] = {
    Kept.DONE: (Outcome.CONFIRMED, Outcome.NO_ANSWER, Outcome.PART_DONE),
    Kept.REFUSED: (Outcome.DECLINED, Outcome.NOT_FILED, Outcome.VOIDED),
    Kept.WITHDRAWN: (Outcome.WITHDRAWN,),
}
OF_OUTCOME: dict[str, Kept] = {outcome: kept for kept, outcomes in CLASSES.items() for outcome in outcomes}


@dataclass(frozen=True)
class FirstTerm:
    """How long a class is kept where the street has said nothing, and why so long."""

    days: int
    ground: str | Promise


# PIPL art. 19: as short as the purpose needs. What the purpose needs is set by the times within which somebody may sue:
# Administrative Litigation Law art. 46 (five years after the act, whoever knew of it or not), and for whoever was told
# of the act a year (Supreme People's Court, Fa Shi [2018] 1, art. 64), here with a month for it to reach the office.
FIRST: dict[str, FirstTerm] = {
    Kept.DONE: FirstTerm(
        5 * 365, _("《个人信息保护法》第十九条；办理以后五年内可能有行政诉讼（《行政诉讼法》第四十六条）")
    ),
    Kept.REFUSED: FirstTerm(
        400, _("《个人信息保护法》第十九条；告诉结果以后一年内可能有行政诉讼（法释〔2018〕1 号第六十四条），另留一个月")
    ),
    Kept.WITHDRAWN: FirstTerm(90, _("《个人信息保护法》第十九条、第四十七条：本人撤回，不再需要")),
    Kept.FOUND: FirstTerm(400, _("《个人信息保护法》第十九条：看得出一年里哪些地方反复出问题")),
    Kept.DEED: FirstTerm(90, _("《个人信息保护法》第十九条、第四十七条：没有公开，不再需要")),
}

# A review may be asked for in 30 days and has to be decided: nothing is let go while that can happen.
LEAST_DAYS = 60
# Papers that a street has to keep longer are filed as archives, on paper: ten years is their shortest fixed term
# (State Archives Administration, order no. 8 of 2006, art. 6).
MOST_DAYS = 10 * 365
LONGEST_GROUND = 200
# A shorter term begins so long after it was set: what it would let go at once can still be objected to.
SHORTER_AFTER = timedelta(days=30)
# A hold lasts no longer than a year, to the end of its last day; whoever still needs it says so again.
LONGEST_HOLD = timedelta(days=367)
# What the page says is about to go.
SOON = timedelta(days=30)
# One night lets go of no more, so that the morning finds the machine awake.
MOST_A_NIGHT = 2000
