"""Who is responsible where, who is away, and who lives where; each for a period."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.functional import cached_property

from huipai.grid.models.periods import DIFFERS, EQUAL, OVERLAPS, forwards, in_force, period
from huipai.grid.models.tree import GridNode, Unit
from huipai.grid.words import UNIT_ROLES, AbsenceKind
from huipai.people.models import Person
from huipai.people.words import ADMIN_ROLES, Role
from huipai.streets.models import TenantKey, TenantManager, TenantModel, TenantQuerySet

_UNIT_ROLES = [role.value for role in UNIT_ROLES]


class AssignmentQuerySet(TenantQuerySet["Assignment"]):
    def in_force(self, at: datetime) -> AssignmentQuerySet:
        return self.filter(in_force(at))

    def with_absences(self, at: datetime) -> AssignmentQuerySet:
        """Says of each whether its holder and its deputy are away at `at`."""
        away = Absence.objects.filter(in_force(at))
        return self.annotate(
            holder_is_away=Exists(away.filter(person=OuterRef("person"))),
            deputy_is_away=Exists(away.filter(person=OuterRef("deputy"))),
        )

    def not_forsaken(self, at: datetime) -> AssignmentQuerySet:
        """Those in force to which somebody attends, today or on the day when they are back; none where that is open."""
        gone = Absence.objects.filter(in_force(at), valid_until=None)
        left = Q(Exists(gone.filter(person=OuterRef("person"))))
        without = Q(deputy=None) | Q(Exists(gone.filter(person=OuterRef("deputy"))))
        return self.in_force(at).exclude(left & without)

    def attended(self, at: datetime) -> AssignmentQuerySet:
        """Those that somebody attends to at `at`: the holder, or the deputy while the holder is away."""
        deputy = Q(deputy__isnull=False, deputy_is_away=False)
        return self.in_force(at).with_absences(at).filter(Q(holder_is_away=False) | deputy)


AssignmentManager = TenantManager.from_queryset(AssignmentQuerySet)


class Assignment(TenantModel):
    """A person holds a role for a node or for a unit, for a period (ruling 4).

    While the holder is away the deputy acts. Read by `attended` or `queries.roles_of`, it knows who is `acting`.
    """

    person = TenantKey(Person, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=20, choices=Role.choices)
    node = TenantKey(GridNode, null=True, on_delete=models.PROTECT, related_name="assignments")
    unit = TenantKey(Unit, null=True, on_delete=models.PROTECT, related_name="assignments")
    deputy = TenantKey(Person, null=True, on_delete=models.PROTECT, related_name="deputised")
    # The one before, from whom this was taken over.
    takes_over = TenantKey("self", null=True, on_delete=models.PROTECT, related_name="handed_to")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    # When the journal was told of the end; an end in the future is told by a job when it comes.
    end_told_at = models.DateTimeField(null=True)

    objects: ClassVar[AssignmentManager[Self]] = AssignmentManager()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            forwards("grid_assignment_ends_after_it_begins"),
            models.CheckConstraint(
                name="grid_assignment_has_one_scope",
                condition=Q(role__in=_UNIT_ROLES, node=None, unit__isnull=False)
                | (~Q(role__in=_UNIT_ROLES) & Q(node__isnull=False, unit=None)),
            ),
            models.CheckConstraint(
                name="grid_role_can_be_assigned",
                condition=Q(role__in=[role.value for role in Role if role != Role.RESIDENT]),
            ),
            models.CheckConstraint(
                name="grid_nobody_deputises_himself", condition=Q(deputy=None) | ~Q(deputy=F("person"))
            ),
            # One could then act for two of the three.
            models.CheckConstraint(
                name="grid_admins_have_no_deputy",
                condition=Q(deputy=None) | ~Q(role__in=sorted(role.value for role in ADMIN_ROLES)),
            ),
            ExclusionConstraint(
                name="grid_a_role_in_a_node_is_held_once",
                expressions=[
                    ("street", EQUAL),
                    ("person", EQUAL),
                    ("role", EQUAL),
                    ("node", EQUAL),
                    (period(), OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="grid_a_role_in_a_unit_is_held_once",
                expressions=[
                    ("street", EQUAL),
                    ("person", EQUAL),
                    ("role", EQUAL),
                    ("unit", EQUAL),
                    (period(), OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="grid_three_admins_are_three_people",
                expressions=[("street", EQUAL), ("person", EQUAL), ("role", DIFFERS), (period(), OVERLAPS)],
                condition=Q(role__in=sorted(role.value for role in ADMIN_ROLES)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="grid_assignment_by_person", fields=["street", "person", "role"]),
            models.Index(name="grid_assignment_by_node", fields=["street", "node", "role"]),
            models.Index(name="grid_assignment_by_unit", fields=["street", "unit", "role"]),
            models.Index(
                name="grid_assignment_by_deputy", fields=["street", "deputy"], condition=Q(deputy__isnull=False)
            ),
            models.Index(
                name="grid_assignment_end_to_tell",
                fields=["street", "valid_until"],
                condition=Q(valid_until__isnull=False, end_told_at=None),
            ),
        ]

    @property
    def is_stand_in(self) -> bool:
        """Whether the deputy acts now. Only after `attended` or `queries.roles_of`."""
        # Both are put there by `with_absences`; without it there is no answer, not a wrong one.
        return self.deputy_id is not None and self.__dict__["holder_is_away"] and not self.__dict__["deputy_is_away"]

    @cached_property
    def acting(self) -> Person:
        """The one who attends to it: the deputy while the holder is away, else the holder."""
        return self.deputy if self.is_stand_in and self.deputy else self.person


class Absence(TenantModel):
    """Somebody is away; his work passes to his deputies, or waits in the node's queue."""

    person = TenantKey(Person, on_delete=models.PROTECT, related_name="absences")
    kind = models.CharField(max_length=12, choices=AbsenceKind.choices)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    # When the journal was told; the future is told by a job when it comes.
    begin_told_at = models.DateTimeField(null=True)
    end_told_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            forwards("grid_absence_ends_after_it_begins"),
            models.CheckConstraint(name="grid_absence_kind_is_a_word", condition=Q(kind__in=AbsenceKind.values)),
            ExclusionConstraint(
                name="grid_nobody_is_away_twice",
                expressions=[("street", EQUAL), ("person", EQUAL), (period(), OVERLAPS)],
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="grid_absence_to_tell", fields=["street", "valid_from"], condition=Q(begin_told_at=None)),
            models.Index(
                name="grid_absence_end_to_tell", fields=["street", "valid_until"], condition=Q(end_told_at=None)
            ),
        ]


