"""How linked households write to the journal, and what all their commands ask of a text."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from huipai.households.commands.refusals import TooLong, WordsMissing
from huipai.households.words import LONGEST_TEXT, Fact
from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.people.models import Person


def tell(fact: Fact, subject: str, actor: Person | None, now: datetime, **facts: UUID | str | None) -> None:
    """One entry; ids and codes only."""
    kept = {key: str(value) for key, value in facts.items() if value is not None}
    journal.record(what=fact, subject=subject, actor_id=actor.pk if actor else None, now=now, facts=kept)


def short(text: str, *, field: str) -> str:
    """The words as others see them; refuses more than fit."""
    words = as_seen(text)
    if len(words) > LONGEST_TEXT:
        raise TooLong(field=field)
    return words


def said(text: str, *, field: str) -> str:
    """The same, where something has to be said."""
    words = short(text, field=field)
    if not words:
        raise WordsMissing(field=field)
    return words
