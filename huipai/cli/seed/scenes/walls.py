"""Pictures of walls, stairs and windscreens, before and after."""

from huipai.cli.seed.scenes import parts
from huipai.cli.seed.scenes.canvas import HEIGHT, WIDTH, Canvas, mix

PAPER = ("#F3E9C8", "#F6D8CF", "#D6E6EA", "#F0F0E6", "#E6DDF0")


def flyers(canvas: Canvas, *, done: bool) -> None:
    """A wall full of slips; then painted over."""
    wall = canvas.chance.choice(("#C8C0AE", "#BFC6C2", "#CBB9A4"))
    canvas.fade(mix(wall, "#FFFFFF", 0.2), wall, 0, 760)
    canvas.box(0, 760, WIDTH, 200, "#8D877B")
    canvas.box(150, 120, 330, 640, mix(wall, "#5D4C3A", 0.45), 6)
    canvas.box(430, 430, 20, 60, "#3A332C", 8)
    if done:
        canvas.box(540, 200, 560, 420, mix(wall, "#FFFFFF", 0.28))
        return
    for _ in range(24):
        x, y = canvas.between(180, 1080), canvas.between(120, 640)
        fill = canvas.chance.choice(PAPER)
        width, height = canvas.between(90, 150), canvas.between(60, 110)
        canvas.box(x, y, width, height, fill, 2)
        for row in range(3):
            canvas.box(x + 12, y + 14 + row * 22, width * canvas.between(0.4, 0.75), 8, mix(fill, "#A23B2E", 0.55))


def windscreen(canvas: Canvas, *, done: bool) -> None:
    """Slips under the wipers; then none."""
    canvas.fade("#AEB6B8", "#8C9496", 0, HEIGHT)
    canvas.shape([(160, 640), (330, 190), (950, 190), (1120, 640)], "#2E3B44")
    canvas.shape([(190, 620), (350, 214), (930, 214), (1090, 620)], "#8FA7B2")
    paint = canvas.chance.choice(parts.CARS)
    canvas.shape([(90, 960), (150, 640), (1130, 640), (1190, 960)], paint)
    for x in (420, 760):
        canvas.line([(x, 650), (x + 190, 430)], "#1D2225", 10)
    if done:
        return
    for n, (x, y) in enumerate(((380, 420), (620, 460), (820, 400))):
        fill = PAPER[n]
        canvas.box(x, y, 180, 120, fill, 3)
        canvas.box(x + 18, y + 22, 140, 22, "#B3362B", 3)
        canvas.box(x + 18, y + 60, 110, 12, mix(fill, "#5A5046", 0.5))
        canvas.box(x + 18, y + 84, 90, 12, mix(fill, "#5A5046", 0.5))


def stairs(canvas: Canvas, *, done: bool) -> None:
    """Bikes charging in the stairwell; then a free way up."""
    canvas.fade("#CFC8B8", "#B5AD9B", 0, 700)
    canvas.box(0, 480, WIDTH, 220, "#9FA89B")
    canvas.box(0, 700, WIDTH, 260, "#8B857A")
    for n in range(8):
        canvas.box(760 + n * 60, 640 - n * 58, 540, 60, mix("#A59E90", "#FFFFFF", 0.05 * n))
    canvas.line([(760, 560), (1240, 96)], "#5D5246", 12)
    canvas.box(90, 130, 240, 300, "#8896A0", 4)
    canvas.box(102, 142, 216, 276, "#C4D3D9", 2)
    if done:
        canvas.box(430, 250, 220, 150, "#FFFDF4", 6)
        canvas.box(454, 280, 170, 14, "#B3261E", 4)
        canvas.box(454, 314, 130, 12, "#6B6255", 4)
        canvas.box(454, 344, 150, 12, "#6B6255", 4)
        return
    for n, paint in enumerate(("#2F4A63", "#8E2A2A", "#3E5C45")):
        parts.bike(canvas, 90 + n * 210, 860 + n * 22, 1.5, paint)
    canvas.line([(560, 300), (520, 520), (420, 640), (330, 780)], "#17191B", 7)
    canvas.box(530, 268, 70, 44, "#EDE9DE", 6)
    canvas.oval(548, 282, 12, 12, "#C4342B")


def clutter(canvas: Canvas, *, done: bool) -> None:
    """Cartons on the landing; then room to walk."""
    canvas.fade("#D3CCBC", "#BBB3A2", 0, 660)
    canvas.box(0, 660, WIDTH, 300, "#958F83")
    canvas.box(820, 150, 300, 510, "#6E7F86", 4)
    canvas.box(180, 180, 150, 200, "#B23B31", 4)
    canvas.box(200, 200, 110, 160, "#D9E2E4", 2)
    if done:
        canvas.box(160, 690, 640, 10, "#E3B23C")
        return
    for row in range(4):
        for column in range(3 - row // 2):
            parts.carton(canvas, 340 + column * 150 + canvas.between(-12, 12), 820 - row * 118, 150, 116)
    canvas.box(110, 640, 210, 210, "#7B5A46", 16)
    canvas.box(110, 560, 210, 100, "#8C6A54", 16)


def broken(canvas: Canvas, *, done: bool) -> None:
    """A bench with a broken slat in a park; then whole."""
    canvas.fade("#B9CBD0", "#E9E5D6", 0, 420)
    canvas.box(0, 400, WIDTH, 560, "#A9BF8C")
    for x in (120, 460, 980, 1180):
        parts.tree(canvas, x, 470, canvas.between(200, 300))
    canvas.shape([(0, 820), (WIDTH, 700), (WIDTH, 960), (0, 960)], "#D3C8B2")
    for x in (360, 860):
        canvas.box(x, 560, 34, 250, "#4D4A46")
    for n in range(4):
        y = 540 + n * 34 if n < 2 else 640 + (n - 2) * 34
        if done or n != 2:
            canvas.box(300, y, 660, 26, "#8B5E3C", 4)
        else:
            canvas.shape([(300, y), (560, y), (520, y + 26), (300, y + 26)], "#8B5E3C")
            canvas.shape([(640, y + 60), (940, y), (960, y + 20), (650, y + 90)], "#7A5134")


def works(canvas: Canvas, *, done: bool) -> None:
    """Bare earth behind a fence; then covered."""
    parts.sky(canvas)
    parts.houses(canvas, 460)
    earth = "#A8814F" if not done else "#5E8150"
    canvas.shape([(0, 700), (260, 430), (620, 560), (900, 400), (WIDTH, 640), (WIDTH, 760), (0, 760)], earth)
    if done:
        for n in range(16):
            canvas.line([(n * 84, 740), (n * 84 + 120, 470)], "#6F9461", 3)
    for n in range(8):
        canvas.box(n * 166 - 10, 700, 156, 150, "#3B76A0" if n % 2 else "#4B86AF")
    canvas.box(0, 850, WIDTH, 110, "#8A8377" if done else "#937A5A")
