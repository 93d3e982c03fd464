"""Keeping the kinds of cases: added, changed, retired. What runs already keeps the edition under which it came in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.fact_words import TypeFact
from huipai.cases.models import CaseType, CaseTypeEdition, StageLimit, TypeSheet
from huipai.cases.order_words import Stage
from huipai.cases.policies import entering
from huipai.cases.queries import types as read
from huipai.cases.rules import types as rules
from huipai.cases.rules.types import Terms
from huipai.grid.models import Unit
from huipai.journal import commands as journal
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person

LONGEST_REASON = 200


class TypeFault(Invalid):
    code = "type_fault"
    default_reason = _("有一处要改一下")


class CodeTaken(Invalid):
    code = "type_code_taken"
    default_reason = _("这个编码已经有了，换一个，或者去改那一类")


class WhyMissing(Invalid):
    code = "type_reason_missing"
    default_reason = _("写一句为什么改，以后的人看得懂")


class TypesMoved(Moved):
    """Somebody else has changed a type since it was shown."""

    code = "types_moved"
    default_reason = _("别人刚改过，下面是现在的样子，再看一遍")


@transaction.atomic
def add(*, terms: Terms, reason: str, actor: Person, now: datetime) -> CaseType:
    """A new kind of case, in use from now on; the same again answers with what there is."""
    _begin(actor, terms, reason, now)
    there = CaseType.objects.filter(code=terms.code).first()
    if there is not None:
        if read.terms_of(there) == terms:
            return there
        raise CodeTaken(field="code")
    try:
        with transaction.atomic():
            return _add(terms, reason, actor, now)
    except IntegrityError as error:
        if "cases_one_type_a_code" not in str(error):
            raise
        raise CodeTaken(field="code") from error


@transaction.atomic
def change(*, terms: Terms, seen: int, reason: str, actor: Person, now: datetime) -> CaseType:
    """Another edition of a type, for what comes in from now on; `seen` is the edition that its author read.

    Refused when somebody changed it meanwhile. What says the same as now changes nothing.
    """
    _begin(actor, terms, reason, now)
    case_type = _locked(terms.code)
    before = read.terms_of(case_type)
    if before == terms:
        return case_type
    if case_type.edition != seen:
        raise TypesMoved
    return _change(case_type, before, terms, reason, actor, now)


@transaction.atomic
def keep_sheet(*, wanted: Mapping[str, Terms], file_name: str, actor: Person, now: datetime) -> TypeSheet:
    """Keep what a checked workbook says, against the types as they stand."""
    entering.may_keep_types(actor, now).require()
    return TypeSheet.objects.create(
        file_name=file_name[:200], wanted={code: terms.plain() for code, terms in wanted.items()},
        before={code: terms.plain() for code, terms in read.book().items()}, uploaded_by=actor, uploaded_at=now,
    )  # fmt: skip


@transaction.atomic
def apply_sheet(*, sheet_id: UUID, actor: Person, now: datetime) -> TypeSheet:
    """Put in force what a workbook says of the types in it, all or nothing; types that it leaves out stay as they are.

    A second time it gives back what was done the first. Refused when a type has changed since it was shown.
    """
    entering.may_keep_types(actor, now).require()
    sheet = TypeSheet.objects.select_for_update(of=("self",)).filter(pk=sheet_id).first()
    if sheet is None:
        raise NotVisible
    if sheet.applied_at is not None:
        return sheet
    there = {one.code: one for one in CaseType.objects.select_for_update(of=("self",)).order_by("code")}
    if {code: terms.plain() for code, terms in read.book().items()} != sheet.before:
        raise TypesMoved
    reason = str(_("工作表 %(name)s") % {"name": sheet.file_name})[:LONGEST_REASON]
    changed = []
    for code, plain in sorted(sheet.wanted.items()):
        terms = Terms.of(plain)
        _require_right(terms, now)
        if code not in there:
            changed.append(_add(terms, reason, actor, now))
        elif (before := Terms.of(sheet.before[code])) != terms:
            changed.append(_change(there[code], before, terms, reason, actor, now))
    sheet.wanted, sheet.applied_at = {}, now
    sheet.save(update_fields=["wanted", "applied_at"])
    journal.record(
        what=TypeFact.IMPORTED, subject=f"type_sheet:{sheet.id}", actor_id=actor.id, now=now,
        facts={"types": [str(one.id) for one in changed]},
    )  # fmt: skip
    return sheet


def _begin(actor: Person, terms: Terms, reason: str, now: datetime) -> None:
    entering.may_keep_types(actor, now).require()
    _require_right(terms, now)
    if not reason.strip():
        raise WhyMissing(field="reason")


def _require_right(terms: Terms, now: datetime) -> None:
    found = rules.faults(terms, units=read.units_in_service(), items=frozenset(read.items_at(now)))
    if found:
        raise TypeFault(found[0].reason, field=found[0].field)


def _locked(code: str) -> CaseType:
    case_type = CaseType.objects.select_for_update(of=("self",)).select_related("unit").filter(code=code).first()
    if case_type is None:
        raise NotVisible
    return case_type


def _add(terms: Terms, reason: str, actor: Person, now: datetime) -> CaseType:
    case_type = CaseType(code=terms.code, edition=1)
    _say(case_type, terms)
    case_type.save(force_insert=True)
    _limit(case_type, terms)
    _keep_edition(case_type, terms, reason=reason, by=actor, since=now)
    journal.record(what=TypeFact.ADDED, subject=case_type.subject, actor_id=actor.id, now=now, facts={"edition": 1})
    return case_type


def _change(case_type: CaseType, before: Terms, terms: Terms, reason: str, actor: Person, now: datetime) -> CaseType:
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
            "fields": [difference.field for difference in rules.differences(before, terms)],
        },
    )  # fmt: skip
    return case_type


def _fact(before: Terms, after: Terms) -> TypeFact:
    if before.is_active == after.is_active:
        return TypeFact.CHANGED
    return TypeFact.BROUGHT_BACK if after.is_active else TypeFact.RETIRED


_SAME = (
    "name", "hint", "icon", "group", "national_code", "filing_condition", "closing_standard", "needs_after_photo",
    "radius_m", "is_public", "check_share", "point_item", "unit_kind", "max_returns", "position", "is_active",
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
        reason=reason.strip()[:LONGEST_REASON],
    )  # fmt: skip
