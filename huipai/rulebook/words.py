"""The words of the rulebook: ports, evidence, who may earn, and what happens to a version."""

from datetime import timedelta
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


# These count up without anything having been done for anybody: alone they show no deed, and nothing is counted by them.
CLICKS: Final = (
    Evidence.LIKES, Evidence.REPOSTS, Evidence.VOTES, Evidence.STUDY_TIME,
    Evidence.INSTALLS, Evidence.LOGINS, Evidence.CHECK_INS, Evidence.TRACKS,
)  # fmt: skip
# A picture of such a number, a code that is scanned to have been somewhere (打卡), and the list of those who signed in.
CLICKS_IN_DISGUISE: Final = (Evidence.SCREENSHOT, Evidence.ON_SITE_CODE, Evidence.ROLL)
# 国办函〔2026〕12号: none of these may be a ground on which staff are assessed. What is left, a photo, a sentence and a
# witness who is named in one, is what somebody says of themselves: an assessment rests on `FACT`, or on nothing.
UNFIT_FOR_ASSESSMENT: Final = (*CLICKS, *CLICKS_IN_DISGUISE)


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


# Nobody brings half a person, or half a thing.
WHOLE: Final = frozenset({Measure.PEOPLE, Measure.PIECES})
# So much of an amount may be told of one deed.
MOST_MEASURED: Final = 100


class Standing(TextChoices):
    """Where a version stands at a moment; follows from its dates, is never stored."""

    DRAFT = "draft", _("起草中")
    CONSULTING = "consulting", _("征求意见中")
    DECIDING = "deciding", _("等审议组表态")
    PUBLICITY = "publicity", _("公示中")
    COMING = "coming", _("即将施行")
    EFFECTIVE = "effective", _("正在用")
    RETIRED = "retired", _("已停用")
    WITHDRAWN = "withdrawn", _("公示后撤回")
    ABANDONED = "abandoned", _("没有成为一版")


class Seat(TextChoices):
    """For whom a board member sits there. Two seats have to say yes (ruling 21)."""

    RESIDENT = "resident", _("居民议事员")
    COMMUNITY = "community", _("社区代表")
    UNIT = "unit", _("单位代表")
    STREET = "street", _("街道一方")


class Review(TextChoices):
    """Where a department's proposal stands."""

    WAITING = "waiting", _("等准入审议")
    RETURNED = "returned", _("退回补充")
    ADMITTED = "admitted", _("准予进网入格")
    ENTERED = "entered", _("写进了条目")
    REFUSED = "refused", _("条目检查没通过")
    DECLINED = "declined", _("没有准入")
    WITHDRAWN = "withdrawn", _("单位自己撤回")
    LAPSED = "lapsed", _("过了时间没有办")


# One of these a code at most: the open review.
OPEN_REVIEWS: Final = (Review.WAITING, Review.RETURNED, Review.ADMITTED)


class Said(TextChoices):
    """What somebody said of a version."""

    COMMENT = "comment", _("意见")
    OBJECTION = "objection", _("异议")


class Outcome(TextChoices):
    """What became of it."""

    ADOPTED = "adopted", _("采纳了")
    PARTLY = "partly", _("采纳了一部分")
    KEPT = "kept", _("没有采纳")
    UPHELD = "upheld", _("异议成立")
    DISMISSED = "dismissed", _("异议不成立")


ANSWERS: Final = {
    Said.COMMENT: (Outcome.ADOPTED, Outcome.PARTLY, Outcome.KEPT),
    Said.OBJECTION: (Outcome.UPHELD, Outcome.DISMISSED),
}


class Trying(TextChoices):
    """Where a dry run stands."""

    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("正在算")
    DONE = "done", _("算好了")


