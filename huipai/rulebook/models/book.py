"""Versions of the rulebook, the items they hold, and who approved them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from huipai.people.models import Person
from huipai.people.rules import local_date
from huipai.rulebook import rules
from huipai.rulebook.rules import Dates, EndRule, Terms
from huipai.rulebook.rules import formula as formulas
from huipai.rulebook.words import (
    CLICKS,
    CODE,
    CONSULTATION,
    END_NOTICE,
    END_REDEEM,
    PUBLICITY,
    UNFIT_FOR_ASSESSMENT,
    Earner,
    Evidence,
    Port,
    Standing,
)
from huipai.streets.models import TenantKey, TenantManager, TenantModel, TenantQuerySet

# A stage that ends with a day ends at the first instant of the next.
_A_MOMENT = timedelta(seconds=1)


class RulebookVersion(TenantModel):
    """One edition of the rulebook (积分条目). Once published, the database lets nothing of it change but its end."""

    number = models.PositiveIntegerField()
    author = TenantKey(Person, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    # What changes and why, in a sentence or two, for residents.
    note = models.CharField(max_length=400, blank=True)
    # Why each struck item went, by its code.
    struck: models.JSONField[Any, Any] = models.JSONField(default=dict)
    # The last step of a draft; long after it, the draft is put aside.
    touched_at = models.DateTimeField(null=True)
    consulted_from = models.DateTimeField(null=True)
    consulted_until = models.DateTimeField(null=True)
    # The content with which consultation began.
    consulted_hash = models.CharField(max_length=64, blank=True)
    # When it was said that consultation is over.
    closing_told_at = models.DateTimeField(null=True)
    # Computed by the database over all items when the version is published.
    content_hash = models.CharField(max_length=64, blank=True)
    # What happens to points if the scheme stops: so many days' notice, and so many to exchange what is left.
    end_notice_days = models.PositiveSmallIntegerField(default=END_NOTICE[0])
    end_redeem_days = models.PositiveSmallIntegerField(default=END_REDEEM[0])
    # In which form the hash reads the content: 1 before items had formulas, 2 before it held the rule of the end.
    form = models.PositiveSmallIntegerField(default=3)
    published_at = models.DateTimeField(null=True)
    publicity_until = models.DateTimeField(null=True)
    effective_from = models.DateTimeField(null=True)
    effective_until = models.DateTimeField(null=True)
    # A draft put aside, or a version withdrawn before it took effect.
    ended_at = models.DateTimeField(null=True)
    ended_by = TenantKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="rulebook_number_is_given_once", fields=["street", "number"]),
            models.CheckConstraint(
                name="rulebook_published_with_dates_and_hash",
                condition=Q(published_at__isnull=True, effective_from__isnull=True, effective_until__isnull=True)
                | Q(published_at__isnull=False, effective_from__isnull=False, content_hash__regex="^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="rulebook_never_retroactive", condition=Q(effective_from__gte=F("published_at"))
            ),
            # One that was withdrawn was in force for no time at all.
            models.CheckConstraint(
                name="rulebook_ends_after_it_begins",
                condition=Q(ended_at__isnull=True, effective_until__gt=F("effective_from"))
                | Q(ended_at__isnull=False, effective_until=F("effective_from"), ended_at__lt=F("effective_from"))
                | Q(effective_until__isnull=True),
            ),
            # A version of before was approved without one: it stands by the street's own.
            models.CheckConstraint(
                name="rulebook_end_leaves_time",
                condition=Q(end_notice_days__range=END_NOTICE, end_redeem_days__range=END_REDEEM)
                & (Q(form__gte=3) | Q(end_notice_days=END_NOTICE[0], end_redeem_days=END_REDEEM[0])),
            ),
            models.UniqueConstraint(
                name="rulebook_one_open_draft",
                fields=["street"],
                condition=Q(published_at__isnull=True, ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="rulebook_ends_with_a_reason", condition=Q(ended_at__isnull=True) | ~Q(end_reason="")
            ),
            models.CheckConstraint(
                name="rulebook_consulted_long_enough",
                condition=Q(consulted_from__isnull=True, consulted_until__isnull=True)
                | Q(consulted_until__gte=F("consulted_from") + CONSULTATION),
            ),
            models.CheckConstraint(
                name="rulebook_published_after_consultation",
                condition=Q(published_at__isnull=True)
                | Q(form=1)
                | Q(consulted_until__isnull=False, published_at__gte=F("consulted_until")),
            ),
            models.CheckConstraint(
                name="rulebook_publicity_long_enough",
                condition=Q(published_at__isnull=True, publicity_until__isnull=True)
                | Q(form=1)
                | Q(
                    publicity_until__isnull=False,
                    publicity_until__gte=F("published_at") + PUBLICITY,
                    effective_from__gte=F("publicity_until"),
                ),
            ),
            ExclusionConstraint(
                name="rulebook_one_in_force_at_a_time",
                expressions=[
                    ("street", RangeOperators.EQUAL),
                    (
                        Func(
                            F("effective_from"), F("effective_until"),
                            function="tstzrange", output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(published_at__isnull=False),
            ),
        ]  # fmt: skip

    @property
    def end_rule(self) -> EndRule:
        """What it says of the scheme's end."""
        return EndRule(self.end_notice_days, self.end_redeem_days)

    @property
    def holds_end_rule(self) -> bool:
        """Whether that was part of what was approved; before, it stood in the street's own rules alone."""
        return self.form >= 3

    def standing(self, at: datetime, *, held: datetime | None = None) -> Standing:
        """By its dates, where the calendar stands still from `held` on (`queries.held_from`)."""
        return rules.standing(self.dates(), at, held)

    def dates(self) -> Dates:
        return Dates(
            consulted_from=self.consulted_from, consulted_until=self.consulted_until,
            publicity_until=self.publicity_until, effective_from=self.effective_from,
            effective_until=self.effective_until, ended_at=self.ended_at,
        )  # fmt: skip

    def was_edited(self, hash_now: str) -> bool:
        """Whether the content that stands now is another than the one that was laid open for comments."""
        return self.is_open and self.consulted_from is not None and self.consulted_hash != hash_now

    @property
    def consulted_last(self) -> datetime | None:
        """The last day of consultation."""
        return self.consulted_until - _A_MOMENT if self.consulted_until else None

    @property
    def publicity_last(self) -> datetime | None:
        """The last day of publicity."""
        return self.publicity_until - _A_MOMENT if self.publicity_until else None

    @property
    def is_open(self) -> bool:
        """Whether it can still be written."""
        return self.published_at is None and self.ended_at is None


