"""What people type as they see it: a line break is one, and what nobody sees is not there."""

import re
from typing import Final

# What no text holds that others are to read: control signs, half a pair, and the two that are none (XML 1.0, 2.2).
_CONTROL: Final = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Of no width, or turning the order of what stands beside: a name with one of them reads like another name and is not.
# The two that make one picture of several, or a sign a picture, are seen in it, and stay behind a picture.
_PICTURE: Final = r"[\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff]"
UNSEEN: Final = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164]"
    r"|[\ufe00-\ufe0e\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
    rf"|(?<!{_PICTURE})(?<!{_PICTURE}\ufe0f)[\u200d\ufe0f]"
)


def one_break(text: str) -> str:
    """The text with every line break written in one way: a browser sends two signs, a workbook gives back one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def as_seen(text: str) -> str:
    """The text without what nobody sees in it, and without the blanks around it. A NUL stays, to be refused."""
    return UNSEEN.sub("", _CONTROL.sub("", text)).strip()


def as_text(text: str) -> str:
    """The text as a page, a feed or a workbook can hold it, whatever it was typed with."""
    return _CONTROL.sub("", text.replace("\x00", ""))


_BETWEEN: Final = re.compile(r"[\s·.．・、_＿*＊/／|｜\-–—~～]+")


def run_together(text: str) -> str:
    """The text without blanks, what nobody sees, and signs that are set between those of a word to disguise it."""
    return _BETWEEN.sub("", UNSEEN.sub("", text))
