"""A flat map of one town in metres: shapes are measured and compared on it, never in degrees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from huipai.kit.coordinates import Point, metres_per_degree


@dataclass(frozen=True, slots=True)
class Plane:
    """Metres east and north of a place. Straight lines stay straight, so inside and outside are what they were."""

    lng: float
    lat: float
    per_lng: float
    per_lat: float

    @classmethod
    def around(cls, shapes: Iterable[BaseGeometry]) -> Plane:
        """The plane whose middle is the middle of these shapes (in degrees)."""
        drawn = [shape for shape in shapes if not shape.is_empty]
        if not drawn:
            return cls(0, 0, *metres_per_degree(0))
        west, south, east, north = shapely.total_bounds(drawn)
        lng, lat = float((west + east) / 2), float((south + north) / 2)
        return cls(lng, lat, *metres_per_degree(lat))

    def flat(self, shape: BaseGeometry) -> Any:
        """A shape in degrees, laid on the plane."""

        def lay(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
            return (degrees - (self.lng, self.lat)) * (self.per_lng, self.per_lat)

        return shapely.transform(shape, lay)

    def xy(self, point: Point) -> tuple[float, float]:
        return (point.lng - self.lng) * self.per_lng, (point.lat - self.lat) * self.per_lat

    def point(self, x: float, y: float) -> Point:
        return Point(self.lng + x / self.per_lng, self.lat + y / self.per_lat)


def nearest_of(areas: Sequence[BaseGeometry | None], point: Point | None) -> int:
    """Which area holds the point, or is nearest to it; the first when there is no point, or nothing is drawn."""
    if point is None:
        return 0
    spot = shapely.Point(point.lng, point.lat)
    distances = [area.distance(spot) if area is not None else float("inf") for area in areas]
    return distances.index(min(distances))
