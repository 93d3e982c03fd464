"""The rows of the units against the units there are."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from huipai.grid.models import Unit
from huipai.grid.queries.plan.steps import PlannedUnit, TreePlan, once
from huipai.grid.words import Level
from huipai.kit.sheets import Rows


def take_units(plan: TreePlan, rows: Rows, levels: Mapping[str, Level]) -> set[str]:
    """The codes of every unit there is or will be."""
    known = {unit.code: unit for unit in Unit.objects.all()}
    for row in once(rows, lambda row: row["code"], "code", _("这个编码在表里出现了两次")):
        here = known.get(row["code"])
        planned = PlannedUnit(row["code"], row["name"], row["kind"], row["node"])
        if row["node"] is not None and row["node"] not in levels:
            rows.complain(row.number, "node", _("没有编码是 %(code)s 的网格") % {"code": row["node"]})
        elif here is None:
            plan.new_units.append(planned)
        elif not here.is_active:
            rows.complain(row.number, "code", _("这个单位已经停用，另用一个编码"))
        elif here.kind != row["kind"]:
            rows.complain(row.number, "kind", _("这个编码已经是另一类单位"))
        elif here.name != row["name"]:
            plan.renamed_units.append(planned)
        else:
            plan.unchanged += 1
    closed = {code for code, unit in known.items() if not unit.is_active}
    return (set(known) - closed) | {unit.code for unit in plan.new_units}
