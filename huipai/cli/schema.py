"""Whether the database still has what the migrations made in it beside tables: triggers, constraints, indexes, keys.

A database without them answers like a whole one: everything is read, and what must never be written can be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunSQL

_SHOWN: Final = 3

# What the SQL of a migration makes, renames and takes away, in the order in which it stands there.
_STEP: Final = re.compile(
    r"""
      CREATE \s+ (?:OR\s+REPLACE\s+)? (?:CONSTRAINT\s+)? TRIGGER \s+ (?P<made>\w+) .+? \s ON \s+ (?P<made_on>\w+)
    | DROP \s+ TRIGGER \s+ (?:IF\s+EXISTS\s+)? (?P<dropped>\w+) \s+ ON \s+ (?P<dropped_on>\w+)
    | ALTER \s+ TABLE \s+ (?P<rests_on>\w+) \s+ DISABLE \s+ TRIGGER \s+ (?P<rests>\w+)
    | ALTER \s+ TRIGGER \s+ (?P<old>\w+) \s+ ON \s+ (?P<renamed_on>\w+) \s+ RENAME \s+ TO \s+ (?P<new>\w+)
    | ALTER \s+ TABLE \s+ (?P<bound>\w+) \s+ ADD \s+ CONSTRAINT \s+ (?P<constraint>\w+)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)

# What is there and in force: a trigger that is switched off guards nothing, an index that is not valid neither.
_TRIGGERS: Final = """
    SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND c.relnamespace = current_schema()::regnamespace
"""
_NAMED: Final = """
    SELECT c.relname, n.conname FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid
    WHERE n.convalidated AND c.relnamespace = current_schema()::regnamespace
    UNION SELECT c.relname, i.relname FROM pg_index x
    JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
    WHERE x.indisvalid AND c.relnamespace = current_schema()::regnamespace
"""
_KEYS: Final = """
    SELECT c.relname, a.attname FROM pg_constraint n JOIN pg_class c ON c.oid = n.conrelid
    JOIN pg_attribute a ON a.attrelid = n.conrelid AND a.attnum = n.conkey[cardinality(n.conkey)]
    WHERE n.contype = 'f' AND n.convalidated AND c.relnamespace = current_schema()::regnamespace
        AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgconstraint = n.oid AND t.tgenabled NOT IN ('O', 'A'))
"""
_UNIQUE: Final = """
    SELECT c.relname, a.attname FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid
    JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
    WHERE x.indisunique AND x.indisvalid AND x.indnkeyatts = 1 AND x.indpred IS NULL
        AND c.relnamespace = current_schema()::regnamespace
"""

# A table, and the name of what stands on it (or of the column that is bound).
Name = tuple[str, str]


def lacking() -> Iterator[str]:
    """A sentence for each kind of thing that the migrations made and that is not there; they have all been run."""
    triggers, constraints = made_by_sql()
    tables = [model._meta for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    named = {(one.db_table, rule.name) for one in tables for rule in (*one.constraints, *one.indexes)}
    # Only a foreign key knows whether the database holds it.
    keys = {
        (one.db_table, str(field.column))
        for one in tables
        for field in one.local_fields
        if getattr(field, "db_constraint", False)
    }
    unique = {(one.db_table, str(field.column)) for one in tables for field in one.local_fields if field.unique}
    yield from _sentence("triggers", triggers - _there(_TRIGGERS))
    yield from _sentence("constraints and indexes", (constraints | named) - _there(_NAMED))
    yield from _sentence("foreign keys", keys - _there(_KEYS))
    yield from _sentence("unique columns", unique - _there(_UNIQUE))


def made_by_sql() -> tuple[set[Name], set[Name]]:
    """The triggers, and the constraints that no model names, that are left of all migrations' SQL."""
    triggers, constraints = set[Name](), set[Name]()
    for sql in _sql():
        for step in _STEP.finditer(sql):
            if step["made"]:
                triggers.add((step["made_on"], step["made"]))
            elif step["constraint"]:
                constraints.add((step["bound"], step["constraint"]))
            elif step["new"]:
                triggers.remove((step["renamed_on"], step["old"]))
                triggers.add((step["renamed_on"], step["new"]))
            else:
                triggers.discard((step["dropped_on"] or step["rests_on"], step["dropped"] or step["rests"]))
    return triggers, constraints


def _sql() -> Iterator[str]:
    """The SQL of every migration on the disk, in the order in which a new database runs them."""
    graph = MigrationLoader(None).graph
    steps = dict.fromkeys(step for leaf in graph.leaf_nodes() for step in graph.forwards_plan(leaf))
    for step in steps:
        for operation in graph.nodes[step].operations:
            if isinstance(operation, RunSQL):
                yield from [operation.sql] if isinstance(operation.sql, str) else map(str, operation.sql)


def _there(query: str) -> set[Name]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return set(cursor.fetchall())


def _sentence(kind: str, gone: set[Name]) -> Iterator[str]:
    if gone:
        names = ", ".join(f"{table}.{name}" for table, name in sorted(gone)[:_SHOWN])
        rest = f" and {len(gone) - _SHOWN} more" if len(gone) > _SHOWN else ""
        yield (
            f"The database lacks {kind} that the migrations made, or they are switched off: {names}{rest}. What they "
            "guard can have been written wrongly since: restore a whole backup into a new database."
        )
