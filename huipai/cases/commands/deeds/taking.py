"""A step of a good deed's machine: the only place where a deed changes its state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from huipai.cases.commands import saying
from huipai.cases.deed_words import LONGEST_SAID, DeedAction, DeedPart
from huipai.cases.fact_words import DeedFact
from huipai.cases.models import DeedStep, GoodDeed
from huipai.cases.rules import deeds as machine
from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person


def locked(deed_id: UUID) -> GoodDeed:
    deed = GoodDeed.objects.select_for_update(of=("self",), no_key=True).filter(pk=deed_id).first()
    if deed is None:
        raise NotVisible
    return deed


def is_repeat(deed: GoodDeed, action: DeedAction, *, actor: Person, reason: str = "", text: str = "") -> bool:
    """Whether this is what `actor` did last on this deed, in the same words: a second click, or a retry."""
    last = deed.steps.order_by("-position").first()
    was = last and (last.action, last.actor_id, last.reason)
    return was == (action, actor.id, reason) and (as_seen(text) or deed.said) == deed.said


def take(
    deed: GoodDeed,
    row: machine.DeedRow,
    part: DeedPart,
    actor: Person,
    fact: DeedFact,
    now: datetime,
    *,
    reason: str = "",
    text: str = "",
    facts: Mapping[str, object] | None = None,
) -> None:
    """Move a locked deed along its machine: state, step and journal change together."""
    machine.require_part(row, part)
    before, deed.state = deed.state, row.target
    deed.said = saying.within(text, LONGEST_SAID) or deed.said
    deed.save()
    last = deed.steps.aggregate(last=Max("position"))["last"]
    DeedStep.objects.create(
        deed=deed, position=last + 1, action=row.action, from_state=before, to_state=deed.state, part=part,
        actor=actor, reason=reason, happened_at=now,
    )  # fmt: skip
    journal.record(
        what=fact, subject=deed.subject, actor_id=actor.id, now=now,
        facts={"from": before, "to": deed.state, **({"reason": reason} if reason else {}), **(facts or {})},
    )  # fmt: skip
