"""What is kept of the text in a screenshot: which of the item's words stand in it, and which dates. Not the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from huipai.kit.simplified import simplified

_NUMBER = re.compile(r"(?<![0-9])[0-9]{4,6}(?![0-9])")
_FULL = re.compile(r"(20[0-9]{2})\s*[年./-]\s*([0-9]{1,2})\s*[月./-]\s*([0-9]{1,2})")
_SHORT = re.compile(r"(?<![0-9年./-])([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日")
# As chats and lists write a day without its year: with the time behind it, or alone in its line. 3/4 is no day, nor is
# what stands between two times (08:05-10:30), in a score (3-1 20:15) or in a count (第1/3).
_TIME = r"(?=\s*(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?![0-9]))"
_MONTH, _DAY = "1[0-2]|0[1-9]", "3[01]|[12][0-9]|0[1-9]"
_IN_FIGURES = re.compile(
    rf"(?<![0-9:./第-])(?:({_MONTH}|[1-9])/({_DAY}|[1-9])|({_MONTH})-({_DAY})){_TIME}"
    rf"|^\s*({_MONTH})[/-]({_DAY})\s*$"
)
_BETWEEN = re.compile(r"\s+")
# Phones and pages set blanks between figures and signs: without them a year belongs to the month behind it.
_ABOUT_A_SIGN = re.compile(r"\s*([年月日])\s*")


@dataclass(frozen=True, slots=True)
class Read:
    """The answer of the reader, without a word that the item does not know itself."""

    matched: tuple[str, ...]
    dates: tuple[date, ...]
    has_text: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """What a screenshot for an item should say, and how many of these words are enough."""

    words: tuple[str, ...]
    enough: int


def expected(keywords: Sequence[str], title: str, description: str) -> Expected:
    """The item's own keywords; where it has none, two of the pairs of signs of its title and of its numbers."""
    if keywords:
        return Expected(tuple(keywords), 1)
    plain = _BETWEEN.sub("", title)
    pairs = [plain[at : at + 2] for at in range(len(plain) - 1)]
    return Expected((*pairs, *_NUMBER.findall(description)), 2)


def judge(lines: Sequence[str], wanted: Expected, *, today: date) -> Read:
    """Match what was read; the lines themselves go nowhere."""
    lines = [unicodedata.normalize("NFKC", line) for line in lines]
    text = _as_seen("".join(lines))
    matched = tuple(dict.fromkeys(word for word in wanted.words if _as_seen(word) in text))
    return Read(matched if len(matched) >= wanted.enough else (), tuple(_dates(lines, today)), bool(text))


def _as_seen(words: str) -> str:
    """Without blanks, in one width, case and script: app, APP and ＡＰＰ are one word, 防骗 and 防騙 too."""
    return simplified(_BETWEEN.sub("", unicodedata.normalize("NFKC", words)).casefold())


def _dates(lines: Sequence[str], today: date) -> Iterator[date]:
    for line in (_ABOUT_A_SIGN.sub(r"\1", each) for each in lines):
        for year, month, day in _FULL.findall(line):
            yield from _day(int(year), int(month), int(day))
        for month, day in _SHORT.findall(line):
            yield from _last(int(month), int(day), today)
        for found in _IN_FIGURES.findall(line):
            month, day = (int(figure) for figure in found if figure)
            yield from _last(month, day, today)
        if "昨天" in line:
            yield today - timedelta(days=1)


def _last(month: int, day: int, today: date) -> Iterator[date]:
    """The last time that there was such a day: on New Year's Day 12月31日 was yesterday. Tomorrow's is tomorrow's."""
    this = next(_day(today.year, month, day), None)
    if this is None or this > today + timedelta(days=1):
        yield from _day(today.year - 1, month, day)
    else:
        yield this


def _day(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return
