"""Footprints: each use of a block builds in its own habit, always the same for the same seed."""

from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from huipai.cli.seed.town.warp import Bend, Spot
from huipai.cli.seed.town.words import Block, Footprint, Use


class Slab(NamedTuple):
    """A box in the plan with storeys; skew leans its eastern end north by so many metres."""

    u: float
    v: float
    length: float
    depth: float
    storeys: int
    skew: float = 0.0


def footprints(block: Block, bend: Bend, seed: int) -> tuple[Footprint, ...]:
    """The buildings of a block; those of estates carry numbers, from the north-west."""
    habit = HABITS.get(block.use)
    if habit is None:
        return ()
    chance = Random(f"{seed}:{block.u0}:{block.v0}:{block.name}")
    found = []
    for number, slab in enumerate(habit(block, chance), start=1):
        u1, v1, lean = slab.u + slab.length, slab.v + slab.depth, slab.skew
        corners = [Spot(slab.u, slab.v), Spot(u1, slab.v + lean), Spot(u1, v1 + lean), Spot(slab.u, v1)]
        middle = Spot(slab.u + slab.length / 2, slab.v + slab.depth / 2 + lean / 2)
        found.append(Footprint(number, slab.storeys, bend.position(middle), bend.ring(corners)))
    return tuple(found)


def _rows(block: Block, chance: Random, pitch: float, length: float, depth: float, storeys: int) -> Iterator[Slab]:
    """Rows of slabs facing south, as estates stand: equal distances, the gaps of neighbouring rows out of step."""
    u0, v0, u1, v1 = block.inside
    edge = 9.0
    rows = max(1, int((v1 - v0 - 2 * edge + (pitch - depth)) // pitch))
    step = (v1 - v0 - 2 * edge - depth) / max(1, rows - 1) if rows > 1 else 0
    per_row = max(1, round((u1 - u0 - 2 * edge + 14) / (length + 14)))
    fit = (u1 - u0 - 2 * edge - 14 * (per_row - 1)) / per_row
    skew = chance.uniform(-3, 3)
    missing = chance.randrange(rows * per_row) if rows * per_row > 5 else -1
    for row in range(rows):
        for n in range(per_row):
            if row * per_row + n == missing:
                continue  # the green in the middle, or the pavilion of the old people
            short = chance.choice((0, 0, 5, 9))
            u = u0 + edge + n * (fit + 14) + (short if (row + n) % 2 else 0)
            top = v1 - edge - depth - row * step - max(0.0, skew)
            yield Slab(u, max(top, v0 + 4), fit - short, depth, storeys, skew)


def slabs(block: Block, chance: Random) -> Iterator[Slab]:
    return _rows(block, chance, pitch=38, length=52, depth=12, storeys=6)


def rows(block: Block, chance: Random) -> Iterator[Slab]:
    return _rows(block, chance, pitch=30, length=32, depth=10, storeys=3)


def towers(block: Block, chance: Random) -> Iterator[Slab]:
    return _rows(block, chance, pitch=52, length=27, depth=20, storeys=18)


def lanes(block: Block, chance: Random) -> Iterator[Slab]:
    """Old houses shoulder to shoulder around courts, no two alike."""
    u0, v0, u1, v1 = block.inside
    v = v1 - 4
    while v - 15 > v0:
        u = u0 + chance.uniform(2, 7)
        depth = chance.uniform(13, 19)
        while u + 16 < u1:
            length = min(chance.uniform(20, 40), u1 - u - 2)
            if chance.random() < 0.9:
                yield Slab(u, v - depth, length, depth - chance.uniform(0, 4), 2, chance.uniform(-1, 1))
            u += length + chance.uniform(2, 8)
        v -= depth + chance.uniform(9, 16)


def school(block: Block, chance: Random) -> Iterator[Slab]:
    """Two teaching wings in the north, a hall; the south is the playing field."""
    u0, _v0, u1, v1 = block.inside
    width = u1 - u0
    yield Slab(u0 + 9, v1 - 24, width * 0.62, 13, 4)
    yield Slab(u0 + 9, v1 - 54, width * 0.62, 13, 4)
    yield Slab(u0 + 9 + width * 0.62 - 12, v1 - 41, 12, 17, 4)
    yield Slab(u1 - width * 0.24, v1 - 46, width * 0.2, 34, 2)


def market(block: Block, chance: Random) -> Iterator[Slab]:
    """One big hall and a row of shops along the street."""
    u0, v0, u1, v1 = block.inside
    width, height = u1 - u0, v1 - v0
    yield Slab(u0 + width * 0.1, v0 + height * 0.32, width * 0.66, height * 0.5, 2)
    yield Slab(u0 + width * 0.06, v0 + 6, width * 0.86, 11, 2)
    yield Slab(u1 - 17, v0 + height * 0.34, 11, height * 0.46, 2)


def office(block: Block, chance: Random) -> Iterator[Slab]:
    u0, v0, u1, v1 = block.inside
    width, height = u1 - u0, v1 - v0
    yield Slab(u0 + width * 0.08, v0 + height * 0.52, width * 0.36, height * 0.36, 16)
    yield Slab(u0 + width * 0.56, v0 + height * 0.56, width * 0.34, height * 0.3, 12)
    yield Slab(u0 + width * 0.1, v0 + 8, width * 0.78, height * 0.24, 4)


def works(block: Block, chance: Random) -> Iterator[Slab]:
    """Sheds side by side."""
    u0, v0, u1, v1 = block.inside
    count = max(2, int((u1 - u0) // 48))
    width = (u1 - u0 - 12) / count
    for n in range(count):
        low = v0 + 8 + chance.uniform(0, 18)
        yield Slab(u0 + 8 + n * width, low, width - 9, (v1 - 8 - low) * chance.uniform(0.62, 0.96), 2)


def clinic(block: Block, chance: Random) -> Iterator[Slab]:
    u0, v0, u1, v1 = block.inside
    width, height = u1 - u0, v1 - v0
    yield Slab(u0 + width * 0.12, v1 - height * 0.34, width * 0.74, height * 0.2, 6)
    yield Slab(u0 + width * 0.38, v1 - height * 0.62, width * 0.2, height * 0.29, 6)
    yield Slab(u0 + width * 0.12, v0 + height * 0.12, width * 0.56, height * 0.18, 3)


def depot(block: Block, chance: Random) -> Iterator[Slab]:
    """A yard with one low office; the roof over the bays is in the south."""
    u0, v0, u1, v1 = block.inside
    yield Slab(u0 + 10, v1 - 26, (u1 - u0) * 0.44, 14, 3)
    yield Slab(u0 + 10, v0 + 8, (u1 - u0) - 22, 12, 1)


def civic(block: Block, chance: Random) -> Iterator[Slab]:
    u0, v0, u1, v1 = block.inside
    width, height = u1 - u0, v1 - v0
    yield Slab(u0 + width * 0.14, v1 - height * 0.32, width * 0.7, height * 0.2, 4)
    yield Slab(u0 + width * 0.14, v0 + height * 0.24, width * 0.16, height * 0.44, 3)
    yield Slab(u1 - width * 0.32, v0 + height * 0.24, width * 0.16, height * 0.44, 3)


HABITS: dict[Use, Callable[[Block, Random], Iterator[Slab]]] = {
    Use.SLABS: slabs,
    Use.TOWERS: towers,
    Use.LANES: lanes,
    Use.ROWS: rows,
    Use.SCHOOL: school,
    Use.MARKET: market,
    Use.OFFICE: office,
    Use.WORKS: works,
    Use.CLINIC: clinic,
    Use.DEPOT: depot,
    Use.CIVIC: civic,
}
