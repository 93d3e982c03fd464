"""Pictures of streets, before and after."""

from huipai.cli.seed.scenes import parts
from huipai.cli.seed.scenes.canvas import HEIGHT, WIDTH, Canvas, mix

FLOOR = 520.0
JAM = ((120, 640, 0.9), (470, 636, 0.86), (860, 648, 0.95), (-90, 780, 1.25), (330, 800, 1.3), (800, 812, 1.35))
BAGS = ("#34383A", "#4A5A66", "#E4DED0", "#7C3B32", "#2E4A3C")


def _street(canvas: Canvas, *, night: bool = False) -> None:
    parts.sky(canvas, night=night)
    parts.houses(canvas, FLOOR, night=night)
    for x in (canvas.between(60, 300), canvas.between(880, 1180)):
        parts.tree(canvas, x, FLOOR + 34, canvas.between(150, 210), night=night)
    parts.road(canvas, FLOOR, night=night)


def parking(canvas: Canvas, *, done: bool) -> None:
    """A gate that nobody gets through; then the same gate, free, with new lines."""
    _street(canvas)
    canvas.box(430, 300, 40, 260, "#8C7A62")
    canvas.box(850, 300, 40, 260, "#8C7A62")
    canvas.box(400, 262, 520, 62, "#6F5F4B", 8)
    canvas.box(470, 324, 380, 236, "#A9B0AE")
    if done:
        for n in range(7):
            x = 400 + n * 74
            canvas.shape([(x, 690), (x + 40, 690), (x - 60, 900), (x - 108, 900)], "#E3B23C")
        parts.lane_marks(canvas, 925)
        return
    for n, (x, y, scale) in enumerate(
        ((120, 640, 0.9), (470, 636, 0.86), (860, 648, 0.95), (-90, 780, 1.25), (330, 800, 1.3), (800, 812, 1.35))
    ):
        parts.car(canvas, x + canvas.between(-30, 30), y, scale, parts.CARS[(n * 5) % len(parts.CARS)])


def litter(canvas: Canvas, *, done: bool) -> None:
    """A corner with bags and cartons; then swept."""
    _street(canvas)
    wall = "#B8AE9C"
    canvas.box(0, 330, 640, 330, wall)
    for row in range(8):
        for column in range(9):
            brick = mix(wall, "#8B7A63", canvas.between(0, 0.25))
            canvas.box(column * 76 - (row % 2) * 38, 334 + row * 41, 72, 37, brick)
    canvas.box(0, 640, WIDTH, 320, "#B3AB9D")
    if done:
        canvas.box(620, 470, 16, 190, "#7A6A55")
        canvas.box(540, 400, 180, 110, "#2F6B57", 10)
        canvas.box(560, 424, 140, 12, "#EFE9DA", 4)
        canvas.box(560, 452, 100, 12, "#EFE9DA", 4)
        return
    for _ in range(5):
        x, y = canvas.between(30, 560), canvas.between(700, 800)
        parts.carton(canvas, x, y, canvas.between(110, 190), canvas.between(80, 150))
    for _ in range(9):
        x, y = canvas.between(20, 700), canvas.between(740, 900)
        parts.bag(canvas, x, y, canvas.between(90, 150), canvas.chance.choice(BAGS))


def bins(canvas: Canvas, *, done: bool) -> None:
    """The sorting point, overflowing; then emptied."""
    canvas.fade("#D9D2C2", "#C4BAA6", 0, 640)
    for y in range(60, 640, 92):
        canvas.line([(0, y), (WIDTH, y)], "#B5A98F", 3)
    canvas.box(120, 120, 1040, 26, "#5E6E66")
    canvas.box(0, 640, WIDTH, 320, "#9C968A")
    for n, fill in enumerate(("#3D6EA3", "#4F8149", "#62666A", "#A8483F")):
        parts.bin_(canvas, 200 + n * 225, 760, fill)
        if not done:
            parts.bag(canvas, 220 + n * 225, 580, 100, canvas.chance.choice(("#E4DED0", "#3B4145")))
    if done:
        canvas.oval(260, 810, 620, 60, "#8F897D")
        return
    for _ in range(6):
        left, top = canvas.between(80, 1050), canvas.between(800, 900)
        parts.carton(canvas, left, top, canvas.between(90, 170), canvas.between(60, 120))


def flood(canvas: Canvas, *, done: bool) -> None:
    """Water that stays; then gone, with a clean drain."""
    _street(canvas)
    if done:
        parts.lane_marks(canvas, 800)
        canvas.box(560, 660, 150, 46, "#4A4E50", 4)
        for n in range(6):
            canvas.box(574 + n * 22, 668, 8, 30, "#23272A")
        return
    canvas.oval(40, 640, 1180, 280, "#5E7886")
    canvas.oval(140, 690, 900, 190, "#7890A0")
    for y in (720, 770, 826):
        x = canvas.between(220, 420)
        canvas.line([(x, y), (x + 160, y - 10), (x + 380, y + 4)], "#A9BDC6", 5)
    parts.person(canvas, 1010, 690, 210, "#C98A32")


