"""What stands in many pictures: houses, trees, cars, bags, bins."""

from huipai.cli.seed.scenes.canvas import HEIGHT, WIDTH, Canvas, Colour, mix

HOUSES = ("#C9BBA4", "#D8CCB6", "#B9B2A5", "#CDB9A6", "#BFC3BE")
CARS = ("#2F4A63", "#8E2A2A", "#D9D8D2", "#6B7075", "#394A3C", "#B9A37C")
LEAVES = ("#6F8F5A", "#7C9B63", "#5E8150")


def sky(canvas: Canvas, *, night: bool = False) -> None:
    top, bottom = (
        ("#1B2733", "#39434C")
        if night
        else canvas.chance.choice((("#9DB4C2", "#E9E2D2"), ("#B7C3C6", "#EFE6D6"), ("#8FA9BB", "#DCE0DA")))
    )
    canvas.fade(top, bottom, 0, 560)


def houses(canvas: Canvas, floor: float, *, night: bool = False) -> None:
    """A row of houses along the street, with windows in step."""
    chance = canvas.chance
    x = -40.0
    while x < WIDTH:
        width, height = chance.uniform(190, 300), chance.uniform(300, 470)
        wall = mix(chance.choice(HOUSES), "#1E2830", 0.72) if night else chance.choice(HOUSES)
        canvas.box(x, floor - height, width - 8, height, wall)
        canvas.box(x, floor - height, width - 8, 12, mix(wall, "#5A5046", 0.35))
        _windows(canvas, x, floor - height, width, height, wall, night)
        x += width


