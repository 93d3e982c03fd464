"""The linter: what an item may not say, by the kinds of its evidence and never by its wording."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from huipai.kit.lines import UNSEEN
from huipai.kit.simplified import simplified
from huipai.kit.verdict import Invalid, Words
from huipai.rulebook.rules import formula as formulas
from huipai.rulebook.rules.terms import Terms
from huipai.rulebook.words import (
    BOUNDS,
    CLICKS,
    CLICKS_IN_DISGUISE,
    CODE,
    MOST_WORDS,
    Earner,
    Evidence,
    Port,
)


class Unfit(Invalid):
    """An item that the rulebook may not hold. `ground` says where that is written, `mend` what would be right."""

    code = "rulebook_item_unfit"
    default_reason = _("这个条目不能写进计分条目")

    def __init__(self, reason: Words, *, code: str, field: str, ground: Words, mend: Words = "") -> None:
        super().__init__(reason, code=code, field=field)
        self.ground = ground
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the linter: what is refused, by which document, and how to mend it."""

    code: str
    field: str
    reason: Words
    ground: Words
    mend: Words
    breaks: Callable[[Terms], bool]


def lint(terms: Terms) -> Iterator[Unfit]:
    """Each reason why these terms may not stand."""
    for rule in RULES:
        if rule.breaks(terms):
            yield Unfit(rule.reason, code=rule.code, field=rule.field, ground=rule.ground, mend=rule.mend)


def lint_asked(terms: Terms) -> Iterator[Unfit]:
    """The same of what a department asks for: the ground may still be open, whoever admits the item gives it."""
    return (unfit for unfit in lint(terms) if unfit.code != _WITHOUT_GROUND)


def _has_clicks(terms: Terms) -> bool:
    return any(kind in CLICKS for kind in terms.evidence)


def _is_assessed_by_clicks(terms: Terms) -> bool:
    return terms.assessable and _has_clicks(terms)


def _is_assessed_by_disguise(terms: Terms) -> bool:
    return terms.assessable and any(kind in CLICKS_IN_DISGUISE for kind in terms.evidence)


def _is_assessed_by_own_word(terms: Terms) -> bool:
    """Whatever is claimed, a number typed in included, somebody says of themselves; one kind of evidence is enough."""
    return terms.assessable and not (terms.automatic and Evidence.FACT in terms.evidence)


def _counts_clicks(terms: Terms) -> bool:
    """A formula has no word for a like; but its pieces, people and hours would be those of the evidence."""
    return _has_clicks(terms) and (terms.formula is not None or terms.automatic)


def _judges_a_home_by_clicks(terms: Terms) -> bool:
    return Earner.HOUSEHOLD in terms.earners and _has_clicks(terms)


def _assesses_a_home(terms: Terms) -> bool:
    return Earner.HOUSEHOLD in terms.earners and terms.assessable


def _is_assessed_by_goodwill(terms: Terms) -> bool:
    return terms.assessable and terms.port == Port.SUNFLOWER


def _leaves_residents_out(terms: Terms) -> bool:
    """Goodwill of the appointed alone is a quota, and a home is thanked for what others say of it."""
    return terms.port == Port.SUNFLOWER and bool(terms.earners) and Earner.RESIDENT not in terms.earners


def _earns_cash(terms: Terms) -> bool:
    """A claim would be worth money by itself: points that never lapse and never reach a limit."""
    return terms.lot_months is None and terms.month_cap is None and not terms.automatic


def _pays_money(terms: Terms) -> bool:
    told = _told(terms)
    is_of_fraud = bool(_FRAUD.search(_NOT_LETTERS.sub("", told)))
    return any(_promises_money(sentence, is_of_fraud) for sentence in _SENTENCE.split(told))


