"""The words of the record of who saw what is kept from view."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

LONGEST_WORDS = 300
# Whoever keeps the page open is written down once in so long.
A_LOOK = timedelta(minutes=30)
# The most rows of the record that one table holds.
MOST_ROWS = 20_000


class Kind(TextChoices):
    """What somebody was shown or took along, or kept from being let go."""

    UNMASKED = "unmasked", _("看了上报人")
    NAMED = "named", _("看了留名的上报人")
    LOOKED_UP = "looked_up", _("按人找案件")
    ORIGINAL = "original", _("打开原图")
    EXPORT = "export", _("导出表格")
    PRINT = "print", _("打印案卷")
    HELD = "held", _("到期也先不删")
    RELEASED = "released", _("不用再保留")
    LOOK = "look", _("翻看这份记录")
    RECORD = "record", _("导出这份记录")


class Ground(TextChoices):
    """Why: a code, because the journal keeps no free text. The words beside it stay in the record."""

    CONTACT = "contact", _("要联系本人，系统里问不到")
    SAFETY = "safety", _("关系到人身安全")
    HANDLING = "handling", _("办理需要看清细节")
    CHECKING = "checking", _("核查需要看清细节")
    DISPUTE = "dispute", _("处理投诉、异议")
    REVIEW = "review", _("复核、回访")
    UPWARD = "upward", _("开会、报上级")
    HANDOVER = "handover", _("移交、归档")
    AUDIT = "audit", _("审计")
    OWNER = "owner", _("本人查看自己的照片")
    LEGAL = "legal", _("依法调取")
    WILLING = "willing", _("上报人愿意让社区知道")
    LAWSUIT = "lawsuit", _("有诉讼、仲裁")
    RECONSIDERATION = "reconsideration", _("有行政复议")


OF_A_PERSON = (Ground.CONTACT, Ground.SAFETY, Ground.DISPUTE, Ground.REVIEW, Ground.LEGAL)
OF_A_PHOTO = (Ground.HANDLING, Ground.CHECKING, Ground.DISPUTE, Ground.REVIEW, Ground.LEGAL)
OF_A_TABLE = (Ground.HANDLING, Ground.REVIEW, Ground.UPWARD, Ground.HANDOVER, Ground.LEGAL)
OF_A_HOLD = (Ground.LAWSUIT, Ground.RECONSIDERATION, Ground.LEGAL, Ground.DISPUTE, Ground.AUDIT)
OF_A_RECORD = (Ground.AUDIT, Ground.UPWARD, Ground.HANDOVER, Ground.LEGAL)


class Fact(TextChoices):
    """What the journal says of the auditor's own acts."""

    LOOKED = "audit.looked", _("翻看查阅记录")
    EXPORTED = "audit.exported", _("导出查阅记录")
