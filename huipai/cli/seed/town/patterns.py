"""How a superblock between main roads falls into blocks: a few habits of towns, named."""

from typing import NamedTuple


class Cut(NamedTuple):
    """Slices of a box with their weights: columns from west to east, or rows from north to south."""

    in_columns: bool
    slices: "tuple[tuple[int, Cut | None], ...]"


def columns(*slices: "int | tuple[int, Cut]") -> Cut:
    return Cut(True, tuple((piece, None) if isinstance(piece, int) else piece for piece in slices))


def rows(*slices: "int | tuple[int, Cut]") -> Cut:
    return Cut(False, tuple((piece, None) if isinstance(piece, int) else piece for piece in slices))


PATTERNS: dict[str, Cut] = {
    "comb": columns((33, rows(36, 30, 34)), (36, rows(52, 48)), (31, rows(30, 36, 34))),
    "ladder": rows((52, columns(24, 26, 27, 23)), (48, columns(27, 22, 25, 26))),
    "brick": rows((33, columns(32, 36, 32)), (32, columns(54, 46)), (35, columns(36, 31, 33))),
    "spine": columns((53, rows(25, 25, 26, 24)), (47, rows(28, 24, 22, 26))),
    "green": columns((58, rows((51, columns(50, 50)), (49, columns(47, 53)))), (42, rows(24, 26, 25, 25))),
    "quay": rows((56, columns(34, 35, 31)), (44, columns(20, 21, 19, 22, 18))),
    "court": rows((30, columns(35, 32, 33)), (40, columns(28, 44, 28)), (30, columns(33, 34, 33))),
    "nine": rows((34, columns(34, 31, 35)), (32, columns(30, 38, 32)), (34, columns(35, 33, 32))),
    "six": rows((50, columns(36, 33, 31)), (50, columns(31, 35, 34))),
}
