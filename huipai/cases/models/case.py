"""A case, its steps, its pauses, its photos, its notes."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q

from huipai.cases.models.case_type import CaseType
from huipai.cases.rules.lateness import ENDED, RESTING
from huipai.cases.rules.machine_table import MACHINE
from huipai.cases.words import Action, Actor, Audience, Clock, Kind, Moment, Outcome, Placed, State
from huipai.streets.models import TenantKey, TenantManager, TenantModel, TenantQuerySet


class CaseQuerySet(TenantQuerySet["Case"]):
    """The vocabulary of lists."""

    def in_hand(self) -> CaseQuerySet:
        """Waiting for somebody in the grid to act."""
        return self.filter(state__in=IN_HAND)

    def held_up_by(self) -> CaseQuerySet:
        """Of the parts of a whole: those that it has to wait for."""
        return self.filter(ended_at=None, goes_alone=False).exclude(state=State.CONFIRMING)

    def waiting_with_their_whole(self) -> CaseQuerySet:
        """Parts that are done and were found so: they end with their whole, and its dispute can take them back."""
        return self.filter(state=State.CONFIRMING, parent__isnull=False, goes_alone=False)

    def of_one_matter(self, *cases: Case) -> CaseQuerySet:
        """Each of these cases, its whole, its parts, and what was merged into them: one matter however it was cut."""
        roots = [case.matter_id for case in cases]
        return self.filter(Q(pk__in=roots) | Q(parent__in=roots) | Q(merged_into__in=roots))

    def most_urgent_first(self) -> CaseQuerySet:
        """Overdue before due before undated; equals by age."""
        return self.order_by(F("due_at").asc(nulls_last=True), "id")


UNCHECKED = "closed_unchecked"
# A part that is done and waits for what is said of the whole.
PART_READY = "part_ready"
CaseManager = TenantManager.from_queryset(CaseQuerySet)


# In a worker's hands, or theirs to look at; nobody's yet and theirs to take.
IN_HAND = (State.REPORTED, State.VERIFYING, State.ACCEPTED, State.REWORK, State.REOPENED)
CLAIMABLE = (State.REPORTED, State.ACCEPTED, State.REWORK, State.REOPENED)


def _ends_as(state: State) -> Q:
    """A case in this state has one of the outcomes that lead there."""
    outcomes = {step.outcome.value for step in MACHINE if step.target == state and step.outcome is not None}
    return Q(state=state, outcome__in=sorted(outcomes))


_ENDS_AS_THE_MACHINE_SAYS = reduce(or_, (_ends_as(state) for state in sorted(ENDED)))


class Case(TenantModel):
    """One matter in one place, whoever reported it. Its state changes only along the machine in `rules`."""

    # A random code without meaning; what residents see (ruling 13).
    code = models.CharField(max_length=12, editable=False)
    # The sequence number of staff, given at filing.
    number = models.PositiveIntegerField(null=True, editable=False)
    kind = models.CharField(max_length=16, choices=Kind, default=Kind.PROBLEM)
    case_type = TenantKey(CaseType, on_delete=models.PROTECT, related_name="+", db_index=False)
    # The edition of its type under which it came in; a later one changes nothing of this case.
    edition = models.PositiveSmallIntegerField(default=1, db_default=1)
    state = models.CharField(max_length=20, choices=State)
    # The micro-grid in force when it was reported; a later split leaves it.
    node = TenantKey("grid.GridNode", on_delete=models.PROTECT, related_name="+", db_index=False)
    placed = models.CharField(max_length=8, choices=Placed)
    lng = models.FloatField()
    lat = models.FloatField()
    address = models.CharField(max_length=200, blank=True)
    is_public = models.BooleanField(default=False)
    # Whose it is in the grid now; empty = in the queue of the community.
    worker = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    # The unit that leads; then no worker has it, and the order's handler is the case's.
    unit = TenantKey("grid.Unit", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    # How often a leading unit sent it back.
    returns = models.PositiveSmallIntegerField(default=0, db_default=0)
    # When the system moves it by itself: a look that was asked for, a request undecided, a suspension over.
    wait_until = models.DateTimeField(null=True)
    # Set by 督办; the hub keeps an eye on it until the end.
    supervised_at = models.DateTimeField(null=True)
    # The case that this one was split off from.
    parent = TenantKey("cases.Case", on_delete=models.PROTECT, related_name="parts", null=True, db_index=False)
    # A part whose review began when the whole was done or over: it goes on alone, and its reporter is asked about it.
    goes_alone = models.BooleanField(default=False, db_default=False)
    # Who first reported it and who last handled it. Never two of reporter, handler, checker (see Check).
    reporter = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", db_index=False)
    handler = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    merged_into = TenantKey("cases.Case", on_delete=models.PROTECT, related_name="merged", null=True, db_index=False)
    reported_at = models.DateTimeField()
    clock_started_at = models.DateTimeField()
    # Empty while the calendar of the year is not announced (日历待定): then due_year says for which year.
    due_at = models.DateTimeField(null=True)
    due_year = models.PositiveSmallIntegerField(null=True)
    responded_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    # The lot left the last response unchecked; wherever the case is shown closed, it says so (ruling 9).
    is_unchecked = models.BooleanField(default=False, db_default=False)
    # How often it came back to the handler; a round has one response, one check passed, one question to the reporter.
    round = models.PositiveSmallIntegerField(default=1)

    objects: ClassVar[CaseManager[Self]] = CaseManager()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_case_a_code", fields=["street", "code"]),
            models.UniqueConstraint(
                name="cases_one_case_a_number", fields=["street", "number"], condition=Q(number__isnull=False)
            ),
            models.CheckConstraint(
                name="cases_nobody_handles_their_own_report",
                condition=Q(handler__isnull=True) | ~Q(handler=F("reporter")),
            ),
            models.CheckConstraint(
                name="cases_the_end_has_an_outcome",
                condition=Q(state__in=ENDED, ended_at__isnull=False) & ~Q(outcome="")
                | ~Q(state__in=ENDED) & Q(ended_at__isnull=True, outcome=""),
            ),
            models.CheckConstraint(name="cases_a_case_stands_somewhere", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="cases_an_outcome_is_that_of_its_end",
                condition=~Q(state__in=ENDED) | _ENDS_AS_THE_MACHINE_SAYS,
            ),
            models.CheckConstraint(
                name="cases_a_merged_case_says_where",
                condition=Q(state=State.MERGED, merged_into__isnull=False)
                | ~Q(state=State.MERGED) & Q(merged_into__isnull=True),
            ),
            models.CheckConstraint(
                name="cases_one_pair_of_hands", condition=Q(worker__isnull=True) | Q(unit__isnull=True)
            ),
            models.CheckConstraint(
                name="cases_a_part_has_another_whole", condition=Q(parent__isnull=True) | ~Q(parent=F("id"))
            ),
            models.CheckConstraint(
                name="cases_only_a_part_goes_alone", condition=Q(goes_alone=False) | Q(parent__isnull=False)
            ),
            models.CheckConstraint(
                name="cases_a_limit_is_dated_or_pending", condition=Q(due_at__isnull=True) | Q(due_year__isnull=True)
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                name="cases_of_a_worker",
                fields=["street", "worker", "due_at", "id"],
                condition=Q(state__in=IN_HAND),
            ),
            models.Index(name="cases_of_a_node", fields=["street", "node", "state", "id"]),
            models.Index(name="cases_of_a_reporter", fields=["street", "reporter", "-id"]),
            # The queue of the hub: what is open, what is running first, most urgent first.
            models.Index(
                F("street"),
                models.ExpressionWrapper(Q(state__in=RESTING), output_field=models.BooleanField()),
                F("due_at"),
                F("id"),
                name="cases_open",
                condition=Q(ended_at__isnull=True),
            ),
            # What ended lately, for the wall: nothing that is open pays for it.
            models.Index(name="cases_ended", fields=["street", "-ended_at"], condition=Q(ended_at__isnull=False)),
            models.Index(
                name="cases_waiting_for_the_clock",
                fields=["street", "wait_until"],
                condition=Q(wait_until__isnull=False),
            ),
            models.Index(
                name="cases_merged_into", fields=["street", "merged_into"], condition=Q(merged_into__isnull=False)
            ),
            models.Index(name="cases_parts", fields=["street", "parent"], condition=Q(parent__isnull=False)),
            models.Index(name="cases_undated", fields=["street", "due_year"], condition=Q(due_year__isnull=False)),
        ]

    @property
    def is_on_border(self) -> bool:
        """Does somebody still have to look on which side it lies?"""
        return self.placed == Placed.BORDER

    @property
    def is_guessed(self) -> bool:
        """Is the place only known by an address, and still to be set?"""
        return self.placed == Placed.GUESSED

    @property
    def state_word(self) -> str:
        """Where it stands, for everybody but who reported it."""
        return State(self.state).told

    @property
    def subject(self) -> str:
        return f"case:{self.id}"

    @property
    def with_its_whole(self) -> list[UUID]:
        """The case, and what it was split off from: who reported, followed or touched that has a part in this too."""
        return [self.id] if self.parent_id is None else [self.id, self.parent_id]

    @property
    def matter_id(self) -> UUID:
        """The case in which the reports of this one lie: what it was merged into, what it is a part of, or itself."""
        return self.merged_into_id or self.parent_id or self.id

    @property
    def waits_with_its_whole(self) -> bool:
        """A part is not asked about by itself, unless it goes on alone."""
        return self.parent_id is not None and not self.goes_alone

    @property
    def chip(self) -> str:
        """Its state in the table of chips; a close that nobody has checked is a chip of its own."""
        if self.state == State.CONFIRMING and self.waits_with_its_whole:
            return PART_READY
        return chip_of(self.state, self.is_unchecked)

    @property
    def type_then(self) -> CaseType:
        """Its type as it stood when the case came in: limits, closing standard, returns and points stay."""
        return self.case_type.as_of(self.edition)


def chip_of(state: str, is_unchecked: bool) -> str:
    return UNCHECKED if is_unchecked and state == State.CLOSED else str(state)


class Transition(TenantModel):
    """One step of a case. Rows are only added; the database refuses to change one."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="transitions", db_index=False)
    # 1, 2, 3 …: two steps can never claim the same place.
    position = models.PositiveSmallIntegerField()
    action = models.CharField(max_length=24, choices=Action)
    from_state = models.CharField(max_length=20, choices=State, blank=True)
    to_state = models.CharField(max_length=20, choices=State)
    part = models.CharField(max_length=16, choices=Actor)
    actor = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    # The unit that a step concerns: where it was sent, by whom it was returned.
    unit = TenantKey("grid.Unit", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    reason = models.CharField(max_length=40, blank=True)
    clock = models.CharField(max_length=8, choices=Clock)
    happened_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_step_a_position", fields=["street", "case", "position"]),
        ]


