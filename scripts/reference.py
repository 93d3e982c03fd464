"""`python scripts/reference.py`: writes docs/refusals.md and says what the other lists of the documentation lack.

What exists is read from the code itself, so that no list can be forgotten: `tests/house/test_docs.py` compares them.
"""

import ast
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ROOT / "huipai"
DOCS = ROOT / "docs"
_FIRST_CELL = re.compile(r"^\| ((?:`[^`]+`,? ?)+)\|", re.MULTILINE)

REFUSALS_HEAD = """\
# Refusals

Written by `python scripts/reference.py` from the code; a test fails when this page is not what the script writes.
A command that does not act raises one of these. The code is stable and for machines; the sentence is for people, in the
language of their page, and may be more exact than here. Pages answer with the status and show what was typed again.

| code | status | sentence |
|---|---|---|
"""


@dataclass(frozen=True, order=True)
class Refusal:
    code: str
    status: int
    sentence: str


def modules() -> list[str]:
    """Every module of ours, by name."""
    found = walk_packages([str(HOUSE)], "huipai.")
    return [one.name for one in found if ".migrations" not in one.name and not one.name.endswith("__main__")]


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(HOUSE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def documented(page: str) -> set[str]:
    """The names in the first column of a page's tables."""
    cells = _FIRST_CELL.findall((DOCS / page).read_text(encoding="utf-8"))
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def _fact_words() -> Iterator[tuple[str, type]]:
    """Each package with an enumeration of facts among its words; a package may have several, and a file for them."""
    for folder in sorted(HOUSE.iterdir()):
        for room in ("words", "fact_words"):
            if (folder / room).is_dir() or (folder / f"{room}.py").exists():
                words = vars(import_module(f"huipai.{folder.name}.{room}"))
                yield from ((folder.name, words[name]) for name in sorted(words) if name.endswith("Fact"))


def facts() -> dict[str, str]:
    """Every declared fact, with the package that declares it."""
    return {fact.value: package for package, words in _fact_words() for fact in words}  # type: ignore[attr-defined]


def unrecorded() -> set[str]:
    """Declared facts that nothing records: nobody could ever read of them. Lower floors may declare for upper ones."""
    silent: set[str] = set()
    for package, words in _fact_words():
        text = "\n".join(
            other.read_text(encoding="utf-8")
            for other in (
                *(HOUSE / package).rglob("*.py"),
                *(HOUSE / "web").glob("*.py"),
                *(HOUSE / "cli").glob("*.py"),
            )
            if other.stem not in ("words", "fact_words") and not {"migrations", "words"} & set(other.parts)
        )
        for fact in words:  # type: ignore[attr-defined]
            if f"{words.__name__}.{fact.name}" not in text and f"'{fact.value}'" not in text:
                silent.add(fact.value)
    return silent


def settings() -> set[str]:
    """Every variable of the environment that settings and command line read."""
    names: set[str] = set()
    for path, tree in sources():
        if path.parent.name not in {"config", "cli"}:
            continue
        for node in ast.walk(tree):
            names |= set(_variables(node))
    return names


def _variables(node: ast.AST) -> Iterator[str]:
    first: ast.expr | None = None
    if isinstance(node, ast.Call) and node.args and _called(node).startswith(("env", "getenv", "environ.get")):
        first = node.args[0]
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load) and _named(node.value).endswith("environ"):
        first = node.slice
    if isinstance(first, ast.Constant) and isinstance(first.value, str) and re.match("HUIPAI_|DATABASE_", first.value):
        yield first.value


def _called(node: ast.Call) -> str:
    return _named(node.func).removeprefix("os.")


def _named(node: ast.expr) -> str:
    return ast.unparse(node)


def refusals() -> list[Refusal]:
    """Every refusal with its status and sentence: of each class, of each verdict, and of each code given in place."""
    override, Refused = import_module("django.utils.translation").override, import_module("huipai.kit.verdict").Refused
    for name in modules():
        import_module(name)
    classes = {Refused.__name__: Refused}
    for one in _below(Refused):
        classes[one.__name__] = one
    with override("zh-hans"):
        found = {Refusal(one.code, one.status, str(one.default_reason)) for one in [Refused, *_below(Refused)]}
        for _path, tree in sources():
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    found |= set(_in_place(node, classes))
    return sorted(found)


def _below(kind: type) -> list[type]:
    return [one for child in kind.__subclasses__() for one in (child, *_below(child))]


def _in_place(node: ast.Call, classes: dict[str, type]) -> Iterator[Refusal]:
    name = _named(node.func).split(".")[-1]
    if name == "no" and len(node.args) == 2 and isinstance(node.args[0], ast.Constant):
        yield Refusal(node.args[0].value, 403, _sentence(node.args[1]))
    code = next((word.value.value for word in node.keywords if word.arg == "code" and _is_text(word.value)), None)
    if name in classes and code is not None:
        kind = classes[name]
        yield Refusal(code, kind.status, _sentence(node.args[0]) if node.args else str(kind.default_reason))


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _sentence(node: ast.expr) -> str:
    """The first text in an expression such as `_("…") % {…}`."""
    texts = (part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str))
    return next(texts, "…")


def refusals_page() -> str:
    rows = [f"| `{one.code}` | {one.status} | {one.sentence} |\n" for one in refusals()]
    return REFUSALS_HEAD + "".join(rows)


def main() -> int:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huipai.config.settings")
    import_module("django").setup()
    (DOCS / "refusals.md").write_text(refusals_page(), encoding="utf-8")
    for page, names in (("facts.md", set(facts())), ("settings.md", settings())):
        for name in sorted(names - documented(page)):
            sys.stdout.write(f"docs/{page} lacks {name}\n")
        for name in sorted(documented(page) - names):
            sys.stdout.write(f"docs/{page} names {name}, which is no more\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
