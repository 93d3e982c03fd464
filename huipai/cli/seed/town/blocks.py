"""From a plan to blocks and lines: exact boxes, and what runs along each of their sides."""

import itertools
from collections import defaultdict
from dataclasses import replace
from typing import NamedTuple

from huipai.cli.seed.town.patterns import PATTERNS, Cut
from huipai.cli.seed.town.plan import Plan, Superblock
from huipai.cli.seed.town.warp import Spot, along_u, along_v, marks
from huipai.cli.seed.town.words import Block, Line, Use, Way

REACH = 700  # main roads go on this far outside the street


class Side(NamedTuple):
    west: Way
    east: Way
    south: Way
    north: Way


class Box(NamedTuple):
    u0: int
    v0: int
    u1: int
    v1: int

    def slices(self, cut: Cut) -> "list[Box]":
        """The parts of this box, in whole metres, first to last without a gap."""
        weights = [weight for weight, _ in cut.slices]
        length = self.u1 - self.u0 if cut.in_columns else self.v1 - self.v0
        stops = [round(length * sum(weights[:n]) / sum(weights)) for n in range(len(weights) + 1)]
        pairs = list(itertools.pairwise(stops))
        if cut.in_columns:
            return [Box(self.u0 + low, self.v0, self.u0 + high, self.v1) for low, high in pairs]
        return [Box(self.u0, self.v1 - high, self.u1, self.v1 - low) for low, high in pairs]


class Cutting:
    """The work of cutting one superblock: gathers its blocks and the lines between them."""

    def __init__(self, superblock: Superblock) -> None:
        self.uses = iter(superblock.uses())
        self.names = iter(superblock.streets.split())
        self.blocks: list[Block] = []
        self.lines: list[Line] = []

    def cut(self, box: Box, cut: Cut | None, side: Side, between: Way) -> list[tuple[Use, str]]:
        """Cut the box and everything in it; answers the uses found, in order."""
        if cut is None:
            use = next(self.uses)
            self.blocks.append(Block(box.u0, box.v0, box.u1, box.v1, *use, *side))
            return [use]
        parts = box.slices(cut)
        marker = len(self.lines)
        self.lines.extend(self._line(cut, part, between) for part in parts[:-1])
        found: list[tuple[Use, str]] = []
        before: set[tuple[Use, str]] = set()
        earlier = len(self.blocks)
        for n, (part, (_, deeper)) in enumerate(zip(parts, cut.slices, strict=True)):
            start = len(self.blocks)
            uses = self.cut(part, deeper, self._side(cut, side, n, len(parts), between), Way.LANE)
            if n and len(before | set(uses)) == 1:
                self._soften(marker + n - 1, earlier)
            before, earlier = set(uses), start
            found += uses
        return found

    def _line(self, cut: Cut, part: Box, way: Way) -> Line:
        name = next(self.names, "")
        if cut.in_columns:
            return Line(True, part.u1, part.v0, part.v1, way, name)
        return Line(False, part.v0, part.u0, part.u1, way, name)

    @staticmethod
    def _side(cut: Cut, side: Side, n: int, count: int, between: Way) -> Side:
        first, last = n == 0, n == count - 1
        if cut.in_columns:
            return side._replace(west=side.west if first else between, east=side.east if last else between)
        return side._replace(north=side.north if first else between, south=side.south if last else between)

    def _soften(self, index: int, start: int) -> None:
        """Between two halves of one estate runs a garden path, not a lane."""
        line = self.lines[index]
        self.lines[index] = replace(line, way=Way.PATH, name="")
        for n in range(start, len(self.blocks)):
            block = self.blocks[n]
            if line.runs_north:
                west = Way.PATH if block.u0 == line.at else block.west
                east = Way.PATH if block.u1 == line.at else block.east
                self.blocks[n] = replace(block, west=west, east=east)
            else:
                south = Way.PATH if block.v0 == line.at else block.south
                north = Way.PATH if block.v1 == line.at else block.north
                self.blocks[n] = replace(block, south=south, north=north)


