"""What a street has learnt about which words mean which type."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from huipai.streets.models import TenantModel


class TypeGuesser(TenantModel):
    """One learning: its weights as plain arrays, and how well it guessed what it had not learnt from."""

    number = models.PositiveIntegerField()
    learnt_at = models.DateTimeField()
    codes: models.JSONField[Any, Any] = models.JSONField()
    # Arrays of numbers (npz, read without pickle); empty once three newer ones are there.
    weights = models.BinaryField()
    # Reports and sentences of types that it was learnt from in the end.
    history = models.PositiveIntegerField()
    seeds = models.PositiveIntegerField()
    # Held out: how many, how often right at first and among three, how often on the usual list; equal ones left out.
    held_out = models.PositiveIntegerField()
    first = models.PositiveIntegerField()
    among_three = models.PositiveIntegerField()
    usual = models.PositiveIntegerField()
    twins = models.PositiveIntegerField()
    # Below this sureness nothing is offered; of what was held out so many lay there, so many others were right.
    floor = models.FloatField(default=0, db_default=0)
    unsure = models.PositiveIntegerField(default=0, db_default=0)
    sure_hits = models.PositiveIntegerField(default=0, db_default=0)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="cases_one_learning_a_number", fields=["street", "number"]),
            models.CheckConstraint(
                name="cases_hits_are_of_what_was_held_out",
                condition=Q(first__lte=F("among_three"), among_three__lte=F("held_out"), usual__lte=F("held_out")),
            ),
            models.CheckConstraint(
                name="cases_a_floor_parts_what_was_held_out",
                condition=Q(floor__gte=0, unsure__lte=F("held_out"), sure_hits__lte=F("among_three"))
                & Q(sure_hits__lte=F("held_out") - F("unsure")),
            ),
        ]
