"""Drawn photos of small deeds: a table with what was brought. Each number gives another."""

from io import BytesIO
from random import Random

from huipai.cli.seed.scenes.canvas import HEIGHT, WIDTH, Canvas, mix

_WALLS = ("#D9CDB8", "#C7D2CF", "#E3D9C6", "#BFC9B8", "#D6C4B0")
_TABLES = ("#8A6A4A", "#A98459", "#6F5B48", "#B79A74")
_GOODS = ("#C8372D", "#E9A50B", "#5B8A33", "#2F6B8A", "#B4683A", "#E9DCC6", "#6E9440", "#8C4A26")


def still_life(number: int) -> bytes:
    """A JPEG of what somebody brought."""
    chance = Random(f"deed:{number}")
    canvas = Canvas(chance)
    wall, table = chance.choice(_WALLS), chance.choice(_TABLES)
    canvas.fade(wall, mix(wall, "#FFFFFF", 0.35), 0, HEIGHT)
    edge = canvas.between(430, 620)
    if chance.random() < 0.6:
        left = canvas.between(60, 760)
        canvas.box(left, 60, 360, edge - 160, mix(wall, "#6FA3B8", 0.7), 8)
        canvas.box(left + 176, 60, 10, edge - 160, wall)
    canvas.box(0, edge, WIDTH, HEIGHT - edge, table)
    canvas.box(0, edge, WIDTH, 14, mix(table, "#FFFFFF", 0.3))
    for _thing in range(chance.randrange(4, 9)):
        _thing_on(canvas, edge)
    file = BytesIO()
    canvas.finished().save(file, "JPEG", quality=82)
    return file.getvalue()


def _thing_on(canvas: Canvas, edge: float) -> None:
    chance = canvas.chance
    x, size, colour = canvas.between(40, WIDTH - 300), canvas.between(90, 230), chance.choice(_GOODS)
    foot = canvas.between(edge + 60, HEIGHT - 60)
    match chance.randrange(4):
        case 0:
            canvas.oval(x, foot - size, size, size, colour)
            canvas.oval(x + size * 0.25, foot - size * 0.85, size * 0.2, size * 0.16, mix(colour, "#FFFFFF", 0.5))
        case 1:
            canvas.box(x, foot - size * 1.6, size * 0.55, size * 1.6, colour, 24)
            canvas.box(x + size * 0.17, foot - size * 2, size * 0.2, size * 0.45, mix(colour, "#000000", 0.3), 8)
        case 2:
            canvas.box(x, foot - size * 1.1, size * 1.3, size * 1.1, mix(colour, "#FFFFFF", 0.25), 12)
            canvas.line(
                [(x + 30, foot - size), (x + size * 0.65, foot - size * 1.7), (x + size, foot - size)], colour, 14
            )
        case _:
            canvas.half(x, foot - size, size * 1.4, size * 1.6, colour)
            canvas.box(x, foot - size * 0.22, size * 1.4, size * 0.1, mix(colour, "#000000", 0.25), 6)