def _windows(canvas: Canvas, x: float, top: float, width: float, height: float, wall: Colour, night: bool) -> None:
    columns = int((width - 30) // 46)
    for row in range(int((height - 70) // 52)):
        for column in range(columns):
            lit = night and canvas.chance.random() < 0.3
            pane = "#F0CB73" if lit else mix(wall, "#34495A", 0.62)
            canvas.box(x + 20 + column * 46, top + 34 + row * 52, 28, 32, pane, 2)


def tree(canvas: Canvas, x: float, floor: float, size: float, *, night: bool = False) -> None:
    green = canvas.chance.choice(LEAVES)
    if night:
        green = mix(green, "#16202A", 0.7)
    canvas.box(x - size * 0.06, floor - size * 0.7, size * 0.12, size * 0.7, "#6D5640")
    for dx, dy, part in ((-0.42, -1.05, 0.62), (0.02, -1.15, 0.6), (-0.24, -1.42, 0.64)):
        canvas.oval(x + dx * size, floor + dy * size, part * size, part * size, green)
        green = mix(green, "#FFFFFF", 0.08)


def road(canvas: Canvas, top: float, *, night: bool = False) -> None:
    """Pavement, kerb and carriageway down to the edge of the sheet."""
    pavement, tar = ("#4A5054", "#2B3034") if night else ("#C6BFB2", "#7E8386")
    canvas.box(0, top, WIDTH, 96, pavement)
    for x in range(0, WIDTH, 64):
        canvas.line([(x, top), (x - 26, top + 96)], mix(pavement, "#6B6255", 0.25), 1.5)
    canvas.box(0, top + 96, WIDTH, 14, mix(pavement, "#FFFFFF", 0.3))
    canvas.fade(tar, mix(tar, "#000000", 0.16), top + 110, HEIGHT)


def lane_marks(canvas: Canvas, y: float) -> None:
    for x in range(-40, WIDTH, 190):
        canvas.shape([(x, y), (x + 96, y), (x + 84, y + 12), (x - 14, y + 12)], "#E9E4D8")


def car(canvas: Canvas, x: float, y: float, scale: float, paint: Colour) -> None:
    """A car from the side, standing on y."""

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x + dx * scale, y - dy * scale) for dx, dy in points]

    s = scale
    canvas.oval(x - 6 * s, y - 12 * s, 312 * s, 22 * s, "#4C4F50")
    canvas.box(x, y - 66 * s, 300 * s, 50 * s, paint, 18 * s)
    canvas.shape(at((52, 64), (88, 112), (206, 112), (258, 64)), paint)
    canvas.shape(at((68, 64), (96, 104), (142, 104), (142, 64)), "#BFD0D6")
    canvas.shape(at((152, 64), (152, 104), (200, 104), (240, 64)), "#BFD0D6")
    canvas.box(x + 4 * s, y - 52 * s, 20 * s, 12 * s, "#F3E6B8", 5 * s)
    canvas.box(x + 278 * s, y - 52 * s, 20 * s, 12 * s, "#C4443A", 5 * s)
    for wheel in (58, 224):
        canvas.oval(x + (wheel - 30) * s, y - 44 * s, 58 * s, 58 * s, "#24282A")
        canvas.oval(x + (wheel - 14) * s, y - 28 * s, 26 * s, 26 * s, "#A9ADAE")


def bike(canvas: Canvas, x: float, y: float, scale: float, paint: Colour) -> None:
    """An electric bike from the side."""
    s = scale
    for wheel in (0, 132):
        canvas.oval(x + wheel * s, y - 62 * s, 62 * s, 62 * s, "#26292B")
        canvas.oval(x + (wheel + 12) * s, y - 50 * s, 38 * s, 38 * s, "#D6D2C8")
    canvas.shape(
        [(x + 26 * s, y - 40 * s), (x + 74 * s, y - 86 * s), (x + 150 * s, y - 78 * s), (x + 132 * s, y - 34 * s)],
        paint,
    )
    canvas.box(x + 20 * s, y - 104 * s, 84 * s, 18 * s, "#3A3430", 8 * s)
    canvas.line([(x + 150 * s, y - 78 * s), (x + 172 * s, y - 134 * s)], "#3A3F42", 9 * s)
    canvas.line([(x + 150 * s, y - 134 * s), (x + 190 * s, y - 130 * s)], "#3A3F42", 8 * s)


def bag(canvas: Canvas, x: float, y: float, size: float, fill: Colour) -> None:
    canvas.oval(x, y - size * 0.82, size, size * 0.86, fill)
    canvas.shape(
        [(x + size * 0.36, y - size * 0.74), (x + size * 0.5, y - size * 1.02), (x + size * 0.66, y - size * 0.74)],
        fill,
    )
    canvas.oval(x + size * 0.2, y - size * 0.66, size * 0.24, size * 0.3, mix(fill, "#FFFFFF", 0.16))


def carton(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    brown = canvas.chance.choice(("#B78A54", "#A87B48", "#C29A66"))
    canvas.box(x, y - height, width, height, brown)
    canvas.box(x + width * 0.42, y - height, width * 0.16, height, mix(brown, "#FFFFFF", 0.22))
    canvas.line([(x, y - height * 0.5), (x + width, y - height * 0.5)], mix(brown, "#000000", 0.12), 2)


def bin_(canvas: Canvas, x: float, y: float, fill: Colour) -> None:
    canvas.shape([(x + 12, y - 190), (x + 148, y - 190), (x + 136, y), (x + 24, y)], fill)
    canvas.box(x, y - 216, 160, 30, mix(fill, "#000000", 0.18), 8)
    canvas.box(x + 52, y - 130, 56, 48, mix(fill, "#FFFFFF", 0.75), 6)


def person(canvas: Canvas, x: float, y: float, size: float, coat: Colour) -> None:
    """Somebody from far away: no face."""
    canvas.box(x - size * 0.1, y - size * 0.42, size * 0.09, size * 0.42, "#3B3F45")
    canvas.box(x + size * 0.01, y - size * 0.42, size * 0.09, size * 0.42, "#3B3F45")
    canvas.box(x - size * 0.15, y - size * 0.8, size * 0.3, size * 0.44, coat, size * 0.08)
    canvas.oval(x - size * 0.1, y - size, size * 0.2, size * 0.22, "#E2B68F")
    canvas.oval(x - size * 0.11, y - size * 1.03, size * 0.22, size * 0.14, "#3A2E28")
