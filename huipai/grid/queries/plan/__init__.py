"""What a workbook would change in the grid: read only, so that it can be shown before and asked again under lock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

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
from huipai.kit.sheets import Problem, Rows
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


def _row_of(problem: Problem) -> int:
    return problem.row


def plan_tree(tables: Mapping[str, Rows], asked_by: Person | None, at: datetime) -> TreePlan:
    """Compare a workbook (tables 网格树, 单位, 人员) with the grid as it is at `at`, for whoever would apply it."""
    plan = TreePlan()
    nodes, units, people = tables["网格树"], tables["单位"], tables["人员"]
    known = {node.code: node for node in GridNode.objects.valid_at(at).select_related("parent").defer("boundary")}
    street = Street.objects.get(pk=street_in_force())
    levels = Nodes(plan, nodes, known, Point(street.center_lng, street.center_lat), at).take()
    unit_codes = take_units(plan, units, levels)
    People(plan, people, levels, unit_codes, asked_by, at).take()
    # Sheet by sheet, as whoever mends them goes through them.
    plan.problems = [one for sheet in (nodes, units, people) for one in sorted(sheet.problems, key=_row_of)]
    if not plan.problems and not any(sheet.rows for sheet in (nodes, units, people)):
        plan.problems.append(Problem("网格树", 2, "", _("这个工作簿里一行都没有，填好了再传")))
    return plan
