"""Work orders: what a unit is sent, and its steps."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from huipai.cases.models.case import Case
from huipai.cases.order_words import (
    NAMES_ANOTHER,
    Decision,
    ExtensionGround,
    OrderAction,
    OrderState,
    Part,
    RequestKind,
    ReturnGround,
)
from huipai.cases.rules.orders import IN_WORK, LIVE, OVER
from huipai.cases.words import Actor
from huipai.streets.models import TenantKey, TenantManager, TenantModel, TenantQuerySet
from huipai.workdays.words import Unit as TimeUnit

_LIVE = sorted(state.value for state in LIVE)
_IN_WORK = sorted(state.value for state in IN_WORK)
_NAMES_ANOTHER = sorted(ground.value for ground in NAMES_ANOTHER)
_OVER = sorted(state.value for state in OVER)
_WITH_A_HANDLER = [OrderState.SIGNED.value, OrderState.RESPONDED.value, OrderState.DONE.value]


class WorkOrderQuerySet(TenantQuerySet["WorkOrder"]):
    def live(self) -> WorkOrderQuerySet:
        return self.filter(state__in=_LIVE)

    def in_work(self) -> WorkOrderQuerySet:
        """Waiting for the unit to do something."""
        return self.filter(state__in=_IN_WORK)

    def of_who_does_it(self) -> WorkOrderQuerySet:
        """The unit has it, or has said that it is done."""
        return self.filter(Q(state__in=_LIVE) | Q(responded_at__isnull=False))

    def leading(self) -> WorkOrderQuerySet:
        return self.filter(part=Part.LEAD)


WorkOrderManager = TenantManager.from_queryset(WorkOrderQuerySet)


class WorkOrder(TenantModel):
    """A unit is asked to do its part of a case. Its clock begins with the dispatch, and goes on if it comes back."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="orders", db_index=False)
    unit = TenantKey("grid.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    part = models.CharField(max_length=8, choices=Part, default=Part.LEAD)
    state = models.CharField(max_length=12, choices=OrderState, default=OrderState.SENT)
    # Named by a ruling: it cannot be sent back.
    is_ruled = models.BooleanField(default=False)
    # What the hub wrote to the unit; never words of the reporter.
    brief = models.TextField(blank=True)
    sent_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    sent_at = models.DateTimeField()
    # The unit's first order on this case began then; a return and a second order do not wash it.
    clock_started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    due_year = models.PositiveSmallIntegerField(null=True)
    read_at = models.DateTimeField(null=True)
    # Unread until then: hub and lead are told.
    alarm_at = models.DateTimeField(null=True)
    handler = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    signed_at = models.DateTimeField(null=True)
    responded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # Sent back: on which ground, and whose the unit says it is. The hub reads it where it sends the case again.
    return_ground = models.CharField(max_length=40, choices=ReturnGround, blank=True, db_default="", default="")
    named = TenantKey("grid.Unit", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)

    objects: ClassVar[WorkOrderManager[Self]] = WorkOrderManager()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="cases_one_unit_leads", fields=["street", "case"], condition=Q(part=Part.LEAD, state__in=_LIVE)
            ),
            models.UniqueConstraint(
                name="cases_one_live_order_a_unit", fields=["street", "case", "unit"], condition=Q(state__in=_LIVE)
            ),
            models.CheckConstraint(
                name="cases_an_order_over_is_dated",
                condition=Q(state__in=_OVER, ended_at__isnull=False) | Q(state__in=_LIVE, ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="cases_a_ruled_order_is_not_returned",
                condition=Q(is_ruled=False) | ~Q(state=OrderState.RETURNED),
            ),
            models.CheckConstraint(
                name="cases_only_what_came_back_names_another",
                condition=Q(state=OrderState.RETURNED) | Q(return_ground="", named__isnull=True),
            ),
            models.CheckConstraint(
                name="cases_a_return_names_whose_it_is",
                condition=~Q(return_ground__in=_NAMES_ANOTHER) | Q(named__isnull=False) & ~Q(named=F("unit")),
            ),
            models.CheckConstraint(
                name="cases_a_signed_order_has_a_handler",
                condition=~Q(state__in=_WITH_A_HANDLER) | Q(handler__isnull=False, signed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_an_order_is_dated_or_pending", condition=Q(due_at__isnull=True) | Q(due_year__isnull=True)
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                name="cases_orders_in_work",
                fields=["street", "unit", "due_at", "id"],
                condition=Q(state__in=_IN_WORK),
            ),
            models.Index(name="cases_orders_of_a_unit", fields=["street", "unit", "-id"]),
            models.Index(name="cases_orders_of_a_case", fields=["street", "case", "id"]),
            models.Index(
                name="cases_orders_unread",
                fields=["street", "alarm_at"],
                condition=Q(state=OrderState.SENT.value, read_at__isnull=True),
            ),
        ]


class OrderStep(TenantModel):
    """One step of a work order. Rows are only added; the database refuses to change one."""

    order = TenantKey(WorkOrder, on_delete=models.PROTECT, related_name="steps", db_index=False)
    position = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=12, choices=OrderAction)
    from_state = models.CharField(max_length=12, choices=OrderState, blank=True)
    to_state = models.CharField(max_length=12, choices=OrderState)
    part = models.CharField(max_length=16, choices=Actor)
    actor = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    reason = models.CharField(max_length=40, blank=True)
    happened_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_order_step_a_position", fields=["street", "order", "position"]),
        ]


class UnitRequest(TenantModel):
    """A unit asks the hub for more time or to set the case aside; only before the limit, with a ground."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="requests", db_index=False)
    order = TenantKey(WorkOrder, on_delete=models.PROTECT, related_name="requests", db_index=False)
    kind = models.CharField(max_length=12, choices=RequestKind)
    ground = models.CharField(max_length=40, choices=ExtensionGround)
    text = models.TextField(blank=True)
    amount = models.PositiveSmallIntegerField(null=True)
    amount_unit = models.CharField(max_length=16, choices=TimeUnit, blank=True)
    # For a suspension: until when it rests.
    rests_until = models.DateTimeField(null=True)
    asked_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision, blank=True)
    decided_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    decided_at = models.DateTimeField(null=True)
    # Whether the promise to the reporter moved too: not if it was broken already (overdue stays overdue).
    moves_the_promise = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_open_request", fields=["street", "case"], condition=Q(decision="")),
            models.CheckConstraint(
                name="cases_a_decision_is_dated",
                condition=Q(decision="", decided_at__isnull=True) | ~Q(decision="") & Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_a_request_says_how_long",
                condition=Q(kind=RequestKind.EXTENSION, amount__gt=0)
                | Q(kind=RequestKind.SUSPENSION, rests_until__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(name="cases_requests_of_a_case", fields=["street", "case", "asked_at"])]


class FilingCounter(TenantModel):
    """The last sequence number given in the street. One row a street, so that no number is left out or given twice."""

    last = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_filing_counter", fields=["street"]),
        ]
