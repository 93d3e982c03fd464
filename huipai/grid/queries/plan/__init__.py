"""What a workbook would change in the grid: read only, so that it can be shown before and asked again under lock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from huipai.grid.models import GridNode
from huipai.grid.queries.plan.nodes import Nodes
from huipai.grid.queries.plan.people import People
from huipai.grid.queries.plan.steps import (
    ChangedNode,
    NewNode,
    PlannedAssignment,
    PlannedPerson,
    PlannedUnit,
    TreePlan,
)
from huipai.grid.queries.plan.units import take_units
from huipai.kit.coordinates import Point
from huipai.kit.sheets import Rows
from huipai.people.models import Person
from huipai.streets.current import street_in_force
from huipai.streets.models import Street

__all__ = [
    "ChangedNode",
    "NewNode",
    "PlannedAssignment",
    "PlannedPerson",
    "PlannedUnit",
    "TreePlan",
    "plan_tree",
]


def plan_tree(tables: Mapping[str, Rows], asked_by: Person | None, at: datetime) -> TreePlan:
    """Compare a workbook (tables 网格树, 单位, 人员) with the grid as it is at `at`, for whoever would apply it."""
    plan = TreePlan()
    nodes, units, people = tables["网格树"], tables["单位"], tables["人员"]
    known = {node.code: node for node in GridNode.objects.valid_at(at).select_related("parent").defer("boundary")}
    street = Street.objects.get(pk=street_in_force())
    levels = Nodes(plan, nodes, known, Point(street.center_lng, street.center_lat), at).take()
    unit_codes = take_units(plan, units, levels)
    People(plan, people, levels, unit_codes, asked_by, at).take()
    plan.problems = sorted([*nodes.problems, *units.problems, *people.problems], key=lambda problem: problem.row)
    return plan