def manhole(canvas: Canvas, *, done: bool) -> None:
    """A cover that is loose; then flush."""
    stone = "#BDB5A6"
    canvas.fade(mix(stone, "#FFFFFF", 0.2), stone, 0, HEIGHT)
    for row in range(9):
        for column in range(11):
            x, y = column * 132 - (row % 2) * 66, row * 112
            canvas.box(x, y, 126, 106, mix(stone, "#8C8272", canvas.between(0, 0.22)), 3)
    tilt = 0 if done else 34
    if not done:
        canvas.oval(390, 300, 500, 400, "#1E2022")
        canvas.shape([(880, 220), (960, 220), (920, 140)], "#D98A2B")
    canvas.oval(400 + tilt, 300 - tilt, 480, 390, "#55585A")
    canvas.oval(424 + tilt, 322 - tilt, 432, 346, "#6B6E70")
    for n in range(7):
        canvas.line([(470 + tilt + n * 56, 380 - tilt), (470 + tilt + n * 56, 610 - tilt)], "#4A4D4F", 12)


def lamp(canvas: Canvas, *, done: bool) -> None:
    """A lane in the dark; then lit."""
    _street(canvas, night=True)
    for x in (300, 760, 1120):
        canvas.box(x, 180, 12, 470, "#15191C")
        canvas.line([(x + 6, 184), (x + 92, 168)], "#15191C", 10)
        if done:
            for size, share in ((420, 0.12), (280, 0.2), (150, 0.34)):
                ground = mix("#2B3034", "#F6D88A", share)
                canvas.oval(x + 84 - size / 2, 640 - size * 0.12, size, size * 0.24, ground)
            canvas.oval(x + 62, 158, 52, 26, "#FCE9AE")
        else:
            canvas.oval(x + 62, 158, 52, 26, "#2C3236")
    parts.person(canvas, 560, 700, 170, "#59463B" if not done else "#8A5A3C")


def fallen_tree(canvas: Canvas, *, done: bool) -> None:
    """A branch across the way; then sawn and gone."""
    _street(canvas)
    parts.tree(canvas, 1060, FLOOR + 70, 300)
    if done:
        canvas.oval(1030, 560, 60, 24, "#B58E5E")
        parts.lane_marks(canvas, 820)
        return
    canvas.line([(1040, 560), (700, 690), (300, 740)], "#66503A", 38)
    for _ in range(26):
        x, y = canvas.between(150, 820), canvas.between(600, 830)
        canvas.oval(x, y, canvas.between(60, 130), canvas.between(40, 90), canvas.chance.choice(parts.LEAVES))


def river(canvas: Canvas, *, done: bool) -> None:
    """Things that float; then clear water."""
    parts.sky(canvas)
    parts.houses(canvas, 400)
    canvas.box(0, 400, WIDTH, 70, "#A59C8B")
    canvas.fade("#7FA2A8", "#4E7C84", 470, HEIGHT)
    for _ in range(14):
        x, y = canvas.between(0, 1100), canvas.between(500, 930)
        canvas.line([(x, y), (x + canvas.between(60, 180), y + 2)], "#93B5BA", 3)
    if done:
        canvas.shape([(760, 700), (1120, 700), (1060, 780), (810, 780)], "#B4683A")
        parts.person(canvas, 930, 712, 150, "#D98A2B")
        return
    for _ in range(22):
        x, y = canvas.between(120, 900), canvas.between(560, 860)
        fill = canvas.chance.choice(("#E9E4D8", "#C9D6D8", "#8E9A6B", "#B78A54", "#D0703A"))
        canvas.box(x, y, canvas.between(20, 70), canvas.between(12, 30), fill, 6)


def bikes(canvas: Canvas, *, done: bool) -> None:
    """Bikes all over the pavement; then in their row."""
    _street(canvas)
    if done:
        canvas.box(90, 560, 1100, 8, "#F2EDE0")
        canvas.box(90, 716, 1100, 8, "#F2EDE0")
    for n in range(8):
        paint = ("#2F7FB5", "#E0B92E", "#3E8E6A")[n % 3]
        x, y = (120 + n * 130, 710) if done else (canvas.between(20, 1000), canvas.between(640, 900))
        parts.bike(canvas, x, y, 0.9 if done else canvas.between(0.9, 1.3), paint)


def umbrella(canvas: Canvas, *, done: bool) -> None:
    """A good deed in the rain: two backs under one umbrella; there is no before and after."""
    _street(canvas)
    for _ in range(70):
        x, y = canvas.between(0, WIDTH), canvas.between(0, 900)
        canvas.line([(x, y), (x - 8, y + 34)], "#C6D2D6", 2)
    parts.person(canvas, 560, 860, 400, "#7B5B82")
    parts.person(canvas, 730, 880, 450, "#2D6CA0")
    canvas.line([(656, 330), (656, 700)], "#4A3A30", 9)
    canvas.half(360, 210, 600, 430, "#C4543C")
    for x in (430, 610, 790):
        canvas.oval(x - 70, 398, 150, 54, "#AF4631")
