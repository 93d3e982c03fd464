"""What the map island draws: the street's own layers and the edges of its micro-grids, as one GeoJSON answer."""

import hashlib
from datetime import datetime
from typing import Any

import shapely
from django.conf import settings
from django.db.models import Count, Max
from shapely.geometry import mapping, shape

from huipai.grid.models import BaseMapLayer, GridNode
from huipai.grid.words import Level
from huipai.streets.models import Street

Layers = dict[str, Any]


def is_open(street: Street) -> bool:
    """A map is shown in production only under its 审图号 (ruling 27)."""
    return not settings.IS_PRODUCTION or bool(street.map_approval)


def stamp(at: datetime) -> str:
    """Changes when a layer is replaced or the tree changes."""
    layers = BaseMapLayer.objects.aggregate(count=Count("pk"), last=Max("replaced_at"))
    nodes = _micro_grids(at).aggregate(count=Count("pk"), last=Max("valid_from"))
    seen = (layers["count"], layers["last"], nodes["count"], nodes["last"], settings.MAP_TILES_URL)
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:20]


def of(at: datetime) -> dict[str, object]:
    """All layers by name, the box around them, and the tiles where a service is configured."""
    areas = [shape(boundary) for boundary in _micro_grids(at).values_list("boundary", flat=True)]
    layers: Layers = dict(BaseMapLayer.objects.values_list("kind", "features"))
    layers["micro_grid"] = {"type": "FeatureCollection", "features": [_edges(areas)] if areas else []}
    bounds = shapely.total_bounds(areas).tolist() if areas else None
    return {"layers": layers, "bounds": bounds, "tiles": settings.MAP_TILES_URL}


def _micro_grids(at: datetime) -> Any:
    return GridNode.objects.of_level(Level.MICRO_GRID).valid_at(at).exclude(boundary=None)


def _edges(areas: list[Any]) -> dict[str, object]:
    """Every edge once: two neighbours share theirs."""
    lines = shapely.line_merge(shapely.unary_union([area.boundary for area in areas]))
    return {"type": "Feature", "properties": {}, "geometry": mapping(shapely.set_precision(lines, 1e-6))}
