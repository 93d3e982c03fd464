"""A disk that fills while a command runs, whoever met it: one of us, a program that we started, or the database."""

import errno
import os
from collections.abc import Iterator

# PostgreSQL's word for it, whatever language it speaks (appendix A of its manual).
_DISK_FULL = "53100"
_FULL = (errno.ENOSPC, errno.EDQUOT)


def lacking(problem: BaseException) -> str:
    """What to say when a full disk is behind `problem`; nothing when something else is."""
    for one in _behind(problem):
        if getattr(one, "sqlstate", None) == _DISK_FULL:
            return _sentence("The disk of the database is full", str(one))
        if isinstance(one, OSError) and _of_room(one):
            return _sentence("The disk is full", str(one.filename or ""))
    return ""


def _behind(problem: BaseException) -> Iterator[BaseException]:
    """The problem, what caused it, what caused that, and so on."""
    one: BaseException | None = problem
    while one is not None:
        yield one
        one = one.__cause__ or one.__context__


def _of_room(problem: OSError) -> bool:
    """By its number, or by the words of a program of ours that ended of it."""
    return problem.errno in _FULL or os.strerror(errno.ENOSPC) in str(problem)


def _sentence(what: str, where: str) -> str:
    first = where.strip().partition("\n")[0]
    return f"{what}{f' ({first})' if first else ''}: make room on it, and run this once more."
