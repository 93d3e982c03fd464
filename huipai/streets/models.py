"""The tenant, and the base of every row that belongs to one."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.core import checks
from django.db import models
from django.db.models.sql import Query

from huipai.kit.ids import new_id
from huipai.streets.current import street_in_force
from huipai.streets.keys import StreetKey, TenantKey

__all__ = ["Street", "TenantKey", "TenantManager", "TenantModel", "TenantQuerySet"]

_M = TypeVar("_M", bound=models.Model)


class Street(models.Model):
    """A sub-district (街道): the tenant. Its words and numbers stand on each of its pages (ruling 27)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    operator = models.CharField(max_length=80)
    filing_number = models.CharField(max_length=60, blank=True)
    complaint_phone = models.CharField(max_length=20, blank=True)
    hotline_phone = models.CharField(max_length=20, blank=True)
    # 审图号: without it no map is shown in production (ruling 27).
    map_approval = models.CharField(max_length=40, blank=True)
    center_lng = models.FloatField()
    center_lat = models.FloatField()
    # Demo mode serves only streets that the demo seeded (ruling 28).
    is_demo = models.BooleanField(default=False)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_slug_is_lower_case", condition=models.Q(slug__regex=r"^[a-z][a-z0-9-]*$")),
            models.CheckConstraint(
                name="a_street_lies_on_earth",
                condition=models.Q(center_lng__range=(-180, 180), center_lat__range=(-90, 90)),
            ),
        ]


class TenantQuerySet(models.QuerySet[_M]):
    """Rows of one street: the one in force when the queryset was begun."""

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete these rows in one statement that names the street. What points at them is the database's to refuse."""
        count = self._raw_delete(self.db)
        return count, {self.model._meta.label: count}


class TenantManager(models.Manager[_M]):
    """Only rows of the street in force."""

    _queryset_class = TenantQuerySet

    def get_queryset(self) -> models.QuerySet[_M]:
        rows = super().get_queryset()
        rows.query = _rows_of(self.model, street_in_force()).chain()
        return rows


@lru_cache(maxsize=4096)
def _rows_of(model: type[models.Model], street_id: UUID) -> Query:
    """To be copied, not used: putting it together takes some fifteen times as long as a copy, and every list, row and
    check of a page begins with one."""
    return models.QuerySet(model).filter(street_id=street_id).query


class TenantModel(models.Model):
    """A row of one street.

    A child's Meta inherits this one and repeats its constraint:
    `constraints = [*TenantModel.Meta.constraints, …]`; a system check says so when it is forgotten.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    street: StreetKey[Street, Street] = StreetKey()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"
        # The target of every TenantKey.
        constraints = [models.UniqueConstraint(name="%(app_label)s_%(class)s_in_street", fields=["street", "id"])]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete this row, naming its street; nothing else is looked for in Python."""
        return type(self).objects.filter(pk=self.pk).delete()

    @classmethod
    def check(cls, **kwargs: Any) -> list[checks.CheckMessage]:
        errors = super().check(**kwargs)
        wanted = f"{cls._meta.app_label}_{cls.__name__}_in_street".lower()
        names = {constraint.name for constraint in cls._meta.constraints}
        if wanted not in names:
            errors.append(
                checks.Error(f"{cls.__name__}.Meta.constraints drops UNIQUE(street, id)", obj=cls, id="streets.E001")
            )
        if cls._meta.base_manager_name != "objects":
            errors.append(
                checks.Error(f"{cls.__name__}.Meta must inherit TenantModel.Meta", obj=cls, id="streets.E002")
            )
        return errors
