"""A reporter takes back what they reported, while nobody has begun on it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies, queries
from huipai.cases.commands import confirming, stepping
from huipai.cases.commands.correcting import Begun
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, Confirmation, Report
from huipai.cases.queries import joint
from huipai.cases.rules import machine
from huipai.cases.rules.machine import NotNow
from huipai.cases.words import (
    Action,
    Actor,
    Answer,
    ReportState,
    State,
)
from huipai.journal import commands as journal
from huipai.kit.verdict import Moved, NotAllowed, NotVisible
from huipai.people.models import Person


class SeenTogether(Moved):
    """Several units were there together: what came of it is told to whoever reported it."""

    code = "seen_together"
    default_reason = _("几家单位已经一起到现场看过了，撤不回来了；结果会写在这件事的进展里")


class MergedMeanwhile(Moved):
    """What they looked at was a case of its own: what is theirs of the one that goes on they take back on its page."""

    code = "merged_meanwhile"
    default_reason = _("这一件和另一件合在一起办了。要撤回您的那一份，到那一件上撤回")


@transaction.atomic
def withdraw(*, case_id: UUID, actor: Person, now: datetime) -> None:
    """Take back one's own report while nobody has begun on it, by themselves or together."""
    case = stepping.locked(case_id)
    if case.state == State.VOIDED and stepping.is_repeat(case, Action.WITHDRAW, actor=actor, text=""):
        return
    mine = Report.objects.filter(case=case, reporter=actor, state__in=(ReportState.RECEIVED, ReportState.JOINED))
    if not mine.exists():
        raise MergedMeanwhile if case.merged_into_id and policies.is_reporter_of(actor, case) else NotVisible
    if not mine.filter(state=ReportState.RECEIVED).exists():
        _leave(case, mine, actor, now)
        return
    if policies.others_wait(actor, case):
        raise NotAllowed(_("别人也报了这一件，它会继续办"), code="others_wait_too")
    if machine.allows(case.state, Action.WITHDRAW):
        if joint.was_there(case):
            raise SeenTogether
        if queries.was_taken_on(case):
            raise Begun(_("已经有人办起来了，撤不回来了；结果会写在这件事的进展里"))
    stepping.take(case, Action.WITHDRAW, part=Actor.REPORTER, actor=actor, now=now, fact=Fact.WITHDRAWN)
    mine.update(state=ReportState.WITHDRAWN)


def _leave(case: Case, mine: QuerySet[Report], actor: Person, now: datetime) -> None:
    """Who only joined takes back their part: the case goes on without asking them."""
    if case.ended_at is not None:
        raise NotNow
    reports = [str(id) for id in mine.values_list("id", flat=True)]
    Confirmation.objects.filter(report__in=mine, answer="").update(answer=Answer.DROPPED, answered_at=now)
    mine.update(state=ReportState.WITHDRAWN)
    journal.record(what=Fact.LEFT, subject=case.subject, actor_id=actor.id, now=now, facts={"reports": reports})
    confirming.close_if_nobody_is_left(case, now=now)
