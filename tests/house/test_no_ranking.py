"""Nobody is ranked (ruling 25): no list, page, sort or export is put in order by what people have earned or done."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

HOUSE = settings.BASE_DIR / "huipai"
# What somebody has, earned, did or was given: never what a list is ordered by.
OUTCOME = re.compile(
    r"(^|_|-)(points?|balance|earned|spent|score|rating|rank|deeds|hours|total|count|done|handled)(_|$)"
)
# Demo data choose whose account is printed; nobody but the command line reads that order.
CLI = HOUSE / "cli"
# Orders that are not of people.
OTHER_THINGS = {
    "cases/case_file.py": "the marks of one case, by the hour at which each was set",
    "grid/queries/drawing.py": "the level of a place, from the street to the household",
    "grid/queries/plan/nodes.py": "the level of a place, from the street to the household",
    "points/commands/holding.py": "the draws of one hold",
    "points/rules/booking.py": "the lines and draws of one posting, in a fixed spelling",
    "shop/queries/shelves.py": "what a gift costs",
}


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(HOUSE.rglob("*.py")):
        if "migrations" not in path.parts and CLI not in path.parents:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def orderings(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in {"order_by", "sorted", "sort", "nlargest", "nsmallest"}:
            yield node


def outcomes(call: ast.Call) -> set[str]:
    """Words of an ordering that say how much somebody has or did."""
    ordered_by = [*call.args[-1:], *(word.value for word in call.keywords if word.arg == "key")]
    if getattr(call.func, "attr", "") == "order_by":
        ordered_by = call.args
    found = set()
    for part in ordered_by:
        for node in ast.walk(part):
            word = node.value if isinstance(node, ast.Constant) else getattr(node, "attr", "")
            if isinstance(word, str) and OUTCOME.search(word):
                found.add(word)
    return found


def test_no_python_puts_people_in_order_of_what_they_earned() -> None:
    found = [
        f"{path.relative_to(HOUSE).as_posix()}: {sorted(words)}"
        for path, tree in sources()
        for call in orderings(tree)
        if (words := outcomes(call)) and path.relative_to(HOUSE).as_posix() not in OTHER_THINGS
    ]
    assert found == []


def clauses(sql: str) -> Iterator[str]:
    """What stands after each ORDER BY, whole, with what is in parentheses and on further lines."""
    for begin in re.finditer(r"ORDER BY\s", sql):
        depth, end = 0, len(sql)
        for at in range(begin.end(), len(sql)):
            depth += {"(": 1, ")": -1}.get(sql[at], 0)
            if depth < 0 or (depth == 0 and re.match(r"\s(LIMIT|OFFSET|FOR|UNION|ROWS|RETURNING)\b|;", sql[at:])):
                end = at
                break
        yield sql[begin.end() : end]


def test_no_statement_does() -> None:
    """SQL of ours: after ORDER BY comes a time, a code, an id or a place in a queue."""
    found = []
    for path, tree in sources():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
                continue
            for clause in clauses(node.value):
                # `point(lng, lat)` is a place.
                said = re.sub(r"\bpoint(?=\((?:\w+\.lng|%\(lng\)s))", "", clause)
                if any(OUTCOME.search(word) for word in re.findall(r"[a-z_]+", said)):
                    found.append(f"{path.relative_to(HOUSE)}: {clause}")
    assert found == []


def test_no_page_does() -> None:
    templates = [path for path in HOUSE.rglob("*.jinja")]
    found = [
        str(path.relative_to(HOUSE)) for path in templates if re.search(r"\|\s*(sort|dictsort)\b", path.read_text())
    ]
    words = [path.name for path in templates if re.search(r"排行|(?<!不)排名|名次|第一名|冠军", path.read_text())]
    assert found == words == []