def _promises_money(sentence: str, is_of_fraud: bool) -> bool:
    """Whoever explains a fraud has to name its bait: what such an item gives, it says in another sentence."""
    read = _DENIED.sub("", _NOT_LETTERS.sub("", sentence))
    if not _MONEY.search(read) or _FRAUD.search(read):
        return False
    return not is_of_fraud or (bool(_GIVEN.search(read)) and not _WARNED.search(read))


def _touches_rights(terms: Terms) -> bool:
    told = _BLANKS.sub("", _told(terms))
    return bool(_RIGHTS.search(_DENIED.sub("", told)) or _RIGHTS_TAKEN.search(told))


def _told(terms: Terms) -> str:
    """Everything that a resident reads of it, whichever signs it is written in."""
    return simplified("。".join((terms.title, terms.description, *terms.keywords, terms.why)))


def _has_no_limit(terms: Terms) -> bool:
    return not terms.automatic and terms.day_cap is None and terms.month_cap is None


def _counts_by_itself(terms: Terms) -> bool:
    """Each of these counts up without anybody having done anything; nothing else shows a deed."""
    return set(terms.evidence) <= set(CLICKS) and bool(terms.evidence)


def _has_wrong_code(terms: Terms) -> bool:
    return not re.fullmatch(CODE, terms.code) or not terms.code.startswith(f"{terms.port.value}-")


def _is_untold(terms: Terms) -> bool:
    return not all(any(sign.isalnum() for sign in words) for words in (terms.title, terms.description))


def _is_owned_by_nobody(terms: Terms) -> bool:
    return not any(sign.isalnum() for sign in terms.owner)


def _has_no_ground(terms: Terms) -> bool:
    return not any(sign.isalnum() for sign in terms.legal_ground)


def _hides_signs(terms: Terms) -> bool:
    """What nobody sees makes two texts that read the same two different ones, or turns one round."""
    return bool(UNSEEN.search("".join((_told(terms), terms.owner, terms.legal_ground, *terms.asked_fields))))


def _names_nobody(terms: Terms) -> bool:
    return not terms.earners or not terms.evidence


def _is_dear(terms: Terms) -> bool:
    return not 1 <= terms.points <= 1000


def _has_narrow_caps(terms: Terms) -> bool:
    caps = (terms.day_cap, terms.month_cap, terms.household_day_cap, terms.household_month_cap)
    numbers = (terms.cooldown_minutes, terms.duplicate_minutes, terms.duplicate_metres)
    return any(cap is not None and cap < terms.points for cap in caps) or min(numbers) < 0


def _has_caps_that_clash(terms: Terms) -> bool:
    """A day that allows more than its month, or a person more than their home: it reads as what nobody can reach."""
    spans = ((terms.day_cap, terms.month_cap), (terms.household_day_cap, terms.household_month_cap))
    homes = ((terms.day_cap, terms.household_day_cap), (terms.month_cap, terms.household_month_cap))
    return any(less is not None and more is not None and less > more for less, more in (*spans, *homes))


def _has_metres_alone(terms: Terms) -> bool:
    """How near is looked at within some time only."""
    return terms.duplicate_metres > 0 and not terms.duplicate_minutes


def _seeks_words_nowhere(terms: Terms) -> bool:
    return bool(terms.keywords) and Evidence.SCREENSHOT not in terms.evidence


def _is_without_end(terms: Terms) -> bool:
    """The rules on points, reviews and months say their own; so long a list of words is a number as well."""
    given = {name: getattr(terms, name) for name in BOUNDS if name not in ("points", "review_levels", "lot_months")}
    return max(len(terms.keywords), len(terms.asked_fields)) > MOST_WORDS or any(
        value is not None and value > BOUNDS[name][1] for name, value in given.items()
    )


def _lapses_at_once(terms: Terms) -> bool:
    return terms.lot_months is not None and not 1 <= terms.lot_months <= 60


def _is_unreviewed(terms: Terms) -> bool:
    return not terms.automatic and not 1 <= terms.review_levels <= 2


