"""Who could be sent to look: asked by the desk for its list, and by the command for whom it was told."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case as Either
from django.db.models import Exists, F, OuterRef, Q, When

from huipai.cases.models import Case, Check, Report
from huipai.cases.queries import acting
from huipai.grid import queries as grid
from huipai.people.models import Person
from huipai.people.words import Role


def who_could_look(case: Case, at: datetime) -> list[Person]:
    """Workers of the place: who are there, and who stands in for those who are not. Nobody with another part in it."""
    above = [*case.node.ids_above(), case.node_id]
    held = grid.holders(Role.GRID_WORKER, at).attended(at).filter(node__in=above)
    free = held.annotate(who=Either(When(holder_is_away=True, then=F("deputy")), default=F("person"))).exclude(
        _has_a_part(case)
    )
    found = free.select_related("person", "deputy").order_by("person__name", "id")
    return list(dict.fromkeys(one.acting for one in found))


def _has_a_part(case: Case) -> Q:
    """`who` reported the matter, sent that for an elder, spoke for one, was drawn to check it, or took it down."""
    who = OuterRef("who")
    reports = Report.objects.filter(case=case.matter_id)
    return (
        Q(who=case.reporter_id)
        | Q(Exists(reports.filter(reporter_id=who)))
        | Q(Exists(reports.filter(help__helper_id=who)))
        | Q(Exists(Check.objects.filter(case__in=Case.objects.of_one_matter(case).values("pk"), checker_id=who)))
        | Q(Exists(acting.slips_of(case).filter(taken_by_id=who)))
        | Q(Exists(acting.said_for_others(case).filter(actor_id=who)))
    )
