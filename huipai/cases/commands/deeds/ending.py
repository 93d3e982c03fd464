"""A good deed is not published, taken back by its own people, or taken down later."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction

from huipai.cases import policies
from huipai.cases.commands.deeds.taking import is_repeat, locked, take
from huipai.cases.commands.handling import ReasonMissing
from huipai.cases.deed_words import DeedAction, DeedPart
from huipai.cases.fact_words import DeedFact
from huipai.cases.models import GoodDeed
from huipai.cases.rules import deeds as machine
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person


@transaction.atomic
def decline(*, deed_id: UUID, actor: Person, reason: str, text: str, now: datetime) -> GoodDeed:
    """Do not publish a deed, with the reason that both read; twice is once."""
    deed = locked(deed_id)
    if is_repeat(deed, DeedAction.DECLINE, actor=actor, reason=reason, text=text):
        return deed
    row = machine.step(deed.state, DeedAction.DECLINE)
    policies.may_decide_on_deed(actor, deed, now).require()
    if reason not in row.reasons:
        raise ReasonMissing(field="reason")
    deed.decided_by = actor
    take(deed, row, DeedPart.COORDINATOR, actor, DeedFact.DECLINED, now, reason=reason, text=text)
    return deed


@transaction.atomic
def withdraw(*, deed_id: UUID, actor: Person, now: datetime) -> GoodDeed:
    """Take back what one has told, or what is told of oneself; gone from every page at once. Twice is once."""
    deed = locked(deed_id)
    part = _own_part(deed, actor)
    if is_repeat(deed, DeedAction.WITHDRAW, actor=actor):
        return deed
    row = machine.step(deed.state, DeedAction.WITHDRAW)
    take(deed, row, part, actor, DeedFact.WITHDRAWN, now)
    return deed


@transaction.atomic
def take_down(*, deed_id: UUID, actor: Person, reason: str, text: str, now: datetime) -> GoodDeed:
    """Take a published deed off every page, with the reason that both read; twice is once.

    Points that turned out to be given for nothing are for a reviewer to take back; who that is hears of it.
    """
    deed = locked(deed_id)
    if is_repeat(deed, DeedAction.TAKE_DOWN, actor=actor, reason=reason, text=text):
        return deed
    row = machine.step(deed.state, DeedAction.TAKE_DOWN)
    policies.may_decide_on_deed(actor, deed, now).require()
    if reason not in row.reasons:
        raise ReasonMissing(field="reason")
    take(deed, row, DeedPart.COORDINATOR, actor, DeedFact.TAKEN_DOWN, now, reason=reason, text=text)
    return deed


def _own_part(deed: GoodDeed, actor: Person) -> DeedPart:
    if deed.doer_id == actor.id:
        return DeedPart.DOER
    if deed.reporter_id == actor.id:
        return DeedPart.REPORTER
    raise NotVisible


class Ending(Protocol):
    """`decline` and `take_down`: both want a reason."""

    def __call__(self, *, deed_id: UUID, actor: Person, reason: str, text: str, now: datetime) -> GoodDeed: ...