def _is_automatic_by_hand(terms: Terms) -> bool:
    """The list of those who signed in is kept by hand as well: nothing here reads it, so that nothing posts by it."""
    return terms.automatic and Evidence.FACT not in terms.evidence


def _is_claimed_on_record(terms: Terms) -> bool:
    """Nobody can show it, and nothing records it; a home is thanked by others, who need nothing to show."""
    is_for_people = any(earner != Earner.HOUSEHOLD for earner in terms.earners)
    is_shown = bool(set(terms.evidence) - {Evidence.FACT, *CLICKS})
    return is_for_people and not terms.automatic and Evidence.FACT in terms.evidence and not is_shown


def _is_measured_by_nobody(terms: Terms) -> bool:
    """Only who claims tells an amount. A record and what is said of a home hold none: such an item would never pay."""
    return terms.formula is not None and (terms.automatic or Earner.HOUSEHOLD in terms.earners)


def _counts_badly(terms: Terms) -> bool:
    if terms.formula is None:
        return False
    try:
        formulas.check(terms.formula)
    except formulas.Unreadable:
        return True
    return False


def _never_pays(terms: Terms) -> bool:
    return terms.formula is not None and not _counts_badly(terms) and not formulas.could_pay(terms.formula)


def _is_burden_half_told(terms: Terms) -> bool:
    return min(terms.asked_people, terms.asked_times) < 0 or bool(terms.asked_fields) != bool(
        terms.asked_people and terms.asked_times
    )