class Family(TenantModel):
    """A new family has begun in a household that others had left: what was theirs is nobody's here. Append-only."""

    household = TenantKey(GridNode, on_delete=models.PROTECT, related_name="families", db_index=False)
    # Who moved in first.
    person = TenantKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    began_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="grid_a_family_begins_once", fields=["street", "household", "began_at"]),
        ]


class Residence(TenantModel):
    """Somebody lives in a household, for a period (ruling 5); in one household at a time."""

    person = TenantKey(Person, on_delete=models.PROTECT, related_name="residences")
    household = TenantKey(GridNode, on_delete=models.PROTECT, related_name="residences")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            forwards("grid_residence_ends_after_it_begins"),
            ExclusionConstraint(
                name="grid_one_household_at_a_time",
                expressions=[("street", EQUAL), ("person", EQUAL), (period(), OVERLAPS)],
            ),
        ]
        indexes: ClassVar = [models.Index(name="grid_residence_by_household", fields=["street", "household"])]


class Dispute(TenantModel):
    """Somebody says that they live still where their residence was ended. Answered by moving back in, or by staff."""

    residence = TenantKey(Residence, on_delete=models.PROTECT, related_name="disputes", db_index=False)
    raised_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    answered_by = TenantKey(Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Whether they are registered there again; None while it is open.
    lives_there = models.BooleanField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="grid_an_end_is_disputed_once", fields=["street", "residence"]),
            models.CheckConstraint(
                name="grid_dispute_is_answered_whole",
                condition=Q(answered_at=None, answered_by=None, lives_there=None)
                | Q(answered_at__gte=F("raised_at"), lives_there__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="grid_dispute_to_answer", fields=["street", "raised_at"], condition=Q(answered_at=None))
        ]
