"""`python scripts/texts.py extract|compile|gaps`: the texts of pages and code, and their English catalogue.

Babel alone does it: no gettext program is needed. Entries keep their place without line numbers or dates, so that a
change of code changes the catalogue only where a text changed. A translation that does not fill the places of its
original would break the page that shows it, in one language only: it is never compiled.
"""

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
ENGLISH = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    # `gettext` beside a `_` that is lazy.
    "_now": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
NAMED = re.compile(r"%\((\w+)\)")
# A date in the file would change with every run.
DATE = datetime(2026, 11, 1, tzinfo=UTC)


@cache
def extract() -> Catalog:
    """Every text of ours, in the order of its files."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True)
    texts = _blank()
    for name, _line, message, comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        texts.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return texts


def _blank() -> Catalog:
    return Catalog(
        locale="en",
        charset="utf-8",
        header_comment="# English texts of Huipai; the originals are Chinese and stand in the code.",
        project="huipai",
        creation_date=DATE,
        revision_date=DATE,
        fuzzy=False,
    )


def english() -> Catalog:
    """The catalogue as it is kept, or an empty one."""
    kept = _blank()
    if ENGLISH.exists():
        with ENGLISH.open("rb") as file:
            for entry in read_po(file, locale="en", charset="utf-8"):
                if entry.id:
                    kept.add(entry.id, entry.string, entry.locations, flags=entry.flags, context=entry.context)
    return kept


def gaps() -> list[str]:
    """The texts that have no English yet."""
    kept, missing = english(), []
    for message in extract():
        entry = kept.get(message.id, message.context) if message.id else None
        if message.id and (entry is None or entry.fuzzy or not _is_whole(entry.string)):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def _is_whole(words: object) -> bool:
    return all(words) if isinstance(words, tuple | list) else bool(words)


def update() -> int:
    """Write the English catalogue with all texts of today, keep what was translated, drop what is gone."""
    kept = english()
    kept.update(extract(), no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False)
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    with ENGLISH.open("wb") as file:
        write_po(
            file, kept, width=120, no_location=False, include_lineno=False, ignore_obsolete=True, omit_header=False
        )
    return len(gaps())


def compile_all() -> list[str]:
    """English, and how Django's own sentences read in Chinese; what is wrong in one stands for it, and nothing is
    written."""
    read, wrong = [], []
    for source in sorted((ROOT / "locale").rglob("*.po")):
        with source.open("rb") as file:
            texts = read_po(file, locale=source.parents[1].name, charset="utf-8")
        wrong += [f"{source.relative_to(ROOT)}: {one}" for one in troubles(texts)]
        read.append((source, texts))
    if not wrong:
        for source, texts in read:
            with source.with_suffix(".mo").open("wb") as file:
                write_mo(file, texts)
    return wrong


def troubles(texts: Catalog) -> list[str]:
    """Translations that cannot be shown where their original is."""
    return [
        f"line {message.lineno}, {_all(message.id)[0]!r}: {why}"
        for message in texts
        if message.id and any(_all(message.string))
        for why in _wrong_in(texts, message)
    ]


def _wrong_in(texts: Catalog, message: Message) -> Iterator[str]:
    problems = [str(problem) for problem in message.check(texts)]
    named = names_in(message)
    if named and not problems:
        problems = [why for one in _all(message.string) if (why := _cannot_be_filled(one, named))]
    yield from problems


def names_in(message: Message) -> set[str]:
    """The places that the code fills, a text that counts has those of its plural."""
    return set(NAMED.findall(_all(message.id)[-1]))


def _cannot_be_filled(text: str, named: set[str]) -> str:
    try:
        text % dict.fromkeys(named, 0)
    except (KeyError, TypeError, ValueError) as problem:
        return f"{problem} in {text!r}"
    return ""


def _all(words: object) -> list[str]:
    return [str(one) for one in words] if isinstance(words, tuple | list) else [str(words or "")]


def main(arguments: list[str]) -> int:
    if arguments == ["extract"]:
        sys.stdout.write(f"{update()} texts have no English yet: {ENGLISH.relative_to(ROOT)}\n")
    elif arguments == ["compile"]:
        return _told(compile_all())
    elif arguments == ["gaps"]:
        sys.stdout.writelines(f"{text}\n" for text in gaps())
    else:
        sys.stderr.write("usage: texts.py extract|compile|gaps\n")
        return 2
    return 0


def _told(wrong: list[str]) -> int:
    sys.stdout.writelines(f"error: {one}\n" for one in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
