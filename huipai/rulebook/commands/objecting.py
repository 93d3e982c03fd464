"""Objections to what is published, decided by somebody else than its author."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from huipai.kit.verdict import NotVisible
from huipai.people.models import Person
from huipai.rulebook import policies, queries
from huipai.rulebook.commands.approving import take_back
from huipai.rulebook.commands.consulting import reply, said_before, say, take_remark, version_spoken_of
from huipai.rulebook.commands.holding_up import catch_up, hold_up
from huipai.rulebook.commands.refusals import NotOpenForObjections
from huipai.rulebook.commands.telling import in_short, record, remark_of
from huipai.rulebook.models import Remark, RulebookVersion
from huipai.rulebook.words import HOLD_UP_AT, Fact, Outcome, Said, Standing


@transaction.atomic
def object_to(
    *, version_id: UUID, person: Person, code: str, text: str, now: datetime, remark_id: UUID | None = None
) -> Remark:
    """Object to a version that is in publicity, coming or in force. The same id again gives back the first one.

    Until it is decided the version does not take effect; one that is in force already stays so. Of one person one
    objection holds it up: what they say after its answer is heard, and the calendar goes on.
    """
    calendar = catch_up(now)
    version = version_spoken_of(version_id)
    text = remark_of(text, field="text")
    stored = said_before(remark_id, person, Said.OBJECTION, version, code, text)
    if stored is not None:
        return stored
    if version is None or version.published_at is None:
        raise NotVisible
    if version.standing(now) not in (Standing.PUBLICITY, Standing.COMING, Standing.EFFECTIVE):
        raise NotOpenForObjections
    remark = say(version, Said.OBJECTION, person, code, text, now, remark_id)
    record(Fact.OBJECTED, version, person, now, remark=str(remark.id), item=remark.code)
    in_time = version.effective_from and now + HOLD_UP_AT <= version.effective_from  # later: to what is in force
    if in_time and queries.holds_up(remark):
        hold_up(calendar, version, now)
    return remark


@transaction.atomic
def uphold(*, remark_id: UUID, actor: Person, answer: str, now: datetime) -> Remark:
    """The objection is right. Before it takes effect the version is withdrawn; afterwards the next one mends it.

    What was earned meanwhile stays: nothing is ever counted again.
    """
    remark = _take(remark_id, actor, now)
    version = RulebookVersion.objects.select_for_update(of=("self",), no_key=True).get(pk=remark.version_id)
    reply(remark, actor, Outcome.UPHELD, answer, now)
    if version.standing(now) in (Standing.PUBLICITY, Standing.COMING):
        take_back(version, actor, in_short(remark.answer), now)
    record(Fact.UPHELD, version, actor, now, remark=str(remark.id), item=remark.code)
    return remark


@transaction.atomic
def dismiss(*, remark_id: UUID, actor: Person, answer: str, now: datetime) -> Remark:
    """The objection is not right, for a reason."""
    remark = _take(remark_id, actor, now)
    reply(remark, actor, Outcome.DISMISSED, answer, now)
    record(Fact.DISMISSED, remark.version, actor, now, remark=str(remark.id), item=remark.code)
    return remark


def _take(remark_id: UUID, actor: Person, now: datetime) -> Remark:
    catch_up(now)
    remark = take_remark(remark_id, Said.OBJECTION)
    policies.may_decide_objection(actor, remark, now).require()
    return remark
