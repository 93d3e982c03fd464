"""Nodes: created, renamed, closed."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Concat, Length, Substr

from huipai.grid import policies, queries
from huipai.grid.commands.duty import end_all_of, go_on
from huipai.grid.commands.homes import end_residences, live_on
from huipai.grid.commands.locking import lock_tree
from huipai.grid.commands.refusals import (
    AlreadyEnded,
    NameMissing,
    NodeIsClosed,
    NotAFit,
    NothingPlanned,
    OverClosesFirst,
    SplitIsPlanned,
    StillInUse,
    WrongCode,
    WrongPeriod,
    explained,
)
from huipai.grid.commands.telling import tell_of_node
from huipai.grid.models import Assignment, GridNode, Residence
from huipai.grid.models.tree import CODE
from huipai.grid.words import PARENT_LEVELS, Fact, Level
from huipai.kit.coordinates import Crs, Point
from huipai.kit.lines import as_seen
from huipai.kit.verdict import NotVisible
from huipai.people.models import Person


@transaction.atomic
def create_node(
    *,
    level: Level,
    code: str,
    name: str,
    parent: GridNode | None,
    actor: Person | None,
    now: datetime,
    valid_from: datetime | None = None,
    point: Point | None = None,
    boundary: dict[str, Any] | None = None,
    source_crs: Crs = Crs.WGS84,
    succeeds: GridNode | None = None,
) -> GridNode:
    """A node under its parent, from `valid_from` (now, when not said), and no longer than it.

    Refuses a wrong level, a code in use, a code or name that is none.
    """
    if actor is not None:
        verdict = policies.may_keep_node(actor, parent, now) if parent else policies.may_keep_tree(actor, now)
        verdict.require()
    begins = valid_from or now
    require_words(code, name)
    parent = _as_it_stands(parent) if parent is not None else None
    if (parent.level if parent else None) not in (PARENT_LEVELS[level] or (None,)):
        raise NotAFit(field="parent")
    if parent is not None and not parent.is_valid(max(begins, now)):
        raise NodeIsClosed
    node = GridNode(
        parent=parent,
        level=level,
        code=code,
        name=as_seen(name),
        boundary=boundary,
        source_crs=source_crs,
        lng=point.lng if point else None,
        lat=point.lat if point else None,
        succeeds=succeeds,
        valid_from=begins,
        valid_until=_end_under(parent),
    )
    node.path = path_under(parent, node)
    with explained():
        node.save(force_insert=True)
    tell_of_node(Fact.NODE_CREATED, node, actor, now, parent=str(parent.pk) if parent else None)
    return node


def require_words(code: str, name: str, *, at: str = "") -> None:
    """Refuse a code or a name that is none, in the words of the tree's import; `at`: the field that holds both."""
    if not re.fullmatch(CODE, code):
        raise WrongCode(field=at or "code")
    if not as_seen(name):
        raise NameMissing(field=at or "name")


def _as_it_stands(parent: GridNode) -> GridNode:
    """The parent as it is now: whoever plans its end waits until what comes under it is there, or is seen here."""
    return GridNode.objects.select_for_update(of=("self",), no_key=True).get(pk=parent.pk)


def _end_under(parent: GridNode | None) -> datetime | None:
    """What stands under a node ends with it; under one that is to be split it moves on into a part."""
    if parent is None or parent.valid_until is None:
        return None
    return None if is_split(parent) else parent.valid_until


@transaction.atomic
def rename_node(*, node_id: UUID, name: str, actor: Person | None, now: datetime) -> GridNode:
    """The same node under a new name, for its past as well."""
    node = node_for_change(node_id, actor, now)
    require_words(node.code, name)
    if node.name != name:
        node.name = name
        node.save(update_fields=["name"])
        tell_of_node(Fact.NODE_RENAMED, node, actor, now)
    return node


