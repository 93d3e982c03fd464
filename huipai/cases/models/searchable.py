"""What a case is found by: kept by the database's own triggers, read by the search."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from huipai.streets.models import TenantModel


class Searchable(TenantModel):
    """The words of one case, under its id: number, kind, place, and what its reports say. Nobody's name.

    `grams` are its signs and pairs of signs, with one more for the street and one for the street's month: a search goes
    month by month and ends when a page is full, so it does not grow slower with the archive.
    """

    text = models.TextField()
    grams = ArrayField(models.TextField())
    reported_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [*TenantModel.Meta.constraints]
        indexes: ClassVar = [
            GinIndex(name="cases_searchable_by_grams", fields=["grams"], gin_pending_list_limit=512),
            models.Index(name="cases_searchable_latest", fields=["street", "-reported_at", "-id"]),
        ]
