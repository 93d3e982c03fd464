"""The words of claims: states, actions, evidence checks, refusals, and what can happen to one."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClaimState(TextChoices):
    """Where a claim stands; `rules.claiming` says how it gets there."""

    DRAFT = "draft", _("还没交")
    SUBMITTED = "submitted", _("已收到，正在核对")
    AUTO_CHECKED = "auto_checked", _("等人审")
    SECOND_REVIEW = "second_review", _("等第二位审")
    APPEALED = "appealed", _("申诉，等另一位审")
    REVIEWED = "reviewed", _("审过了，马上生效")
    PUBLICISED = "publicised", _("公示中")
    POSTED = "posted", _("已记分")
    OBJECTION = "objection", _("有人提出异议")
    REJECTED = "rejected", _("没有通过")
    UPHELD = "upheld", _("异议成立")
    WITHDRAWN = "withdrawn", _("已撤回")
    EXPIRED = "expired", _("过期没交")


class ClaimAction(TextChoices):
    """One row of the machine."""

    KEEP = "keep", _("先存着")
    SUBMIT = "submit", _("交上来")
    CHECK = "check", _("自动核对")
    APPROVE = "approve", _("通过")
    REFUSE = "refuse", _("退回")
    REFER = "refer", _("请另一位再看")
    UNDO = "undo", _("撤销刚才的决定")
    ASK_SECOND = "ask_second", _("送第二位审")
    PUBLICISE = "publicise", _("开始公示")
    REJECT = "reject", _("退回生效")
    POST = "post", _("记分")
    LEAVE_UNPAID = "leave_unpaid", _("到了上限，没有记分")
    OBJECT = "object", _("提出异议")
    UPHOLD = "uphold", _("异议成立")
    DISMISS = "dismiss", _("异议不成立，接着公示")
    DISMISS_POSTED = "dismiss_posted", _("异议不成立，分不动")
    RESTORE = "restore", _("对异议的申诉成立，照旧记分")
    APPEAL = "appeal", _("申诉")
    CHECK_APPEAL = "check_appeal", _("自动核对申诉")
    WITHDRAW = "withdraw", _("撤回")
    EXPIRE = "expire", _("过期")


class ClaimPart(TextChoices):
    """As whom somebody acts on a claim."""

    CLAIMANT = "claimant", _("申报人")
    # Who was asked by the claimant to claim for them, or answers for a child.
    HELPER = "helper", _("替本人申报的人")
    # At the counter: what somebody did, or says against a refusal.
    ENTERER = "enterer", _("代为登记的工作人员")
    REVIEWER = "reviewer", _("审核员")
    NEIGHBOUR = "neighbour", _("提出异议的人")
    SYSTEM = "system", _("系统")


class ClaimSource(TextChoices):
    SELF = "self", _("本人申报")
    # A grant by hand: entered by one, approved by two others.
    STAFF = "staff", _("工作人员登记")
    HELPER = "helper", _("家人代为申报")


class Shown(TextChoices):
    """What a claim shows for itself."""

    PHOTO = "photo", _("照片")
    SCREENSHOT = "screenshot", _("截图")
    ON_SITE_CODE = "on_site_code", _("现场扫码")
    NOTE = "note", _("一句话")


class Verdict(TextChoices):
    """What a reviewer says."""

    APPROVED = "approved", _("通过")
    REFUSED = "refused", _("退回")
    REFERRED = "referred", _("请另一位再看")


class SecondReason(TextChoices):
    """Why one pair of eyes is not enough."""

    MANUAL = "manual", _("工作人员登记的，要两个人审")
    LARGE = "large", _("分数多，要两个人审")
    ITEM = "item", _("这一条写明要两个人审")
    SAMPLED = "sampled", _("抽到复审")
    REFERRED = "referred", _("前一位请另一位再看")


class RefusalReason(TextChoices):
    """Why a claim did not pass, in words to its claimant."""

    UNCLEAR = "unclear", _("看不清，请补一张看得清时间和内容的")
    COUNTED = "counted", _("这条同样的内容已经计过")
    OTHER_ITEM = "other_item", _("不属于这一条目，可以换一条再报")
    NOT_SHOWN = "not_shown", _("看不出这件事做了，请补一句或补一张")
    NOT_THEN = "not_then", _("照片或截图的时间和申报的对不上")
    NOT_THEIRS = "not_theirs", _("看起来是别人的或以前的图")


class ObjectionReason(TextChoices):
    """What a neighbour says is wrong with a claim in public."""

    NOT_DONE = "not_done", _("这件事没有做")
    BY_SOMEBODY_ELSE = "by_somebody_else", _("是别人做的")
    OLD = "old", _("用的是以前的照片或截图")
    TWICE = "twice", _("同一件事报了两次")
    OTHER = "other", _("别的原因")


class ObjectionResult(TextChoices):
    UPHELD = "upheld", _("异议成立")
    DISMISSED = "dismissed", _("异议不成立")


class ContestResult(TextChoices):
    """What became of a claimant's word against an objection that was upheld."""

    GRANTED = "granted", _("申诉成立")
    DISMISSED = "dismissed", _("申诉看过了，异议照旧成立")


