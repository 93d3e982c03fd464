"""What one version changed against another, and the way from the one to the other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from huipai.rulebook.rules.terms import Terms, replace_why

Book = Mapping[str, Terms]


class Sort(Enum):
    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One item that is new, says something else, or is gone; and why."""

    before: Terms | None
    after: Terms | None
    why: str = ""

    @property
    def terms(self) -> Terms:
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def code(self) -> str:
        return self.terms.code

    @property
    def sort(self) -> Sort:
        if self.before is None:
            return Sort.ADDED
        return Sort.CHANGED if self.after is not None else Sort.REMOVED


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes of a version, by code. `reasoned`: only their why is another; readers are not bothered with them."""

    added: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()
    reasoned: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    @property
    def all(self) -> tuple[Change, ...]:
        """What readers are shown: new ones first, then changed, then removed."""
        return self.added + self.changed + self.removed


def diff(before: Book, after: Book, struck: Mapping[str, str] | None = None) -> Changes:
    """What leads from `before` to `after`; `struck` says why an item went."""
    reasons = struck or {}
    both = sorted(before.keys() & after.keys())
    unlike = [Change(before[code], after[code], after[code].why) for code in both if before[code] != after[code]]
    return Changes(
        added=tuple(Change(None, after[code], after[code].why) for code in sorted(after.keys() - before.keys())),
        changed=tuple(change for change in unlike if _says_other(change)),
        removed=tuple(
            Change(before[code], None, reasons.get(code, "")) for code in sorted(before.keys() - after.keys())
        ),
        reasoned=tuple(change for change in unlike if not _says_other(change)),
    )


def apply(changes: Changes, before: Book) -> dict[str, Terms]:
    """The book to which these changes lead."""
    after = {code: terms for code, terms in before.items() if code not in {gone.code for gone in changes.removed}}
    for change in (*changes.added, *changes.changed, *changes.reasoned):
        after[change.code] = change.terms
    return after


def shared(some: Changes, others: Changes) -> list[str]:
    """The codes of what both change to the very same, whatever they say for it."""
    leads = {change.code: change for change in others.all}
    return [one.code for one in some.all if one.code in leads and _reads_alike(one.after, leads[one.code].after)]


def _reads_alike(one: Terms | None, other: Terms | None) -> bool:
    if one is None or other is None:
        return one is other
    return replace_why(one, "") == replace_why(other, "")


def _says_other(change: Change) -> bool:
    assert change.before is not None and change.after is not None
    return replace_why(change.before, "") != replace_why(change.after, "")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text: kept, taken out or put in."""

    kind: str
    text: str


# A shared piece this short between two changes reads worse than the whole said anew.
_CRUMB = 2
# Numbers and words of letters stay whole; everything else is compared sign by sign.
_TOKEN = re.compile(r"[0-9]+(?:\.[0-9]+)?|[A-Za-z]+|.", re.DOTALL)


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """The two texts as one: what is kept and taken out makes the old one, what is kept and put in the new one."""
    was_signs, now_signs = _TOKEN.findall(old), _TOKEN.findall(new)
    steps: list[tuple[str, str, str]] = []
    for tag, i, j, k, m in SequenceMatcher(None, was_signs, now_signs, autojunk=False).get_opcodes():
        gone, come = "".join(was_signs[i:j]), "".join(now_signs[k:m])
        is_kept = tag == "equal" and (j - i > _CRUMB or i == 0 or j == len(was_signs))
        if not is_kept and steps and steps[-1][0] == "change":
            steps[-1] = ("change", steps[-1][1] + gone, steps[-1][2] + come)
        else:
            steps.append(("keep" if is_kept else "change", gone, come))
    found = []
    for sort, was, is_now in steps:
        if sort == "keep":
            found.append(Piece("keep", was))
            continue
        found += [Piece(kind, text) for kind, text in (("del", was), ("ins", is_now)) if text]
    return tuple(found)
