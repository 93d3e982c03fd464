"""One report, several matters: a part is split off with its own limits and units; what belongs together is tied."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import filing, passing, stepping, timing
from huipai.cases.commands.handling import WordsMissing
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, CaseTie, CaseType, Note, Transition
from huipai.cases.order_words import Tie
from huipai.cases.queries import merged
from huipai.cases.rules.lateness import ANSWERED, ENDED
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import Action, Actor, Audience, Clock, State
from huipai.journal import commands as journal
from huipai.kit.ids import short_code
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved
from huipai.people.models import Person

MOST_PARTS = 10


class NotApart(Invalid):
    code = "cannot_split"
    default_reason = _("一件最多分 10 份，分出来的不能再分")


class SplitAlready(Moved):
    code = "split_already"
    default_reason = _("这张表已经分出过一件，要再分一件，重新打开这一页再写")


class NotTied(Invalid):
    code = "cannot_tie"
    default_reason = _("选另外一件，和它有关联的")


@transaction.atomic
def split(*, part_id: UUID, case_id: UUID, case_type: str, actor: Person, text: str, now: datetime) -> Case:
    """Split off a part with a type and units of its own, filed at once. The whole is answered when its parts are done.

    The part has the same reporter, who is asked about the whole and about nothing else. Its id is made by the form:
    sent again it is the part that is there, whatever has become of it since; other words on that form are refused.
    """
    whole = stepping.locked(case_id)
    policies.may_dispatch(actor, whole, now).require()
    kind = CaseType.objects.filter(code=case_type, is_active=True).first()
    if kind is None:
        raise Invalid(_("选一个最像的类别"), code="unknown_case_type", field="case_type")
    if not as_seen(text):
        raise WordsMissing(_("写一句分出去办什么"), field="text")
    known = Case.objects.filter(pk=part_id).first()
    if known is not None:
        return _the_same(known, whole, actor, text)
    if whole.parent_id is not None or whole.parts.count() >= MOST_PARTS:
        raise NotApart(field="case_type")
    part = _part(part_id, whole, kind, now)
    Transition.objects.create(
        case=part, position=1, action=Action.REPORT, from_state="", to_state=State.REPORTED, part=Actor.SYSTEM,
        actor=None, clock=Clock.START, happened_at=now,
    )  # fmt: skip
    stepping.note(part, text, by=actor, audience=Audience.INTERNAL, now=now)
    filing.file_locked(part, actor=actor, now=now)
    stepping.take(
        whole, Action.SPLIT, part=Actor.DISPATCHER, actor=actor, now=now, fact=Fact.SPLIT,
        facts={"part": str(part.id), "type": str(kind.id), "node": str(part.node_id)},
    )  # fmt: skip
    return part


def _the_same(known: Case, whole: Case, actor: Person, text: str) -> Case:
    """The part that `actor` split off by this form: a second click, or a retry."""
    said = Note.objects.filter(case=known, author=actor, text=as_seen(text), written_at=known.reported_at)
    if known.parent_id != whole.pk or not said.exists():
        raise SplitAlready
    return known


def _part(part_id: UUID, whole: Case, kind: CaseType, now: datetime) -> Case:
    for _attempt in range(3):
        part = Case(
            id=part_id, code=short_code(), case_type=kind, edition=kind.edition, state=State.REPORTED,
            node=whole.node, placed=whole.placed,
            lng=whole.lng, lat=whole.lat, address=whole.address, reporter=whole.reporter, parent=whole,
            reported_at=now, clock_started_at=now,
        )  # fmt: skip
        timing.set_due(part)
        try:
            with transaction.atomic():
                part.save(force_insert=True)
        except IntegrityError as error:
            # Two random codes may meet; another is as good.
            if "cases_one_case_a_code" not in str(error):
                raise
        else:
            return part
    raise Moved


@transaction.atomic
def send_back(*, part_id: UUID, actor: Person, text: str, now: datetime) -> Case:
    """A part that was found done is not: back to who handled it, under its own clock. Twice is once.

    Whoever disputes need not say which part they mean, and a checker of the whole may see it too: the hub reads it in
    their words. Not once the whole is answered for, when its reporter is asked, or over.
    """
    part = stepping.locked_with_its_matter(part_id)
    policies.may_dispatch(actor, part, now).require()
    if part.state != State.CONFIRMING and stepping.is_repeat(part, Action.SEND_BACK_PART, actor=actor, text=text):
        return part
    if not may_be_sent_back(part):
        raise NotNow
    if not as_seen(text):
        raise WordsMissing(_("写一句还差什么，办的单位看得到"), field="text")
    part.round += 1
    stepping.take(
        part, Action.SEND_BACK_PART, part=Actor.DISPATCHER, actor=actor, now=now, fact=Fact.PART_SENT_BACK,
        words=stepping.Words(text, Audience.INTERNAL),
    )  # fmt: skip
    passing.pass_on_if_nobody_is_there(part, now=now)
    return part


def may_be_sent_back(part: Case) -> bool:
    """Whether it is done and waits with a whole that is in hand itself."""
    if part.parent is None or part.goes_alone or part.state != State.CONFIRMING:
        return False
    return part.parent.state not in (*ANSWERED, *ENDED)


@transaction.atomic
def tie(*, case_id: UUID, other_id: UUID, tie: str, actor: Person, now: datetime) -> CaseTie:
    """Say how two cases belong together; the same twice is once, from whichever of them, and another word replaces the
    first. Nothing moves by it."""
    if tie not in Tie.values or case_id == other_id:
        raise NotTied(field="other")
    both = {id: stepping.locked(id) for id in sorted((case_id, other_id))}
    for case in both.values():
        policies.may_sort(actor, case, now).require()
    known = CaseTie.objects.filter(case__in=both, other__in=both).first()
    if known is not None and known.tie == tie and (known.case_id == case_id or tie != Tie.FOLLOWS):
        return known
    journal.record(
        what=Fact.RELATED, subject=both[case_id].subject, actor_id=actor.id, now=now,
        facts={"other": str(other_id), "tie": tie},
    )  # fmt: skip
    said = known or CaseTie()
    said.case, said.other, said.tie, said.tied_by, said.tied_at = both[case_id], both[other_id], tie, actor, now
    said.save()
    return said


@transaction.atomic
def untie(*, case_id: UUID, other_id: UUID, actor: Person, now: datetime) -> None:
    """Two cases have nothing to do with each other after all; twice is once, from whichever of them."""
    both = {id: stepping.locked(id) for id in sorted({case_id, other_id})}
    for case in both.values():
        policies.may_sort(actor, case, now).require()
    # What came with a case that was merged into this one is read on with it, and ends with it.
    ours = [case_id, *merged.into(both[case_id]).values_list("id", flat=True)]
    said = Q(case__in=ours, other=other_id) | Q(case=other_id, other__in=ours)
    ended, _by_table = CaseTie.objects.filter(said).delete()
    if ended:
        journal.record(
            what=Fact.UNTIED, subject=both[case_id].subject, actor_id=actor.id, now=now, facts={"other": str(other_id)}
        )
