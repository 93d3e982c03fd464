"""Who has which part in a matter: a case, its whole, its parts and what was merged into them are one.

Nobody may be two of reporter, handler and checker of it. Drawing, handling, joining, merging, confirming for an elder
and showing who reported all ask here; of one person `policies` has the same as `has_reported` and `has_checked`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Model, QuerySet, Value

from huipai.cases.models import Case, Check, Report, Response, UnitCall, WorkOrder
from huipai.streets.models import TenantModel


@dataclass(frozen=True)
class Involved:
    """Who reported a matter, sent that for an elder or spoke for one; who handled it or came for it; who was drawn.

    And what was split off. Each is named as in the rows that `in_cases` reads.
    """

    reporters: set[UUID] = field(default_factory=set)
    handlers: set[UUID] = field(default_factory=set)
    checkers: set[UUID] = field(default_factory=set)
    parts: set[UUID] = field(default_factory=set)


# Where it is written: the model, how it leads to the case, and who.
_WRITTEN: dict[str, tuple[tuple[type[TenantModel], str, str], ...]] = {
    "reporters": ((Case, "pk", "reporter_id"), (Report, "case", "reporter_id"), (Report, "case", "help__helper_id")),
    "handlers": (
        (Case, "pk", "handler_id"),
        (Response, "case", "handler_id"),
        (WorkOrder, "case", "handler_id"),
        (UnitCall, "task__cases__case", "envoy_id"),
    ),
    "checkers": ((Check, "case", "checker_id"),),
}  # fmt: skip


def in_cases(cases: Collection[Case]) -> dict[UUID, Involved]:
    """Of the matter of each of these cases; the database is asked once, however many they are."""
    of_matter = {case.matter_id: Involved() for case in cases}
    root_of = {case.id: case.matter_id for case in cases}
    rows = list(_rows(cases))
    root_of |= {id: root for root, id, which in rows if which in ("parts", "merged")}
    for case_id, who, which in rows:
        if which != "merged":
            getattr(of_matter[root_of.get(case_id, case_id)], which).add(who)
    return {case.id: of_matter[case.matter_id] for case in cases}


def _rows(cases: Collection[Case]) -> QuerySet[Model, tuple[UUID, UUID, str]]:
    """A case of these matters, somebody of it, and which of the sets they are of; the parts, and what was merged."""
    matter = Case.objects.of_one_matter(*cases)
    roots = [case.matter_id for case in cases]
    belonging = (
        Case.objects.filter(**{f"{to_root}__in": roots}).values_list(f"{to_root}_id", "pk", Value(which))
        for to_root, which in (("parent", "parts"), ("merged_into", "merged"))
    )
    first, *others = (rows for which in _WRITTEN for rows in _written(which, matter))
    return first.union(*others, *belonging)


def _written(which: str, matter: QuerySet[Case]) -> Iterator[QuerySet[Model, tuple[UUID, UUID, str]]]:
    for model, to_case, who in _WRITTEN[which]:
        found = model._default_manager.filter(**{f"{to_case}__in": matter.values("pk"), f"{who}__isnull": False})
        yield found.values_list(to_case, who, Value(which))


def _of_one(case: Case, which: str) -> set[UUID]:
    first, *others = _written(which, Case.objects.of_one_matter(case))
    return {who for _case, who, _which in first.union(*others)}


def reporters_of(case: Case) -> set[UUID]:
    """Whose reports the matter has, and who sent one for an elder or spoke for one."""
    return {case.reporter_id, *_of_one(case, "reporters")}


def handlers_of(case: Case) -> set[UUID]:
    """Everybody who has handled the matter, by themselves or for a unit; also who came when it was whistled."""
    return _of_one(case, "handlers") | ({case.handler_id} if case.handler_id else set())


def checkers_of(case: Case) -> set[UUID]:
    """Everybody who was drawn to check something of the matter, in whatever round."""
    return _of_one(case, "checkers")


def in_the_hands_of(case: Case) -> set[UUID]:
    """Who has handled the matter, and in whose hands something of it lies now."""
    held = Case.objects.of_one_matter(case).filter(worker__isnull=False).values_list("worker_id", flat=True)
    return handlers_of(case) | {id for id in (case.worker_id, *held) if id is not None}


def would_mix(one: Involved, other: Involved) -> bool:
    """Whether somebody would be two of the three if these became one matter."""
    return any(
        here.reporters & (there.handlers | there.checkers) or here.handlers & there.checkers
        for here, there in ((one, other), (other, one))
    )