def cut_superblock(plan: Plan, superblock: Superblock) -> tuple[list[Block], list[Line]]:
    """The blocks of one grid in the order of the plan, and its inner streets."""
    (u0, _, _), (u1, _, _) = plan.columns[superblock.column : superblock.column + 2]
    (v1, north, _), (v0, south, _) = plan.rows[superblock.row : superblock.row + 2]
    middle = (v0 + v1) / 2
    side = Side(
        _column_way(plan, superblock.column, middle), _column_way(plan, superblock.column + 1, middle), south, north
    )
    work = Cutting(superblock)
    work.cut(Box(u0, v0, u1, v1), PATTERNS[superblock.pattern], side, Way.STREET)
    if next(work.uses, None) is not None:
        raise ValueError(f"{superblock.blocks}: more blocks than the pattern {superblock.pattern} has")
    return work.blocks, work.lines


def _column_way(plan: Plan, column: int, v: float) -> Way:
    at, way, _ = plan.columns[column]
    if way is not Way.CANAL:
        return way
    return Way.CANAL if any(u == at and low <= v <= high for u, low, high, _ in plan.canals) else Way.ROAD


def main_lines(plan: Plan) -> list[Line]:
    """The roads between superblocks, reaching out into the country."""
    west, east = plan.columns[0][0] - REACH, plan.columns[-1][0] + REACH
    north, south = plan.rows[0][0] + REACH, plan.rows[-1][0] - REACH
    found: list[Line] = []
    for at, way, name in plan.columns:
        low, high = plan.spans.get(name, (south, north))
        found += _column_lines(plan, at, Way.ROAD if way is Way.CANAL else way, name, low, high)
    for at, way, name in plan.rows:
        low, high = plan.spans.get(name, (west, east))
        if way is Way.RIVER:
            found += [Line(False, at + 46, low, high, Way.STREET, plan.banks[0])]
            found += [Line(False, at - 46, low, high, Way.STREET, plan.banks[1])]
        else:
            found.append(Line(False, at, low, high, way, name))
    return found


def _column_lines(plan: Plan, at: int, way: Way, name: str, low: int, high: int) -> list[Line]:
    """One road; beside a canal it moves over to the west bank, and a lane takes the east bank."""
    canal = next(((start, end) for u, start, end, _ in plan.canals if u == at), None)
    if canal is None:
        return [Line(True, at, low, high, way, name)]
    start, end = max(low, canal[0]), min(high, canal[1])
    beside = [Line(True, at - 18, start, end, way, name), Line(True, at + 17, start, end, Way.LANE)]
    return [*beside, *([Line(True, at, low, start, way, name)] if low < start else [])]


class Corners:
    """Every corner of every block by the line it lies on, so that both neighbours of an edge carry the same stops."""

    def __init__(self, blocks: list[Block]) -> None:
        self.on_u: dict[int, set[int]] = defaultdict(set)
        self.on_v: dict[int, set[int]] = defaultdict(set)
        for block in blocks:
            for u in (block.u0, block.u1):
                for v in (block.v0, block.v1):
                    self.on_u[u].add(v)
                    self.on_v[v].add(u)

    def ring(self, block: Block) -> list[Spot]:
        """The outline of the block, anticlockwise, open."""
        u0, v0, u1, v1 = block.u0, block.v0, block.u1, block.v1
        south = [Spot(u, v0) for u in marks(u0, u1, self.on_v[v0])]
        east = [Spot(u1, v) for v in marks(v0, v1, self.on_u[u1])]
        north = [Spot(u, v1) for u in marks(u1, u0, self.on_v[v1])]
        west = [Spot(u0, v) for v in marks(v1, v0, self.on_u[u0])]
        return [*south[:-1], *east[:-1], *north[:-1], *west[:-1]]


def spots(line: Line) -> list[Spot]:
    """The stops along a line."""
    return along_v(line.start, line.end, line.at) if line.runs_north else along_u(line.start, line.end, line.at)
