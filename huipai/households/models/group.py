"""Households that stand by each other (联户), and who speaks for them."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q

from huipai.grid.models import GridNode
from huipai.grid.models.periods import EQUAL, OVERLAPS, forwards, period
from huipai.people.models import Person
from huipai.streets.models import TenantKey, TenantModel


class Group(TenantModel):
    """About ten households of one place. Its lead (联户长) lives in one of them and is nobody's superior."""

    node = TenantKey(GridNode, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=40)
    lead = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="households_one_open_group_a_name", fields=["street", "node", "name"], condition=Q(closed_at=None)
            ),
            models.CheckConstraint(
                name="households_a_group_closes_after_it_opened",
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")),
            ),
        ]
        indexes: ClassVar = [models.Index(name="households_groups_of_a_node", fields=["street", "node", "name"])]


class Membership(TenantModel):
    """A household belongs to one group at a time, because a grown-up of it said so."""

    group = TenantKey(Group, on_delete=models.PROTECT, related_name="memberships", db_index=False)
    household = TenantKey(GridNode, on_delete=models.PROTECT, related_name="+", db_index=False)
    agreed_by = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            forwards("households_a_membership_ends_after_it_begins"),
            ExclusionConstraint(
                name="households_one_group_at_a_time",
                expressions=[("street", EQUAL), ("household", EQUAL), (period(), OVERLAPS)],
            ),
        ]
        indexes: ClassVar = [models.Index(name="households_members_of_a_group", fields=["street", "group"])]
