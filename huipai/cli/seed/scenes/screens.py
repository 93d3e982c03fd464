"""Drawn screenshots of a neighbours' group: a shared notice and some answers. Lines stand for words."""

from functools import cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFont

SIZE = (720, 1280)
_INK, _PAPER, _GROUND, _LINE = "#26211A", "#FFFFFF", "#EDEBE6", "#D8D3CA"


@cache
def screenshot(variant: int) -> bytes:
    """A JPEG of a phone's screen; another variant is another group at another hour."""
    chance = Random(f"screen:{variant}")
    picture = Image.new("RGB", SIZE, _GROUND)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, SIZE[0], 132), fill=_PAPER)
    pen.text((36, 20), f"{8 + variant % 12:02}:{(variant * 13) % 60:02}", fill=_INK, font=ImageFont.load_default(34))
    _words(pen, chance, 220, 84, 280, "#6B655B")
    _notice(pen, chance)
    top = 620
    for number in range(3 + variant % 3):
        own = chance.random() < 0.3
        top = _bubble(pen, chance, top, own=own, lines=1 + number % 2)
    file = BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()


def _notice(pen: ImageDraw.ImageDraw, chance: Random) -> None:
    """The street's own card: a shield, a headline, the number to call."""
    pen.rounded_rectangle((96, 190, 600, 570), 18, fill=_PAPER, outline=_LINE, width=2)
    _words(pen, chance, 124, 226, 420, _INK, height=26)
    pen.polygon([(500, 290), (556, 310), (552, 372), (500, 410), (448, 372), (444, 310)], fill="#0E5F68")
    pen.ellipse((482, 322, 518, 358), fill="#F6C021")
    for line in range(4):
        _words(pen, chance, 124, 300 + line * 42, 270, "#8C8272", height=16)
    pen.text((124, 490), "96110", fill="#0E5F68", font=ImageFont.load_default(44))


def _bubble(pen: ImageDraw.ImageDraw, chance: Random, top: int, *, own: bool, lines: int) -> int:
    width, height = chance.randrange(220, 420), 44 + 40 * lines
    left = SIZE[0] - width - 110 if own else 110
    pen.rounded_rectangle((left, top, left + width, top + height), 16, fill="#D6EDEA" if own else _PAPER)
    avatar = SIZE[0] - 92 if own else 24
    pen.rounded_rectangle(
        (avatar, top, avatar + 68, top + 68), 12, fill=chance.choice(["#B9C7BE", "#C9B79C", "#A9BBC6"])
    )
    for line in range(lines):
        _words(pen, chance, left + 22, top + 24 + line * 40, width - 60, "#6B655B", height=16)
    return top + height + 34


def _words(pen: ImageDraw.ImageDraw, chance: Random, x: int, y: int, width: int, ink: str, height: int = 20) -> None:
    """A line of writing, as far as a small picture shows one."""
    at = x
    while at < x + width - height:
        long = min(chance.randrange(height, height * 4), x + width - at)
        pen.rounded_rectangle((at, y, at + long, y + height), height // 3, fill=ink)
        at += long + height // 2
