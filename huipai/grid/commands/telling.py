"""How the grid writes to the journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from huipai.grid.models import Absence, Assignment, GridNode
from huipai.grid.words import Fact
from huipai.journal import commands as journal
from huipai.people.models import Person


def tell(fact: Fact, subject: str, actor: Person | None, now: datetime, **facts: object) -> None:
    """One entry; ids, codes and numbers only."""
    kept = {key: value for key, value in facts.items() if value is not None}
    journal.record(what=fact, subject=subject, actor_id=actor.pk if actor else None, now=now, facts=kept)


def tell_of_node(fact: Fact, node: GridNode, actor: Person | None, now: datetime, **facts: object) -> None:
    tell(fact, f"node:{node.pk}", actor, now, level=str(node.level), **facts)


def tell_of_nodes(fact: Fact, nodes: Sequence[GridNode], actor: Person | None, now: datetime) -> None:
    """One entry a node, in one statement."""
    told = [(f"node:{node.pk}", {"level": str(node.level), "parent": str(node.parent_id)}) for node in nodes]
    journal.record_all(what=fact, of=told, actor_id=actor.pk if actor else None, now=now)


def tell_of_assignment(
    fact: Fact, assignment: Assignment, actor: Person | None, now: datetime, **facts: object
) -> None:
    """Followers pass on the open work by these: whose it was, where, and who comes next."""
    tell(
        fact,
        f"assignment:{assignment.pk}",
        actor,
        now,
        person=str(assignment.person_id),
        role=str(assignment.role),
        node=_id(assignment.node_id),
        unit=_id(assignment.unit_id),
        deputy=_id(assignment.deputy_id),
        **facts,
    )


def tell_of_absence(fact: Fact, absence: Absence, actor: Person | None, now: datetime) -> None:
    tell(fact, f"absence:{absence.pk}", actor, now, person=str(absence.person_id))


def _id(key: object) -> str | None:
    return str(key) if key is not None else None