class CheckKind(TextChoices):
    """What is looked at before a person looks."""

    CAPS = "caps", _("次数和上限")
    COOLDOWN = "cooldown", _("间隔")
    SAME = "same", _("是不是同一张")
    ALIKE = "alike", _("像不像别的图")
    WORDS = "words", _("截图里的字")
    DATED = "dated", _("截图上的日期")
    TIME = "time", _("时间")
    PLACE = "place", _("地点")
    CODE = "code", _("现场的码")
    EVIDENCE = "evidence", _("有没有凭据")


class CheckResult(TextChoices):
    """Advice, never a decision."""

    PASS = "pass", _("过")
    DOUBT = "doubt", _("疑")
    FAIL = "fail", _("不符")


class ClaimFact(TextChoices):
    """What the journal records of claims: ids, codes and numbers."""

    KEPT = "claim.kept", _("存下一条没交的申报")
    SUBMITTED = "claim.submitted", _("申报积分")
    ENTERED = "claim.entered", _("工作人员登记一条申报")
    HELPED = "claim.helped", _("替别人申报积分")
    CHECKED = "claim.checked", _("自动核对完")
    APPEAL_CHECKED = "claim.appeal_checked", _("申诉自动核对完")
    APPROVED = "claim.approved", _("审核员通过")
    REFUSED = "claim.refused", _("审核员退回")
    REFERRED = "claim.referred", _("审核员请另一位再看")
    UNDONE = "claim.undone", _("审核员撤销了决定")
    SECOND_ASKED = "claim.second_asked", _("送第二位审")
    PUBLICISED = "claim.publicised", _("开始公示")
    REJECTED = "claim.rejected", _("申报没有通过")
    POSTED = "claim.posted", _("申报记分")
    UNPAID = "claim.unpaid", _("到了上限，没有记分")
    OBJECTED = "claim.objected", _("有人对公示提出异议")
    UPHELD = "claim.upheld", _("异议成立")
    DISMISSED = "claim.dismissed", _("异议不成立")
    APPEALED = "claim.appealed", _("申报人申诉")
    CONTESTED = "claim.contested", _("申报人不服异议，申诉")
    CONTEST_GRANTED = "claim.contest_granted", _("对异议的申诉成立")
    RESTORED = "claim.restored", _("申诉成立，申报照旧记分")
    CONTEST_DISMISSED = "claim.contest_dismissed", _("对异议的申诉没有成立")
    WITHDRAWN = "claim.withdrawn", _("撤回了申报")
    EXPIRED = "claim.expired", _("存着的申报过期")
    EVIDENCE_ERASED = "claim.evidence_erased", _("截图按规定删除")
    CONFLICT_DECLARED = "claim.conflict_declared", _("审核员申明回避")
    CONFLICT_ENDED = "claim.conflict_ended", _("审核员撤回回避")


# A decision may be taken back for this long; nothing follows from it before.
UNDO_FOR: Final = timedelta(seconds=20)
# A claim that somebody has opened is nobody else's for this long.
LEASE_FOR: Final = timedelta(minutes=10)
# No command leases for longer, however far apart the clocks of two machines are: such a lease keeps nobody out.
LONGEST_LEASE: Final = 2 * LEASE_FOR
# Shown to the neighbours so many whole days.
PUBLIC_DAYS: Final = 3
# After points are posted an objection is still heard for so long; then the screenshots go.
OBJECT_FOR: Final = timedelta(days=14)
APPEAL_FOR: Final = timedelta(days=7)
DRAFT_FOR: Final = timedelta(days=7)
# From this many points on, two people look.
LARGE_POINTS: Final = 20
# One in so many is drawn for a second look.
SAMPLE_OF: Final = 10

LONGEST_NOTE: Final = 300
MOST_EVIDENCE_PHOTOS: Final = 4
CLAIMS_A_DAY: Final = 20
# A code on a host's screen changes this often, and is good for a claim for so long after it was shown.
BATCH_MOST: Final = 50
# Fewer people than this are never counted in public.
SMALL_CELL: Final = 5
