"""Answers with a reason: `Verdict` for questions, `Refused` for commands that will not act.

Codes are stable words for machines; reasons are sentences for people, in their language at the time they are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Refused(Exception):
    """A command did nothing, and says why. Nothing that was typed is lost: the door shows it again."""

    status: ClassVar[int] = 409
    code: str = "refused"
    default_reason: ClassVar[Words] = _("现在不能这样做")

    def __init__(self, reason: Words | None = None, *, code: str | None = None, field: str | None = None) -> None:
        self.words: Words = reason if reason is not None else self.default_reason
        self.code = code if code is not None else type(self).code
        self.field = field
        super().__init__(self.words)

    @property
    def reason(self) -> str:
        return str(self.words)

    def __str__(self) -> str:
        return self.reason


class NotVisible(Refused):
    """The thing does not exist for this person, whether it exists or not (ruling 6)."""

    status = 404
    code = "not_visible"
    default_reason = _("没有找到这件事")


class NotAllowed(Refused):
    status = 403
    code = "not_allowed"
    default_reason = _("这一步不由您来做")


class Moved(Refused):
    """The state has moved since the page was shown."""

    status = 409
    code = "moved"
    default_reason = _("这件事刚刚有了新进展，请看最新的一步")


class Invalid(Refused):
    status = 422
    code = "invalid"
    default_reason = _("有一处要改一下")


class TooMany(Refused):
    status = 429
    code = "too_many"
    default_reason = _("太快了，过一会儿再来")


@dataclass(frozen=True)
class Verdict:
    """Yes, or no with a code and a sentence. A no is falsy."""

    allowed: bool
    code: str = ""
    reason: Words = ""

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Return if yes; raise `NotAllowed` with this reason if no."""
        if not self.allowed:
            raise NotAllowed(self.reason, code=self.code)


YES = Verdict(True)


def no(code: str, reason: Words) -> Verdict:
    return Verdict(False, code, reason)