class Fact(TextChoices):
    """What the journal records of the rulebook."""

    DRAFTED = "rulebook.drafted", _("起草了新一版计分条目")
    ITEM_WRITTEN = "rulebook.item_written", _("写下或改动了一个条目")
    END_RULE_SET = "rulebook.end_rule_set", _("写下积分要停时怎么办")
    ITEM_STRUCK = "rulebook.item_struck", _("删去了一个条目")
    APPROVED = "rulebook.approved", _("同意了一版计分条目")
    PUBLISHED = "rulebook.published", _("公示一版计分条目")
    WITHDRAWN = "rulebook.withdrawn", _("公示期里撤回了一版")
    ABANDONED = "rulebook.abandoned", _("放下了一份草稿")
    CONSULTED = "rulebook.consulted", _("开始征求意见")
    CONSULTATION_CLOSED = "rulebook.consultation_closed", _("征求意见结束")
    COMMENTED = "rulebook.commented", _("有人提了意见")
    ANSWERED = "rulebook.answered", _("答复了意见")
    OBJECTED = "rulebook.objected", _("有人提出异议")
    UPHELD = "rulebook.objection_upheld", _("异议成立")
    DISMISSED = "rulebook.objection_dismissed", _("异议不成立")
    POSTPONED = "rulebook.postponed", _("有异议没答复，施行推迟")
    OVERTAKEN = "rulebook.item_overtaken", _("推迟到了一个条目的准入以后")
    DRY_RUN_ASKED = "rulebook.dry_run_asked", _("要求试算")
    DRY_RUN_DONE = "rulebook.dry_run_done", _("试算好了")
    IMPORTED = "rulebook.imported", _("从 Excel 写进了草稿")
    PROPOSED = "proposal.made", _("单位提出一个条目")
    REFUSED = "proposal.refused", _("条目检查没通过")
    RETURNED = "proposal.returned", _("退回补充")
    ADMITTED = "proposal.admitted", _("准予进网入格")
    DECLINED = "proposal.declined", _("没有准入")
    TAKEN_BACK = "proposal.withdrawn", _("单位撤回")
    LAPSED = "proposal.lapsed", _("过了时间没有办")
    ENTERED = "proposal.entered", _("写进了草稿")
    READMITTED = "proposal.readmitted", _("列它的一版撤回了，准入还算数")
    EXPIRING = "proposal.expiring", _("准入快到期")
    FIELD_KNOWN = "field.known", _("一个字段算系统已有")
    FIELD_NEW = "field.new", _("一个字段不再算系统已有")


# A port and a number of two digits: woodpecker-03 is 啄木鸟 03.
CODE: Final = r"^(sunflower|ox|woodpecker)-[0-9]{2}$"

# A port has so many numbers, and one unit so many proposals that are not decided yet: nobody uses up the rest.
NUMBERS: Final = range(1, 100)
MOST_UNDECIDED: Final = 30
# Every number of an item has an end, through whichever door it comes: at most a year, ten kilometres, and what a column
# and the price of the burden hold.
BOUNDS: Final = {
    "points": (1, 1000), "day_cap": (1, 100_000), "month_cap": (1, 100_000), "household_day_cap": (1, 100_000),
    "household_month_cap": (1, 100_000), "cooldown_minutes": (0, 525_600), "duplicate_minutes": (0, 525_600),
    "duplicate_metres": (0, 10_000), "review_levels": (1, 2), "lot_months": (1, 60), "asked_people": (0, 10_000),
    "asked_times": (0, 1_000),
}  # fmt: skip
MOST_WORDS: Final = 30
# A word of such a list, as it is typed; an objection, a comment and its answer; a reason.
LONGEST_WORD: Final = 20
LONGEST_REMARK: Final = 400
LONGEST_REASON: Final = 200
# What a version says of the scheme's end: days of notice, and days to exchange after the last award.
END_NOTICE: Final = (30, 180)
END_REDEEM: Final = (90, 365)

BOARD_NEEDED: Final = 3
# How long each stage lasts at least, and after which time it is over by itself.
CONSULTATION: Final = timedelta(days=7)
PUBLICITY: Final = timedelta(days=7)
# The board decides what is to hold, not in which year: a version is not published for a day further off.
EFFECT_WITHIN: Final = timedelta(days=366)
# Between an objection that nobody has decided and the day on which the version takes effect lies at least so much.
OBJECTION_TIME: Final = timedelta(days=3)
# The clock moves the day of a version, as long as an objection is open, when less than this is left.
HOLD_UP_WITHIN: Final = timedelta(days=1)
# Nothing moves in the last minute: what is in force is known a moment before, in every process.
HOLD_UP_AT: Final = timedelta(minutes=1)
DRAFT_LASTS: Final = timedelta(days=90)
REVIEW_LASTS: Final = timedelta(days=14)
ADMITTED_LASTS: Final = timedelta(days=180)
ADMISSION_AT_MOST: Final = timedelta(days=3 * 366)
WARN_BEFORE: Final = timedelta(days=30)
# A group of fewer people is never shown (small cells).
SMALLEST_GROUP: Final = 5
# So often a month is counted again under drafts, by the whole street.
RUNS_A_MONTH: Final = 12
# So many unanswered remarks of one person on one version.
MOST_REMARKS: Final = 20
