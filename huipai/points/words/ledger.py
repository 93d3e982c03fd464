"""The words of the ledger."""

import re
from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Purse(TextChoices):
    """Whoever has points has at most two accounts: what may be spent, and what is owed after a reversal."""

    SPENDABLE = "spendable", _("可用")
    DEBT = "debt", _("欠分")


class Book(TextChoices):
    """The system's side of a posting. A word on a line, not a row: it keeps no balance and can never be locked.

    What is redeemed says besides in which station.
    """

    ISSUANCE = "issuance", _("发放")
    EXPIRY = "expiry", _("过期")
    REDEMPTION = "redemption", _("兑换")


class Kind(TextChoices):
    """What a posting is."""

    AWARD = "award", _("挣分")
    SPEND = "spend", _("用分")
    EXPIRY = "expiry", _("过期")
    REVERSAL = "reversal", _("退回")
    # Points given by hand: proposed by one, approved by another.
    GRANT = "grant", _("人工补记")
    # Points that came free again pay what is owed.
    REPAYMENT = "repayment", _("补欠分")
    # What a household still owed when a new family began in its home: the debt ends with those who made it.
    FORGIVEN = "forgiven", _("欠分了结")


# The kinds by which an item brings points: what is given by hand or given back counts as what was awarded.
EARNED: Final = (Kind.AWARD, Kind.GRANT)


class Why(TextChoices):
    """Why an award posted points, or why it did not."""

    POSTED = "posted", _("已记入积分")
    ALREADY = "already", _("这件事已经记过一次，不会重复记")
    NO_ITEM = "no_item", _("当时施行的计分条目里没有这一条")
    STAFF = "staff", _("街道工作人员不计分")
    NOT_AN_EARNER = "not_an_earner", _("这一条不对您的身份计分")
    UNDER_14 = "under_14", _("这一条不对 14 岁以下的孩子计分")
    DAY_CAP = "day_cap", _("这一条今天已到上限")
    MONTH_CAP = "month_cap", _("这一条这个月已到上限")
    HOUSEHOLD_DAY_CAP = "household_day_cap", _("这一条您家今天已到上限")
    HOUSEHOLD_CAP = "household_cap", _("这一条您家这个月已到上限")
    WOUND_DOWN = "wound_down", _("积分已经停止发放")
    COOLDOWN = "cooldown", _("离上一次太近，这次不计分")
    NOT_MEASURED = "not_measured", _("这一条按数量计分，要先记下数量")
    TOO_LITTLE = "too_little", _("按数量算下来不到 1 分")
    MOVED_AWAY = "moved_away", _("这一家已经搬走了")


# The subject of a posting by which the points of a family lapse that has left its home.
LEFT_BEHIND: Final = "left:"


class ReversalReason(TextChoices):
    """Why a posting was taken back. A code: the ledger holds no text about a person."""

    RECORDED_TWICE = "recorded_twice", _("重复记了一次")
    RECORDED_WRONGLY = "recorded_wrongly", _("记错了人或条目")
    OBJECTION_UPHELD = "objection_upheld", _("异议成立")
    DEED_UNDONE = "deed_undone", _("事情后来查明没有做成")


class CorrectionReason(TextChoices):
    """Why somebody asks for points back by hand; each is a `ReversalReason` too."""

    RECORDED_TWICE = "recorded_twice", ReversalReason.RECORDED_TWICE.label
    RECORDED_WRONGLY = "recorded_wrongly", ReversalReason.RECORDED_WRONGLY.label
    DEED_UNDONE = "deed_undone", ReversalReason.DEED_UNDONE.label


class GrantReason(TextChoices):
    """Why points were given by hand. A code: the ledger holds no text about a person."""

    MISSED = "missed", _("做了的事当时没有记上")
    PAPER_SLIP = "paper_slip", _("纸质凭证补录")
    FAULT = "fault", _("故障少记，补回来")
    APPEAL_UPHELD = "appeal_upheld", _("申诉成立，补记")


class GrantState(TextChoices):
    """Where a grant by hand stands."""

    PROPOSED = "proposed", _("等另一位审核")
    APPROVED = "approved", _("已记入")
    DECLINED = "declined", _("没有通过")
    WITHDRAWN = "withdrawn", _("提出的人撤回了")


