"""What every command of the rulebook does alike: find the draft under lock, and tell the journal."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from huipai.journal import commands as journal
from huipai.kit.lines import as_seen, one_break
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.rulebook.commands.refusals import Frozen, ReasonTooLong, SaidTooLong
from huipai.rulebook.models import Proposal, RulebookVersion, Writer
from huipai.rulebook.words import LONGEST_REASON, LONGEST_REMARK, Fact


def draft_to_change(version_id: UUID) -> RulebookVersion:
    """The draft, locked. What is published, withdrawn or put aside is frozen."""
    version = RulebookVersion.objects.select_for_update(of=("self",), no_key=True).filter(pk=version_id).first()
    if version is None:
        raise NotVisible
    if not version.is_open:
        raise Frozen
    return version


def wrote(version: RulebookVersion, person: Person, now: datetime) -> None:
    """From now on this person is an author of the version. Part of the caller's transaction, the version locked."""
    Writer.objects.bulk_create([Writer(version=version, person=person, since=now)], ignore_conflicts=True)
    version.touched_at = now
    version.save(update_fields=["touched_at"])


def remark_of(words: str, *, field: str) -> str:
    """What somebody says, as others see it; nothing of it is cut, more than fits is refused."""
    said = as_seen(one_break(words))
    if len(said) > LONGEST_REMARK:
        raise SaidTooLong(field=field)
    return said


def reason_of(words: str, *, field: str) -> str:
    """The same of a reason, which is shorter."""
    said = as_seen(one_break(words))
    if len(said) > LONGEST_REASON:
        raise ReasonTooLong(field=field)
    return said


def in_short(words: str) -> str:
    """As much of it as the place of a reason holds, where the whole of it stands beside."""
    return words if len(words) <= LONGEST_REASON else f"{words[: LONGEST_REASON - 1]}…"


def record(
    what: Fact, version: RulebookVersion, actor: Person | None, now: datetime, **facts: object
) -> None:  # fmt: skip
    journal.record(
        what=what, subject=f"rulebook:{version.id}", actor_id=actor.id if actor else None, now=now,
        facts={"number": version.number, **facts},
    )  # fmt: skip


def record_proposal(
    what: Fact, proposal: Proposal, actor: Person | None, now: datetime, **facts: object
) -> None:  # fmt: skip
    journal.record(
        what=what, subject=f"proposal:{proposal.id}", actor_id=actor.id if actor else None, now=now,
        facts={"code": proposal.code, "unit": str(proposal.unit_id), **facts},
    )  # fmt: skip
