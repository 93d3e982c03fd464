"""Keeping the kinds of cases: added, changed, retired. What runs already keeps the edition under which it came in.

Which item a kind pays is asked here and agreed to by another (`paying`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from huipai.cases.commands import editing, paying
from huipai.cases.commands.editing import LONGEST_REASON
from huipai.cases.fact_words import TypeFact
from huipai.cases.models import CaseType, TypeSheet
from huipai.cases.policies import entering
from huipai.cases.queries import types as read
from huipai.cases.rules import types as rules
from huipai.cases.rules.types import Taken, Terms
from huipai.journal import commands as journal
from huipai.kit.lines import as_seen
from huipai.kit.verdict import Invalid, Moved, NotVisible
from huipai.people.models import Person


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
        with _each_its_own(), transaction.atomic():
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
    with _each_its_own(), transaction.atomic():
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
    sheet = TypeSheet.objects.select_for_update(of=("self",), no_key=True).filter(pk=sheet_id).first()
    if sheet is None:
        raise NotVisible
    if sheet.applied_at is not None:
        return sheet
    there = {one.code: one for one in CaseType.objects.select_for_update(of=("self",), no_key=True).order_by("code")}
    if {code: terms.plain() for code, terms in read.book().items()} != sheet.before:
        raise TypesMoved
    changed = _put_in_force(sheet, there, actor, now)
    sheet.wanted, sheet.applied_at = {}, now
    sheet.save(update_fields=["wanted", "applied_at"])
    journal.record(
        what=TypeFact.IMPORTED, subject=f"type_sheet:{sheet.id}", actor_id=actor.id, now=now,
        facts={"types": [str(one.id) for one in changed]},
    )  # fmt: skip
    return sheet


def _put_in_force(sheet: TypeSheet, there: Mapping[str, CaseType], actor: Person, now: datetime) -> list[CaseType]:
    """What a workbook says of each type in it; those that say the same stay as they are."""
    reason = str(_("工作表 %(name)s") % {"name": sheet.file_name})[:LONGEST_REASON]
    changed = []
    taken = read.taken(but=sheet.wanted)
    # Two types may exchange a name or a code in one workbook: out of use none of them holds what another is given.
    CaseType.objects.filter(code__in=sheet.wanted).update(is_active=False)
    for code, terms in ((code, Terms.of(plain)) for code, plain in sorted(sheet.wanted.items())):
        _require_right(terms, taken, now)
        taken.keep(terms)
        if code not in there:
            changed.append(_add(terms, reason, actor, now))
        elif (before := Terms.of(sheet.before[code])) != terms:
            changed.append(_change(there[code], before, terms, reason, actor, now))
        # Also of what stays as it is, and of what only asks that another item be paid.
        CaseType.objects.filter(code=code).update(is_active=terms.is_active)
    return changed


def _begin(actor: Person, terms: Terms, reason: str, now: datetime) -> None:
    entering.may_keep_types(actor, now).require()
    _require_right(terms, read.taken(), now)
    if not as_seen(reason):
        raise WhyMissing(field="reason")


@contextmanager
def _each_its_own() -> Iterator[None]:
    """Two changes at once that want one name or national code: the later is told as if it had come later."""
    try:
        yield
    except IntegrityError as error:
        if not any(name in str(error) for name in ("cases_one_type_a_name", "cases_one_type_a_national_code")):
            raise
        raise TypesMoved from error


def _require_right(terms: Terms, taken: Taken, now: datetime) -> None:
    found = rules.faults(terms, units=read.units_in_service(), items=frozenset(read.items_at(now)), taken=taken)
    if found:
        raise TypeFault(found[0].reason, field=found[0].field)


def _locked(code: str) -> CaseType:
    case_type = (
        CaseType.objects.select_for_update(of=("self",), no_key=True).select_related("unit").filter(code=code).first()
    )
    if case_type is None:
        raise NotVisible
    return case_type


def _add(terms: Terms, reason: str, actor: Person, now: datetime) -> CaseType:
    case_type = editing.add(replace(terms, point_item=""), reason=reason, actor=actor, now=now)
    paying.ask(case_type, terms.point_item, reason=reason, actor=actor, now=now)
    return case_type


def _change(case_type: CaseType, before: Terms, terms: Terms, reason: str, actor: Person, now: datetime) -> CaseType:
    """Everything but what it pays, which waits for another."""
    paying.ask(case_type, terms.point_item, reason=reason, actor=actor, now=now)
    same_pay = replace(terms, point_item=before.point_item)
    if same_pay == before:
        return case_type
    return editing.change(case_type, before, same_pay, reason=reason, actor=actor, now=now)
