"""Taking one step of the machine: the only place where a case changes its state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from huipai.cases.commands import timing
from huipai.cases.models import Case, CasePhoto, Note, Transition
from huipai.cases.rules import machine
from huipai.cases.words import Action, Actor, Audience, Fact, Moment
from huipai.journal import commands as journal
from huipai.kit.verdict import Invalid, NotVisible
from huipai.people.models import Person
from huipai.photos.models import Photo


class PhotoMissing(Invalid):
    code = "photo_missing"
    default_reason = _("照片没传完整，再选一次")


class PhotoUsed(PhotoMissing):
    code = "photo_used"
    default_reason = _("这张照片已经用在另一件事上，再拍一张")


@dataclass(frozen=True)
class Words:
    """What somebody wrote on a step, and for whom."""

    text: str
    audience: Audience


def locked(case_id: UUID) -> Case:
    """The case, held until the transaction ends; other steps on it wait."""
    case = Case.objects.select_for_update(of=("self",)).filter(pk=case_id).first()
    if case is None:
        raise NotVisible
    return case


def take(
    case: Case,
    action: Action,
    *,
    part: Actor,
    actor: Person | None,
    now: datetime,
    fact: Fact,
    reason: str = "",
    words: Words | None = None,
    facts: Mapping[str, object] | None = None,
) -> Transition:
    """Move a locked case along the machine: state, clock, step, words and journal change together, or nothing does."""
    row = machine.step(case.state, action)
    machine.require_part(row, part)
    before, case.state = case.state, row.leads_to(case.state)
    if row.outcome is not None:
        case.outcome, case.ended_at = row.outcome, now
    timing.apply(case, row.clock, now=now)
    case.save()
    last = case.transitions.aggregate(last=Max("position"))["last"]
    transition = Transition.objects.create(
        case=case, position=last + 1, action=action, from_state=before, to_state=case.state, part=part,
        actor=actor, reason=reason, clock=row.clock, happened_at=now,
    )  # fmt: skip
    if words is not None and words.text.strip():
        Note.objects.create(
            case=case,
            transition=transition,
            author=actor,
            audience=words.audience,
            text=words.text.strip(),
            written_at=now,
        )
    journal.record(
        what=fact,
        subject=case.subject,
        actor_id=actor.id if actor else None,
        now=now,
        facts={
            "from": before,
            "to": case.state,
            "round": case.round,
            **({"reason": reason} if reason else {}),
            **(facts or {}),
        },
    )
    return transition


def attach(case: Case, photo_ids: tuple[UUID, ...], *, by: Person, moment: Moment) -> None:
    """Make photos that `by` has uploaded part of the case; refuses one that is not theirs, not whole or used."""
    wanted = tuple(dict.fromkeys(photo_ids))
    found = {photo.id: photo for photo in Photo.objects.filter(pk__in=wanted, uploader=by)}
    if len(found) != len(wanted):
        raise PhotoMissing(field="photos")
    with photos_used_once(), transaction.atomic():
        CasePhoto.objects.bulk_create(
            CasePhoto(case=case, photo=found[id], moment=moment, round=case.round, position=position)
            for position, id in enumerate(wanted)
        )


@contextmanager
def photos_used_once() -> Iterator[None]:
    """The database lets a photo belong to one case; here it is said in words."""
    try:
        yield
    except IntegrityError as error:
        if "cases_a_photo_belongs_to_one_case" not in str(error):
            raise
        raise PhotoUsed(field="photos") from error