# These two have no kind to look at; the words are a second look, the board is the first. Letters that are pulled apart
# by blanks, signs or what nobody sees are read together, but not over the end of a clause; letters of other words
# (发现金属, 重返现场, 提现场照片) are none of money's, and whoever says that it is not so says the rule.
_NOT_LETTERS: Final = re.compile(r"[^\w，。；、！？,;!?]|_")
_BLANKS: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_SENTENCE: Final = re.compile(r"[。；！？;!?\n]+")
_SUM: Final = "([\\d一二两三四五六七八九十百千]+(元|块钱?)(?!硬币|一?件|得))"
# A card or slip that buys things; not one of paper, a lorry, or what stands at a gate.
_SLIP: Final = "((购物|超市|礼品|礼金|代金|现金|充值|加油)[卡券](?![片口车座位贴通])|京东[eE]?卡(?![片车]))"
_GIFT: Final = "(奖励?|送|发放?|领取?|兑换?|给|得到?|换)(您|你|每人|每次|一张|现金|人民币|成|为|个|的)*"
_BILL: Final = "(物业|水电?|电|燃气|停车|取暖|宽带|话)费"
_MONEY: Final = re.compile(
    r"现金奖|发现金(?=[奖额券补红给或和及等元\d，。；、！？,;!?]|$)|发放现金|换现金(?!属)|(?<!曲)折现(?![场实在象有状])"
    "|(?<!重)(?<!往)[提返]现(?![场实在象有状任])|红包|(?<!作废的)(?<!过期的)" + _SLIP
    + "|(奖励?|给|送|领取?|兑换?|兑成)[您你]?现金(?!属)|(送|奖励?|(?<!兑)换)话费|话费(充值|奖励)" + _SUM
    + "|(奖励?|发放?|返还?|折算?|换成?|得到)(您|你|每人|每次|成|为|人民币|现金)*" + _SUM
    + "|[给送领](您|你|每人|每次|人民币|现金)+" + _SUM + "|(?<![不捐交还递退借付转])给" + _SUM + "(?!以[内下])"
    + "|每[次人回天](补助|补贴|津贴|[给发奖送])" + _SUM + "|抵扣?" + _BILL + "|(微信|支付宝)(转账|发)" + _SUM
    + r"|\d分(等于|抵|换|算)" + _SUM
)  # fmt: skip
_GIVEN: Final = re.compile(f"{_GIFT}({_SUM}|{_SLIP}|红包|现金)|有奖")
_WARNED: Final = re.compile("(?<![特分告区个])别|不要|勿|提醒|警惕|当心|小心(?!意)|套路|识破|揭穿|陷阱|冒充|上当|举报")
_DENIED: Final = re.compile(
    "(不(得|能|会|再|可以?|许|准|予)?(换|兑|折|抵|提|返|发|送|给|设|领|用|收|和|与|跟|同|作|算|影响|决定|记|计入|纳入|列入)|(取消|去掉|停止|停发|禁止|严禁|杜绝))"
    # What is given instead is denied no more.
    "((?!改[发为成给用]|而是|但)[^，。；！？,;!?]){0,16}"
)
_FRAUD: Final = re.compile("诈|骗|传销")
_RIGHTS: Final = re.compile(
    "(入学|升学|上学|低保|补贴|信用|征信|落户|积分入户|评优|评先|录用|入党|救助(?![站人队热])|就业(?![信招岗服指培]))"
    "[^，。；]{0,6}(挂钩|加分|资格|优先|依据|参考)"
    "|(医保|社保|养老|待遇|福利|公租房)[^，。；]{0,6}挂钩"
    "|优先(安排|推荐|录取|享受|办理)?(入学|升学|上学|落户|评优|评先|录用|入党|就业(?![信招岗服指培]))"
    "|(影响|记入|计入|纳入|列入)(个人|本人|您的|家庭)?(征信|信用(?!卡)|诚信|档案)"
)
# What is taken from whoever has few points; "不发" here denies nothing.
_RIGHTS_TAKEN: Final = re.compile(
    "(?<!垃圾)(?<!百)分(?!类)[^，。；]{0,2}(低|少|不够|不足|不达标)[^。；不]{0,6}"
    "((?<!不)(?<!不会)(?<!不得)(?<!不能)(停发|取消|扣)|不发|不给|不得|不能)(?!兑换)[^。；]{0,4}"
    "(补贴|低保|福利|待遇|资格|评优|评先|入学|落户|救助)"
)
# Looked up in the published texts in November 2026; where only the title could be made sure of, no number is given.
# The articles of the street's own rules stand above the rules themselves, on the page that lists them.
_APPS: Final = _(
    "国办函〔2026〕12号《政务移动互联网应用程序规范化管理办法》：不得把点赞量、网络投票数、转发量、学习时长作考评依据，"
    "不得考核安装使用率、要求定期登录、设打卡签到，非必要不得要求上传轨迹"
)
_TRACES: Final = _(
    "《关于解决形式主义突出问题为基层减负的通知》：不能简单将台账记录、工作笔记作为工作是否落实的标准，"
    "不得以上传工作场景截图或录制视频来代替对实际工作的评价"
)
_EQUALS: Final = _(
    "《关于进一步完善失信约束制度构建诚信建设长效机制的指导意见》和街道积分办法第一条：积分不记进信用，不增减谁的权利"
)
_HOMES: Final = _("街道积分办法第一条：积分凭自愿，不排名")
_VOLUNTEERS: Final = _("《志愿服务条例》第二条：志愿服务自愿、无偿")
_POINTS: Final = _("街道积分办法第二条：积分只换服务和物品，有上限，会到期")
_HOUSE: Final = _("街道积分办法第四条：条目要让人一看就会用")
_TOLD: Final = _("街道积分办法第四条：谁提的、依据什么，都写出来")
_BURDEN: Final = _("《整治形式主义为基层减负若干规定》：不得频繁要求基层填表报材料")
_CONTROL: Final = _("街道积分办法第三条：人来申报的，要有人看过")

_WITHOUT_GROUND: Final = "rulebook_without_ground"

