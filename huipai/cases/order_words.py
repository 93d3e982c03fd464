"""The words of work orders: parts, states, steps, grounds, and the stages of a limit."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Part(TextChoices):
    """In which part a unit works on a case. One leads; whoever received it first stays responsible (首接负责)."""

    LEAD = "lead", _("主办")
    HELPER = "helper", _("协办")


class OrderState(TextChoices):
    """Where a work order stands."""

    SENT = "sent", _("待签收")
    SIGNED = "signed", _("在办")
    RESPONDED = "responded", _("已反馈")
    DONE = "done", _("已办结")
    RETURNED = "returned", _("已退回")
    RECALLED = "recalled", _("已收回")


class OrderAction(TextChoices):
    """What can happen to a work order."""

    SEND = "send", _("发给单位")
    READ = "read", _("单位看到了")
    ALARM = "alarm", _("没人看，提醒负责人")
    SIGN = "sign", _("签收")
    RESPOND = "respond", _("办完反馈")
    RETURN = "return", _("退回")
    RECALL = "recall", _("联动中心收回")
    REDO = "redo", _("没有解决，接着办")
    PASS_ON = "pass_on", _("经办人不在，单位里换人办")
    FINISH = "finish", _("办结")


class ReturnGround(TextChoices):
    """Why a unit sends an order back. Only what a law, a boundary or a list of duties says; never that it is busy."""

    NOT_OUR_DUTY = "not_our_duty", _("权责清单里不归本单位")
    NOT_OUR_AREA = "not_our_area", _("不在本单位的管辖范围")
    NOT_FOUND = "not_found", _("到现场没有找到")
    NEEDS_ANOTHER = "needs_another", _("要先由别的单位处理")


# Whoever says so knows whose it is: a list of duties, or the matter itself, names somebody.
NAMES_ANOTHER = frozenset({ReturnGround.NOT_OUR_DUTY, ReturnGround.NEEDS_ANOTHER})


class ExtensionGround(TextChoices):
    """On which ground the time limit may be extended, or the case suspended (挂账)."""

    LAWFUL_PROCEDURE = "lawful_procedure", _("法定程序要走完，如催告、公告")
    WEATHER = "weather", _("天气等不可抗力")
    BUDGET = "budget", _("要立项，经费已经在申请")
    SEASON = "season", _("要等季节，如补种")
    HIGHER_LEVEL = "higher_level", _("要上级部门决定")


class RequestKind(TextChoices):
    """What a unit asks the hub for."""

    EXTENSION = "extension", _("延期")
    SUSPENSION = "suspension", _("挂账")


class Decision(TextChoices):
    GRANTED = "granted", _("同意")
    REFUSED = "refused", _("不同意")
    LAPSED = "lapsed", _("没有批")
    DROPPED = "dropped", _("不用批了")


class Stage(TextChoices):
    """The stages of a limit. The first three are the desk's own; the others run at the unit from the dispatch on."""

    ACCEPT = "accept", _("受理")
    FILE = "file", _("立案")
    DISPATCH = "dispatch", _("派单")
    SIGN = "sign", _("签收")
    ARRIVE = "arrive", _("到现场")
    HANDLE = "handle", _("办完")
    ANSWER = "answer", _("答复居民")


# What is marked by itself, as no step of the machine ends it.
MARKED = (Stage.ARRIVE, Stage.ANSWER)


class Pressure(TextChoices):
    URGE = "urge", _("催办")
    SUPERVISE = "supervise", _("督办")


class Tie(TextChoices):
    """How two cases belong together without being one."""

    SAME_CAUSE = "same_cause", _("同一个原因")
    SAME_PLACE = "same_place", _("同一个地方")
    FOLLOWS = "follows", _("由它引起")


class Bond(TextChoices):
    """How another case belongs to the one that is looked at; in this order they are told."""

    WHOLE = "whole", _("原来的那件")
    PART = "part", _("分出去的")
    SAME_CAUSE = Tie.SAME_CAUSE.value, _("同一个原因")
    SAME_PLACE = Tie.SAME_PLACE.value, _("同一个地方")
    FOLLOWS = Tie.FOLLOWS.value, _("由它引起")
    CAUSES = "causes", _("引起了它")
    INTO = "into", _("并进了")
    MERGED = "merged", _("并进来的")


# What somebody said of two cases, and may take back.
TIED = frozenset({Bond.SAME_CAUSE, Bond.SAME_PLACE, Bond.FOLLOWS, Bond.CAUSES})


# A unit has so long to say that it has seen an order; afterwards hub and lead are told.
WORK_HOURS_TO_READ = 2
# The same while the calendar is not announced that tells when those are over.
DAYS_TO_READ_UNDATED = 2
# Where no stage limit is written for a type.
WORK_HOURS_AT_THE_DESK = 4
# A question to the reporter waits so long, then work goes on without the answer.
DAYS_TO_ANSWER = 3
# The hub decides on a request within this time, and never later than the limit itself.
WORK_HOURS_TO_DECIDE = 8
# A worker sent to look has as long as a checker.
WORK_HOURS_TO_VERIFY = 8
# A refusal may be taken to review for so long.
DAYS_TO_REVIEW = 30
# Nobody is urged twice within these hours, and no case supervised twice within that time.
HOURS_BETWEEN_URGES = 4
HOURS_BETWEEN_REPORTERS_URGES = 24
HOURS_BETWEEN_SUPERVISIONS = 24
# A case is set aside for half a year at the most, then looked at again.
MOST_DAYS_SUSPENDED = 180
MOST_DAYS_EXTENDED = 60
