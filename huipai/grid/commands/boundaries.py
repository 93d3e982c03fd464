"""Applying a checked drawing: all of it, or nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from huipai.grid import policies
from huipai.grid.commands.refusals import FindingsMoved, HasProblems
from huipai.grid.commands.telling import tell, tell_of_node
from huipai.grid.commands.uploads import finish, take_for_applying
from huipai.grid.models import GridNode, Upload
from huipai.grid.queries.drawing import check_drawing
from huipai.grid.words import Fact, TableKind
from huipai.kit.coordinates import Crs
from huipai.people.models import Person


@transaction.atomic
def apply_boundaries(*, upload_id: UUID, middle: tuple[float, float], actor: Person | None, now: datetime) -> Upload:
    """Draw the nodes as the checked file says. A second time it gives back what was done the first.

    Refused when an area has a problem, or when the same check now finds other than was shown.
    """
    if actor is not None:
        policies.may_keep_tree(actor, now).require()
    upload = take_for_applying(upload_id, TableKind.BOUNDARIES)
    if upload.applied_at is not None:
        return upload
    crs = Crs(upload.crs)
    report = check_drawing(bytes(upload.content), crs, now, middle)
    if report.troubles:
        raise HasProblems
    if report.digest != upload.findings:
        raise FindingsMoved
    for redrawn in report.redrawn:
        redrawn.node.boundary, redrawn.node.source_crs = redrawn.drawn.geojson, crs
        tell_of_node(Fact.NODE_DRAWN, redrawn.node, actor, now, crs=str(crs), upload=str(upload.pk))
    GridNode.objects.bulk_update([one.node for one in report.redrawn], ["boundary", "source_crs"], batch_size=200)
    finish(upload, now)
    tell(Fact.BOUNDARIES_IMPORTED, f"upload:{upload.pk}", actor, now, drawn=len(report.redrawn), crs=str(crs))
    return upload
