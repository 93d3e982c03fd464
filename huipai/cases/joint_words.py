"""The words of a joint task (吹哨报到): states, actions, what became of each unit that was called."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JointState(TextChoices):
    """Where a joint task stands. It runs beside its cases: their own orders and clocks go on."""

    WHISTLED = "whistled", _("等报到")
    MUSTERING = "mustering", _("报到中")
    UNANSWERED = "unanswered", _("没人报到")
    ON_SITE = "on_site", _("约好到场")
    RESOLVED = "resolved", _("有结果了")
    RATED = "rated", _("评过了")
    UNRATED = "unrated", _("没有评")
    UNRESOLVED = "unresolved", _("没有办成")
    CALLED_OFF = "called_off", _("撤哨了")


class JointAction(TextChoices):
    """What can happen to a joint task. Each is one command and one row of the table."""

    WHISTLE = "whistle", _("吹哨")
    MUSTER = "muster", _("报到")
    DECLINE = "decline", _("说来不了")
    MARK_ABSENT = "mark_absent", _("没按时报到，记下来")
    FALL_BACK = "fall_back", _("没人报到，联动中心接手")
    CALL = "call", _("再叫一家")
    URGE = "urge", _("催报到")
    CONVENE = "convene", _("约好时间和地点")
    VISIT = "visit", _("到现场看过")
    REPORT_PART = "report_part", _("单位说办了什么")
    RESOLVE = "resolve", _("有结果")
    RATE = "rate", _("社区评各家单位")
    LAPSE_RATING = "lapse_rating", _("没有评，收尾")
    GIVE_UP = "give_up", _("没有办成，收尾")
    LAPSE = "lapse", _("到时候没有动静，收尾")
    CALL_OFF = "call_off", _("撤哨")


class CallState(TextChoices):
    """What became of a unit that was called."""

    CALLED = "called", _("等报到")
    MUSTERED = "mustered", _("已报到")
    ABSENT = "absent", _("没有报到")
    DECLINED = "declined", _("说来不了")
    RELEASED = "released", _("不用来了")


# Called by name of unit; fewer than two is an order, not a joint task.
LEAST_UNITS = 2
MOST_UNITS = 12
MOST_CASES = 10
# In so many working hours a unit names who comes; whoever whistles chooses one of these.
HOURS_TO_MUSTER = (2, 4, 8)
USUAL_HOURS_TO_MUSTER = 4
# Nobody has come: the hub has so long to call others or to end it.
WORK_HOURS_FOR_THE_HUB = 8
# After the limit for mustering, so long to agree on a day; after that day, so long for a result.
WORKDAYS_TO_CONVENE = 3
WORKDAYS_TO_RESOLVE = 5
WORKDAYS_TO_RATE = 3
HOURS_BETWEEN_URGES = 4
# A day is agreed on at most so far ahead.
MOST_DAYS_AHEAD = 30
LONGEST_MATTER = 500
LONGEST_ENDING = 500
LONGEST_PLACE = 60