class PointItemQuerySet(TenantQuerySet["PointItem"]):
    """The vocabulary of lists."""

    def admitted(self, on: date) -> PointItemQuerySet:
        """Those that count on this day: what was admitted until a day counts on it, and on none after it."""
        return self.filter(Q(admitted_until=None) | Q(admitted_until__gte=on))


PointItemManager = TenantManager.from_queryset(PointItemQuerySet)


class PointItem(TenantModel):
    """One deed and what it is worth, in one version. Frozen with its version."""

    version = TenantKey(RulebookVersion, on_delete=models.PROTECT, related_name="items", db_index=False)
    code = models.CharField(max_length=13)
    port = models.CharField(max_length=12, choices=Port.choices)
    title = models.CharField(max_length=40)
    description = models.CharField(max_length=400)
    points = models.PositiveIntegerField()
    # A tree of rules/formula.py; then `points` is the most that one deed brings.
    formula: models.JSONField[Any, Any] = models.JSONField(null=True)
    earners = ArrayField(models.CharField(max_length=20, choices=Earner.choices))
    evidence = ArrayField(models.CharField(max_length=20, choices=Evidence.choices))
    keywords = ArrayField(models.CharField(max_length=20), default=list)
    day_cap = models.PositiveIntegerField(null=True)
    month_cap = models.PositiveIntegerField(null=True)
    household_day_cap = models.PositiveIntegerField(null=True)
    household_month_cap = models.PositiveIntegerField(null=True)
    cooldown_minutes = models.PositiveIntegerField(default=0)
    duplicate_minutes = models.PositiveIntegerField(default=0)
    duplicate_metres = models.PositiveIntegerField(default=0)
    review_levels = models.PositiveSmallIntegerField(default=1)
    lot_months = models.PositiveSmallIntegerField(null=True)
    under_14 = models.BooleanField(default=True)
    owner = models.CharField(max_length=40, blank=True)
    legal_ground = models.CharField(max_length=200, blank=True)
    admitted_until = models.DateField(null=True)
    assessable = models.BooleanField(default=False)
    automatic = models.BooleanField(default=False)
    asked_fields = ArrayField(models.CharField(max_length=20), default=list)
    asked_people = models.PositiveIntegerField(default=0)
    asked_times = models.PositiveIntegerField(default=0)
    why = models.CharField(max_length=200, blank=True)
    # The proposal by which a department's item came in; the item says what was admitted.
    admission = TenantKey(
        "rulebook.Proposal", on_delete=models.PROTECT, null=True, related_name="items", db_index=False
    )

    objects: ClassVar[PointItemManager[Self]] = PointItemManager()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="rulebook_code_once_a_version", fields=["street", "version", "code"]),
            models.CheckConstraint(name="rulebook_code_is_readable", condition=Q(code__regex=CODE)),
            models.CheckConstraint(name="rulebook_points_are_few", condition=Q(points__range=(1, 1000))),
            models.CheckConstraint(
                name="rulebook_somebody_may_earn", condition=Q(earners__len__gt=0, evidence__len__gt=0)
            ),
            models.CheckConstraint(
                name="rulebook_sunflower_is_voluntary", condition=~Q(port=Port.SUNFLOWER) | Q(assessable=False)
            ),
            models.CheckConstraint(
                name="rulebook_nobody_assessed_by_clicks",
                condition=Q(assessable=False) | ~Q(evidence__overlap=[kind.value for kind in UNFIT_FOR_ASSESSMENT]),
            ),
            models.CheckConstraint(
                name="rulebook_nobody_assessed_by_own_word",
                condition=Q(assessable=False) | Q(automatic=True, evidence__contains=[Evidence.FACT.value]),
            ),
            models.CheckConstraint(
                name="rulebook_clicks_are_never_counted",
                condition=Q(automatic=False, formula__isnull=True) & ~Q(earners__contains=[Earner.HOUSEHOLD.value])
                | ~Q(evidence__overlap=[kind.value for kind in CLICKS]),
            ),
            models.CheckConstraint(
                name="rulebook_homes_are_not_assessed",
                condition=Q(assessable=False) | ~Q(earners__contains=[Earner.HOUSEHOLD.value]),
            ),
            models.CheckConstraint(
                name="rulebook_caps_leave_room",
                condition=Q(Q(day_cap=None) | Q(day_cap__gte=F("points")))
                & Q(Q(month_cap=None) | Q(month_cap__gte=F("points")))
                & Q(Q(household_month_cap=None) | Q(household_month_cap__gte=F("points")))
                & Q(Q(household_day_cap=None) | Q(household_day_cap__gte=F("points")))
                & Q(Q(lot_months=None) | Q(lot_months__gt=0)),
            ),
            models.CheckConstraint(
                name="rulebook_claims_are_reviewed", condition=Q(automatic=True) | Q(review_levels__range=(1, 2))
            ),
            models.CheckConstraint(
                name="rulebook_evidence_shows_a_deed",
                condition=~Q(evidence__contained_by=[kind.value for kind in CLICKS]),
            ),
            models.CheckConstraint(
                name="rulebook_points_lapse_or_are_capped",
                condition=Q(automatic=True) | Q(lot_months__isnull=False) | Q(month_cap__isnull=False),
            ),
            models.CheckConstraint(name="rulebook_code_is_of_its_port", condition=Q(code__startswith=F("port"))),
        ]

    def ended_on(self, at: datetime) -> date | None:
        """The last day on which it counted, if at this instant it counts no more: as its version is read, in force or
        not yet, it says so instead of what it would bring."""
        begins = self.version.effective_from
        day = local_date(max(at, begins) if begins else at)
        return None if self.counts_on(day) else self.admitted_until

    def counts_on(self, day: date) -> bool:
        """Whether its admission, if it has one, still holds."""
        return self.admitted_until is None or day <= self.admitted_until

    @property
    def number(self) -> str:
        """The number as people say it: 03 of woodpecker-03."""
        return self.code[-2:]

    @property
    def is_recorded_by_itself(self) -> bool:
        """Whether it is paid to a person for what the system knows; all others are claimed, shown and reviewed."""
        return self.automatic and self.is_personal

    @property
    def is_personal(self) -> bool:
        """Whether a person can earn by it, and not only a household in its assessment (ruling 22)."""
        return bool({Earner.RESIDENT, Earner.PART_TIME_MEMBER}.intersection(self.earners))

    @property
    def digest(self) -> str:
        """What it says, in short: whoever rewrites it sends back what they were shown."""
        return rules.digest_of(rules.to_json(self.terms()))

    def terms(self) -> Terms:
        """What this item says, without where it stands."""
        return Terms(
            code=self.code, port=Port(self.port), title=self.title, description=self.description, points=self.points,
            formula=formulas.from_json(self.formula), earners=tuple(Earner(earner) for earner in self.earners),
            evidence=tuple(Evidence(kind) for kind in self.evidence), keywords=tuple(self.keywords),
            day_cap=self.day_cap, month_cap=self.month_cap, household_day_cap=self.household_day_cap,
            household_month_cap=self.household_month_cap, cooldown_minutes=self.cooldown_minutes,
            duplicate_minutes=self.duplicate_minutes, duplicate_metres=self.duplicate_metres,
            review_levels=self.review_levels, lot_months=self.lot_months, under_14=self.under_14,
            owner=self.owner, legal_ground=self.legal_ground, admitted_until=self.admitted_until,
            assessable=self.assessable, automatic=self.automatic, asked_fields=tuple(self.asked_fields),
            asked_people=self.asked_people, asked_times=self.asked_times, why=self.why,
        )  # fmt: skip
