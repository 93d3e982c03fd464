"""The name of somebody known, wherever a text says it: whole, with blanks between, or the family name and a title.

A name that is an everyday word too (高峰, 石头, 马路, 文明) is struck out only where it stands as a name does: a gap in
早高峰 would say the name that it hides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from huipai.kit import dictionary
from huipai.kit.own_names import DOUBLE, TITLES

_HAN = r"[\u4e00-\u9fff]"
_BLANK = r"[ \u3000·]?"
_WHOLE = re.compile(rf"{_HAN}{{2,4}}")
# What the dictionary takes for a name, and a street's reports for a word.
_EVERYDAY = re.compile(
    "高峰|文明|石墩|花坛|高楼|白车|白云|康复|许可|顾客|胡同|安静|平安|向阳|汪洋|洪水|雷雨|田野|张贴|陈列|石板|石桩|江水"
    "|林木|花园|黄土|黄沙|白墙|白线|金桥|马桶|关口|方便|常规|温水|车辆"
)
_BEFORE = r"(?:我是|我叫|本人|名叫|名字叫?|姓名|联系人?|上报人|住户|业主|找|叫)[是为:： ]*"
_AFTER = rf"(?:{TITLES}|师傅|老师|家|本人|的?电话|[报留]的?|[ ，,：:]*\d{{3}})"


def known_names(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """Where in a text one of these names stands, from the first to the last, none within another."""
    spans = sorted(span for name in names if len(name) > 1 for span in _spans(text, name))
    kept: list[tuple[int, int]] = []
    for begin, end in spans:
        if kept and begin < kept[-1][1]:
            kept[-1] = kept[-1][0], max(end, kept[-1][1])
        else:
            kept.append((begin, end))
    return kept


def _spans(text: str, name: str) -> Iterator[tuple[int, int]]:
    if name[0] not in text:
        return
    for pattern in _patterns(name):
        for found in pattern.finditer(text):
            yield found.span("name")


@lru_cache(maxsize=8192)
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    """How it may be written. What is no Chinese name is looked for as it is."""
    if not _WHOLE.fullmatch(name):
        return (re.compile(rf"(?P<name>{re.escape(name)})"),)
    spelt = rf"(?P<name>{_BLANK.join(name)})"
    family = name[:2] if len(name) > 2 and name[:2] in DOUBLE else name[0]
    titled = re.compile(rf"(?P<name>[老小]?{family})(?={TITLES})")
    if not is_everyday(name):
        return re.compile(spelt), titled
    alone = rf"(?<!{_HAN}){spelt}(?!{_HAN})"
    return re.compile(alone), re.compile(rf"{_BEFORE}{spelt}"), re.compile(rf"{spelt}(?={_AFTER})"), titled


@lru_cache(maxsize=8192)
def is_everyday(name: str) -> bool:
    """Whether somebody's name is a word as well: the dictionary knows it, and not as a name."""
    if _EVERYDAY.fullmatch(name):
        return True
    return dictionary.has_word(name) and not any(kind.startswith("nr") for _word, kind in dictionary.tagged(name))
