"""Several cases of a worker at once, each for itself: what one is refused does not hold up the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from huipai.cases.commands import filing, handling, noting, stepping
from huipai.cases.models import Transition
from huipai.cases.rules import machine
from huipai.cases.words import Action
from huipai.kit.verdict import Refused
from huipai.people.models import Person


@dataclass(frozen=True)
class Came:
    """What came of one case: done, or why not; or it was like that already."""

    case_id: UUID
    refused: Refused | None
    was_so: bool = False


def accept_each(*, case_ids: Sequence[UUID], actor: Person, now: datetime) -> list[Came]:
    """Take several on; what one has taken on before is said to be so, and not counted as new."""
    held = handling.held_by(actor, case_ids)
    came = _each(case_ids, lambda id: handling.accept(case_id=id, actor=actor, now=now))
    return [replace(one, was_so=one.refused is None and one.case_id in held) for one in came]


def hand_up_each(*, case_ids: Sequence[UUID], actor: Person, text: str, now: datetime) -> list[Came]:
    """Pass several on to the hub, for one and the same reason.

    What one has passed on before is said to be so, and the hub reads what is said of it this time.
    """
    gone = _gone_up_by(actor, case_ids)
    came = _each(
        case_ids,
        lambda id: (_say_more if id in gone else filing.hand_up)(case_id=id, actor=actor, text=text, now=now),
    )  # fmt: skip
    return [replace(one, was_so=one.refused is None and one.case_id in gone) for one in came]


def _gone_up_by(person: Person, case_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the cases that this person has passed up, and that have not come down again or to an end."""
    mine = Transition.objects.filter(case__in=case_ids, action=Action.HAND_UP, actor=person, case__ended_at=None)
    found = mine.values_list("case", "case__state", "case__worker")
    return {
        case for case, state, worker in found
        if not machine.allows(state, Action.HAND_UP) and worker != person.id
    }  # fmt: skip


@transaction.atomic
def _say_more(*, case_id: UUID, actor: Person, text: str, now: datetime) -> None:
    """Beside a case that went up already; the same words are there."""
    case = stepping.locked(case_id)
    if not stepping.is_repeat(case, Action.HAND_UP, actor=actor, text=text):
        noting.note_inside(case_id=case_id, actor=actor, text=text, now=now)


def _each(case_ids: Sequence[UUID], act: Callable[[UUID], object]) -> list[Came]:
    return [_one(case_id, act) for case_id in dict.fromkeys(case_ids)]


def _one(case_id: UUID, act: Callable[[UUID], object]) -> Came:
    try:
        act(case_id)
    except Refused as refusal:
        return Came(case_id, refusal)
    return Came(case_id, None)
