"""The town itself: from the plan on paper to codes, outlines, buildings and places."""

from dataclasses import dataclass, replace

from huipai.cli.seed.town.blocks import Corners, cut_superblock, main_lines
from huipai.cli.seed.town.buildings import footprints
from huipai.cli.seed.town.outline import outline
from huipai.cli.seed.town.places import places
from huipai.cli.seed.town.plan import Plan
from huipai.cli.seed.town.warp import Spot
from huipai.cli.seed.town.words import Block, Community, Footprint, Grid, Line, MicroGrid, Town, Way

ORDINALS = "一二三四五六七八九"


@dataclass
class Numbering:
    """Estates count their buildings through, though they lie in several micro-grids."""

    last: dict[str, int]

    def renumber(self, block: Block, buildings: tuple[Footprint, ...]) -> tuple[Footprint, ...]:
        start = self.last.get(block.name, 0)
        self.last[block.name] = start + len(buildings)
        return tuple(building._replace(number=start + building.number) for building in buildings)


def build(plan: Plan, *, seed: int) -> Town:
    """The whole street; the same plan and seed give the same town to the last digit."""
    cuts = [[(superblock, *cut_superblock(plan, superblock)) for superblock in part] for _, part in plan.communities]
    lines = main_lines(plan) + [line for part in cuts for _, _, inner in part for line in inner]
    corners = Corners([block for part in cuts for _, blocks, _ in part for block in blocks])
    numbering = Numbering({})
    communities = []
    for order, ((name, _), part) in enumerate(zip(plan.communities, cuts, strict=True), start=1):
        code = f"{plan.code}{order:03d}"
        grids: list[Grid] = []
        for _, blocks, _ in part:
            first = sum(len(grid.micro_grids) for grid in grids)
            short = name.removesuffix("社区")
            micros = [
                replace(micro, name=f"{short}第 {micro.number} 微网格")
                for micro in _micro_grids(
                    plan, seed, f"{code}{len(grids) + 1:03d}", first, blocks, lines, corners, numbering
                )
            ]
            rings = outline([micro.ring for micro in micros])
            label = f"{short}第{ORDINALS[len(grids)]}网格"
            grids.append(Grid(f"{code}{len(grids) + 1:03d}", label, rings, tuple(micros)))
        rings = outline([micro.ring for grid in grids for micro in grid.micro_grids])
        communities.append(Community(code, name, rings, tuple(grids)))
    every = [micro.ring for community in communities for micro in community.micro_grids]
    return Town(plan.slug, plan.code, plan.name, plan.bend, outline(every), tuple(communities), tuple(lines))


def _micro_grids(
    plan: Plan,
    seed: int,
    grid_code: str,
    first: int,
    blocks: list[Block],
    lines: list[Line],
    corners: Corners,
    numbering: Numbering,
) -> list[MicroGrid]:
    found = []
    ordered = sorted(blocks, key=lambda block: (block.u0, -block.v1))  # west to east, north to south
    for order, block in enumerate(ordered, start=1):
        ring = plan.bend.ring(corners.ring(block))
        buildings = numbering.renumber(block, footprints(block, plan.bend, seed))
        roads = {side: name for side in ("east", "south", "north", "west") if (name := _road(block, side, lines))}
        middle = plan.bend.position(Spot((block.u0 + block.u1) / 2, (block.v0 + block.v1) / 2))
        found.append(
            MicroGrid(
                code=f"{grid_code}{order:02d}",
                name=f"第 {first + order} 微网格",
                number=first + order,
                block=block,
                ring=ring,
                middle=middle,
                buildings=buildings,
                places=places(block, buildings, roads, plan.bend),
            )
        )
    return found


def _road(block: Block, side: str, lines: list[Line]) -> str:
    """The name of the road along a side, or nothing."""
    runs_north = side in ("east", "west")
    at = {"east": block.u1, "west": block.u0, "north": block.v1, "south": block.v0}[side]
    low, high = (block.v0, block.v1) if runs_north else (block.u0, block.u1)
    slack = {Way.RIVER: 46, Way.CANAL: 18}.get(getattr(block, side), 0)
    for line in lines:
        beside = line.runs_north == runs_north and abs(line.at - at) <= slack and line.name
        if beside and line.start <= low and line.end >= high and _near(block, side, line):
            return line.name
    return ""


def _near(block: Block, side: str, line: Line) -> bool:
    """Of the two roads along water, the one on this side of it."""
    if side in ("west", "south"):
        return line.at >= (block.u0 if side == "west" else block.v0)
    return line.at <= (block.u1 if side == "east" else block.v1)