@transaction.atomic
def close_node(*, node_id: UUID, at: datetime, actor: Person | None, now: datetime) -> GridNode:
    """No longer valid from `at` on: its assignments and residences end then; what happened in it stays.

    Refuses while something under it is valid longer. Where an end is planned already, it is moved to this day.
    """
    node = node_for_change(node_id, actor, now)
    if node.valid_until is not None and (node.valid_until <= now or node.valid_until == at):
        raise AlreadyEnded
    if node.valid_until is not None and is_split(node):
        raise SplitIsPlanned
    if at < node.valid_from:
        raise WrongPeriod(field="at")
    if GridNode.objects.filter(Q(valid_until=None) | Q(valid_until__gt=at), parent=node).exists():
        raise StillInUse
    if node.valid_until is not None and node.valid_until < at:
        _lasts(node, at, actor, now)
    close_quietly(node, at=at, actor=actor, now=now)
    tell_of_node(Fact.NODE_CLOSED, node, actor, now, at=at.isoformat())
    return node


@transaction.atomic
def keep_node(*, node_id: UUID, actor: Person | None, now: datetime) -> GridNode:
    """Take a planned end back before its day: what was to end with it goes on. What was closed under it stays so."""
    node = node_for_change(node_id, actor, now)
    if node.valid_until is None or node.valid_until <= now:
        raise NothingPlanned
    if is_split(node):
        raise SplitIsPlanned
    _lasts(node, None, actor, now)
    tell_of_node(Fact.NODE_KEPT, node, actor, now)
    return node


def last_as_before(node: GridNode, actor: Person | None, now: datetime) -> None:
    """Let a node that was to be split go on, as long as what it stands under."""
    over = node.parent
    _lasts(node, over.valid_until if over is not None and not is_split(over) else None, actor, now)


def is_split(node: GridNode) -> bool:
    """Whether parts take over from a node; those of a split that was taken back never came to be."""
    return node.successors.exclude(valid_until=F("valid_from")).exists()


def _lasts(node: GridNode, until: datetime | None, actor: Person | None, now: datetime) -> None:
    """Let a node last longer than was planned, and with it what was to end on the same day."""
    planned, over = node.valid_until, node.parent
    limit = over.valid_until if over is not None and not is_split(over) else None
    if limit is not None and (until is None or until > limit):
        raise OverClosesFirst(field="at")
    node.valid_until = until
    with explained():
        node.save(update_fields=["valid_until"])
    go_on(Assignment.objects.filter(node=node, valid_until=planned), until=until)
    live_on(Residence.objects.filter(household=node, valid_until=planned), until=until, actor=actor, now=now)


def close_quietly(node: GridNode, *, at: datetime, actor: Person | None, now: datetime) -> None:
    node.valid_until = at
    node.save(update_fields=["valid_until"])
    end_all_of(Assignment.objects.filter(node=node), at=at, actor=actor, now=now)
    end_residences(Residence.objects.filter(household=node), at=at, actor=actor, now=now)


def node_for_change(node_id: UUID, actor: Person | None, now: datetime) -> GridNode:
    """The node, locked; refused to those who may not keep it, and not found where they may not see it."""
    lock_tree()
    node = (
        GridNode.objects.select_for_update(of=("self",), no_key=True)
        .select_related("parent")
        .filter(pk=node_id)
        .first()
    )
    if node is None:
        raise NotVisible
    if actor is not None:
        policies.may_keep_node(actor, node, now).require()
    return node


def path_under(parent: GridNode | None, node: GridNode) -> str:
    return f"{parent.path if parent else ''}{node.pk}/"


def move_node(node: GridNode, to: GridNode, *, now: datetime) -> None:
    """Put a node and all under it under another parent, in one statement."""
    old, new = node.path, path_under(to, node)
    queries.subtree(node).update(
        path=Concat(Value(new), Substr(F("path"), Length(Value(old)) + 1)),
        parent=Case(When(pk=node.pk, then=Value(to.pk)), default=F("parent")),
    )
    tell_of_node(Fact.NODE_MOVED, node, None, now, origin=str(node.parent_id), parent=str(to.pk))
    node.path, node.parent = new, to
