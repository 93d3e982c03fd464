"""What a plan says: the lines of the main roads, and for each superblock its pattern and its blocks by name."""

from dataclasses import dataclass, field

from huipai.cli.seed.town.warp import Bend
from huipai.cli.seed.town.words import Use, Way

LETTERS: dict[str, Use] = {
    "s": Use.SLABS,
    "t": Use.TOWERS,
    "o": Use.LANES,
    "v": Use.ROWS,
    "p": Use.PARK,
    "g": Use.SHORE,
    "e": Use.SCHOOL,
    "m": Use.MARKET,
    "c": Use.OFFICE,
    "f": Use.WORKS,
    "h": Use.CLINIC,
    "b": Use.DEPOT,
    "l": Use.CIVIC,
}


@dataclass(frozen=True)
class Superblock:
    """One grid: its column and row, its pattern, and 'letter name' for each block, from north-west to south-east."""

    column: int
    row: int
    pattern: str
    blocks: str
    streets: str

    def uses(self) -> list[tuple[Use, str]]:
        return [(LETTERS[word[0]], word[1:]) for word in self.blocks.split()]


@dataclass(frozen=True)
class Plan:
    """A street on paper. Columns count from the west, rows from the north."""

    slug: str
    code: str
    name: str
    bend: Bend
    columns: tuple[tuple[int, Way, str], ...]
    rows: tuple[tuple[int, Way, str], ...]
    communities: tuple[tuple[str, tuple[Superblock, ...]], ...]
    canals: tuple[tuple[int, int, int, str], ...]  # at u, from v, to v, name
    banks: tuple[str, str] = ("", "")  # the roads north and south of the river
    lake: tuple[str, tuple[tuple[float, float], ...]] = ("", ())
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)  # where a main road ends outside the street
    tram: str = ""  # the road the tram runs on
