"""What the journal says of cases and of everything that belongs to them: the facts, and their words."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

# As whom a member of staff did what a reporter said at the counter; beside the scopes of a proxy.
AT_THE_COUNTER = "counter"


class Fact(TextChoices):
    """What the journal says of cases."""

    ACTED_FOR = "case.acted_for", _("家人或者窗口替人办")
    NAME_READ = "case.name_read", _("看了留名的上报人")
    UNMASKED = "case.unmasked", _("看了上报人")
    LOOKED_UP = "case.looked_up", _("按人找案件")
    NOTED = "case.noted", _("内部记一句")
    TOLD = "case.told", _("告诉上报人一句")
    EXPORTED = "export.asked", _("导出了表格")
    PRINTED = "case.printed", _("打印案卷")
    PHOTO_KEPT_BACK = "case.photo_kept_back", _("照片看过，先不公开")
    PHOTO_RECONSIDERED = "case.photo_reconsidered", _("重新看这张照片")

    REPORTED = "case.reported", _("收到上报")
    ACCEPTED = "case.accepted", _("受理")
    DECLINED = "case.declined", _("不予受理")
    RESPONDED = "case.responded", _("办完反馈")
    CHECK_LOT = "case.check_lot", _("抽签决定核查不核查")
    CHECK_SKIPPED = "case.check_skipped", _("没有抽到核查")
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
    OPENED = "case.opened", _("合并以后给邻居看")
    JOINED = "case.joined", _("又有人报了同一件")
    FOLLOWED = "case.followed", _("邻居跟着")
    UNFOLLOWED = "case.unfollowed", _("邻居不再跟着")
    STILL_THERE = "case.still_there", _("邻居说还在")
    ADDED = "case.added", _("上报人补充")
    TAKEN_DOWN = "case.taken_down", _("工作人员代为登记")
    SLIP_ISSUED = "case.slip_issued", _("重打回执")
    CORRECTED = "case.corrected", _("上报人改了内容")
    PLACED = "case.placed", _("定了位置")
    WITHDRAWN = "case.withdrawn", _("撤回")
    LEFT = "case.left", _("跟着报的人收回了自己的一份")
    REASSIGNED = "case.reassigned", _("换人办理")
    DUE_RECOMPUTED = "case.due_recomputed", _("按新日历重算时限")
    DATED = "case.dated", _("时限跟着并来的或者新的类别变了")
    HANDED_UP = "case.handed_up", _("转给联动中心")
    VERIFY_ASKED = "case.verify_asked", _("请人核实")
    VOUCHED = "case.vouched", _("核实属实")
    VERIFY_LAPSED = "case.verify_lapsed", _("核实超时")
    FILED = "case.filed", _("立案")
    NOT_FILED = "case.not_filed", _("不予立案")
    VOIDED = "case.voided", _("作废")
    REMOVAL_DUE = "case.removal_due", _("违法内容过了复核期，等人清除")
    UNLAWFUL_REMOVED = "case.unlawful_removed", _("清除违法内容")
    REVIEW_ASKED = "case.review_asked", _("申请复核")
    DISPATCHED = "case.dispatched", _("派单")
    RULED = "case.ruled", _("裁定")
    SIGNED = "case.signed", _("签收")
    RETURNED = "case.returned", _("退单")
    RECALLED = "case.recalled", _("收回")
    EXTENSION_ASKED = "case.extension_asked", _("申请延期")
    EXTENSION_GRANTED = "case.extension_granted", _("同意延期")
    EXTENSION_REFUSED = "case.extension_refused", _("不同意延期")
    EXTENSION_LAPSED = "case.extension_lapsed", _("延期没有批")
    SUSPENDED = "case.suspended", _("挂账")
    UNSUSPENDED = "case.unsuspended", _("接着办")
    QUESTION_ASKED = "case.question_asked", _("问上报人")
    QUESTION_ANSWERED = "case.question_answered", _("上报人回答")
    QUESTION_LAPSED = "case.question_lapsed", _("没有回答")
    QUESTION_TAKEN_BACK = "case.question_taken_back", _("收回了问的话")
    URGED = "case.urged", _("催办")
    SUPERVISED = "case.supervised", _("督办")
    SPLIT = "case.split", _("分出一件")
    RETYPED = "case.retyped", _("改了类别")
    RELATED = "case.related", _("有关联")
    UNTIED = "case.untied", _("不再连着")
    PART_SENT_BACK = "case.part_sent_back", _("分出的一件退回重办")
    PART_DONE = "case.part_done", _("分出的一件办完")
    STAGE_MARKED = "case.stage_marked", _("到现场、答复居民的时间")
    FOUND_FALSE = "case.found_false", _("认定上报不属实")
    FINDING_APPEALED = "case.finding_appealed", _("上报人对认定申诉")
    FINDING_UPHELD = "case.finding_upheld", _("申诉看过，维持认定")
    FINDING_LIFTED = "case.finding_lifted", _("认定撤销")
    ORDER_SENT = "order.sent", _("工单发出")
    ORDER_READ = "order.read", _("工单有人看了")
    ORDER_UNREAD = "order.unread", _("工单没人看")
    ORDER_SIGNED = "order.signed", _("工单签收")
    ORDER_RESPONDED = "order.responded", _("工单办完")
    ORDER_RECALLED = "order.recalled", _("工单收回")
    ORDER_PASSED_ON = "order.passed_on", _("工单换人办")
    ORDER_RETURNED = "order.returned", _("工单退回")


class DeedFact(TextChoices):
    """What the journal says of good deeds."""

    REPORTED = "deed.reported", _("讲了一件好事")
    PUBLISHED = "deed.published", _("好人好事核实并公开")
    DECLINED = "deed.declined", _("好人好事没有公开")
    WITHDRAWN = "deed.withdrawn", _("好人好事撤回")
    TAKEN_DOWN = "deed.taken_down", _("好人好事撤下")


class FindFact(TextChoices):
    """What the journal says of what workers found and mended themselves."""

    RECORDED = "find.self_handled", _("网格员自己发现、当场办完")
    TAKEN_BACK = "find.taken_back", _("自己办的记错了，划去")


class AttachmentFact(TextChoices):
    """What the journal says of attachments."""

    ADDED = "attachment.added", _("加了附件")
    REMOVED = "attachment.removed", _("去掉附件")


class CommentFact(TextChoices):
    """What the journal says of comments."""

    OPENED = "comments.opened", _("社区打开邻居留言")
    CLOSED = "comments.closed", _("社区关掉邻居留言")
    WRITTEN = "comment.written", _("邻居留言，等社区看")
    SHOWN = "comment.shown", _("留言放出来")
    REFUSED = "comment.refused", _("留言没有放出来")
    TAKEN_DOWN = "comment.taken_down", _("留言收回")
    WITHDRAWN = "comment.withdrawn", _("留言的人自己收回")
    REPORTED = "comment.reported", _("邻居说一条留言不妥")
    KEPT = "comment.kept", _("看过，留言不动")


class TypeFact(TextChoices):
    """What the journal says of case types."""

    ADDED = "case_type.added", _("新开一类案件")
    CHANGED = "case_type.changed", _("改了案件类别")
    RETIRED = "case_type.retired", _("停用案件类别")
    BROUGHT_BACK = "case_type.brought_back", _("重新启用案件类别")
    IMPORTED = "case_type.imported", _("用工作表改了案件类别")
    PAYMENT_ASKED = "case_type.payment_asked", _("提出改积分条目")
    PAYMENT_AGREED = "case_type.payment_agreed", _("同意改积分条目")
    PAYMENT_REFUSED = "case_type.payment_refused", _("没有同意改积分条目")
    PAYMENT_WITHDRAWN = "case_type.payment_withdrawn", _("撤回了提出的积分条目")


class WallFact(TextChoices):
    """What the journal says of screens on walls."""

    MADE = "wall.made", _("做了大屏链接")
    REVOKED = "wall.revoked", _("收回大屏链接")


class PhraseFact(TextChoices):
    """What the journal says of answers that are kept ready."""

    KEPT = "phrase.kept", _("加了一句常用的话")
    CHANGED = "phrase.changed", _("改了一句常用的话")
    DROPPED = "phrase.dropped", _("删了一句常用的话")


class JointFact(TextChoices):
    """What the journal says of joint tasks."""

    WHISTLED = "joint.whistled", _("社区吹哨")
    MUSTERED = "joint.mustered", _("单位报到")
    DECLINED = "joint.declined", _("单位说来不了")
    ABSENT = "joint.absent", _("单位没有按时报到")
    FELL_BACK = "joint.fell_back", _("没人报到，联动中心接手")
    CALLED = "joint.called", _("再叫一家单位")
    URGED = "joint.urged", _("催报到")
    CONVENED = "joint.convened", _("约好一起到现场")
    VISITED = "joint.visited", _("一起到过现场")
    PART_REPORTED = "joint.part_reported", _("单位说办了什么")
    RESOLVED = "joint.resolved", _("一起办有结果")
    RATED = "joint.rated", _("社区评了各家单位")
    UNRATED = "joint.unrated", _("社区没有评")
    UNRESOLVED = "joint.unresolved", _("一起办没有办成")
    CALLED_OFF = "joint.called_off", _("撤哨")
    MOVED = "joint.moved", _("案件合并，哨跟着走")


class RetentionFact(TextChoices):
    """What the journal says of keeping and letting go."""

    TERM_SET = "retention.term_set", _("定了保存期限")
    HELD = "retention.held", _("依法暂不删除")
    RELEASED = "retention.released", _("不用再保留")
    LET_GO = "retention.let_go", _("到期删除了内容和照片")


class GuessFact(TextChoices):
    """What the journal says of suggesting types."""

    LEARNT = "case_guess.learnt", _("类别建议重新学了一遍")
