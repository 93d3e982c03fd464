"""Who opens what: of each page and file, by whom, of one's own, of another node's and of another street's.

Kept as text in `table.txt` to be read line by line: a status, then whose it is; `*` is everybody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

TABLE = Path(__file__).with_name("table.txt")
PLACES = ("own", "node", "street")
NO_PAGE = 405
_HEAD = """# Who opens what, as tests/access compares it: a page or file, whose (own, another node's, another street's),
# the statuses and by whom; * is everybody else. 302: to the page of signing in, or onwards. A page without a row is
# an error: add it here by hand, against product and rulings.
"""

Answers = Mapping[str, Mapping[str, Mapping[str, int]]]


def lines_of(answers: Answers) -> list[str]:
    """In the order of the product; doors that only take deeds have no page to open."""
    found = []
    for name, by_place in answers.items():
        own = by_place["own"]
        if set(own.values()) == {NO_PAGE}:
            found.append(f"{name}  deed")
            continue
        found += [f"{name}  {place}  {_told(by_place[place])}" for place in PLACES if place in by_place]
    return found


def _told(statuses: Mapping[str, int]) -> str:
    often = Counter(statuses.values())
    [(usual, _count)] = often.most_common(1)
    rare = sorted(status for status in often if status != usual)
    named = [f"{status} {' '.join(who for who, one in statuses.items() if one == status)}" for status in rare]
    return " · ".join([*named, f"{usual} *"])


def kept() -> list[str]:
    return [line for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]


def names_in(lines: Iterable[str]) -> list[str]:
    """Each once, in the order of their first lines."""
    return list(dict.fromkeys(line.split("  ")[0] for line in lines))


def write(path: Path, lines: Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_HEAD + "\n".join(lines) + "\n")
