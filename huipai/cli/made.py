"""What the SQL of all migrations leaves in a new database: told from the SQL, whichever PostgreSQL has run it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunSQL

# A table, and the name of what stands on it (or of the column that is bound).
Name = tuple[str, str]

# What the SQL of a migration makes, renames and takes away, in the order in which it stands there.
_STEP: Final = re.compile(
    r"""
      CREATE \s+ (?:OR\s+REPLACE\s+)? FUNCTION \s+ (?P<function>\w+) .+? \$(?P<tag>\w*)\$ (?P<body>.*?) \$(?P=tag)\$
    | DROP \s+ FUNCTION \s+ (?:IF\s+EXISTS\s+)? (?P<forgotten>\w+)
    | ALTER \s+ FUNCTION \s+ (?P<was>\w+) [^;]*? \s RENAME \s+ TO \s+ (?P<is_now>\w+)
    | CREATE \s+ (?:OR\s+REPLACE\s+)? (?:CONSTRAINT\s+)? TRIGGER \s+ (?P<made>\w+) .+? \s ON \s+ (?P<made_on>\w+) \s
        .+? EXECUTE \s+ (?:FUNCTION|PROCEDURE) \s+ \w+ \s* \( [^)]* \)
    | DROP \s+ TRIGGER \s+ (?:IF\s+EXISTS\s+)? (?P<dropped>\w+) \s+ ON \s+ (?P<dropped_on>\w+)
    | ALTER \s+ TABLE \s+ (?P<rests_on>\w+) \s+ DISABLE \s+ TRIGGER \s+ (?P<rests>\w+)
    | ALTER \s+ TRIGGER \s+ (?P<old>\w+) \s+ ON \s+ (?P<renamed_on>\w+) \s+ RENAME \s+ TO \s+ (?P<new>\w+)
    | ALTER \s+ TABLE \s+ (?P<bound>\w+) \s+ ADD \s+ CONSTRAINT \s+ (?P<constraint>\w+)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


@dataclass
class Made:
    """Triggers with the statement of each, constraints that no model names, and functions with the body of each."""

    triggers: dict[Name, str] = field(default_factory=dict)
    constraints: set[Name] = field(default_factory=set)
    functions: dict[str, str] = field(default_factory=dict)


def made_by_sql() -> Made:
    made = Made()
    for sql in _sql():
        for step in _STEP.finditer(sql):
            _take(step, made)
    return made


def _take(step: re.Match[str], made: Made) -> None:
    if step["function"]:
        made.functions[step["function"]] = step["body"]
    elif step["forgotten"]:
        made.functions.pop(step["forgotten"], None)
    elif step["was"]:
        _rename(step["was"], step["is_now"], made)
    elif step["made"]:
        made.triggers[step["made_on"], step["made"]] = step[0]
    elif step["constraint"]:
        made.constraints.add((step["bound"], step["constraint"]))
    elif step["new"]:
        made.triggers[step["renamed_on"], step["new"]] = made.triggers.pop((step["renamed_on"], step["old"]))
    else:
        made.triggers.pop((step["dropped_on"] or step["rests_on"], step["dropped"] or step["rests"]), None)


def _rename(was: str, is_now: str, made: Made) -> None:
    """What runs a function goes on running it, whatever it is called."""
    made.functions[is_now] = made.functions.pop(was)
    made.triggers = {name: re.sub(rf"\b{was}\b", is_now, statement) for name, statement in made.triggers.items()}


def _sql() -> Iterator[str]:
    """The SQL of every migration on the disk, in the order in which a new database runs them."""
    graph = MigrationLoader(None).graph
    steps = dict.fromkeys(step for leaf in graph.leaf_nodes() for step in graph.forwards_plan(leaf))
    for step in steps:
        for operation in graph.nodes[step].operations:
            if isinstance(operation, RunSQL):
                yield from [operation.sql] if isinstance(operation.sql, str) else map(str, operation.sql)
