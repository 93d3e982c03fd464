"""What is as good as money by its words: a second look at what an item says, after its kind.

The kind is the first guard, and a person can always speak up. Of words that also mean something good (烟感报警器, 料酒,
省电费) the harmless sense is taken out before anything is looked for.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from huipai.kit.simplified import simplified
from huipai.shop.words import Refusable


@dataclass(frozen=True, slots=True)
class Found:
    """Where an item says what no shop of points may hold, of which kind that is, and the word that says it."""

    field: str
    kind: Refusable
    word: str


def look_for_money(*, name: str, unit: str, description: str) -> Found | None:
    """The first word of an item that is as good as money; None where there is none.

    Words are read as people see them: without blanks, signs and what is invisible, in one width and in one script.
    """
    for field, text in (("name", name), ("unit", unit), ("description", description)):
        read = _HARMLESS.sub("", _as_read(text))
        for kind, words in (_WORDS if field == "description" else _WORDS_OF_A_NAME).items():
            if found := words.search(read):
                return Found(field, kind, found[0])
    if sign := _PRICE.search(unicodedata.normalize("NFKC", name)):
        return Found("name", Refusable.CASH, sign[0])
    if unit.strip() in _MONEY_UNITS:
        return Found("unit", Refusable.CASH, unit.strip())
    return None


def _as_read(text: str) -> str:
    return simplified(_NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text)).casefold())


_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_BILL: Final = "(水电|水电气|电|水|燃气|煤气|天然气|取暖|暖气|物业|物业管理|停车|宽带)费"
# Also as they stand on money.
_DIGITS: Final = "\\d一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟"
_HARMLESS: Final = re.compile(
    # What a shop says rightly: not for money.
    "(不能|不可以?|不得|不予|不许|不|禁止|谢绝)(折现|折成现金|换成?现金|兑换现金|兑现|提现|返现|找零)"
    # What saves a bill does not pay it.
    f"|(省下?|节省|节约|少[交花])[了些点]?{_BILL}|{_BILL}(自理|自付|另付)"
    # What keeps the paper of a bill does not pay it either; nor does who helps to ask for money give any.
    f"|{_BILL}(单|单据|账单|收据|发票|票据)?(夹|册|收纳[盒袋]|文件[夹袋])"
    "|[免不无](收|交|用交)?押金|(助学金|奖学金|补助|学费|房租|股票|基金|国债)(申请|纠纷|政策|知识|防骗|诈骗|骗局|讲座|法律|咨询)"
    # What has smoke or spirits in its name and is neither.
    "|[无禁戒控防油排]烟|烟(感|雾|灰|缸|台|道|囱|筒|管|火|花|熏)|松烟"
    # What holds a card is none.
    # A card that is read, given or played with, and what somebody of the street does for whoever holds the slip.
    "|(贺年?|生日|感谢|祝福|心愿|明信|书签|识[字图]|认知|单词|字母|拼音|数字|早教|闪|涂色|绘画|手工|立体|折纸|积木|拼图|急救|安全|教育|宣传|科普|知识|提示|联系"
    "|存储|内存|sd|tf|读|发|挂|姓名|行李)卡(?![密券])"
    "|(理发|修脚|修伞|磨刀|缝补|配钥匙|家政|保洁|维修|修理|洗衣|体检|义诊|陪诊)券"
    "|(公交|地铁|交通|银行|会员|证件|饭|医保|社保)卡卡?[套包夹]|红包[袋封壳]|礼金[簿本袋]|奖金[簿本袋]|钻石[画绣贴]"
    "|料酒|碘酒|[解醒戒禁]酒|酒(精|酿|糟|曲|杯|窝|店|红|驾|鬼花生)|不含酒"
)
_MONEY_UNITS: Final = ("元", "块钱")
_SUM: Final = f"[{_DIGITS}]+"
# Whose name with a sum, or with what one does there, is a card of theirs; and who is paid by the month.
_MARKETS: Final = (
    "(京东|淘宝|天猫|拼多多|沃尔玛|永辉|家乐福|大润发|盒马|苏宁|美团|滴滴|高德|哈啰)(超市|商城|外卖|生鲜|出行|打车)?"
)
_CHANNELS: Final = "(爱奇艺|腾讯视频|优酷|芒果tv|哔哩哔哩|qq音乐|网易云音乐|酷狗音乐|喜马拉雅|百度网盘)"
# A sum with its sign, which is no letter.
_PRICE: Final = re.compile(r"[¥$€£]\s*\d+|\d+\s*[¥$€£]")
_SAID: Final = {
    Refusable.PHONE_CREDIT: (
        "话费|(手机|上网|数据|通用|全国)流量|流量[包卡券费]|\\d+(g|gb|m|mb|兆)流量|流量\\d+(g|gb|m|mb|兆)|^流量$|电话卡|上网卡"
    ),
    Refusable.VOUCHER: (
        "购物[卡券]|超市[卡券]|商场[卡券]|京东e?卡|(?<![a-z])e卡|天猫卡|苏宁卡|沃尔玛卡|礼品[卡券]|礼金[卡券]|储值卡|预付卡"
        "|加油[卡券]|加油[\\d一二三四五六七八九十百千]+[元块]|油卡|[充冲]值(?!教程|指南|指导|帮助)|提货[卡券单]|代金[卡券]|现金[卡券]|抵用[卡券]|抵扣[卡券]|优惠[卡券码]|折扣[卡券码]|(?<![丰饱圆])满减|满\\d+减|[油话车房饭]补($|[金贴])|购物津贴|(房租|学费|房贷|车贷)抵扣|(?<!自付)保险费(?!自)|消费[卡券]|满减券"
        "|会员[年季月周]?卡|视频会员|健身[年季月]?卡|(蛋糕|面包|月饼|粽子|蟹|水果|牛奶)[卡券]|q币|游戏币|点[卡券]"
        "|公交卡|地铁卡|交通卡|一卡通|市民卡|乘车[卡券]|立减[金券]|(购物|消费|抵用|打车|出行|外卖|体验)金(?![额融])|(?<!凭)兑换[卡券]"
        "|gift(card|certificate|voucher)|prepaidcard|vouchers?(?![a-z])|coupons?(?![a-z])|(?<![a-z])topup"
        f"|{_BILL}|\\d+元.{{0,6}}[卡券]|(当|抵扣?){_SUM}(元|块钱)|抵扣?{_SUM}块(?![砖布])|[领买换拿]{_SUM}(元|块钱?)的?(货|东西|商品)"
        f"|{_CHANNELS}.{{0,4}}(会员|vip)|面[值额]{_SUM}|提货凭|(购物|消费|超市|抵扣)凭[证条单据]|满{_SUM}([元块]可?用|可用)|卡密|直充|缴费"
    ),
    Refusable.CASH: (
        "现[金钞]|红包|折现|兑现|提现|返[现利]|套现|抵现|零钱(?!包)|人民币|转账|数字货币|比特币|以太[币坊]|(支付宝|微信|钱包|账户)余额"
        "|美元|美金(?!枪)|欧元|英镑|(?<!生)日元|港[元币]|外[币汇]|银行卡|(?<![a-z])cash(?![a-z])|\\d(yuan|rmb|cny|usd|dollars?|euros?)"
        "|(?<![a-z])rmb(?![a-z])"
    ),
    Refusable.LOTTERY: "彩票|(?<!幸)福彩(?![虹绘色])|(?<!立)体彩(?![绘色])|双色球|大乐透|刮刮[乐卡]|抽奖|摸奖",
    Refusable.JEWELLERY: (
        "黄金($|首?饰|吊坠|项链|戒指|手[链镯]|耳|转运|摆件|纪念|条|豆|币|制|做|券|卡|\\d|[一二两三五十半]克)"
        "|[足纯]金|金条|金豆|金币|银条|(?<![收仿])[首金银]饰(?!盒|清洁|架|品架)|珠宝|(?<!合)金(戒指|项链|手镯|手链|耳环|吊坠)|钻[石戒]"
    ),
    Refusable.LIQUOR_TOBACCO: (
        "香烟|卷烟|烟酒|烟草|电子烟|[名好]烟|[条包盒]烟|软?中华烟|白酒|啤酒|红酒|黄酒|米酒|药酒|葡萄酒|名酒|[瓶箱]酒|茅台|五粮液"
        "|剑南春|二锅头|泸州老窖|汾酒|郎酒|雪茄|槟榔"
    ),
}  # fmt: skip
_WORDS: Final = {kind: re.compile(words) for kind, words in _SAID.items()}
# A name is short: what is left of smoke and spirits in it is meant.
_WORDS_OF_A_NAME: Final = {
    **_WORDS,
    Refusable.LIQUOR_TOBACCO: re.compile(
        _SAID[Refusable.LIQUOR_TOBACCO] + "|烟|酒|^[软硬]中($|[条包盒一两二三\\d])"
        "|^(黄鹤楼|玉溪|红双喜|[软硬]?中华|利群|芙蓉王|江小白|牛栏山)($|[条包盒瓶箱一二两三\\d])"
    ),
    Refusable.JEWELLERY: re.compile(
        _SAID[Refusable.JEWELLERY] + "|金元宝(?![a-z巧折饼糕贴])|[足纯]银|银手?镯|翡翠|玉[镯佩坠]"
    ),
    # So is what pays a ride, a meal or a year of entering, and a code that is exchanged elsewhere.
    Refusable.VOUCHER: re.compile(
        _SAID[Refusable.VOUCHER] + "|(消费|购物)额度|凭条|汽油(?![味桶锯机])|花呗|白条|steam"
        "|(?<![a-z])qb(?![a-z])|vip|(水|电|煤|气|物业|账单)抵扣"
        "|(学|[加汽]?油|车|医药|医疗|伙食)费(?!力)|房租|房贷|车贷"
        f"|{_MARKETS}({_SUM}|购物)$|提货$|^{_CHANNELS}$"
        "|itunes|appstore|applegift(?!box)|(宽带|流量|网费)[一二三四五六\\d]+个?月|储值|代金|礼包券|会员$|游戏皮肤|(高铁|动车|火车)票"
        "|[餐饭](券|票(?!夹))|(停车|洗车|观影|电影)[券票]|(地铁|公交|车|船|机|门)票(?![夹册根])|月票|[年季次]卡$|(兑换|激活|充值|提货|核销)码"
        "|邮票(?![册夹])|(月饼|粽子|蟹|洗浴|提货|[米油粮肉蛋奶])票"
        # Whatever else ends as a card or a slip is exchanged elsewhere; the harmless ones were taken out.
        "|(?<!刮刮)卡$|券$"
    ),
    # So is a sum of money that it ends with: 一百元, 京东 100 元, 五十块; money by its name, and coins that are kept.
    Refusable.CASH: re.compile(
        _SAID[Refusable.CASH] + "|(?<![a-z])usd[tc](?![a-z])"
        f"|[{_DIGITS}]([元圆]|块钱)[整正]?$"
        "|([十百千万拾佰仟]|\\d\\d)块$"
        "|支付宝|余额|^钱$|(压岁|零花)钱|银[元圆]|[金银]钞|代币|礼金|奖金|大钞|劳务费|工资$|退税|抖音?币|钞票|虚拟货?币|纪念[币钞]|补贴金|[银硬]币(?![包盒袋收])"
        "|股票|国债|债券|基金(份额|定投|$)|(慰问|助学|奖学|救助|抚恤|补助)金|生活补[助贴]|补助$|(?<![五合鎏烫镀描洒内郁黄足纯])金$"
        "|(?<![a-z])(usd|eur|gbp|hkd|jpy|cny)(?![a-z])"
    ),
}
