"""Needs: raised by the household with its consent, taken up, closed with an outcome that the household can dispute."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max, QuerySet

from huipai.grid.models import GridNode
from huipai.households import policies
from huipai.households.commands.refusals import NeedMoved
from huipai.households.commands.telling import said, short, tell
from huipai.households.models import Need, NeedStep
from huipai.households.queries import OVER
from huipai.households.words import Fact, NeedKind, NeedState
from huipai.kit.lines import as_seen
from huipai.kit.verdict import NotVisible
from huipai.people import commands as people
from huipai.people.models import Person
from huipai.people.words import ConsentPurpose


@transaction.atomic
def raise_need(*, need_id: UUID, household: GridNode, kind: NeedKind, text: str, actor: Person, now: datetime) -> Need:
    """A grown-up says what the household could do with, and agrees that its contacts read it. The id makes it once."""
    known = Need.objects.filter(pk=need_id, raised_by=actor, household=household, kind=kind).first()
    # Whoever did not hear the answer hears it, also where they may not ask any more.
    if known is not None and known.text in ("", as_seen(text)):
        return known
    policies.may_speak_for(actor, household, now).require()
    if Need.objects.filter(pk=need_id).exists():
        raise NotVisible
    words = said(text, field="text") if kind == NeedKind.OTHER else short(text, field="text")
    consent = people.give_consent(person=actor, purpose=ConsentPurpose.CARE, now=now)
    need = Need.objects.create(
        id=need_id, household=household, raised_by=actor, consent=consent, kind=kind, text=words, raised_at=now
    )
    _step(need, "", actor, now)
    tell(Fact.NEED_RAISED, f"need:{need.pk}", actor, now, household=household.pk, kind=kind)
    return need


@transaction.atomic
def take(*, need_id: UUID, actor: Person, now: datetime) -> Need:
    """Somebody has it in hand; the first of two who try. Twice is once."""
    need = _locked(need_id, actor, now)
    policies.may_help(actor, need, now).require()
    if need.state == NeedState.TAKEN and need.taken_by_id == actor.pk:
        return need
    if need.state != NeedState.OPEN:
        raise NeedMoved
    need.taken_by = actor
    _move(need, NeedState.TAKEN, actor, now)
    tell(Fact.NEED_TAKEN, f"need:{need.pk}", actor, now)
    return need


@transaction.atomic
def finish(*, need_id: UUID, actor: Person, now: datetime) -> Need:
    """Whoever has it in hand says that it is done; the household is told and may say that it is not. Twice is once."""
    return _close(need_id, NeedState.MET, actor, now)


@transaction.atomic
def give_up(*, need_id: UUID, actor: Person, now: datetime) -> Need:
    """Whoever has it in hand says that they could not help; the household is told. Twice is once."""
    return _close(need_id, NeedState.UNMET, actor, now)


def _close(need_id: UUID, ending: NeedState, actor: Person, now: datetime) -> Need:
    need = _locked(need_id, actor, now)
    if need.state == ending and actor.pk in (need.taken_by_id, _last_hand(need)):
        return need
    policies.may_close_need(actor, need, now).require()
    _move(need, ending, actor, now)
    tell(Fact.NEED_CLOSED, f"need:{need.pk}", actor, now, state=ending)
    return need


def _last_hand(need: Need) -> UUID:
    """Who took its last step: a deputy, where one stood in for who had it in hand."""
    return need.steps.order_by("-position").values_list("actor_id", flat=True)[0]


@transaction.atomic
def withdraw(*, need_id: UUID, actor: Person, now: datetime) -> Need:
    """The household no longer needs it; its words are forgotten. Twice is once."""
    need = _locked(need_id, actor, now)
    policies.may_speak_of(actor, need, now).require()
    if need.state == NeedState.WITHDRAWN:
        return need
    if need.state in OVER:
        raise NeedMoved
    need.text = ""
    _move(need, NeedState.WITHDRAWN, actor, now)
    tell(Fact.NEED_CLOSED, f"need:{need.pk}", actor, now, state=NeedState.WITHDRAWN)
    return need


@transaction.atomic
def reopen(*, need_id: UUID, actor: Person, now: datetime) -> Need:
    """The household says that it did not help, or that it lies with somebody gone: who may help can take it again."""
    need = _locked(need_id, actor, now)
    policies.may_speak_of(actor, need, now).require()
    is_left = need.state == NeedState.TAKEN and not policies.is_in_hand(need, now)
    if need.state not in (NeedState.MET, NeedState.UNMET) and not is_left:
        raise NeedMoved
    need.taken_by = None
    _move(need, NeedState.OPEN, actor, now)
    tell(Fact.NEED_REOPENED, f"need:{need.pk}", actor, now)
    return need


@transaction.atomic
def let_go_of_needs(*, household: GridNode, contact: Person, actor: Person, now: datetime) -> int:
    """What somebody had in hand who may not help this household any longer is open again, for who may."""
    held = Need.objects.select_for_update(of=("self",), no_key=True).select_related("household").order_by("id")
    left = 0
    for need in held.filter(household=household, state=NeedState.TAKEN, taken_by=contact):
        if policies.may_help(contact, need, now):
            continue
        need.taken_by = None
        _move(need, NeedState.OPEN, actor, now)
        tell(Fact.NEED_REOPENED, f"need:{need.pk}", actor, now)
        left += 1
    return left


@transaction.atomic
def put_back(*, need_id: UUID, now: datetime) -> bool:
    """What lies with somebody who may not help any longer, or is away without an end, is open again with its words.

    The household and who looks after the place are told by a follower. False where it is in good hands. Twice is once.
    """
    found = Need.objects.select_for_update(of=("self",), no_key=True).select_related("household", "taken_by")
    need = found.get(pk=need_id)
    taker = need.taken_by
    if need.state != NeedState.TAKEN or taker is None or policies.is_in_hand(need, now):
        return False
    need.taken_by = None
    _move(need, NeedState.OPEN, taker, now)
    tell(Fact.NEED_REOPENED, f"need:{need.pk}", None, now, person=taker.pk)
    return True


def put_back_what_lies_with(*, person: Person, now: datetime) -> int:
    """The same for each need in the hands of somebody; the number. Twice is once."""
    return put_back_each(Need.objects.filter(taken_by=person), now=now)


def put_back_each(needs: QuerySet[Need], *, now: datetime) -> int:
    """The same for those of these that are in somebody's hands; the number. Twice is once."""
    held = needs.filter(state=NeedState.TAKEN).order_by("id")
    return sum(put_back(need_id=need_id, now=now) for need_id in list(held.values_list("id", flat=True)))


