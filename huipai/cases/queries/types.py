"""Types of cases as a street has set them up, their editions, and what reporters answered besides."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from huipai.cases.models import Case, CaseType, CaseTypeEdition, ReportAnswers, StageLimit, TypePayment
from huipai.cases.order_words import Stage
from huipai.cases.rules.types import Difference, Question, Taken, Terms, differences
from huipai.cases.type_words import QuestionKind
from huipai.grid.models import Unit
from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.rulebook import queries as rulebook
from huipai.rulebook.models import PointItem
from huipai.workdays.words import Span
from huipai.workdays.words import Unit as TimeUnit


def found(words: str = "", *, retired: bool = False) -> QuerySet[CaseType]:
    """Types in their order; those taken out of use on their own."""
    rows = CaseType.objects.select_related("unit").filter(is_active=not retired).order_by("position", "code")
    words = words.strip()
    if not words:
        return rows
    return rows.filter(
        Q(code__icontains=words) | Q(name__icontains=words) | Q(hint__icontains=words) | Q(group__icontains=words)
        | Q(national_code__icontains=words) | Q(filing_condition__icontains=words)
    )  # fmt: skip


def terms_of(case_type: CaseType, stages: Sequence[StageLimit] | None = None) -> Terms:
    """What the type says now."""
    rows = stages if stages is not None else StageLimit.objects.filter(case_type=case_type, edition=case_type.edition)
    order = list(Stage)
    limits = sorted(
        ((Stage(row.stage), Span(row.amount, TimeUnit(row.unit))) for row in rows if row.stage != Stage.HANDLE),
        key=lambda one: order.index(one[0]),
    )
    return Terms(
        code=case_type.code, name=case_type.name, hint=case_type.hint, icon=case_type.icon, group=case_type.group,
        everyday=case_type.everyday, national_code=case_type.national_code, filing_condition=case_type.filing_condition,
        closing_standard=case_type.closing_standard,
        handle=Span(case_type.limit_amount, TimeUnit(case_type.limit_unit)), stages=tuple(limits),
        needs_after_photo=case_type.needs_after_photo, radius_m=case_type.radius_m, is_public=case_type.is_public,
        check_share=Decimal(case_type.check_share), point_item=case_type.point_item,
        unit=case_type.unit.code if case_type.unit else "", unit_kind=case_type.unit_kind,
        max_returns=case_type.max_returns, position=case_type.position, is_active=case_type.is_active,
        questions=tuple(Question.of(one) for one in case_type.questions),
    )  # fmt: skip


@dataclass(frozen=True)
class Asking:
    """How an edition of a type stood on a form."""

    questions: tuple[Question, ...]
    is_in_use: bool
    # Whether the form said that neighbours see it.
    is_public: bool


def asking(type_id: UUID, number: int) -> Asking | None:
    """What a form said by an edition of a type; None where there never was one."""
    editions = CaseTypeEdition.objects.filter(case_type=type_id, number=number)
    then = editions.values_list("content__questions", "content__is_active", "content__is_public").first()
    # A type that was never changed has its only edition in itself.
    of_now = CaseType.objects.filter(pk=type_id, edition=number)
    found = of_now.values_list("questions", "is_active", "is_public").first() or then
    if found is None:
        return None
    questions, is_in_use, is_public = found
    return Asking(tuple(Question.of(one) for one in questions or ()), is_in_use, is_public)


def book() -> dict[str, Terms]:
    """Every type by its code, in their order."""
    types = list(CaseType.objects.select_related("unit").order_by("position", "code"))
    stages: dict[object, list[StageLimit]] = {}
    for row in StageLimit.objects.all():
        stages.setdefault((row.case_type_id, row.edition), []).append(row)
    return {one.code: terms_of(one, stages.get((one.id, one.edition), [])) for one in types}


def units_in_service() -> dict[str, str]:
    return dict(Unit.objects.filter(is_active=True).order_by("code").values_list("code", "name"))


def taken(*, but: Collection[str] = ()) -> Taken:
    """The names and national codes of types in use, leaving out the types with these codes."""
    return Taken.by(terms for code, terms in book().items() if code not in but)


def items_at(at: datetime) -> dict[str, str]:
    """The point items in force, by which a verified report can be thanked: code → title.

    Only those that the system records by itself: what has to be claimed and reviewed is paid by no case type.
    """
    version = rulebook.in_force(at)
    if version is None:
        return {}
    items = PointItem.objects.admitted(local_date(at)).filter(version=version).order_by("code")
    return {item.code: item.title for item in items if item.is_recorded_by_itself}


@dataclass(frozen=True)
class Edition:
    """One edition as the history tells it."""

    number: int
    since: datetime | None
    by: str
    reason: str
    changes: list[Difference]


def history(case_type: CaseType) -> list[Edition]:
    """Every edition, the newest first, each with what it changed."""
    rows = list(CaseTypeEdition.objects.filter(case_type=case_type).select_related("by").order_by("number"))
    told: list[Edition] = []
    before: Terms | None = None
    for row in rows:
        terms = Terms.of(row.content)
        changes = differences(before, terms) if before else list[Difference]()
        told.append(Edition(row.number, row.since, row.by.name if row.by else "", row.reason, changes))
        before = terms
    return told[::-1]


def payments_of(case_type: CaseType) -> list[TypePayment]:
    """What was asked that this type pay, the newest first; what waits is among them."""
    found = TypePayment.objects.filter(case_type=case_type).select_related("proposed_by", "decided_by")
    return list(found.order_by("-proposed_at", "-id")[:5])


def open_cases(case_type: CaseType) -> dict[int, int]:
    """How many open cases run under which edition."""
    counted: dict[int, int] = {}
    for edition in Case.objects.filter(case_type=case_type, ended_at=None).values_list("edition", flat=True)[:10_000]:
        counted[edition] = counted.get(edition, 0) + 1
    return counted


@dataclass(frozen=True)
class Answered:
    """A question as it was asked then, and what was answered."""

    label: str
    words: str


def answers_of(case: Case) -> list[Answered]:
    """What the reporters of a case answered besides; for whoever may see the case."""
    return _all_of(ReportAnswers.objects.filter(report__case=case))


def answers_until(case: Case, end: datetime | None) -> list[Answered]:
    """The same of what had come by a time, if one is named."""
    found = ReportAnswers.objects.filter(report__case=case)
    if end is not None:
        found = found.alias(came_at=Coalesce("report__came_along_at", "report__received_at")).filter(came_at__lte=end)
    return _all_of(found)


def answers_by(reporter: Person, case: Case) -> list[Answered]:
    """What one reporter answered; another's answers are not for them."""
    return _all_of(ReportAnswers.objects.filter(report__case=case, report__reporter=reporter))


def _all_of(found: QuerySet[ReportAnswers]) -> list[Answered]:
    rows = found.select_related("case_type").order_by("report__received_at")
    return [one for row in rows for one in _told(row)]


def _told(row: ReportAnswers) -> list[Answered]:
    asked = row.case_type.as_of(row.edition).questions
    return [Answered(one["label"], row.answers[one["key"]]) for one in asked if one["key"] in row.answers]


@dataclass(frozen=True)
class Asked:
    """A question on a form."""

    name: str
    label: str
    kind: str
    options: Sequence[str]
    is_required: bool
    value: str


def asked_by(case_type: CaseType, typed: Mapping[str, str]) -> list[Asked]:
    """The questions of a type for a form, with what was typed."""
    questions = [Question.of(one) for one in case_type.questions]
    return [
        Asked(
            f"q-{case_type.code}-{one.key}", one.label, one.kind.value, one.options, one.is_required,
            typed.get(f"q-{case_type.code}-{one.key}", ""),
        )
        for one in questions
        if one.kind in QuestionKind
    ]  # fmt: skip
