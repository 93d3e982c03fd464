"""Taking one step of the machine: the only place where a case changes its state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huipai.cases import queries
from huipai.cases.commands import orders, saying, standing, timing
from huipai.cases.commands.joint import taking as joint
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, CasePhoto, JointTask, Note, OrderStep, StageRecord, Transition
from huipai.cases.rules import machine, machine_table, whereabouts
from huipai.cases.rules.stages import STAGE_OF
from huipai.cases.words import Action, Actor, Audience, Moment, Outcome, State
from huipai.grid.models import Unit
from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, NotAllowed, NotVisible
from huipai.people.models import Person
from huipai.photos.models import Photo


class PhotoMissing(Invalid):
    code = "photo_missing"
    default_reason = _("照片没传完整，再选一次")


class LetAnotherLook(NotAllowed):
    """Whoever refused a case does not refuse it again on its review."""

    code = "let_another_look"
    default_reason = _("上次是您没受理的，这次还是不受理，要换一位来定；要受理，由联动中心立案")


class PhotoUsed(PhotoMissing):
    code = "photo_used"
    default_reason = _("这张照片已经用过一次，再拍一张")


class PartsOpen(NotAllowed):
    """The whole is neither done nor over while a part that was split off is in hand."""

    code = "parts_open"
    default_reason = _("分出去的还没办完，等它们办完再反馈")


@dataclass(frozen=True)
class Words:
    """What somebody wrote on a step, and for whom."""

    text: str
    audience: Audience


def locked(case_id: UUID) -> Case:
    """The case, held until the transaction ends; other steps on it wait."""
    case = Case.objects.select_for_update(of=("self",), no_key=True).filter(pk=case_id).first()
    if case is None:
        raise NotVisible
    return case


def locked_with_its_matter(case_id: UUID) -> Case:
    """The case as `locked`, and before it the one that it was merged into or is a part of: what was told lies there."""
    matter = Case.objects.filter(pk=case_id).values_list(Coalesce("merged_into", "parent"), flat=True).first()
    if matter is not None:
        locked(matter)
    return locked(case_id)


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
    unit: Unit | None = None,
    order: OrderStep | None = None,
) -> Transition:
    """Move a locked case along the machine: state, clock, step, words and journal change together, or nothing does.

    `order` is the step of an order with which the case moves.
    """
    row = machine.step(case.state, action)
    machine.require_part(row, part)
    if actor is not None and action in whereabouts.REFUSALS and queries.refused_what_is_reviewed(actor, case):
        raise LetAnotherLook
    _require_parts_done(case, row)
    before, case.state = case.state, row.leads_to(case.state)
    moved = [standing.of_order_step(order)] if order else []
    moved += [standing.of_order(one) for one in timing.apply(case, row.clock, now=now)]
    case.outcome, case.ended_at = (row.outcome, now) if row.outcome is not None else ("", None)
    case.save()
    last = case.transitions.aggregate(last=Max("position"))["last"]
    transition = Transition.objects.create(
        case=case, position=last + 1, action=action, from_state=before, to_state=case.state, part=part,
        actor=actor, reason=reason, unit=unit, clock=row.clock, happened_at=now,
    )  # fmt: skip
    _measure(case, before, transition)
    if machine.allows(before, Action.ANSWER) and not machine.allows(case.state, Action.ANSWER):
        orders.drop_what_is_open(case, now)
    if case.number is not None or row.outcome is not None:
        moved += [standing.of_order_step(one) for one in orders.follow(case, action, now=now)]
    if row.outcome is not None:
        joint.follow(case, now=now)
        _close_parts(case, now)
    if words is not None:
        note(case, words.text, by=actor, audience=words.audience, now=now, transition=transition)
    journal.record(
        what=fact,
        subject=case.subject,
        actor_id=actor.id if actor else None,
        now=now,
        facts={
            **({"unit": str(unit.id)} if unit else {}),
            "from": before,
            "to": case.state,
            "round": case.round,
            **({"reason": reason} if reason else {}),
            **({"order": str(order.order_id)} if order else {}),
            **(facts or {}),
            "step": standing.of_transition(transition),
            **standing.of_case(case),
            **({"orders": moved} if moved else {}),
        },
    )
    return transition


# What ends a whole by somebody's word, and what they read instead while a part is open.
_PARTS_FIRST: Mapping[Outcome, str | Promise] = {
    Outcome.WITHDRAWN: _("已经分出一部分请单位在办，撤不回来了"),
    Outcome.DECLINED: _("分出去的还没办完，先把它们办完，或者一件一件作废"),
    Outcome.NOT_FILED: _("分出去的还没办完，先把它们办完，或者一件一件作废"),
    Outcome.VOIDED: _("分出去的还没办完，先把它们办完，或者一件一件作废"),
}


def _require_parts_done(case: Case, row: machine_table.Step) -> None:
    instead = _PARTS_FIRST.get(row.outcome) if row.outcome is not None else None
    if (instead or row.target == State.RESPONDED) and case.parts.held_up_by().exists():
        raise PartsOpen(instead)


def _close_parts(whole: Case, now: datetime) -> None:
    """What was done of a whole that has ended ends with it: nobody says anything of it any more."""
    for part_id in list(whole.parts.waiting_with_their_whole().order_by("id").values_list("id", flat=True)):
        take(locked(part_id), Action.CLOSE_PART, part=Actor.SYSTEM, actor=None, now=now, fact=Fact.PART_DONE)


def is_repeat(case: Case, *actions: Action, actor: Person, text: str, reason: str | None = None) -> bool:
    """Whether one of these is what `actor` did last on this case, in the same words: a second click, or a retry.

    Where a reason is given it has to be the same too. Asked where the case has moved on by it; the command then answers
    as it did the first time.
    """
    last = case.transitions.filter(actor=actor).order_by("-position").first()
    if last is None or last.action not in actions or reason not in (None, last.reason):
        return False
    said = last.notes.values_list("text", flat=True).first() or ""
    return said == as_seen(text)


def note(
    case: Case, text: str, *, by: Person | None, audience: Audience, now: datetime, transition: Transition | None = None
) -> None:
    """Words beside a step, or by themselves; nothing where nothing was written."""
    if said := saying.within(text):
        Note.objects.create(case=case, transition=transition, author=by, audience=audience, text=said, written_at=now)


def _measure(case: Case, before: str, ended_by: Transition) -> None:
    """Write down how a stage of the desk went, when the case leaves it."""
    stage = STAGE_OF.get(State(before))
    if stage is None or stage == STAGE_OF.get(State(case.state)):
        return
    limit = timing.limits_of(case.type_then).get(stage)
    if limit is not None:
        began = began_at(case, before)
        StageRecord.objects.create(
            case=case, ended_by=ended_by, stage=stage, began_at=began, due_at=timing.until(began, limit),
            done_at=ended_by.happened_at,
        )  # fmt: skip


def began_at(case: Case, state: str) -> datetime:
    """When the case came into `state`, the last time."""
    entered = case.transitions.filter(to_state=state).exclude(from_state=state).order_by("-position")
    return entered.values_list("happened_at", flat=True).first() or case.reported_at


def attach(
    case: Case,
    photo_ids: tuple[UUID, ...],
    *,
    by: Person,
    moment: Moment,
    now: datetime,
    joint_task: JointTask | None = None,
) -> None:
    """Make photos that `by` has uploaded part of the case; refuses one that is not theirs, not whole or used.

    `joint_task`: on whose visit they were taken.
    """
    wanted = tuple(dict.fromkeys(photo_ids))
    found = {photo.id: photo for photo in Photo.objects.kept().filter(pk__in=wanted, uploader=by)}
    if len(found) != len(wanted):
        raise PhotoMissing(field="photos")
    with photos_used_once(), transaction.atomic():
        CasePhoto.objects.bulk_create(
            CasePhoto(
                case=case,
                photo=found[id],
                moment=moment,
                round=case.round,
                position=position,
                added_at=now,
                joint_task=joint_task,
            )
            for position, id in enumerate(wanted)
        )


@contextmanager
def photos_used_once() -> Iterator[None]:
    """The database lets a photo be part of one thing; here it is said in words."""
    try:
        yield
    except IntegrityError as error:
        if "cases_a_photo_belongs_to_one_case" not in str(error):
            raise
        raise PhotoUsed(field="photos") from error
