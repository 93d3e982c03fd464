"""The words of the main job 慧拍: kinds, states, actions, outcomes, facts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    PROBLEM = "problem", _("问题")
    GOOD_DEED = "good_deed", _("好人好事")


class ReportState(TextChoices):
    """What became of one person's report (ruling 7)."""

    RECEIVED = "received", _("已收到")
    JOINED = "joined", _("已合并")
    DECLINED = "declined", _("不予受理")
    WITHDRAWN = "withdrawn", _("已撤回")


class State(TextChoices):
    """Where a case stands (ruling 7). Residents see the chip of `design.md`, never this word."""

    REPORTED = "reported", _("已收到")
    VERIFYING = "verifying", _("核实中")
    ACCEPTED = "accepted", _("已受理")
    DECLINED = "declined", _("不予受理")
    FILED = "filed", _("已立案")
    NOT_FILED = "not_filed", _("不予立案")
    DISPATCHED = "dispatched", _("已派单")
    IN_PROGRESS = "in_progress", _("处理中")
    RESPONDED = "responded", _("等待核查")
    CHECKING = "checking", _("核查中")
    CONFIRMING = "confirming", _("待您确认")
    REWORK = "rework", _("返工中")
    RETURNED = "returned", _("被退回")
    EXTENSION_PENDING = "extension_pending", _("申请延期")
    SUSPENDED = "suspended", _("已暂停")
    MERGED = "merged", _("已合并")
    VOIDED = "voided", _("已作废")
    CLOSED = "closed", _("已办结")
    REOPENED = "reopened", _("重新办理")


class Action(TextChoices):
    """What can happen to a case. Each is one command and one row of the machine."""

    REPORT = "report", _("上报")
    ACCEPT = "accept", _("受理")
    DECLINE = "decline", _("不予受理")
    RESPOND = "respond", _("办完反馈")
    HANDLE_ON_THE_SPOT = "handle_on_the_spot", _("现场办完")
    DRAW_CHECK = "draw_check", _("抽到核查人")
    LAPSE_CHECK = "lapse_check", _("核查超时，另抽一人")
    PASS_CHECK = "pass_check", _("核查通过")
    FAIL_CHECK = "fail_check", _("核查不通过，返工")
    AGREE = "agree", _("一位上报人说解决了，还等别人")
    CONFIRM = "confirm", _("上报人确认解决")
    CLOSE_UNANSWERED = "close_unanswered", _("三天没有回音，按未答复结案")
    DISPUTE = "dispute", _("上报人说还没解决")
    MERGE = "merge", _("并入另一件")
    WITHDRAW = "withdraw", _("上报人撤回")
    PASS_ON = "pass_on", _("换人办理")
    TAKE_OVER = "take_over", _("从待领的里面接过来")


class Actor(TextChoices):
    """In which part somebody acts on a case."""

    REPORTER = "reporter", _("上报人")
    WORKER = "worker", _("网格员")
    COORDINATOR = "coordinator", _("社区")
    CHECKER = "checker", _("核查人")
    SYSTEM = "system", _("系统")


class Clock(TextChoices):
    """What an action does to the time limit."""

    START = "start", _("开始计时")
    GO_ON = "go_on", _("照常计时")
    PAUSE = "pause", _("停表")
    RESUME = "resume", _("接着计时")
    END = "end", _("结束计时")


class Outcome(TextChoices):
    """How a case ended. 'No answer' is never counted as satisfied (ruling 8)."""

    CONFIRMED = "confirmed", _("上报人确认解决")
    NO_ANSWER = "no_answer", _("上报人没有答复")
    DECLINED = "declined", _("没有受理")
    MERGED = "merged", _("并入另一件")
    WITHDRAWN = "withdrawn", _("上报人撤回")


class DeclineReason(TextChoices):
    """Why a report is not taken on, and so where else to turn. Nothing is preselected."""

    NOT_THE_STREETS = "not_the_streets", _("这里不归街道管")
    OUTSIDE = "outside", _("不在本街道")
    NOT_SEEN = "not_seen", _("到现场没有看到")
    NOT_A_PROBLEM = "not_a_problem", _("不属于受理范围")
    PRIVATE_DISPUTE = "private_dispute", _("属于民事纠纷")


class PositionSource(TextChoices):
    """Where a position came from. Kept with it, never trusted silently."""

    EXIF = "exif", _("照片里的位置")
    DEVICE = "device", _("手机定位")
    PIN = "pin", _("自己在图上点的")
    ADDRESS = "address", _("按地址查到的")


class Placed(TextChoices):
    """How the position lies to the micro-grids."""

    INSIDE = "inside", _("在网格里")
    BORDER = "border", _("在网格交界上")


class Moment(TextChoices):
    """When in the life of a case a photo was taken."""

    BEFORE = "before", _("办理前")
    AFTER = "after", _("办理后")
    CHECK = "check", _("核查时")
    DISPUTE = "dispute", _("上报人补充")


class CheckResult(TextChoices):
    PASSED = "passed", _("通过")
    REWORK = "rework", _("返工")
    LAPSED = "lapsed", _("超时未查")


class Answer(TextChoices):
    CONFIRMED = "confirmed", _("解决了")
    DISPUTED = "disputed", _("还没有")
    NO_ANSWER = "no_answer", _("没有答复")
    DROPPED = "dropped", _("不用再答")


class Audience(TextChoices):
    """Who reads a note: two things, never one flag that can be forgotten."""

    PUBLIC = "public", _("对上报人可见")
    INTERNAL = "internal", _("内部")


class Fact(TextChoices):
    """What the journal says of cases."""

    REPORTED = "case.reported", _("收到上报")
    ACCEPTED = "case.accepted", _("受理")
    DECLINED = "case.declined", _("不予受理")
    RESPONDED = "case.responded", _("办完反馈")
    CHECK_DRAWN = "case.check_drawn", _("抽取核查人")
    CHECK_LAPSED = "case.check_lapsed", _("核查超时")
    CHECK_PASSED = "case.check_passed", _("核查通过")
    CHECK_FAILED = "case.check_failed", _("核查不通过")
    NO_CHECKER = "case.no_checker", _("没有可抽的核查人")
    AGREED = "case.agreed", _("一位上报人确认，还等别人")
    CONFIRMED = "case.confirmed", _("上报人确认")
    UNANSWERED = "case.unanswered", _("上报人未答复")
    DISPUTED = "case.disputed", _("上报人不认可")
    MERGED = "case.merged", _("合并")
    WITHDRAWN = "case.withdrawn", _("撤回")
    REASSIGNED = "case.reassigned", _("换人办理")
    DUE_RECOMPUTED = "case.due_recomputed", _("按新日历重算时限")


# Ruling 8: silence closes after three days, recorded as no answer.
DAYS_TO_CONFIRM = 3
# Ruling 9: a checker has 8 工作时, then another is drawn.
WORK_HOURS_TO_CHECK = 8
MOST_PHOTOS = 9
LONGEST_TEXT = 2000
