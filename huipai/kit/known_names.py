"""The name of somebody known, wherever a text says it: whole, with blanks between, or the family name and a title.

A name that is an everyday word too (高峰, 石头, 马路, 文明) is struck out only where it stands as a name does: a gap in
早高峰 would say the name that it hides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from huipai.kit import dictionary
from huipai.kit.own_names import DOUBLE, PLAIN, TITLES

_HAN = r"[\u4e00-\u9fff]"
_BLANK = r"[ \u3000·]?"
# Between the parts of a name of several: U+00B7, as the standard has it (GB/T 15834), and what is typed for it.
_POINT = re.compile(r"[\s·•・‧∙．.]+")
_APART = r"[\s·•・‧∙．.]{0,2}"
_LEAST_OF_A_PART = 3
_WHOLE = re.compile(rf"{_HAN}{{2,4}}")
# What the dictionary takes for a name, and a street's reports for a word.
_EVERYDAY = re.compile(
    "高峰|文明|石墩|花坛|高楼|白车|白云|康复|许可|顾客|胡同|安静|平安|向阳|汪洋|洪水|雷雨|田野|张贴|陈列|石板|石桩|江水"
    "|林木|花园|黄土|黄沙|白墙|白线|金桥|马桶|关口|方便|常规|温水|车辆"
)
_BEFORE = r"(?:我是|我叫|本人|名叫|名字叫?|姓名|联系人?|上报人|住户|业主|找|叫)[是为:： ]*"
# By what somebody whose family name is known is spoken of, beside the titles that anybody's has.
_CALLED = rf"(?:{TITLES}|师傅|老师|医生)"
_AFTER = rf"(?:{_CALLED}|家|本人|的?电话|[报留]的?|[ ，,：:]*\d{{3}})"


def known_names(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """Where in a text one of these names stands, from the first to the last, none within another."""
    read = text.translate(_OLD_WAY)
    spans = sorted(span for name in names if len(name) > 1 for span in _spans(read, name.translate(_OLD_WAY)))
    kept: list[tuple[int, int]] = []
    for begin, end in spans:
        if kept and begin < kept[-1][1]:
            kept[-1] = kept[-1][0], max(end, kept[-1][1])
        else:
            kept.append((begin, end))
    return kept


def _spans(text: str, name: str) -> Iterator[tuple[int, int]]:
    if _WHOLE.fullmatch(name) and name[0] not in text:
        return
    for pattern in _patterns(name):
        for found in pattern.finditer(text):
            yield found.span("name")


@lru_cache(maxsize=8192)
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    """How it may be written."""
    if not _WHOLE.fullmatch(name):
        return _of_several_parts(name)
    spelt = rf"(?P<name>{_BLANK.join(name)})"
    titled = re.compile(rf"(?P<name>[老小]?{_family(name)})(?={_CALLED})")
    if not is_everyday(name):
        return re.compile(spelt), titled
    alone = rf"(?<!{_HAN}){spelt}(?!{_HAN})"
    return re.compile(alone), re.compile(rf"{_BEFORE}{spelt}"), re.compile(rf"{spelt}(?={_AFTER})"), titled


@lru_cache(maxsize=8192)
def _of_several_parts(name: str) -> tuple[re.Pattern[str], ...]:
    """Of 阿依古丽·买买提 or John Smith: the whole with any point, blank or nothing between, in small letters or large,
    and each part by which somebody goes alone."""
    parts = [part for part in _POINT.split(name) if part]
    whole = re.compile(rf"(?P<name>{_APART.join(re.escape(part) for part in parts)})", re.IGNORECASE)
    alone = [part for part in parts if len(part) >= _LEAST_OF_A_PART and len(parts) > 1]
    return whole, *(
        re.compile(rf"(?<![A-Za-z])(?P<name>{re.escape(part)})(?![A-Za-z])", re.IGNORECASE) for part in alone
    )


def is_everyday(name: str) -> bool:
    """Whether somebody's name is a word as well: the dictionary knows it, and not as a name."""
    if _EVERYDAY.fullmatch(name):
        return True
    return dictionary.has_word(name) and not any(kind.startswith("nr") for _word, kind in dictionary.tagged(name))


# Written the old way; one sign for one, so that what is found stands where it stood.
_OLD_WAY = str.maketrans(
    "張劉陳楊趙吳孫馬羅鄭謝韓馮蕭許鄧蘇盧蔣賈閻閆譚鄒陸顧龍錢湯賀顏嚴溫蘆魯聶龐紀鮑喬賴葉萬關華單歐陽東諸長鍾鐘藍蘭雲鳳麗國"
    "偉傑軍強紅飛鵬寧濤剛榮慶義艷靜嵐穎瑩瓊風曉學寶貴興銀鐵鋒堅來愛亞凱錦鋼銘輝遠澤維紹勝聖權啟時樂樹",
    "张刘陈杨赵吴孙马罗郑谢韩冯萧许邓苏卢蒋贾阎闫谭邹陆顾龙钱汤贺颜严温芦鲁聂庞纪鲍乔赖叶万关华单欧阳东诸长钟钟蓝兰云凤丽国"
    "伟杰军强红飞鹏宁涛刚荣庆义艳静岚颖莹琼风晓学宝贵兴银铁锋坚来爱亚凯锦钢铭辉远泽维绍胜圣权启时乐树",
)


def is_called(text: str, names: Iterable[str]) -> bool:
    """Whether a text calls one of these people as neighbours do: 老蓝, 小蓝, 蓝家, or the name written the old way.

    Meant for the few who have to do with one case: of a whole street some family name would always fit.
    """
    text = text.translate(_OLD_WAY)
    people = {name for name in names if _WHOLE.fullmatch(name)}
    return bool(known_names(text, people)) or any(_is_called(text, _family(name)) for name in people)


def _is_called(text: str, family: str) -> bool:
    found = [one for form in (f"[老小]{family}家?", f"{family}家") for one in re.finditer(form, text)]
    return any(
        not _is_of_a_word(text, *one.span()) and (family in PLAIN or not is_everyday(one.group())) for one in found
    )


def _is_of_a_word(text: str, begin: int, end: int) -> bool:
    """Whether it is only a piece of a longer word that the dictionary knows (养老金, 石家庄)."""
    at = 0
    for word, _kind in dictionary.tagged(text):
        here, at = at, at + len(word)
        if here < end and at > begin and (here < begin or at > end) and dictionary.has_word(word):
            return True
    return False


def _family(name: str) -> str:
    return name[:2] if len(name) > 2 and name[:2] in DOUBLE else name[0]
