"""Numbers that somebody types behind an option."""

from collections.abc import Callable

from huipai.cli.words import Trouble


def from_one_on(option: str) -> Callable[[str], int]:
    """Reads what was typed behind `option`; refuses what is no number, or less than one, in a sentence."""

    def read(typed: str) -> int:
        if not typed.isdecimal() or int(typed) < 1:
            raise Trouble(f"{option} is {typed!r}; it must be a number from 1 on.")
        return int(typed)

    return read
