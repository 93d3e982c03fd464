"""What is as good as money by its words: a second look at what an item says, after its kind."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from huipai.shop.words import Refusable


@dataclass(frozen=True, slots=True)
class Found:
    """Where an item says what no shop of points may hold, of which kind that is, and the word that says it."""

    field: str
    kind: Refusable
    word: str


def look_for_money(*, name: str, unit: str, description: str) -> Found | None:
    """The first word of an item that is as good as money; None where there is none.

    Words are read as people see them: without blanks, signs and what is invisible, and in one width.
    """
    for field, text in (("name", name), ("unit", unit), ("description", description)):
        read = _HARMLESS.sub("", _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text)).casefold())
        for kind, words in _WORDS.items():
            if found := words.search(read):
                return Found(field, kind, found[0])
    if unit.strip() in _MONEY_UNITS:
        return Found("unit", Refusable.CASH, unit.strip())
    return None


_NOT_LETTERS: Final = re.compile(r"[\W_]+")
# What a shop says rightly: not for money.
_HARMLESS: Final = re.compile(
    "(不能|不可以?|不得|不予|不许|不|禁止|谢绝)(折现|折成现金|换成?现金|兑换现金|兑现|提现|返现|找零)"
)
_MONEY_UNITS: Final = ("元", "块钱")
_WORDS: Final = {
    kind: re.compile(words)
    for kind, words in {
        Refusable.PHONE_CREDIT: "话费|手机流量|流量包|流量卡|电话卡|上网卡",
        Refusable.VOUCHER: (
            "购物[卡券]|超市[卡券]|商场[卡券]|京东e?卡|礼品[卡券]|礼金[卡券]|储值卡|预付卡|加油[卡券]|油卡|充值|提货[卡券]"
            r"|代金[卡券]|现金[卡券]|抵用[卡券]|抵扣[卡券]|优惠券|消费[卡券]|满减券|\d+元.{0,6}[卡券]"
        ),
        Refusable.CASH: "现金|红包|折现|兑现|提现|返现|套现|零钱(?!包)|人民币|转账|数字货币",
        Refusable.LOTTERY: "彩票|刮刮乐|抽奖|摸奖",
        Refusable.JEWELLERY: "黄金首饰|黄金饰|黄金吊坠|足金|金条|金豆|金币|银条|首饰(?!盒)|珠宝",
        Refusable.LIQUOR_TOBACCO: "香烟|卷烟|烟酒|烟草|电子烟|白酒|啤酒|红酒|黄酒|葡萄酒",
    }.items()
}
