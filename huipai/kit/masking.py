"""Numbers and addresses by which somebody could be reached: struck out for a unit, refused where neighbours read."""

import re
from collections.abc import Iterable
from functools import lru_cache

from huipai.kit.known_names import known_names
from huipai.kit.own_names import own_names

_APART = r"[ \-–—.()（）·_/／]{0,2}"
# A telephone, an identity card, an account: seven digits or more, however they are spaced.
_NUMBER = re.compile(rf"(?<!\d)(?:[(（](?=\d{{3,4}}[)）]))?\+?\d(?:{_APART}\d){{6,}}[xX]?")
# With commas, stars, waves or lines between its digits only what has the length of one: lists of rooms, prices and days
# are written with them too.
_COMMA = r"[\s\-–—.()（）·_/／,，*＊~～|｜]{0,2}"
_WITH_COMMAS = re.compile(
    rf"(?<!\d)(?:(?:\+?86{_COMMA})?1[3-9](?:{_COMMA}\d){{9}}|0(?:{_COMMA}\d){{9,11}}|[48](?:{_COMMA}0){{2}}(?:{_COMMA}\d){{7}}"
    rf"|[1-9](?:{_COMMA}\d){{16}}{_COMMA}[\dxX])(?!\d)"
)
# Said aloud and written down as it was said: figures in Chinese, alone or among others.
_FIGURE = r"[\d零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖⓪①②③④⑤⑥⑦⑧⑨]"
_SPOKEN = re.compile(rf"(?<!{_FIGURE}){_FIGURE}(?:{_APART}{_FIGURE}){{6,}}")
# By what somebody is found in a chat: the word for it, and what they are called there.
_APP = r"(?:微信|薇信|抖音|企鹅|加[vV][xX信]?|(?<![A-Za-z])(?:[vVwW][xX]|[qQ]{2}|[vV](?=[:：])))号?"
_CHAT = re.compile(rf"{_APP}[ :：是为]{{0,3}}(?P<found>[A-Za-z0-9][A-Za-z0-9_\-]{{4,19}})")
_LETTER = "A-Za-z0-9０-９Ａ-Ｚａ-ｚ"
_MAIL = re.compile(
    rf"[{_LETTER}_.+-]+[@＠﹫][{_LETTER}-]+(?:[.．][{_LETTER}-]+|。(?:com|cn|net|org)(?![A-Za-z]))+", re.IGNORECASE
)
_DAY = r"(?:(?:19|20)\d\d[-./年_])?\d{1,2}[-./月_]\d{1,2}"
# What looks like a number and reaches nobody: a day, an hour beside it, from one to another; a house, a stair, a room;
# a price.
_HARMLESS = re.compile(
    rf"{_DAY}(?: \d{{1,2}})?(?: ?[-–—/] ?{_DAY}(?: \d{{1,2}})?)?"
    r"|20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"|\d{1,3}[-/]\d{1,2}[-/]\d{3,4}"
    r"|\d{1,3}(?:[,，]\d{3})+(?:\.\d{1,2})?"
)
_MONEY = re.compile(r" ?(?:元(?![旦宵])|块|万)")
HIDDEN = "＊＊"


def masked(text: str, names: Iterable[str]) -> str:
    """The same words, with these names, by what somebody goes and all by which they could be reached struck out."""
    text = without_names(text, names)
    for begin, end in reversed(own_names(text)):
        text = text[:begin] + HIDDEN + text[end:]
    for begin, end in reversed(_found(text)):
        text = text[:begin] + HIDDEN + text[end:]
    return text


def without_names(text: str, names: Iterable[str]) -> str:
    """The same words with these names and telephone numbers struck out; others stay, as an office gives its own."""
    known = set(names)
    numbers = {name for name in known if _TELEPHONE.fullmatch(name)}
    for number in numbers:
        text = _written(number.removeprefix("+86")).sub(HIDDEN, text)
    for begin, end in reversed(known_names(text, known - numbers)):
        text = text[:begin] + HIDDEN + text[end:]
    return text


_TELEPHONE = re.compile(r"\+?\d{7,15}")
_AS_SAID = (
    "0０零〇⓪", "1１一幺壹①", "2２二贰②", "3３三叁③", "4４四肆④",
    "5５五伍⑤", "6６六陆⑥", "7７七柒⑦", "8８八捌⑧", "9９九玖⑨",
)  # fmt: skip


@lru_cache(maxsize=4096)
def _written(number: str) -> re.Pattern[str]:
    """A number however it is spaced, typed in full width, or written as it is said; never a part of a longer one."""
    digits = _COMMA.join(f"[{_AS_SAID[int(digit)]}]" for digit in number)
    return re.compile(rf"(?<![\d])(?:[+＋]?[8８][6６]{_COMMA})?{digits}(?![\d])")


def reaches_somebody(text: str) -> bool:
    """Whether a telephone, an identity card, an account or a mail address stands in it."""
    return bool(_found(text))


# A house and a room in it, or a room by itself: 7 幢 302, 3号楼2单元1204, 401室.
_DOOR = re.compile(
    r"\d{1,3} ?(?:幢|栋|座|弄|号楼|号|楼)[ \-–—]?(?:\d{1,2} ?单元[ \-–—]?)?\d{3,4}(?![\d元米个])|(?<!\d)\d{3,4} ?室"
)


def leads_to_a_door(text: str) -> bool:
    """Whether it says in which flat somebody lives."""
    return _DOOR.search(text) is not None


def _found(text: str) -> list[tuple[int, int]]:
    """Where in a text such things stand, from the first to the last, none within another."""
    kinds = (_NUMBER, _WITH_COMMAS, _SPOKEN, _CHAT, _MAIL)
    spans = sorted(match.span(match.lastgroup or 0) for kind in kinds for match in kind.finditer(text))
    kept: list[tuple[int, int]] = []
    for begin, end in spans:
        if _is_harmless(text, begin, end):
            continue
        if kept and begin < kept[-1][1]:
            kept[-1] = kept[-1][0], max(end, kept[-1][1])
        else:
            kept.append((begin, end))
    return kept


def _is_harmless(text: str, begin: int, end: int) -> bool:
    said = text[begin:end]
    if _HARMLESS.fullmatch(said) or all(_HARMLESS.fullmatch(part) for part in said.split(" ")):
        return True
    is_money = _MONEY.match(text, end) is not None or text[begin - 1 : begin] in ("¥", "￥")
    return is_money and re.fullmatch(r"\d{1,9}(?:\.\d{1,2})?", said) is not None
