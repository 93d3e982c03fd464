"""The words of good deeds: a machine of their own (ruling 16)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DeedState(TextChoices):
    REPORTED = "reported", _("等社区核实")
    PUBLISHED = "published", _("核实了，已公开")
    DECLINED = "declined", _("没有公开")
    WITHDRAWN = "withdrawn", _("撤回了")
    TAKEN_DOWN = "taken_down", _("公开后撤下")


class DeedAction(TextChoices):
    """What can happen to a deed. Each is one command and one row of the machine."""

    REPORT = "report", _("讲了一件好事")
    PUBLISH = "publish", _("核实并公开")
    DECLINE = "decline", _("不公开")
    WITHDRAW = "withdraw", _("本人撤回")
    TAKE_DOWN = "take_down", _("撤下")


class DeedPart(TextChoices):
    """In which part somebody acts on a deed."""

    REPORTER = "reporter", _("讲的人")
    DOER = "doer", _("做的人")
    COORDINATOR = "coordinator", _("社区")


class DeedReason(TextChoices):
    """Why a deed is not published, or no longer. Nothing is preselected."""

    NOT_CONFIRMED = "not_confirmed", _("没有核实到")
    NOT_WISHED = "not_wished", _("当事人不想公开")
    CHILD = "child", _("说的是 14 岁以下的孩子")
    DUTY = "duty", _("是工作职责里的事")
    NOT_A_DEED = "not_a_deed", _("这更像要办的事，请用拍一张")
    TOLD_ALREADY = "told_already", _("同一件好事已经讲过")
    UNTRUE = "untrue", _("后来查明不是这样")


class ThirdParty(TextChoices):
    """Whether somebody can be recognised in the photo, and what they say to it. Nothing is preselected."""

    NOBODY = "nobody", _("照片里认不出人")
    CONSENTED = "consented", _("认得出，本人同意公开")
    NOT_SHOWN = "not_shown", _("照片不放，只放文字")


LONGEST_SAID = 300
LONGEST_TITLE = 40
# What was told within so many days and metres of each other may be one deed, told by two.
MAYBE_ONE_DAYS, MAYBE_ONE_METRES, MOST_MAYBE_ONE = 7, 300, 5
# So many a person tells in a day by the clock of China.
DEEDS_A_DAY = 10
