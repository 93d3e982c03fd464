"""Keys that cannot point into another street."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import Exact

from huipai.streets.current import street_in_force

_ST = TypeVar("_ST")
_GT = TypeVar("_GT")


def _street_of(model: Any) -> models.Field[Any, Any]:
    field: models.Field[Any, Any] = model._meta.get_field("street")
    return field


class TenantKey(models.ForeignKey[_ST, _GT]):
    """A foreign key inside a street.

    Every join over it also compares the two streets, and our database backend makes its constraint composite:
    (street_id, this) references (street_id, id). A row that points into another street cannot be committed.
    """

    within_street = True

    def get_extra_restriction(self, alias: str | None, related_alias: str | None) -> Any:
        """The streets of both ends are equal; where only one end is named, it is of the street in force.

        `alias` stands for the model pointed at, `related_alias` for the model that holds this key.
        """
        named = ((alias, self.related_model), (related_alias, self.model))
        ends = [Col(name, _street_of(model)) for name, model in named if name]
        return Exact(ends[0], ends[1] if len(ends) == 2 else street_in_force())


class StreetKey(models.ForeignKey[_ST, _GT]):
    """The street of a row: the one in force when the row is made."""

    def __init__(self, to: Any = "streets.Street", on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs.setdefault("related_name", "+")
        # Every index of ours begins with the street; one on the street alone would only cost.
        kwargs.setdefault("db_index", False)
        kwargs["default"] = street_in_force
        kwargs["editable"] = False
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        # A migration has no street in force, so the default stays out of its state.
        kwargs.pop("default", None)
        return name, path, args, kwargs