RULES: Final = (
    Rule("rulebook_assessed_by_clicks", "evidence",
         _("点赞、转发、投票、学习时长、安装、登录、签到、轨迹都不能拿来考核工作人员"), _APPS,
         _("把「可以用来考核」去掉，或者换成事情本身的凭据，比如核查属实"), _is_assessed_by_clicks),
    Rule("rulebook_assessed_by_disguise", "evidence",
         _("截图、现场扫码和签到名册不能拿来考核工作人员，截的、扫的、签的还是那些数"), _APPS,
         _("把「可以用来考核」去掉，或者换成事情本身的凭据，比如核查属实"), _is_assessed_by_disguise),
    Rule("rulebook_assessed_by_own_word", "evidence",
         _("人来申报的不能拿来考核工作人员：照片、一句话、自己填的数量，都是自己说的"), _TRACES,
         _("把「可以用来考核」去掉，或者改成系统自己记、凭「系统里已有记录」"), _is_assessed_by_own_word),
    Rule("rulebook_counts_clicks", "evidence",
         _("点赞、转发、投票、学习时长、安装、登录、签到、轨迹这些数，不按数量计分，也不由系统自己记"), _APPS,
         _("去掉算法，改成由人申报；或者把这些数从凭据里去掉"), _counts_clicks),
    Rule("rulebook_home_judged_by_clicks", "evidence", _("一户好不好，不由点赞、投票这些数来定"), _HOMES,
         _("换成看得出事情的凭据，比如有人证实、照片"), _judges_a_home_by_clicks),
    Rule("rulebook_home_assessed", "assessable", _("双联户只有激励，不能用来考核"), _HOMES,
         _("把「可以用来考核」去掉"), _assesses_a_home),
    Rule("rulebook_sunflower_is_voluntary", "assessable", _("向日葵条目全凭自愿，不能用来考核"), _VOLUNTEERS,
         _("把「可以用来考核」去掉"), _is_assessed_by_goodwill),
    Rule("rulebook_sunflower_for_residents", "earners",
         _("向日葵条目是居民自愿做的；居民挣不到、只给兼职网格员或双联户家庭的，不是向日葵"), _VOLUNTEERS,
         _("谁可以挣里加上居民，或者改成孺子牛的条目"), _leaves_residents_out),
    Rule("rulebook_like_cash", "lot_months", _("不过期、也没有月上限的分，跟钱一样了"), _POINTS,
         _("写上有效期，或者写上一个月最多多少分"), _earns_cash),
    Rule("rulebook_pays_money", "description", _("积分不换现金、红包、购物卡"), _POINTS,
         _("把现金、红包、购物卡从条目里去掉"), _pays_money),
    Rule("rulebook_tied_to_rights", "description", _("积分不和入学、低保、补贴、信用、落户、评优挂钩"), _EQUALS,
         _("把挂钩的话去掉；积分只换服务和物品"), _touches_rights),
    Rule("rulebook_without_limit", "day_cap", _("人来申报的条目要有一天或一个月的上限"), _POINTS,
         _("写上一天最多多少分，或者一个月最多多少分"), _has_no_limit),
    Rule("rulebook_counts_by_itself", "evidence", _("光凭登录、安装、学习时长、轨迹这些数，看不出做了什么事"), _APPS,
         _("再加一样看得出事情的凭据，比如照片、有人证实"), _counts_by_itself),
    Rule("rulebook_code", "code", _("编号是端口加两位数字，例如 woodpecker-03"), _HOUSE, _("改成这个端口的下一个号"),
         _has_wrong_code),
    Rule("rulebook_title", "title", _("写上条目的名称，再用一句话说清怎样才算"), _HOUSE,
         _("把名称和说明都写上"), _is_untold),
    Rule("rulebook_without_owner", "owner", _("写明谁提出的，有人问起来由谁答复"), _TOLD,
         _("街道自己的条目写街道哪个部门；别的单位的由单位提出、审议准入"), _is_owned_by_nobody),
    Rule(_WITHOUT_GROUND, "legal_ground", _("写明依据的文件"), _TOLD, _("写上文件的名称，知道第几条也写上"),
         _has_no_ground),
    Rule("rulebook_unseen_signs", "title", _("字里有看不见的符号，读起来一样，其实是另外的字"), _HOUSE,
         _("把名称、说明、单位和字段重新打一遍，不要从别处粘贴"), _hides_signs),
    Rule("rulebook_earners", "earners", _("写明谁可以挣、凭什么认定"), _HOUSE, _("至少各选一样"), _names_nobody),
    Rule("rulebook_points", "points", _("每次计 1 到 1000 分"), _HOUSE, _("改成 1 到 1000 之间的整数"), _is_dear),
    Rule("rulebook_caps", "day_cap", _("上限不能比一次的分还少；不设上限就空着"), _HOUSE, _("上限至少写一次的分数"),
         _has_narrow_caps),
    Rule("rulebook_caps_clash", "day_cap",
         _("一天的上限比一个月的多，或者一个人的比一户的多，读的人会以为够得着"), _HOUSE,
         _("一天的不超过一个月的，一个人的不超过一户的；不设的就空着"), _has_caps_that_clash),
    Rule("rulebook_metres_alone", "duplicate_minutes", _("只写了多少米里算同一件，没有写多长时间里算"), _HOUSE,
         _("把时间也写上；不算重复就两样都空着"), _has_metres_alone),
    Rule("rulebook_words_without_screenshot", "keywords", _("截图里找的词，凭据里没有截图就没有地方找"), _HOUSE,
         _("凭据里加上截图，或者把词去掉"), _seeks_words_nowhere),
    Rule("rulebook_without_end", "day_cap",
         _("上限最多 10 万分，时间最多一年，距离最多 10 公里，每月最多填 1000 次、1 万人，词最多 30 个"), _HOUSE,
         _("改小一些；不设上限就空着"), _is_without_end),
    Rule("rulebook_lot_months", "lot_months", _("有效期写 1 到 60 个月"), _HOUSE,
         _("改成 1 到 60 之间的月数"), _lapses_at_once),
    Rule("rulebook_review_levels", "review_levels", _("人来申报的条目要审一道或两道"), _CONTROL, _("审几道写 1 或 2"),
         _is_unreviewed),
    Rule("rulebook_automatic_without_record", "evidence",
         _("系统自己记的条目，凭据里要有「系统里已有记录」；签到名册不在系统里，没有人申报就一分也记不上"), _CONTROL,
         _("事情办完系统里真有记录的，加上「系统里已有记录」；凭名册的改成由人申报"), _is_automatic_by_hand),
    Rule("rulebook_claimed_on_record", "evidence", _("由人申报的条目，光凭「系统里已有记录」没有人能申报"), _HOUSE,
         _("凭据里加上照片、有人证实这样能拿出来的，或者勾上「系统自己记」"), _is_claimed_on_record),
    Rule("rulebook_measured_by_nobody", "formula",
         _("系统自己记的、双联户家庭挣的条目，没有人写数量，按算法一分也计不出来"), _HOUSE,
         _("去掉算法，写成一次多少分；要按数量计，就改成由居民申报"), _is_measured_by_nobody),
    Rule("rulebook_formula", "formula", _("算法看不懂，写成 小时 × 5 或 取小(小时 × 5, 10) 这样"), _HOUSE,
         _("用小时、人数、件数和加减乘除写"), _counts_badly),
    Rule("rulebook_never_pays", "formula", _("按这个算法，填多少都到不了 1 分"), _HOUSE,
         _("看看是不是乘了 0，或者减多了"), _never_pays),
    Rule("rulebook_burden_untold", "asked_fields", _("要人填的字段、多少人填、每月几次，三样要写就都写"), _BURDEN,
         _("补上另外几样；不用填就都空着"), _is_burden_half_told),
)  # fmt: skip
