"""Several cases of a worker at once, each for itself: what one is refused does not hold up the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from huipai.cases.commands import filing, handling
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
    """Pass several on to the hub, for one and the same reason."""
    return _each(case_ids, lambda id: filing.hand_up(case_id=id, actor=actor, text=text, now=now))


def _each(case_ids: Sequence[UUID], act: Callable[[UUID], object]) -> list[Came]:
    return [_one(case_id, act) for case_id in dict.fromkeys(case_ids)]


def _one(case_id: UUID, act: Callable[[UUID], object]) -> Came:
    try:
        act(case_id)
    except Refused as refusal:
        return Came(case_id, refusal)
    return Came(case_id, None)