class Pause(TenantModel):
    """A spell in which the clock stands still: between response and dispute, or while suspended."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="pauses", db_index=False)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(
                name="cases_one_pause_at_a_time", fields=["street", "case"], condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="cases_a_pause_ends_after_it_began",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")),
            ),
        ]
        indexes: ClassVar = [models.Index(name="cases_pauses_of_a_case", fields=["street", "case", "began_at"])]


class CasePhoto(TenantModel):
    """A photo as part of a case: before, after, at the check. A photo belongs to one case."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="photos", db_index=False)
    photo = TenantKey("photos.Photo", on_delete=models.PROTECT, related_name="+", db_index=False)
    report = TenantKey("cases.Report", on_delete=models.PROTECT, related_name="photos", null=True, db_index=False)
    moment = models.CharField(max_length=8, choices=Moment)
    round = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)
    # When it became part of this case; empty: with its report.
    added_at = models.DateTimeField(null=True)
    # On which joint visit it was taken: whoever is called another time was not there.
    joint_task = TenantKey(
        "cases.JointTask", on_delete=models.PROTECT, related_name="visit_photos", null=True, db_index=False
    )

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_a_photo_belongs_to_one_case", fields=["street", "photo"]),
            models.CheckConstraint(
                name="cases_a_photo_came_at_a_time", condition=Q(report__isnull=False) | Q(added_at__isnull=False)
            ),
            models.CheckConstraint(
                name="cases_a_visits_photo_names_its_visit",
                condition=Q(moment=Moment.VISIT, joint_task__isnull=False)
                | (~Q(moment=Moment.VISIT) & Q(joint_task__isnull=True)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_photos_of_a_case", fields=["street", "case", "position"]),
            models.Index(
                name="cases_photos_of_a_visit", fields=["street", "joint_task"], condition=Q(joint_task__isnull=False)
            ),
        ]


class Note(TenantModel):
    """Words somebody wrote on a step. Apart from the steps, so that words can be erased and steps stay."""

    case = TenantKey(Case, on_delete=models.PROTECT, related_name="notes", db_index=False)
    transition = TenantKey(Transition, on_delete=models.PROTECT, related_name="notes", null=True, db_index=False)
    author = TenantKey("people.Person", on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    audience = models.CharField(max_length=8, choices=Audience)
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.CheckConstraint(name="cases_a_note_says_something", condition=~Q(text="")),
        ]
        indexes: ClassVar = [
            models.Index(name="cases_notes_of_a_case", fields=["street", "case", "id"]),
            models.Index(name="cases_notes_of_a_step", fields=["street", "transition"]),
        ]
