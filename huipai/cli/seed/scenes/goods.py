"""Drawn photos of what the shop holds, as a station host takes them: one thing on a table, in front of a wall."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from random import Random

from huipai.cli.seed.scenes.canvas import HEIGHT, WIDTH, Canvas, Colour, mix

EDGE, FOOT = 600, 810
_WALLS = ("#E4D8C4", "#CFDAD6", "#DDD3C6", "#D3DACB")
_WHITE = "#FFFFFF"


@cache
def goods(name: str) -> bytes:
    """A JPEG of one of `PICTURES`."""
    canvas = Canvas(Random(f"goods:{name}"))
    wall = canvas.chance.choice(_WALLS)
    canvas.fade(mix(wall, _WHITE, 0.35), wall, 0, EDGE)
    canvas.fade("#B98F63", "#9A7248", EDGE, HEIGHT)
    canvas.box(0, EDGE, WIDTH, 12, "#CDA77C")
    PICTURES[name](canvas)
    file = BytesIO()
    canvas.finished().save(file, "JPEG", quality=82)
    return file.getvalue()


def _shadow(canvas: Canvas, x: float, width: float) -> None:
    canvas.oval(x - 20, FOOT - 26, width + 60, 60, "#7D5B38")


def _label(canvas: Canvas, x: float, y: float, width: float, height: float, colour: Colour) -> None:
    """A label with some lines of print."""
    canvas.box(x, y, width, height, _WHITE, 12)
    canvas.box(x, y, width, height * 0.34, colour, 12)
    for line in range(3):
        canvas.box(x + width * 0.14, y + height * (0.46 + 0.16 * line), width * (0.7 - 0.14 * line), 10, "#B5ACA0", 5)


def _soap(canvas: Canvas) -> None:
    _shadow(canvas, 520, 240)
    canvas.box(520, 320, 240, FOOT - 320, "#F2CF3B", 56)
    canvas.box(600, 220, 80, 130, "#E0B21E", 12)
    canvas.box(570, 170, 140, 64, "#3E8E5A", 18)
    canvas.box(545, 350, 36, 380, "#F8E27E", 18)
    _label(canvas, 546, 470, 188, 230, "#3E8E5A")


def _tissues(canvas: Canvas) -> None:
    _shadow(canvas, 380, 520)
    for row in range(3):
        for column in range(2):
            x, y = 380 + 262 * column, FOOT - 132 * (row + 1)
            canvas.box(x, y, 256, 126, "#DCEBF2", 16)
            canvas.box(x + 26, y + 30, 204, 64, "#5C9CBF", 10)
            canvas.oval(x + 88, y + 44, 80, 36, _WHITE)
    canvas.half(560, FOOT - 480, 160, 170, "#F7F7F4")


def _bag(canvas: Canvas) -> None:
    _shadow(canvas, 400, 480)
    for x in (520, 680):
        canvas.line([(x, 420), (x + 10, 240), (x + 70, 240), (x + 80, 420)], "#C7B48D", 24)
    canvas.shape([(420, 380), (860, 380), (900, FOOT), (380, FOOT)], "#E7DABB")
    canvas.shape([(420, 380), (860, 380), (866, 424), (414, 424)], "#D6C69F")
    canvas.oval(550, 490, 180, 180, "#3E8E5A")
    canvas.shape([(590, 610), (640, 510), (690, 610)], "#E7DABB")


def _rice(canvas: Canvas) -> None:
    _shadow(canvas, 410, 460)
    canvas.box(410, 250, 460, FOOT - 250, "#F4EFE3", 44)
    canvas.box(410, 250, 460, 56, "#C8372D", 24)
    canvas.oval(500, 380, 280, 280, "#C8372D")
    for grain in range(9):
        canvas.oval(560 + 56 * (grain % 3), 440 + 60 * (grain // 3), 26, 48, "#FBF6EA")
    canvas.box(480, 720, 320, 22, "#B5ACA0", 10)


def _oil(canvas: Canvas) -> None:
    _shadow(canvas, 470, 340)
    canvas.box(470, 380, 340, FOOT - 380, "#E4A51A", 50)
    canvas.shape([(540, 400), (740, 400), (690, 290), (590, 290)], "#E4A51A")
    canvas.box(590, 210, 100, 90, "#C8372D", 14)
    canvas.box(500, 410, 40, 340, "#F3C95C", 20)
    _label(canvas, 520, 500, 240, 220, "#5B8A33")


def _noodles(canvas: Canvas) -> None:
    _shadow(canvas, 330, 620)
    for number in range(3):
        y = FOOT - 120 - 104 * number
        canvas.box(330 + 24 * number, y, 600 - 48 * number, 110, "#F0DFB4", 20)
        for line in range(5):
            canvas.line(
                [(346 + 24 * number, y + 18 + 18 * line), (914 - 24 * number, y + 18 + 18 * line)], "#DCC58D", 4
            )
        canvas.box(540, y - 4, 190, 118, "#C8372D", 8)
        canvas.box(566, y + 34, 138, 16, _WHITE, 6)
        canvas.box(566, y + 62, 96, 12, "#F3C7C2", 6)


def _notebooks(canvas: Canvas) -> None:
    _shadow(canvas, 370, 560)
    for number, colour in enumerate(("#2F6B8A", "#E9A50B", "#5B8A33", "#C8372D", "#2F6B8A")):
        y = FOOT - 44 * (number + 1)
        canvas.box(380 + 10 * (number % 2), y, 520, 42, "#F6F2E8", 4)
        canvas.box(380 + 10 * (number % 2), y, 520, 12, colour, 4)
    canvas.shape([(430, 260), (760, 220), (800, 570), (470, 600)], "#7FB3C8")
    canvas.shape([(500, 320), (720, 294), (732, 400), (512, 424)], _WHITE)
    for line in range(3):
        canvas.line([(524, 346 + 24 * line), (700, 324 + 24 * line)], "#B5ACA0", 5)


def _thermometer(canvas: Canvas) -> None:
    _shadow(canvas, 330, 640)
    canvas.box(330, 560, 640, 250, "#EEF4F5", 30)
    canvas.box(350, 580, 600, 210, "#D5E5E8", 22)
    canvas.shape([(420, 700), (440, 650), (820, 620), (880, 650), (880, 700), (820, 730), (440, 720)], "#FBFBF9")
    canvas.box(560, 646, 190, 62, "#9DB7A4", 8)
    for number in range(3):
        canvas.box(590 + 48 * number, 658, 30, 38, "#2D3B33", 6)
    canvas.oval(826, 652, 44, 44, "#2F8A86")


def _slippers(canvas: Canvas) -> None:
    for x in (330, 680):
        _shadow(canvas, x, 260)
        canvas.oval(x, 380, 270, 440, "#2C6E7E")
        canvas.oval(x + 24, 404, 222, 392, "#59A3AE")
        for row in range(5):
            for column in range(3):
                canvas.oval(x + 82 + 40 * column, 590 + 36 * row, 16, 16, "#2C6E7E")
        canvas.half(x - 14, 400, 298, 330, "#1F5563")
        canvas.half(x + 16, 436, 238, 200, "#357F8D")


def _fire_blanket(canvas: Canvas) -> None:
    _shadow(canvas, 480, 320)
    canvas.box(480, 260, 320, FOOT - 260, "#C8372D", 26)
    canvas.oval(600, 290, 80, 40, "#8F231B")
    canvas.shape([(570, 560), (640, 400), (710, 560), (690, 640), (590, 640)], "#F6C021")
    canvas.shape([(606, 590), (640, 500), (674, 590), (660, 630), (620, 630)], "#F9E8B0")
    canvas.box(540, 690, 200, 18, _WHITE, 8)
    for x in (550, 700):
        canvas.box(x, FOOT - 20, 30, 90, "#F4EFE3", 8)


def _knives(canvas: Canvas) -> None:
    canvas.box(300, 660, 700, 150, "#6E6A63", 16)
    canvas.box(320, 640, 660, 60, "#8E8A82", 12)
    canvas.shape([(330, 600), (760, 420), (800, 480), (720, 620), (360, 650)], "#DCE2E4")
    canvas.shape([(330, 600), (360, 650), (720, 620), (724, 606)], "#AEB8BC")
    canvas.shape([(760, 420), (940, 330), (970, 392), (800, 480)], "#6A4630")
    for number in range(3):
        canvas.oval(800 + 52 * number, 416 - 26 * number, 16, 16, "#C9B79C")


def _haircut(canvas: Canvas) -> None:
    _shadow(canvas, 380, 520)
    for tooth in range(8):
        canvas.box(402 + 20 * tooth, 420, 10, 150, "#4A3527", 4)
    canvas.box(392, 370, 170, 64, "#4A3527", 14)
    canvas.box(360, 500, 240, 310, "#2F8A86", 20)
    canvas.box(360, 500, 240, 70, "#59A3AE", 20)
    canvas.line([(690, 780), (930, 640)], "#C3CBCE", 26)
    canvas.line([(690, 650), (930, 790)], "#DCE2E4", 26)
    for y in (610, 740):
        canvas.oval(630, y, 84, 84, "#C8372D")
        canvas.oval(650, y + 20, 44, 44, "#A87D52")


def _outing(canvas: Canvas) -> None:
    """A lane along water with an arched bridge, instead of a table."""
    canvas.fade("#A9CBD8", "#EAF1EC", 0, 560)
    canvas.fade("#6FA39B", "#4E857F", 560, HEIGHT)
    for x, height in ((0, 330), (190, 280), (880, 300), (1080, 350)):
        canvas.box(x, 560 - height, 200, height + 30, "#F4F0E7")
        canvas.shape([(x - 20, 560 - height), (x + 220, 560 - height), (x + 190, 500 - height), (x + 10, 500 - height)],
                     "#3A4146")  # fmt: skip
        canvas.box(x + 60, 640 - height, 70, 90, "#7A5138", 4)
    canvas.half(330, 380, 620, 460, "#9C9C94")
    canvas.half(440, 470, 400, 330, "#6FA39B")
    canvas.line([(330, 600), (480, 430), (640, 378), (800, 430), (950, 600)], "#C2C1B8", 22)
    canvas.shape([(560, 760), (740, 760), (700, 810), (600, 810)], "#6A4630")
    canvas.half(600, 700, 100, 120, "#B98F4B")


PICTURES: dict[str, Callable[[Canvas], None]] = {
    "soap": _soap, "tissues": _tissues, "bag": _bag, "rice": _rice, "oil": _oil, "noodles": _noodles,
    "notebooks": _notebooks, "thermometer": _thermometer, "slippers": _slippers, "fire_blanket": _fire_blanket,
    "knives": _knives, "haircut": _haircut, "outing": _outing,
}  # fmt: skip
