"""The outline of many rings that share their edges exactly: edges that occur twice cancel, what is left is walked."""

import itertools

from huipai.cli.seed.town.warp import Position

Edge = tuple[Position, Position]


def outline(rings: list[list[Position]]) -> list[list[Position]]:
    """Closed rings around the given closed, anticlockwise rings; inner edges are gone, every outer stop is kept."""
    edges: set[Edge] = set()
    for ring in rings:
        for edge in itertools.pairwise(ring):
            if edge[::-1] in edges:
                edges.remove(edge[::-1])
            else:
                edges.add(edge)
    leaving: dict[Position, list[Position]] = {}
    for start, end in sorted(edges):
        leaving.setdefault(start, []).append(end)
    found = []
    while leaving:
        found.append(_walk(leaving, min(leaving)))
    return found


def _walk(leaving: dict[Position, list[Position]], start: Position) -> list[Position]:
    ring = [start]
    while True:
        ends = leaving[ring[-1]]
        ring.append(ends.pop())
        if not ends:
            del leaving[ring[-2]]
        if ring[-1] == start:
            return ring
