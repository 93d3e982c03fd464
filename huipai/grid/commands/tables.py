"""Applying a checked workbook: the tree, the units and the people; all of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from huipai.grid import policies
from huipai.grid.commands import duty, units
from huipai.grid.commands.refusals import FindingsMoved, HasProblems, explained
from huipai.grid.commands.telling import tell, tell_of_node, tell_of_nodes
from huipai.grid.commands.tree import path_under
from huipai.grid.commands.uploads import finish, take_for_applying
from huipai.grid.models import GridNode, Unit, Upload
from huipai.grid.queries.plan import NewNode, PlannedAssignment, TreePlan, plan_tree
from huipai.grid.words import LEVELS, Fact, TableKind, UnitKind
from huipai.kit import planning
from huipai.kit.sheets import Rows
from huipai.people import commands as people
from huipai.people.models import Person

_AT_ONCE = 1000


@transaction.atomic
def apply_tree(*, upload_id: UUID, tables: Mapping[str, Rows], actor: Person | None, now: datetime) -> Upload:
    """Do what the checked workbook says. A second time it gives back what was done the first.

    Refused when a row has a problem, or when the same check now finds other than was shown.
    """
    if actor is not None:
        policies.may_keep_tree(actor, now).require()
    upload = take_for_applying(upload_id, TableKind.TREE)
    if upload.applied_at is not None:
        return upload
    plan = plan_tree(tables, actor, now)
    if plan.problems:
        raise HasProblems
    if plan.digest != upload.findings:
        raise FindingsMoved
    carry_out(plan, actor=actor, now=now)
    finish(upload, now)
    tell(
        Fact.TREE_IMPORTED, f"upload:{upload.pk}", actor, now,
        nodes=len(plan.new_nodes), people=len(plan.people), assignments=len(plan.assignments),
    )  # fmt: skip
    return upload


def carry_out(plan: TreePlan, *, actor: Person | None, now: datetime) -> None:
    """Every step of a plan without problems, in the caller's transaction."""
    nodes = {node.code: node for node in GridNode.objects.valid_at(now).defer("boundary")}
    _create_nodes(plan.new_nodes, nodes, actor, now)
    _change_nodes(plan, nodes, actor, now)
    _keep_units(plan, nodes, actor, now)
    _assign(plan, nodes, actor, now)


def _create_nodes(new: list[NewNode], nodes: dict[str, GridNode], actor: Person | None, now: datetime) -> None:
    """So many a statement, the highest level first.

    The rows of a tree that is new are looked for in what was an empty table: unless it is looked at meanwhile, each of
    them reads all that came before, and ten thousand homes take a minute. Few rows go without: another street's table
    would wait for this one.
    """
    are_many = len(new) > _AT_ONCE
    for level in LEVELS:
        made = [_node(planned, nodes, now) for planned in new if planned.level == level]
        for start in range(0, len(made), _AT_ONCE):
            with explained():
                GridNode.objects.bulk_create(made[start : start + _AT_ONCE])
            if are_many:
                planning.count_rows_of(GridNode)
        tell_of_nodes(Fact.NODE_CREATED, made, actor, now)
        nodes |= {node.code: node for node in made}


def _node(planned: NewNode, nodes: Mapping[str, GridNode], now: datetime) -> GridNode:
    parent = nodes[planned.parent] if planned.parent else None
    node = GridNode(
        level=planned.level,
        code=planned.code,
        name=planned.name,
        parent=parent,
        lng=planned.point.lng if planned.point else None,
        lat=planned.point.lat if planned.point else None,
        source_crs=planned.crs,
        valid_from=planned.valid_from or now,
    )
    node.path = path_under(parent, node)
    return node


def _change_nodes(plan: TreePlan, nodes: Mapping[str, GridNode], actor: Person | None, now: datetime) -> None:
    changed = []
    for planned in plan.changed_nodes:
        node = nodes[planned.code]
        if node.name != planned.name:
            tell_of_node(Fact.NODE_RENAMED, node, actor, now)
        node.name = planned.name
        if planned.point is not None:
            node.lng, node.lat, node.source_crs = planned.point.lng, planned.point.lat, planned.crs
        changed.append(node)
    GridNode.objects.bulk_update(changed, ["name", "lng", "lat", "source_crs"], batch_size=500)


def _keep_units(plan: TreePlan, nodes: Mapping[str, GridNode], actor: Person | None, now: datetime) -> None:
    for new in plan.new_units:
        node = nodes[new.node] if new.node else None
        units.create_unit(code=new.code, name=new.name, kind=UnitKind(new.kind), node=node, actor=actor, now=now)
    ids = dict(Unit.objects.filter(code__in=[unit.code for unit in plan.renamed_units]).values_list("code", "pk"))
    for renamed in plan.renamed_units:
        units.rename_unit(unit_id=ids[renamed.code], name=renamed.name, actor=actor, now=now)


def _assign(plan: TreePlan, nodes: Mapping[str, GridNode], actor: Person | None, now: datetime) -> None:
    for planned in plan.people:
        if planned.is_employed:
            people.employ(phone=planned.phone, name=planned.name, actor=actor, now=now)
        else:
            people.register(phone=planned.phone, name=planned.name, now=now)
    phones = {phone for one in plan.assignments for phone in (one.phone, one.deputy) if phone}
    found = Person.objects.filter(account__phone__in=phones).select_related("account")
    persons = {person.account.phone: person for person in found if person.account}
    unit_of = {
        unit.code: unit for unit in Unit.objects.filter(code__in=[one.unit for one in plan.assignments if one.unit])
    }
    for one in plan.assignments:
        _assign_one(one, persons, nodes, unit_of, actor, now)


def _assign_one(
    planned: PlannedAssignment,
    persons: Mapping[str | None, Person],
    nodes: Mapping[str, GridNode],
    unit_of: Mapping[str, Unit],
    actor: Person | None,
    now: datetime,
) -> None:
    duty.assign(
        person=persons[planned.phone],
        role=planned.role,
        node=nodes[planned.node] if planned.node else None,
        unit=unit_of[planned.unit] if planned.unit else None,
        deputy=persons[planned.deputy] if planned.deputy else None,
        valid_from=planned.valid_from,
        valid_until=planned.valid_until,
        actor=actor,
        now=now,
    )
