"""A person and a household who know each other by name, because both wanted it; and when one came by."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from huipai.grid.models import GridNode
from huipai.households.words import LinkState, Reason, Side, Way
from huipai.people.models import Person
from huipai.streets.models import TenantKey, TenantModel

_ANSWERED = (LinkState.STANDING, LinkState.DECLINED)


class Link(TenantModel):
    """Two-way: one side asks, the other answers. What the household wishes stands here and binds the contact."""

    contact = TenantKey(Person, on_delete=models.PROTECT, related_name="household_links", db_index=False)
    household = TenantKey(GridNode, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=LinkState, default=LinkState.PROPOSED)
    asked_by_side = models.CharField(max_length=10, choices=Side)
    asked_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    answered_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ways = ArrayField(models.CharField(max_length=8, choices=Way.choices), default=list)
    # Not earlier and not later than these hours of the day.
    not_before = models.TimeField(null=True)
    not_after = models.TimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="households_one_link_of_a_pair",
                fields=["street", "contact", "household"],
                condition=Q(state__in=[LinkState.PROPOSED, LinkState.STANDING]),
            ),
            models.CheckConstraint(
                name="households_nobody_answers_themselves",
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by")),
            ),
            models.CheckConstraint(
                name="households_a_link_says_who_answered_and_when",
                condition=Q(state=LinkState.PROPOSED, answered_at=None, answered_by=None, ended_at=None)
                | Q(state__in=_ANSWERED, answered_at__isnull=False, answered_by__isnull=False, ended_at=None)
                | Q(state=LinkState.ENDED, ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="households_hours_are_a_span",
                condition=Q(not_before=None, not_after=None) | Q(not_before__lt=F("not_after")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="households_links_of_a_contact", fields=["street", "contact", "state"]),
            models.Index(name="households_links_of_a_home", fields=["street", "household", "state"]),
        ]


class Visit(TenantModel):
    """Somebody came by and why. Not where from, not how long, and nobody's visits are ever counted together (L17)."""

    link = TenantKey(Link, on_delete=models.PROTECT, related_name="visits", db_index=False)
    need = TenantKey("households.Need", on_delete=models.PROTECT, null=True, related_name="visits", db_index=False)
    way = models.CharField(max_length=8, choices=Way)
    reason = models.CharField(max_length=10, choices=Reason)
    note = models.CharField(max_length=500, blank=True)
    visited_on = models.DateField()
    noted_at = models.DateTimeField()
    # The household says that nobody came.
    denied_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    denied_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(
                name="households_a_denial_is_somebodys",
                condition=Q(denied_by=None, denied_at=None) | Q(denied_by__isnull=False, denied_at__isnull=False),
            ),
            # One matter is told once: the same reason for the same household on one day is a second click.
            models.UniqueConstraint(
                name="households_one_visit_a_reason_and_day",
                fields=["street", "link", "visited_on", "reason", "need"],
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [models.Index(name="households_visits_of_a_link", fields=["street", "link", "-visited_on"])]
