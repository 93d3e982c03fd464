"""Writing an edition of a type: the only place where what a type says is changed."""

from __future__ import annotations

from datetime import datetime

from huipai.cases.fact_words import TypeFact
from huipai.cases.models import CaseType, CaseTypeEdition, StageLimit
from huipai.cases.order_words import Stage
from huipai.cases.rules import types as rules
from huipai.cases.rules.types import Terms
from huipai.grid.models import Unit
from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.people.models import Person

LONGEST_REASON = 200


def add(terms: Terms, *, reason: str, actor: Person, now: datetime) -> CaseType:
    """A new type in its first edition; which item it pays is asked apart."""
    case_type = CaseType(code=terms.code, edition=1)
    _say(case_type, terms)
    case_type.save(force_insert=True)
    _limit(case_type, terms)
    _keep_edition(case_type, terms, reason=reason, by=actor, since=now)
    journal.record(
        what=TypeFact.ADDED,
        subject=case_type.subject,
        actor_id=actor.id,
        now=now,
        facts={"edition": 1, "pays": terms.point_item},
    )
    return case_type


def change(case_type: CaseType, before: Terms, terms: Terms, *, reason: str, actor: Person, now: datetime) -> CaseType:
    """The next edition of a locked type."""
    if not CaseTypeEdition.objects.filter(case_type=case_type, number=case_type.edition).exists():
        # A type that the street was opened with: what it said is written down before it says something else.
        _keep_edition(case_type, before, reason="", by=None, since=None)
    case_type.edition += 1
    _say(case_type, terms)
    case_type.save()
    _limit(case_type, terms)
    _keep_edition(case_type, terms, reason=reason, by=actor, since=now)
    journal.record(
        what=_fact(before, terms), subject=case_type.subject, actor_id=actor.id, now=now,
        facts={
            "edition": case_type.edition,
            "pays": terms.point_item,
            "fields": [difference.field for difference in rules.differences(before, terms)],
        },
    )  # fmt: skip
    return case_type


def _fact(before: Terms, after: Terms) -> TypeFact:
    if before.is_active == after.is_active:
        return TypeFact.CHANGED
    return TypeFact.BROUGHT_BACK if after.is_active else TypeFact.RETIRED


_SAME = (
    "name", "hint", "everyday", "icon", "group", "national_code", "filing_condition", "closing_standard",
    "needs_after_photo", "radius_m", "is_public", "check_share", "point_item", "unit_kind", "max_returns", "position",
    "is_active",
)  # fmt: skip


def _say(case_type: CaseType, terms: Terms) -> None:
    for name in _SAME:
        setattr(case_type, name, getattr(terms, name))
    case_type.limit_amount, case_type.limit_unit = int(terms.handle.amount), terms.handle.unit
    case_type.questions = [question.plain() for question in terms.questions]
    case_type.unit = Unit.objects.get(code=terms.unit, is_active=True) if terms.unit else None


def _limit(case_type: CaseType, terms: Terms) -> None:
    StageLimit.objects.bulk_create(
        StageLimit(case_type=case_type, edition=case_type.edition, stage=stage, amount=int(span.amount), unit=span.unit)
        for stage, span in terms.stages
        if stage != Stage.HANDLE
    )


def _keep_edition(case_type: CaseType, terms: Terms, *, reason: str, by: Person | None, since: datetime | None) -> None:
    CaseTypeEdition.objects.create(
        case_type=case_type, number=case_type.edition, content=terms.plain(), since=since, by=by,
        reason=as_seen(reason)[:LONGEST_REASON],
    )  # fmt: skip
