"""A joint task: a community whistles, units muster, a visit, a result, a rating of the units."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from huipai.cases.joint_words import CallState, JointAction, JointState
from huipai.cases.models.case import Case
from huipai.cases.rules.joint import ends
from huipai.cases.words import Actor
from huipai.streets.models import TenantKey, TenantManager, TenantModel, TenantQuerySet

_ENDED = sorted(state.value for state in ends())
_WITH_A_DAY = [JointState.ON_SITE.value, JointState.RESOLVED.value, JointState.RATED.value, JointState.UNRATED.value]
_WITH_A_RESULT = [JointState.RESOLVED.value, JointState.RATED.value, JointState.UNRATED.value]


class JointTaskQuerySet(TenantQuerySet["JointTask"]):
    def going(self) -> JointTaskQuerySet:
        return self.filter(ended_at=None)


JointTaskManager = TenantManager.from_queryset(JointTaskQuerySet)


class JointTask(TenantModel):
    """One matter that several units are called to. Its state changes only along the table in `rules.joint`."""

    state = models.CharField(max_length=12, choices=JointState, default=JointState.WHISTLED)
    # The micro-grid of the case on which it was whistled: whose community it is.
    node = TenantKey("grid.GridNode", on_delete=models.PROTECT, related_name="+", db_index=False)
    # What the community wrote to the units; never words of the reporter.
    matter = models.TextField()
    whistled_by = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    whistled_at = models.DateTimeField()
    muster_hours = models.PositiveSmallIntegerField()
    # Where and when they meet; when it was, and what was seen there.
    visit_at = models.DateTimeField(null=True)
    visit_place = models.CharField(max_length=60, blank=True)
    visited_at = models.DateTimeField(null=True)
    visit_note = models.TextField(blank=True)
    # What came of it, in words that the reporter reads and, of a public case, neighbours.
    result = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True)
    # Why it was called off or given up.
    ending = models.TextField(blank=True)
    # When the system moves it on by itself.
    wait_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[JointTaskManager[Self]] = JointTaskManager()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(name="cases_a_whistle_says_what", condition=~Q(matter="")),
            models.CheckConstraint(
                name="cases_a_joint_task_over_is_dated",
                condition=Q(state__in=_ENDED, ended_at__isnull=False) | ~Q(state__in=_ENDED) & Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="cases_a_joint_task_waits_until",
                condition=Q(state__in=_ENDED, wait_until__isnull=True)
                | ~Q(state__in=_ENDED) & Q(wait_until__isnull=False),
            ),
            models.CheckConstraint(
                name="cases_a_joint_visit_has_day_and_place",
                condition=~Q(state__in=_WITH_A_DAY) | Q(visit_at__isnull=False) & ~Q(visit_place=""),
            ),
            models.CheckConstraint(
                name="cases_a_joint_result_was_seen",
                condition=Q(state__in=_WITH_A_RESULT, visited_at__isnull=False, resolved_at__isnull=False)
                & ~Q(result="")
                | ~Q(state__in=_WITH_A_RESULT) & Q(resolved_at__isnull=True, result=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                name="cases_joint_waiting", fields=["street", "wait_until"], condition=Q(wait_until__isnull=False)
            ),
            models.Index(name="cases_joint_of_a_node", fields=["street", "node", "-id"]),
        ]

    @property
    def subject(self) -> str:
        return f"joint:{self.id}"


class JointCase(TenantModel):
    """A case that a joint task is about. A case has one going at a time."""

    task = TenantKey(JointTask, on_delete=models.PROTECT, related_name="cases", db_index=False)
    case = TenantKey(Case, on_delete=models.PROTECT, related_name="joint", db_index=False)
    position = models.PositiveSmallIntegerField(default=0)
    # With the task, or when the case ended before it.
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_a_case_once_a_joint_task", fields=["street", "task", "case"]),
            models.UniqueConstraint(
                name="cases_one_joint_task_at_a_time", fields=["street", "case"], condition=Q(ended_at__isnull=True)
            ),
        ]
        indexes: ClassVar = [models.Index(name="cases_joint_of_a_case", fields=["street", "case"])]


class UnitCall(TenantModel):
    """A unit called to a joint task, and what became of it. What did not come before stays in the steps."""

    task = TenantKey(JointTask, on_delete=models.PROTECT, related_name="calls", db_index=False)
    unit = TenantKey("grid.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=CallState, default=CallState.CALLED)
    called_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    # Who comes for the unit.
    envoy = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    mustered_at = models.DateTimeField(null=True)
    # Why it cannot come.
    excuse = models.TextField(blank=True)
    # Whether somebody of it stood there at the visit, as the community says; of who mustered later nothing is said.
    came = models.BooleanField(null=True)
    # What it says it has done.
    part = models.TextField(blank=True)
    part_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_a_unit_is_called_once", fields=["street", "task", "unit"]),
            models.CheckConstraint(
                name="cases_who_musters_is_named",
                condition=Q(state=CallState.MUSTERED, envoy__isnull=False, mustered_at__isnull=False)
                | ~Q(state=CallState.MUSTERED) & Q(envoy__isnull=True, mustered_at__isnull=True),
            ),
            models.CheckConstraint(
                name="cases_who_declines_says_why", condition=~Q(state=CallState.DECLINED) | ~Q(excuse="")
            ),
            models.CheckConstraint(
                name="cases_only_who_mustered_came",
                condition=Q(state=CallState.MUSTERED) | Q(came__isnull=True, part="", part_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_calls_of_a_unit", fields=["street", "unit", "-id"]),
            models.Index(
                name="cases_calls_waiting", fields=["street", "answer_by"], condition=Q(state=CallState.CALLED.value)
            ),
        ]

    @property
    def is_rated(self) -> bool:
        """Whether it is to be rated: it had mustered when the visit was written down, whether it came or not."""
        return self.came is not None

    @property
    def is_late(self) -> bool:
        """Whether it mustered after its time."""
        return self.mustered_at is not None and self.mustered_at > self.answer_by


class JointStep(TenantModel):
    """One step of a joint task. Rows are only added; the database refuses to change one."""

    task = TenantKey(JointTask, on_delete=models.PROTECT, related_name="steps", db_index=False)
    position = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=12, choices=JointAction)
    from_state = models.CharField(max_length=12, choices=JointState, blank=True)
    to_state = models.CharField(max_length=12, choices=JointState)
    part = models.CharField(max_length=16, choices=Actor)
    actor = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    unit = TenantKey("grid.Unit", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    # The day that was agreed on in this step.
    meets_at = models.DateTimeField(null=True)
    happened_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_joint_step_a_position", fields=["street", "task", "position"]),
        ]


class UnitRating(TenantModel):
    """What the community thinks of a unit's part, 1 to 5: of the unit, never of a person; it feeds nothing else."""

    call = TenantKey(UnitCall, on_delete=models.PROTECT, related_name="ratings", db_index=False)
    stars = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=200, blank=True)
    rated_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_a_unit_is_rated_once", fields=["street", "call"]),
            models.CheckConstraint(name="cases_stars_are_1_to_5", condition=Q(stars__range=(1, 5))),
        ]
