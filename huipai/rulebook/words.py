"""The words of the rulebook: ports, evidence, who may earn, and what happens to a version."""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Port(TextChoices):
    """The three doors under which every point item stands."""

    SUNFLOWER = "sunflower", _("向日葵")
    OX = "ox", _("孺子牛")
    WOODPECKER = "woodpecker", _("啄木鸟")


class Evidence(TextChoices):
    """What shows that a deed was done. Kinds, never wordings: the linter cannot be talked round."""

    FACT = "fact", _("系统里已有记录")
    ROLL = "roll", _("签到名册")
    PHOTO = "photo", _("照片")
    WITNESS = "witness", _("有人证实")
    NOTE = "note", _("一句话说明")
    SCREENSHOT = "screenshot", _("截图")
    ON_SITE_CODE = "on_site_code", _("现场扫码")
    LIKES = "likes", _("点赞数")
    REPOSTS = "reposts", _("转发数")
    VOTES = "votes", _("投票数")
    STUDY_TIME = "study_time", _("学习时长")
    INSTALLS = "installs", _("安装数")
    LOGINS = "logins", _("登录次数")
    CHECK_INS = "check_ins", _("签到次数")
    TRACKS = "tracks", _("行走轨迹")


# 国办函〔2026〕12号: none of these may be a ground on which staff are assessed.
UNFIT_FOR_ASSESSMENT: Final = (
    Evidence.LIKES, Evidence.REPOSTS, Evidence.VOTES, Evidence.STUDY_TIME,
    Evidence.INSTALLS, Evidence.LOGINS, Evidence.CHECK_INS, Evidence.TRACKS,
)  # fmt: skip

# These count up without anything having been done for anybody; alone they show no deed.
SELF_KNOWN: Final = (
    Evidence.STUDY_TIME, Evidence.INSTALLS, Evidence.LOGINS, Evidence.CHECK_INS, Evidence.TRACKS, Evidence.LIKES,
    Evidence.VOTES,
)  # fmt: skip


class Earner(TextChoices):
    """Who may earn by an item. Employed staff never do (rulings 3 and 20)."""

    RESIDENT = "resident", _("居民")
    PART_TIME_MEMBER = "part_time_member", _("兼职网格员")
    # Paid into the household's own account, never into a person's (ruling 22).
    HOUSEHOLD = "household", _("双联户家庭")


class Measure(TextChoices):
    """What a formula may count. Amounts of a deed, never of clicks."""

    HOURS = "hours", _("小时")
    PEOPLE = "people", _("人数")
    PIECES = "pieces", _("件数")


class Standing(TextChoices):
    """Where a version stands at a moment; follows from its dates, is never stored."""

    DRAFT = "draft", _("起草中")
    COMING = "coming", _("即将施行")
    EFFECTIVE = "effective", _("正在用")
    RETIRED = "retired", _("已停用")
    WITHDRAWN = "withdrawn", _("公示后撤回")


class Fact(TextChoices):
    """What the journal records of the rulebook."""

    DRAFTED = "rulebook.drafted", _("起草了新一版计分条目")
    ITEM_WRITTEN = "rulebook.item_written", _("写下或改动了一个条目")
    ITEM_STRUCK = "rulebook.item_struck", _("删去了一个条目")
    APPROVED = "rulebook.approved", _("同意了一版计分条目")
    PUBLISHED = "rulebook.published", _("发布了一版计分条目")


# A port and a number of two digits: woodpecker-03 is 啄木鸟 03.
CODE: Final = r"^(sunflower|ox|woodpecker)-[0-9]{2}$"

APPROVALS_NEEDED: Final = 2