@transaction.atomic
def forget_needs_of(*, person: Person, now: datetime) -> int:
    """What rested on a consent that was taken back, or on a person who left, goes: open needs end, words are wiped."""
    ended = 0
    mine = Need.objects.select_for_update(of=("self",), no_key=True).filter(raised_by=person).order_by("id")
    for need in mine.exclude(state=NeedState.WITHDRAWN, text=""):
        need.text = ""
        if need.state in OVER:
            need.save(update_fields=["text"])
            continue
        _move(need, NeedState.WITHDRAWN, person, now)
        tell(Fact.NEED_CLOSED, f"need:{need.pk}", None, now, state=NeedState.WITHDRAWN)
        ended += 1
    return ended


@transaction.atomic
def put_away_needs_of_home(*, household: GridNode, actor: Person | None, now: datetime) -> int:
    """Those who asked have all moved away: what is open ends, and its words are forgotten."""
    left = Need.objects.select_for_update(of=("self",), no_key=True).filter(household=household).exclude(state__in=OVER)
    ended = 0
    for need in left.select_related("raised_by").order_by("id"):
        need.text = ""
        _move(need, NeedState.WITHDRAWN, actor or need.raised_by, now)
        tell(Fact.NEED_CLOSED, f"need:{need.pk}", actor, now, state=NeedState.WITHDRAWN)
        ended += 1
    return ended


def _move(need: Need, state: NeedState, actor: Person, now: datetime) -> None:
    before, need.state = need.state, state
    need.closed_at = now if state in OVER else None
    need.save(update_fields=["state", "closed_at", "taken_by", "text"])
    _step(need, before, actor, now)


def _step(need: Need, before: str, actor: Person, now: datetime) -> None:
    last = need.steps.aggregate(last=Max("position"))["last"] or 0
    NeedStep.objects.create(
        need=need, position=last + 1, from_state=before, to_state=need.state, actor=actor, happened_at=now
    )


def _locked(need_id: UUID, actor: Person, now: datetime) -> Need:
    """The need, if this person may read it at all."""
    need = (
        Need.objects.select_for_update(of=("self",), no_key=True).select_related("household").filter(pk=need_id).first()
    )
    if need is None:
        raise NotVisible
    if not (policies.may_speak_of(actor, need, now) or policies.may_help(actor, need, now)):
        raise NotVisible
    return need
