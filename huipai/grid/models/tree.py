"""The tree of places, and the units that handle things in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q

from huipai.grid.models.periods import EQUAL, OVERLAPS, forwards, in_force, period
from huipai.grid.words import LEVELS_WITH_BOUNDARY, TREE_NOTE, Level, UnitKind
from huipai.kit.coordinates import Crs, Point
from huipai.streets.current import notes
from huipai.streets.models import TenantKey, TenantManager, TenantModel, TenantQuerySet

CODE = r"^[0-9A-Za-z][0-9A-Za-z-]{0,39}$"
_CRS = [(crs.value, crs.name) for crs in Crs]


class GridNodeQuerySet(TenantQuerySet["GridNode"]):
    """Every write through it makes this request or job look at the tree again."""

    def _insert(self, *args: Any, **kwargs: Any) -> Any:
        notes().pop(TREE_NOTE, None)
        return super()._insert(*args, **kwargs)  # type: ignore[misc]

    def _update(self, *args: Any, **kwargs: Any) -> Any:
        notes().pop(TREE_NOTE, None)
        return super()._update(*args, **kwargs)  # type: ignore[misc]

    def update(self, **kwargs: Any) -> int:
        notes().pop(TREE_NOTE, None)
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        notes().pop(TREE_NOTE, None)
        return super().delete()

    def valid_at(self, at: datetime) -> GridNodeQuerySet:
        return self.filter(in_force(at))

    def below(self, node: GridNode) -> GridNodeQuerySet:
        """The node and everything under it."""
        return self.filter(path__startswith=node.path)

    def above(self, node: GridNode) -> GridNodeQuerySet:
        """The nodes over this one, the street first; without the node itself."""
        return self.filter(pk__in=node.ids_above()).order_by("path")

    def of_level(self, *levels: Level) -> GridNodeQuerySet:
        return self.filter(level__in=levels)


GridNodeManager = TenantManager.from_queryset(GridNodeQuerySet)


class GridNode(TenantModel):
    """A place in the tree, from the sub-district to a household, for a period.

    A code names one node at a time. A closed node stays for what happened in it.
    """

    parent = TenantKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    level = models.CharField(max_length=12, choices=Level.choices)
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    # A GeoJSON Polygon or MultiPolygon in WGS-84; `source_crs` is the system in which it was handed in.
    boundary: models.JSONField[Any, Any] = models.JSONField(null=True)
    source_crs = models.CharField(max_length=8, choices=_CRS, default=Crs.WGS84.value)
    # Where it stands on the map, in WGS-84: the door of a building, the label of an area.
    lng = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    # The ids from the street down to this node, each followed by a slash; kept true by a trigger.
    path = models.TextField()
    # The micro-grid that this one was split off from.
    succeeds = TenantKey("self", null=True, on_delete=models.PROTECT, related_name="successors")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    objects: ClassVar[GridNodeManager[Self]] = GridNodeManager()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            forwards("grid_node_ends_after_it_begins"),
            models.CheckConstraint(
                name="grid_only_the_street_has_no_parent",
                condition=Q(level=Level.STREET.value, parent=None)
                | (~Q(level=Level.STREET.value) & Q(parent__isnull=False)),
            ),
            models.CheckConstraint(name="grid_level_is_a_word", condition=Q(level__in=Level.values)),
            models.CheckConstraint(name="grid_code_is_plain", condition=Q(code__regex=CODE)),
            models.CheckConstraint(name="grid_name_is_not_empty", condition=~Q(name="")),
            models.CheckConstraint(
                name="grid_boundary_is_an_area",
                condition=Q(boundary=None)
                | Q(
                    boundary__type__in=["Polygon", "MultiPolygon"],
                    level__in=[level.value for level in LEVELS_WITH_BOUNDARY],
                ),
            ),
            models.CheckConstraint(
                name="grid_point_lies_on_earth",
                condition=Q(lng=None, lat=None)
                | Q(lng__isnull=False, lat__isnull=False, lng__range=(-180, 180), lat__range=(-90, 90)),
            ),
            models.CheckConstraint(
                name="grid_no_node_succeeds_itself", condition=Q(succeeds=None) | ~Q(succeeds=F("id"))
            ),
            ExclusionConstraint(
                name="grid_a_code_names_one_node_at_a_time",
                expressions=[("street", EQUAL), ("code", EQUAL), (period(), OVERLAPS)],
            ),
            ExclusionConstraint(
                name="grid_one_street_at_a_time",
                expressions=[("street", EQUAL), (period(), OVERLAPS)],
                condition=Q(level=Level.STREET.value),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                name="grid_node_by_path", fields=["street", "path"], opclasses=["uuid_ops", "text_pattern_ops"]
            ),
            models.Index(name="grid_node_by_level", fields=["street", "level", "code"]),
            models.Index(name="grid_node_by_parent", fields=["street", "parent", "code"]),
        ]

    def ids_above(self) -> list[UUID]:
        """The ids over this node, the street first."""
        return [UUID(part) for part in self.path.split("/")[:-2]]

    def is_valid(self, at: datetime) -> bool:
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)

    def is_in(self, node: GridNode) -> bool:
        """Whether this is `node` or stands under it."""
        return self.path.startswith(node.path)

    @property
    def point(self) -> Point | None:
        return Point(self.lng, self.lat) if self.lng is not None and self.lat is not None else None

    @property
    def level_word(self) -> str:
        return str(Level(self.level).label)


class TreeVersion(TenantModel):
    """A stamp that a trigger renews with each change of a drawn node, so that every process sees that its index is old.

    It is random, not a count: two transactions can never arrive at the same stamp with different trees.
    """

    stamp = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="grid_one_version_a_street", fields=["street"]),
        ]


class Unit(TenantModel):
    """A body that handles things: a property manager, a department, a police station, a partner (ruling 4)."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=UnitKind.choices)
    # The area it looks after; none = the whole street.
    node = TenantKey(GridNode, null=True, on_delete=models.PROTECT, related_name="units")
    is_active = models.BooleanField(default=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            *TenantModel.Meta.constraints,
            models.UniqueConstraint(name="grid_a_code_names_one_unit", fields=["street", "code"]),
            models.CheckConstraint(name="grid_unit_code_is_plain", condition=Q(code__regex=CODE)),
            models.CheckConstraint(name="grid_unit_kind_is_a_word", condition=Q(kind__in=UnitKind.values)),
            models.CheckConstraint(name="grid_unit_name_is_not_empty", condition=~Q(name="")),
        ]
