"""The base map that the street draws itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from huipai.grid import policies
from huipai.grid.commands.telling import tell
from huipai.grid.models import BaseMapLayer
from huipai.grid.words import BaseMapKind, Fact
from huipai.people.models import Person


@transaction.atomic
def replace_base_map(
    *, kind: BaseMapKind, features: dict[str, Any], actor: Person | None, now: datetime
) -> BaseMapLayer:
    """One layer as a whole: a FeatureCollection in WGS-84."""
    if actor is not None:
        policies.may_keep_tree(actor, now).require()
    layer, _is_new = BaseMapLayer.objects.update_or_create(
        kind=kind, defaults={"features": features, "replaced_at": now}
    )
    tell(Fact.BASE_MAP_REPLACED, f"layer:{layer.pk}", actor, now, kind=str(kind))
    return layer
