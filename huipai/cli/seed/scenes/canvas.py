"""A sheet to draw on: flat shapes in the colours of the house, smoothed once at the end."""

from collections.abc import Sequence
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1280, 960
FINE = 1.5  # drawn so many times larger, then made smaller: smooth edges

Colour = str
XY = tuple[float, float]


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two; share 0 is the first."""
    parts = [round(int(one[n : n + 2], 16) * (1 - share) + int(other[n : n + 2], 16) * share) for n in (1, 3, 5)]
    return "#{:02x}{:02x}{:02x}".format(*parts)


class Canvas:
    """Shapes by position on a sheet of 1280 by 960."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.image = Image.new("RGB", (round(WIDTH * FINE), round(HEIGHT * FINE)), "#CFD8DA")
        self.pen = ImageDraw.Draw(self.image)

    def between(self, low: float, high: float) -> float:
        return self.chance.uniform(low, high)

    def box(self, x: float, y: float, width: float, height: float, fill: Colour, radius: float = 0) -> None:
        self.pen.rounded_rectangle(
            (x * FINE, y * FINE, (x + max(width, 1)) * FINE, (y + max(height, 1)) * FINE), radius * FINE, fill=fill
        )

    def oval(self, x: float, y: float, width: float, height: float, fill: Colour) -> None:
        self.pen.ellipse((x * FINE, y * FINE, (x + width) * FINE, (y + height) * FINE), fill=fill)

    def half(self, x: float, y: float, width: float, height: float, fill: Colour) -> None:
        """The upper half of an oval."""
        self.pen.pieslice((x * FINE, y * FINE, (x + width) * FINE, (y + height) * FINE), 180, 360, fill=fill)

    def shape(self, points: Sequence[XY], fill: Colour) -> None:
        self.pen.polygon([(x * FINE, y * FINE) for x, y in points], fill=fill)

    def line(self, points: Sequence[XY], fill: Colour, width: float) -> None:
        self.pen.line([(x * FINE, y * FINE) for x, y in points], fill=fill, width=round(width * FINE), joint="curve")

    def fade(self, top: Colour, bottom: Colour, y0: float, y1: float) -> None:
        """A soft change of colour downwards."""
        steps = 48
        for step in range(steps):
            y = y0 + (y1 - y0) * step / steps
            self.box(0, y, WIDTH, (y1 - y0) / steps + 1, mix(top, bottom, step / steps))

    def finished(self) -> Image.Image:
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