class CorrectionState(TextChoices):
    """Where points that are asked back stand."""

    PROPOSED = "proposed", _("等另一位审核")
    APPROVED = "approved", _("已退回")
    DECLINED = "declined", _("没有退")
    WITHDRAWN = "withdrawn", _("提出的人撤回了")
    APPEALED = "appealed", _("本人申诉了，等第三位看")
    UPHELD = "upheld", _("申诉成立，分补回来了")
    DISMISSED = "dismissed", _("申诉看过了，照旧退回")


class HoldState(TextChoices):
    """What became of points that were set aside. An open one whose time is over counts no more, posted or not."""

    OPEN = "open", _("留着")
    CAPTURED = "captured", _("用掉了")
    VOIDED = "voided", _("取消了")
    EXPIRED = "expired", _("过时退回")


class Fact(TextChoices):
    """What the journal records of the ledger. Each holds the whole posting, so that it can be replayed."""

    AWARDED = "points.awarded", _("积分记入")
    SPENT = "points.spent", _("积分用掉")
    EXPIRED = "points.expired", _("积分过期")
    REVERSED = "points.reversed", _("积分退回")
    GRANTED = "points.granted", _("积分人工补记")
    REPAID = "points.repaid", _("补上欠的积分")
    FORGIVEN = "points.forgiven", _("搬走的一家欠的积分了结")
    FAMILY_SETTLED = "points.family_settled", _("搬走的一家的积分了结")
    HELD = "points.held", _("积分留出")
    HOLD_VOIDED = "points.hold_voided", _("留出的积分取消了")
    HOLD_EXPIRED = "points.hold_expired", _("留出的积分过时退回")
    GRANT_PROPOSED = "points.grant_proposed", _("提出人工补记")
    CLOSING_PROPOSED = "points.closing_proposed", _("提出结束积分")
    CLOSING_APPROVED = "points.closing_approved", _("定下结束积分")
    CLOSING_WITHDRAWN = "points.closing_withdrawn", _("收回结束积分的提议")
    GRANT_DECLINED = "points.grant_declined", _("人工补记没有通过")
    GRANT_WITHDRAWN = "points.grant_withdrawn", _("撤回了人工补记的提议")
    CORRECTION_PROPOSED = "points.correction_proposed", _("提出退回一笔积分")
    CORRECTION_APPROVED = "points.correction_approved", _("同意退回一笔积分")
    CORRECTION_DECLINED = "points.correction_declined", _("没有同意退回一笔积分")
    CORRECTION_WITHDRAWN = "points.correction_withdrawn", _("撤回了退回一笔积分的提议")
    CORRECTION_APPEALED = "points.correction_appealed", _("对退回的积分申诉")
    CORRECTION_UPHELD = "points.correction_upheld", _("申诉成立，退回的积分补回")
    CORRECTION_DISMISSED = "points.correction_dismissed", _("申诉没有成立，积分照旧退回")


FACT_OF: Final = {
    Kind.AWARD: Fact.AWARDED, Kind.SPEND: Fact.SPENT, Kind.EXPIRY: Fact.EXPIRED, Kind.REVERSAL: Fact.REVERSED,
    Kind.GRANT: Fact.GRANTED, Kind.REPAYMENT: Fact.REPAID,
    Kind.FORGIVEN: Fact.FORGIVEN,
}  # fmt: skip

# Days and months of caps and of expiry are those of the street's clock (one a day by the local date).
LOCAL_ZONE: Final = "Asia/Shanghai"
# A resident is told this many days before points lapse.
NOTICE_DAYS: Final = 60
# Points by hand: never more at once, and good for so many months where no item says otherwise.
MOST_GRANTED: Final = 200
GRANT_MONTHS: Final = 24
# The number on a paper slip: no text about anybody. In capitals, so that one paper has one number.
PAPER_NUMBER: Final = r"^[0-9A-Za-z-]{1,40}$"
# Entered anew after its points were asked back a paper has the number of before and which correction it is: ZB-7-C1.
CORRECTED: Final = re.compile(r"-C[0-9]+$")
MOST_CORRECTED: Final = 9
# The end of the scheme is announced so many days before the last award; so many days after it points are exchanged.
CLOSING_AT_MOST_DAYS: Final = 2 * 366
