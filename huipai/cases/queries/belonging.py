"""What belongs together with a case, and which of it somebody may open. What they may not open they do not read of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from huipai.cases import queries
from huipai.cases.models import Case, CaseTie, WorkOrder
from huipai.cases.order_words import Bond, Tie
from huipai.cases.queries import merged, orders, shown
from huipai.people.models import Person


@dataclass(frozen=True)
class Belonging:
    """Another case, and how it belongs to the one that is looked at."""

    bond: Bond
    case: Case


# The tie as it reads from the case that was named second.
_BACK = {Tie.FOLLOWS: Bond.CAUSES}


def of(case: Case, came: Collection[Case]) -> list[Belonging]:
    """The whole that it was split from, its parts, what was tied to it, what it and others were merged into.

    `came` are the cases that were merged into it whose ties are read on with it; its own say it better.
    """
    bonds = {**_tied_to({one.id for one in came}), **_tied_to({case.id})}
    bonds.pop(case.id, None)
    if case.parent_id is not None:
        bonds[case.parent_id] = Bond.WHOLE
    if case.merged_into_id is not None:
        bonds[case.merged_into_id] = Bond.INTO
    found = Case.objects.filter(Q(parent=case) | Q(merged_into=case) | Q(pk__in=list(bonds))).select_related(
        "case_type"
    )
    told = [Belonging(_bond(one, case, bonds), one) for one in found.order_by("reported_at", "id")]
    return sorted(told, key=lambda one: _ORDER.index(one.bond))


def matter_of(case_id: UUID) -> list[str]:
    """The subjects of what a case goes on with: the whole that it is a part of, and what was merged into either."""
    whole = Case.objects.filter(pk=case_id).values_list("parent", flat=True).first()
    ids = [case_id, whole] if whole else [case_id]
    came = Case.objects.filter(merged_into__in=ids).values_list("id", flat=True)
    return [f"case:{id}" for id in (*ids[1:], *came)]


def _tied_to(ids: Collection[UUID]) -> dict[UUID, Bond]:
    """How others belong to these cases, by what somebody said of them."""
    bonds: dict[UUID, Bond] = {}
    tied = CaseTie.objects.filter(Q(case__in=ids) | Q(other__in=ids)).order_by("tied_at", "id") if ids else ()
    for tie in tied:
        is_first = tie.case_id in ids
        bonds[tie.other_id if is_first else tie.case_id] = (
            Bond(tie.tie) if is_first else _BACK.get(Tie(tie.tie), Bond(tie.tie))
        )
    return bonds


def _bond(one: Case, case: Case, bonds: Mapping[UUID, Bond]) -> Bond:
    if one.parent_id == case.id:
        return Bond.PART
    return Bond.MERGED if one.merged_into_id == case.id else bonds[one.id]


_ORDER = tuple(Bond)


def seen_by_staff(found: Collection[Belonging], person: Person, at: datetime) -> set[UUID]:
    """Those whose page this person may open."""
    ids = [one.case.id for one in found]
    return set(queries.visible_to(person, at).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def reported_by(found: Collection[Belonging], person: Person) -> set[UUID]:
    """Those that this person reported."""
    ids = [one.case.id for one in found]
    return set(queries.reported_cases(person).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()


def public_ones(case_ids: Collection[UUID]) -> list[shown.Row]:
    """Those that everybody may open, as everybody sees them."""
    return shown.by_ids(list(case_ids)) if case_ids else []


def had_by_unit(case: Case, person: Person, at: datetime) -> list[Case]:
    """Those of the cases merged into this one on which a unit of this person has an order."""
    theirs = orders.orders_seen_by(person, at).filter(case__merged_into=case)
    return list(merged.into(case).filter(pk__in=theirs.values("case")))


def orders_among(found: Collection[Belonging], person: Person, at: datetime) -> dict[UUID, WorkOrder]:
    """The latest order that a unit of this person has on each; of the others nothing."""
    ids = [one.case.id for one in found]
    theirs = orders.orders_seen_by(person, at).filter(case__in=ids).select_related("case").order_by("sent_at", "id")
    return {order.case_id: order for order in theirs} if ids else {}
