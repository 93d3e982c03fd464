"""One matter, one case: merging what was reported twice."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import stepping
from huipai.cases.models import Case, CasePhoto, Report
from huipai.cases.models.case import ENDED
from huipai.cases.words import Action, Actor, Fact, ReportState
from huipai.kit.verdict import Invalid
from huipai.people.models import Person


class NotIntoThis(Invalid):
    code = "cannot_merge_into"
    default_reason = _("不能并到这一件里")


@transaction.atomic
def merge(*, case_id: UUID, into_id: UUID, actor: Person, now: datetime) -> Case:
    """Make one case of two: reports and photos move to the other, whose clock goes on. Every reporter is asked later.

    The two are locked in the order of their ids, so that two merges cross each other without a deadlock.
    """
    if case_id == into_id:
        raise NotIntoThis(field="into")
    both = {id: stepping.locked(id) for id in sorted((case_id, into_id))}
    case, into = both[case_id], both[into_id]
    policies.may_merge(actor, case, now).require()
    policies.may_merge(actor, into, now).require()
    if into.state in ENDED or into.handler_id in _reporters(case):
        raise NotIntoThis(field="into")
    part = Actor.WORKER if policies.is_worker_of(actor, case, now) else Actor.COORDINATOR
    case.merged_into = into
    stepping.take(case, Action.MERGE, part=part, actor=actor, now=now, fact=Fact.MERGED, facts={"into": str(into.id)})
    Report.objects.filter(case=case).update(case=into, state=ReportState.JOINED)
    CasePhoto.objects.filter(case=case).update(case=into)
    return into


def _reporters(case: Case) -> set[UUID]:
    return set(Report.objects.filter(case=case).values_list("reporter_id", flat=True))
