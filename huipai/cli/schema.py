"""Whether the database still has what the migrations made in it beside tables: triggers and what they do, constraints,
indexes, keys. And whether anything stands beside them that takes away what is written.

A database without them answers like a whole one: everything is read, and what must never be written can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Final

from django.apps import apps
from django.db import connection

from huipai.cli import twins
from huipai.cli.made import Name, made_by_sql

_SHOWN: Final = 3
_SINCE: Final = "What they guard can have been written wrongly since: restore a whole backup into a new database."

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
_REQUIRED: Final = """
    SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE a.attnotnull AND NOT a.attisdropped AND c.relnamespace = current_schema()::regnamespace
"""
# A rule writes something else, or nothing; row security hides what is there from who asks.
_IN_THE_WAY: Final = """
    SELECT c.relname, r.rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
    WHERE r.rulename <> '_RETURN' AND c.relnamespace = current_schema()::regnamespace
    UNION SELECT relname, 'row level security' FROM pg_class
    WHERE (relrowsecurity OR relforcerowsecurity) AND relnamespace = current_schema()::regnamespace
"""
_UNLOGGED: Final = """
    SELECT relname, 'UNLOGGED' FROM pg_class
    WHERE relkind = 'r' AND relpersistence = 'u' AND relnamespace = current_schema()::regnamespace
"""


def lacking() -> Iterator[str]:
    """A sentence for each kind of thing that the migrations made and that is not there, or does something else; they
    have all been run."""
    made = made_by_sql()
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
    required = {(one.db_table, str(field.column)) for one in tables for field in one.local_fields if not field.null}
    triggers = _there(_TRIGGERS)
    yield from _sentence("triggers", made.triggers.keys() - triggers)
    yield from _sentence("constraints and indexes", (made.constraints | named) - _there(_NAMED))
    yield from _sentence("foreign keys", keys - _there(_KEYS))
    yield from _sentence("unique columns", unique - _there(_UNIQUE))
    yield from _sentence("NOT NULL of columns", required - _there(_REQUIRED))
    yield from _beside((triggers - made.triggers.keys()) | _there(_IN_THE_WAY))
    yield from _at_a_crash(_there(_UNLOGGED))
    yield from _otherwise(twins.changed(made))


def _there(query: str) -> set[Name]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return set(cursor.fetchall())


def _sentence(kind: str, gone: Set[Name]) -> Iterator[str]:
    if gone:
        yield (
            f"The database lacks {kind} that the migrations made, or they are switched off: {_named(gone)}. {_SINCE}"
        )


def _beside(others: Set[Name]) -> Iterator[str]:
    if others:
        yield (
            "In the database there are triggers, rules or row level security that no migration made, and that can take "
            f"away or change what is written: {_named(others)}. {_SINCE}"
        )


def _at_a_crash(unlogged: Set[Name]) -> Iterator[str]:
    if unlogged:
        yield (
            f"A crash of the server would empty these tables, and no standby has them: {_named(unlogged)}. "
            "ALTER TABLE … SET LOGGED puts that right."
        )


def _otherwise(changed: list[str]) -> Iterator[str]:
    if changed:
        yield (
            "In the database these bear the names of what the migrations made, and do something else: "
            f"{_some(changed)}. {_SINCE}"
        )


def _named(names: Set[Name]) -> str:
    return _some([f"{table}.{name}" for table, name in sorted(names)])


def _some(names: list[str]) -> str:
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + rest
