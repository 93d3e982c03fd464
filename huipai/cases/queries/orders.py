"""Reading work orders. A unit's people see their unit's orders and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, Func, OuterRef, Prefetch, Q, QuerySet

from huipai.cases.models import (
    Case,
    CasePhoto,
    OrderStep,
    Question,
    Report,
    ReportHelp,
    Transition,
    UnitRequest,
    WorkOrder,
)
from huipai.cases.models.order import WorkOrderQuerySet
from huipai.cases.order_words import DAYS_TO_READ_UNDATED, OrderAction, OrderState
from huipai.cases.queries import said
from huipai.cases.words import Action
from huipai.grid import queries as grid
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person

# The shelves of a unit's list, by their word in the address.
TO_DO, WAITING, OVER = "", "waiting", "over"
_SHELVES: dict[str, tuple[OrderState, ...]] = {
    TO_DO: (OrderState.SENT, OrderState.SIGNED),
    WAITING: (OrderState.RESPONDED,),
    OVER: (OrderState.DONE, OrderState.RETURNED, OrderState.RECALLED),
}


def orders_seen_by(person: Person, at: datetime) -> WorkOrderQuerySet:
    """The orders of the units for which a person acts."""
    return WorkOrder.objects.filter(unit__in=grid.units_of(person, at))


def shelf(person: Person, name: str, at: datetime) -> WorkOrderQuerySet:
    """One shelf of a unit's list: what is to be done by its limit, what is over with the latest first."""
    found = (
        orders_seen_by(person, at)
        .filter(state__in=_SHELVES.get(name, _SHELVES[TO_DO]))
        .select_related("case", "case__case_type", "case__node", "case__parent", "case__reporter", "unit")
        .prefetch_related(
            *reports_along("case"),
            Prefetch(
                "case__photos",
                queryset=CasePhoto.objects.select_related("photo", "report").order_by("moment", "position"),
            ),
        )
    )
    return (
        found.order_by("-ended_at", "-id") if name == OVER else found.order_by(F("due_at").asc(nulls_last=True), "id")
    )


def count_to_do(person: Person, at: datetime) -> int:
    return orders_seen_by(person, at).in_work().count()


def unread_too_long(at: datetime) -> WorkOrderQuerySet:
    """Orders that nobody has read in time: by the calendar or, while it is not announced, by days; each once."""
    undated = Q(alarm_at=None, sent_at__lte=at - timedelta(days=DAYS_TO_READ_UNDATED))
    unread = WorkOrder.objects.filter(Q(alarm_at__lte=at) | undated, state=OrderState.SENT, read_at=None)
    return unread.exclude(Exists(OrderStep.objects.filter(order=OuterRef("pk"), action=OrderAction.ALARM)))


def lead_of(case: Case) -> WorkOrder | None:
    """The order of the unit that has the case, or had it when it ended; none where it lies in the grid."""
    if case.unit_id is None:
        return None
    return WorkOrder.objects.leading().filter(case=case, unit=case.unit_id).order_by("-sent_at", "-id").first()


def order_for(person: Person, order_id: UUID, at: datetime) -> WorkOrder:
    """An order of one's own unit; otherwise it does not exist."""
    seen = orders_seen_by(person, at).select_related("case", "case__case_type", "case__node", "case__unit", "unit")
    order = seen.filter(pk=order_id).first()
    if order is None:
        raise NotVisible
    return order


def names_to_hide(case: Case) -> list[str]:
    """The names of everybody who reported it or helped to; of a row of `shelf` without asking again.

    With the numbers by which they sign in, where they are asked for: a row strikes out every number anyway.
    """
    fetched = getattr(case, "_prefetched_objects_cache", {}).get("reports")
    if fetched is None:
        return said.by_reporters(case).names
    reported = [*fetched, *(case.parent.reports.all() if case.parent is not None else ())]
    names = [name for report in reported for name in report.reporter.every_name]
    helpers = [name for report in reported for name in getattr(report, "helped_by", ())]
    # From what was merged away the reports went along; its first reporter stays.
    own = [] if case.reporter_id in {report.reporter_id for report in reported} else case.reporter.every_name
    return list(dict.fromkeys([*names, *helpers, *own]))


def reports_along(to_case: str) -> list[Prefetch[str]]:
    """What `names_to_hide` asks of a row: its reports, and of a part those of its whole, its first report first.

    Of the parts among the rows the wholes are asked for in one go; where none is a part, nothing more is asked.
    """
    told = with_helpers(Report.objects.select_related("reporter")).order_by("received_at", "id")
    before = f"{to_case}__" if to_case else ""
    return [Prefetch(f"{before}{reports}", queryset=told) for reports in ("reports", "parent__reports")]


def with_helpers(reports: QuerySet[Report]) -> QuerySet[Report]:
    """Each says who sent it or spoke for its reporter, as `helped_by`."""
    helpers = (
        ReportHelp.objects.filter(report=OuterRef("pk"))
        .order_by("id")
        .values(name=Func(said.called("helper"), function="unnest"))
    )
    return reports.annotate(helped_by=ArraySubquery(helpers))


# What a unit reads of a case besides its own steps.
_OF_THE_CASE = (
    Action.FAIL_CHECK, Action.DISPUTE, Action.SKIP_CHECK, Action.PASS_CHECK, Action.CONFIRM, Action.CLOSE_UNANSWERED,
    Action.URGE, Action.SUPERVISE, Action.ASK, Action.ANSWER, Action.LAPSE_QUESTION,
    Action.TAKE_BACK_QUESTION, Action.SEND_BACK_PART,
)  # fmt: skip


def steps_for_unit(order: WorkOrder) -> QuerySet[Transition]:
    """The steps of the case that concern this unit, from its order on, oldest first."""
    theirs = Q(unit=order.unit_id) | Q(action__in=_OF_THE_CASE)
    steps = Transition.objects.filter(theirs, case=order.case_id, happened_at__gte=order.sent_at)
    if order.ended_at is not None:
        steps = steps.filter(happened_at__lte=order.ended_at)
    return steps.prefetch_related("notes").order_by("position")


def questions_of(case: Case) -> list[Question]:
    """What was asked, oldest first."""
    return list(Question.objects.filter(case=case).order_by("asked_at", "id"))


def open_question(case: Case) -> Question | None:
    return Question.objects.filter(case=case, closed_at=None).first()


def open_request(case: Case) -> UnitRequest | None:
    return UnitRequest.objects.select_related("order", "order__unit").filter(case=case, decision="").first()
