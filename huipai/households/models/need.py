"""What a household asks help for, and what became of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from huipai.grid.models import GridNode
from huipai.households.words import NeedKind, NeedState
from huipai.people.models import Consent, Person
from huipai.streets.models import TenantKey, TenantModel

_OVER = (NeedState.MET, NeedState.UNMET, NeedState.WITHDRAWN)


class Need(TenantModel):
    """A wish of the household with its consent (L1, L12); read by the household, its contacts and the coordinator."""

    household = TenantKey(GridNode, on_delete=models.PROTECT, related_name="+", db_index=False)
    raised_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    consent = TenantKey(Consent, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=12, choices=NeedKind)
    text = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=NeedState, default=NeedState.OPEN)
    taken_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    raised_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="households_a_need_in_hand_is_somebodys",
                condition=~Q(state=NeedState.TAKEN) | Q(taken_by__isnull=False),
            ),
            models.CheckConstraint(
                name="households_a_need_that_is_over_is_dated",
                condition=Q(state__in=_OVER, closed_at__isnull=False) | ~Q(state__in=_OVER) & Q(closed_at=None),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="households_needs_of_a_home", fields=["street", "household", "-id"]),
            models.Index(name="households_open_needs", fields=["street", "raised_at"], condition=~Q(state__in=_OVER)),
        ]


class NeedStep(TenantModel):
    """One step of a need. Append-only; the words on it can be erased with the need's text."""

    need = TenantKey(Need, on_delete=models.PROTECT, related_name="steps", db_index=False)
    position = models.PositiveSmallIntegerField()
    from_state = models.CharField(max_length=10, choices=NeedState, blank=True)
    to_state = models.CharField(max_length=10, choices=NeedState)
    actor = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    happened_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="households_one_need_step_a_position", fields=["street", "need", "position"]),
        ]
