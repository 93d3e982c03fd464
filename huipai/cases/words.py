"""The words of the main job 慧拍: kinds, states, actions, outcomes, facts."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext
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

    @property
    def told(self) -> str:
        """The word for everybody but the reporter, from whom alone a word is waited for."""
        return gettext("等上报人确认") if self is State.CONFIRMING else str(self.label)


class Action(TextChoices):
    """What can happen to a case. Each is one command and one row of the machine."""

    REPORT = "report", _("上报")
    ACCEPT = "accept", _("受理")
    DECLINE = "decline", _("不予受理")
    RESPOND = "respond", _("办完反馈")
    HANDLE_ON_THE_SPOT = "handle_on_the_spot", _("现场办完")
    DRAW_CHECK = "draw_check", _("抽到核查人")
    LAPSE_CHECK = "lapse_check", _("核查超时，另抽一人")
    SKIP_CHECK = "skip_check", _("这一次没有抽到核查")
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
    # --- Before filing
    HAND_UP = "hand_up", _("网格办不了，转给联动中心")
    VERIFY = "verify", _("请网格员去核实")
    VOUCH = "vouch", _("核实属实")
    LAPSE_VERIFY = "lapse_verify", _("没按时核实，回到联动中心")
    FILE = "file", _("立案")
    NOT_FILE = "not_file", _("不予立案")
    VOID = "void", _("作废")
    ASK_REVIEW = "ask_review", _("上报人申请复核")
    # --- At the units
    DISPATCH = "dispatch", _("派单")
    RULE = "rule", _("裁定")
    SIGN = "sign", _("签收")
    RETURN = "return", _("退单")
    RECALL = "recall", _("收回")
    ASK_EXTENSION = "ask_extension", _("申请延期")
    GRANT_EXTENSION = "grant_extension", _("同意延期")
    REFUSE_EXTENSION = "refuse_extension", _("不同意延期")
    LAPSE_EXTENSION = "lapse_extension", _("延期没有批，照原来的时限办")
    SUSPEND = "suspend", _("挂账")
    UNSUSPEND = "unsuspend", _("挂账到期，接着办")
    # --- Without moving it
    ASK = "ask", _("问上报人")
    ANSWER = "answer", _("上报人回答")
    LAPSE_QUESTION = "lapse_question", _("没有回答，接着办")
    TAKE_BACK_QUESTION = "take_back_question", _("收回问的那一句")
    URGE = "urge", _("催办")
    SUPERVISE = "supervise", _("督办")
    SPLIT = "split", _("分出一件")
    RETYPE = "retype", _("改了类别")
    SEND_BACK_PART = "send_back_part", _("分出的一件退回重办")
    CLOSE_PART = "close_part", _("分出的一件办完")


class Actor(TextChoices):
    """In which part somebody acts on a case."""

    REPORTER = "reporter", _("上报人")
    WORKER = "worker", _("网格员")
    COORDINATOR = "coordinator", _("社区")
    DISPATCHER = "dispatcher", _("联动中心")
    UNIT = "unit", _("处置单位")
    CHECKER = "checker", _("核查人")
    SYSTEM = "system", _("系统")


class Clock(TextChoices):
    """What an action does to the time limit."""

    START = "start", _("开始计时")
    GO_ON = "go_on", _("照常计时")
    PAUSE = "pause", _("停表")
    RESUME = "resume", _("接着计时")
    EXTEND = "extend", _("延长时限")
    END = "end", _("结束计时")


class Outcome(TextChoices):
    """How a case ended. 'No answer' is never counted as satisfied (ruling 8)."""

    CONFIRMED = "confirmed", _("上报人确认解决")
    NO_ANSWER = "no_answer", _("上报人没有答复")
    DECLINED = "declined", _("没有受理")
    MERGED = "merged", _("并入另一件")
    WITHDRAWN = "withdrawn", _("上报人撤回")
    NOT_FILED = "not_filed", _("没有立案")
    VOIDED = "voided", _("工作人员作废")
    PART_DONE = "part_done", _("分出的一件办完")


class DeclineReason(TextChoices):
    """Why a report is not taken on, and so where else to turn. Nothing is preselected."""

    NOT_THE_STREETS = "not_the_streets", _("这里不归街道管")
    OUTSIDE = "outside", _("不在本街道")
    NOT_SEEN = "not_seen", _("到现场没有看到")
    NOT_A_PROBLEM = "not_a_problem", _("不属于受理范围")
    PRIVATE_DISPUTE = "private_dispute", _("属于民事纠纷")


class NotFiledReason(TextChoices):
    """Why a case is not filed. The reporter reads it and may ask for a review."""

    NOT_OUR_POWER = "not_our_power", _("街道没有这项职权")
    SETTLED = "settled", _("到现场时已经解决")
    NOT_PROVEN = "not_proven", _("核实后情况不属实")
    IN_PROCEEDINGS = "in_proceedings", _("已在诉讼、仲裁或复议中")
    PRIVATE_DISPUTE = "private_dispute", _("属于民事纠纷")


class VoidReason(TextChoices):
    """Why staff take a case out of the books."""

    TEST = "test", _("试用时发的")
    WRONG_ENTRY = "wrong_entry", _("登记错了")
    SENT_TWICE = "sent_twice", _("同一个人发了两次")
    UNLAWFUL = "unlawful", _("内容违法，不能留")


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
    # No position was given: it stands in the middle of the area that was named, until somebody sets the place.
    GUESSED = "guessed", _("按地址估的")


class Moment(TextChoices):
    """When in the life of a case a photo was taken."""

    BEFORE = "before", _("办理前")
    AFTER = "after", _("办理后")
    CHECK = "check", _("核查时")
    DISPUTE = "dispute", _("上报人补充")
    VISIT = "visit", _("一起到现场时")


class CheckResult(TextChoices):
    PASSED = "passed", _("通过")
    REWORK = "rework", _("返工")
    LAPSED = "lapsed", _("超时未查")


class KeptDeedKind(TextChoices):
    """What a worker can do where there is no network."""

    ACCEPT = "accept", "accept"
    RESPOND = "respond", "respond"
    ASK = "ask", "ask"


class Answer(TextChoices):
    CONFIRMED = "confirmed", _("解决了")
    DISPUTED = "disputed", _("还没有")
    NO_ANSWER = "no_answer", _("没有答复")
    DROPPED = "dropped", _("不用再答")


class Audience(TextChoices):
    """Who reads a note: two things, never one flag that can be forgotten."""

    PUBLIC = "public", _("对上报人可见")
    INTERNAL = "internal", _("内部")


class OwnView(TextChoices):
    """How somebody looks for what they reported."""

    ALL = "", _("全部")
    REPLY = "reply", _("等我说话")
    RUNNING = "running", _("在办")
    DONE = "done", _("办结了")
    REFUSED = "refused", _("没受理")
    DEEDS = "deeds", _("好人好事")


class Going(TextChoices):
    """How far a public thing has come, as neighbours choose it."""

    ALL = "", _("全部")
    OPEN = "open", _("正在办")
    DONE = "done", _("办好了")
    DEEDS = "deeds", _("好人好事")


class Span(TextChoices):
    """From how long ago."""

    CURRENT = "", _("这一个月")
    QUARTER = "quarter", _("三个月")
    ALL = "all", _("全部时间")


class KeepBackReason(TextChoices):
    """Why a photo is not shown to neighbours. Nothing is preselected."""

    FACES = "faces", _("有人脸")
    PLATES = "plates", _("有车牌")
    DOORS = "doors", _("看得出是谁家")
    CHILDREN = "children", _("有孩子")
    PRIVATE = "private", _("有证件、单据等私人内容")
    UNRELATED = "unrelated", _("和这件事没有关系")


# What ended goes on being shown among what goes on for so long.
CURRENT_FOR = timedelta(days=30)
# Ruling 8: silence closes after three days, recorded as no answer.
DAYS_TO_CONFIRM = 3
# Ruling 9: a checker has 8 工作时, then another is drawn.
WORK_HOURS_TO_CHECK = 8
# While the calendar is not announced that tells when those are over; what it tells counts as soon as it does.
DAYS_TO_CHECK_UNDATED = 3
# So long after the end a follower may still say that it is there.
DAYS_TO_SAY_STILL_THERE = 30
MOST_PHOTOS = 9
# So far off may a phone stand from where it was when it was offered what it joins.
METRES_OF_DRIFT = 20
# How often one person may add to one thing in a day.
ADDITIONS_A_DAY = 5
LONGEST_TEXT = 2000
