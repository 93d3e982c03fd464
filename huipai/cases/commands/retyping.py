"""A case under another type, before anybody was sent: what suggests types learns from it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases import policies
from huipai.cases.commands import stepping, timing
from huipai.cases.fact_words import Fact
from huipai.cases.models import Case, CaseType
from huipai.cases.rules import stages
from huipai.cases.words import Action, Audience
from huipai.kit.verdict import Invalid
from huipai.people.models import Person


class SameType(Invalid):
    code = "same_type"
    default_reason = _("选另外一类，它现在就是这一类")


@transaction.atomic
def retype(*, case_id: UUID, case_type: str, actor: Person, text: str, now: datetime) -> Case:
    """Put a case under the type it is of. Its limits are that type's from the same start; what is overdue stays so.

    It is held to, and its reporter thanked by, the edition of that type that was in force when it was reported; by the
    first one where the type is younger than the report. Whoever sorts cannot bring a later rule to an earlier report.
    Back under a type that it was of before, its limits are as if it had never left: a slip makes nothing overdue.
    A type that neighbours do not see takes it from their sight; never the other way, for the reporter was told.
    """
    case = stepping.locked(case_id)
    policies.may_retype(actor, case, now).require()
    kind = CaseType.objects.filter(code=case_type, is_active=True).first()
    if kind is None:
        raise Invalid(_("选一个最像的类别"), code="unknown_case_type", field="case_type")
    if kind.pk == case.case_type_id:
        if stepping.is_repeat(case, Action.RETYPE, actor=actor, text=text):
            return case
        raise SameType(field="case_type")
    before, edition = case.case_type_id, case.edition
    case.case_type = kind
    case.edition = stages.edition_left(timing.retypings_of(case), str(kind.id)) or kind.edition_at(case.reported_at)
    case.is_public = case.is_public and kind.is_public
    stepping.take(
        case, Action.RETYPE, part=policies.part_at_the_desk(actor, case, now), actor=actor, now=now,
        fact=Fact.RETYPED,
        facts={"before": str(before), "edition": edition, "type": str(kind.id), "under": case.edition},
        words=stepping.Words(text, Audience.INTERNAL),
    )  # fmt: skip
    promised = timing.promise_of(case)
    timing.set_due(case)
    timing.keep_dates(case, promised, (), fact=Fact.DATED, now=now)
    return case
