"""The stages that are marked: 到现场 once a case or order, 答复居民 once a case, by the clock that runs anyway."""

from __future__ import annotations

from datetime import datetime

from huipai.cases.commands import timing
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, StageMark, WorkOrder
from huipai.cases.order_words import Stage
from huipai.cases.queries import orders
from huipai.cases.words import Actor
from huipai.journal import commands as journal
from huipai.people.models import Person


def arrived(case: Case, order: WorkOrder | None, *, part: Actor, actor: Person, now: datetime) -> StageMark | None:
    """Who has a locked case in hand is there: the first time counts. Nothing where its type has no such limit."""
    return arrival(case, order) or _mark(case, order, Stage.ARRIVE, part=part, actor=actor, now=now)


def arrival(case: Case, order: WorkOrder | None) -> StageMark | None:
    return StageMark.objects.filter(case=case, order=order, stage=Stage.ARRIVE).first()


def answered(case: Case, *, part: Actor, actor: Person, now: datetime) -> None:
    """Whoever reported a locked case has had a word, beside the steps or with the response: the first one counts."""
    if case.ended_at or StageMark.objects.filter(case=case, stage=Stage.ANSWER).exists():
        return
    _mark(case, orders.lead_of(case), Stage.ANSWER, part=part, actor=actor, now=now)


def _mark(
    case: Case, order: WorkOrder | None, stage: Stage, *, part: Actor, actor: Person, now: datetime
) -> StageMark | None:
    limit = timing.limits_of(case.type_then).get(stage)
    if limit is None:
        return None
    began = timing.began_at(case, order)
    mark = StageMark.objects.create(
        case=case, order=order, stage=stage, part=part, actor=actor, began_at=began, done_at=max(now, began),
        due_at=timing.due_of_stage(case, order, stage, limit, now),
    )  # fmt: skip
    journal.record(
        what=Fact.STAGE_MARKED, subject=case.subject, actor_id=actor.id, now=now,
        facts={"mark": str(mark.id), "stage": stage.value, **({"order": str(order.id)} if order else {})},
    )  # fmt: skip
    return mark
