"""The statement guard: in tests, no statement touches a tenant table without naming the street.

Each alias of a tenant table must reach a value through `street_id =` or `IN`, directly or through other aliases, never
below OR or NOT; an INSERT lists `street_id`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError

from huipai.streets.words import is_global

# Statements that touch no rows, or whose inside cannot be read.
_SKIPPED = re.compile(
    r"\s*(SAVEPOINT|RELEASE|ROLLBACK|SET|SHOW|BEGIN|COMMIT|LOCK|ALTER|CREATE|DROP|TRUNCATE|ANALYZE|VACUUM|EXPLAIN"
    r"|FETCH|CLOSE|COPY|NOTIFY|LISTEN|COMMENT)\b",
    re.IGNORECASE,
)
# What a cursor will read is judged as if it were read at once.
_CURSOR = re.compile(r"\s*DECLARE\s+\S+\s+[A-Z\s]*?\bCURSOR\b[A-Z\s]*?\bFOR\b", re.IGNORECASE)
# However many values or rows there are, it is the same statement.
_AMONG = re.compile(r"\bIN \(%s(?:, %s)+\)")
_ROWS = re.compile(r"(\((?:%s|DEFAULT)(?:, (?:%s|DEFAULT))*\))(?:, \1)+")

STREETS = "streets_street"
_VALUE = "="


class StreetMissing(AssertionError):
    """A statement could read or write another street's rows."""


def guard(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """An `execute_wrapper` of Django: refuses a statement that leaves the street."""
    problem = judge(str(sql))
    if problem:
        raise StreetMissing(f"{problem}\n{sql}")
    return execute(sql, params, many, context)


def judge(sql: str) -> str | None:
    """None if the statement stays in a street; else what it lacks."""
    if _SKIPPED.match(sql) and ";" not in sql.strip().rstrip(";"):
        return None  # a savepoint has another name each time: it is not to crowd out what is known
    return _judged_as_written(sql)


@lru_cache(maxsize=20_000)
def _judged_as_written(sql: str) -> str | None:
    return _judged(_ROWS.sub(r"\1", _AMONG.sub("IN (%s)", _CURSOR.sub("", sql, count=1))))


@lru_cache(maxsize=20_000)
def _judged(sql: str) -> str | None:
    try:
        statements = sqlglot.parse(_as_literals(sql), read="postgres")
    except ParseError as error:
        return f"the guard cannot read this statement: {error}"
    return next((problem for statement in statements if statement for problem in _problems(statement)), None)


def _as_literals(sql: str) -> str:
    return sql.replace("%%", "%").replace("%s", "NULL_PARAM()") if "%(" not in sql else _named(sql)


def _named(sql: str) -> str:
    out, rest = [], sql
    while "%(" in rest:
        head, _, tail = rest.partition("%(")
        _, _, rest = tail.partition(")s")
        out.append(head + "NULL_PARAM()")
    return "".join(out) + rest.replace("%%", "%")


def _problems(statement: exp.Expr) -> Iterator[str]:
    if isinstance(statement, exp.Command | exp.Merge) and not _SKIPPED.match(statement.sql()):
        yield f"the guard cannot read into {statement.sql()[:40]}"
    names = {cte.alias for cte in statement.find_all(exp.CTE)}
    for insert in statement.find_all(exp.Insert):
        yield from _insert(insert)
    for scope in statement.find_all(exp.Select, exp.Update, exp.Delete):
        yield from _scope(scope, names)


def _insert(insert: exp.Insert) -> Iterator[str]:
    target = insert.this
    table = target.find(exp.Table)
    if table is None or is_global(table.name):
        return
    columns = {column.name for column in target.expressions} if isinstance(target, exp.Schema) else set()
    if "street_id" not in columns:
        yield f"INSERT INTO {table.name} does not list street_id"


def _own_tables(scope: exp.Expr) -> list[exp.Table]:
    """Tables of this statement's own FROM and JOINs, not of subqueries in it."""
    return [
        table
        for table in scope.find_all(exp.Table)
        if table.find_ancestor(exp.Select, exp.Update, exp.Delete, exp.Insert) is scope
        and isinstance(table.this, exp.Identifier)  # the rest are functions that give rows of their arguments
    ]


def _scope(scope: exp.Expr, ctes: set[str]) -> Iterator[str]:
    tenants = {alias: name for alias, name in _named_tables(scope, ctes).items() if not is_global(name)}
    # A street's own row is as good as a value only where it is one street's.
    tenants |= {alias: STREETS for alias in _streets_compared(scope, ctes)}
    bound = _bound(scope, tenants, ctes)
    for alias, table in tenants.items():
        if alias not in bound:
            yield f"{table} AS {alias} is not held to a street"


def _named_tables(scope: exp.Expr, ctes: set[str]) -> dict[str, str]:
    return {table.alias_or_name: table.name for table in _own_tables(scope) if table.name not in ctes}


def _streets_compared(scope: exp.Expr, ctes: set[str]) -> set[str]:
    """Aliases of the table of streets by whose id rows are held, in this statement or below it, or which give it on
    to the statement around."""
    streets = {alias for alias, name in _named_tables(scope, ctes).items() if name == STREETS}
    if not streets:
        return set()
    held = {
        side.table for each in scope.find_all(exp.EQ) if any(_is_street_id(one) for one in _sides(each))
        for side in _sides(each) if isinstance(side, exp.Column) and side.name == "id"
    }  # fmt: skip
    return streets & (held | (_given_on(scope, streets) if _is_a_table(scope) else set()))


def _given_on(scope: exp.Expr, streets: set[str]) -> set[str]:
    """Aliases of the table of streets whose id this statement shows, under whatever name."""
    shown = [one.unalias() for one in getattr(scope, "selects", ())]
    return {
        one.table or next(iter(streets)) for one in shown if isinstance(one, exp.Column) and one.name in ("id", "*")
    } | (streets if any(isinstance(one, exp.Star) for one in shown) else set())


def _is_a_table(scope: exp.Expr) -> bool:
    """Whether the statement around this one takes it for a table: a WITH, or a select after FROM or JOIN."""
    above = scope.parent
    return isinstance(above, exp.CTE) or (
        isinstance(above, exp.Subquery) and isinstance(above.parent, exp.From | exp.Join)
    )


def _bound(scope: exp.Expr, tenants: dict[str, str], ctes: set[str]) -> set[str]:
    """Aliases whose street reaches a value, through any chain of equalities that always hold for their rows."""
    around = _tables_around(scope, ctes)
    valued: set[str] = set()
    leads: list[tuple[str, str]] = []  # once the first is held, so is the second
    for comparison, binds in _conditions(scope, set(tenants)):
        ends = [_end(side, tenants, around) for side in _compared(comparison)]
        for one, other in (ends, ends[::-1]) if len(ends) == 2 else ():
            if other in binds and one == _VALUE:
                valued.add(other)
            elif other in binds and one in tenants:
                leads.append((one, other))
    growing = True
    while growing:
        before = len(valued)
        valued |= {other for one, other in leads if one in valued}
        growing = len(valued) > before
    return valued


def _tables_around(scope: exp.Expr, ctes: set[str]) -> dict[str, str]:
    """The tables of the statements that this one stands in."""
    found: dict[str, str] = {}
    outer = scope.find_ancestor(exp.Select, exp.Update, exp.Delete)
    while outer is not None:
        found = {**_named_tables(outer, ctes), **found}
        outer = outer.find_ancestor(exp.Select, exp.Update, exp.Delete)
    return found


def _end(side: exp.Expr, tenants: dict[str, str], around: dict[str, str]) -> str:
    """What stands on a side: the alias whose street it is, `_VALUE`, or nothing that holds anything."""
    if isinstance(side, exp.Column):
        return _end_of_column(side, tenants, around)
    inner = side.find(exp.Select)
    if inner is not None:  # judged by itself
        given = inner.expressions[0].unalias() if inner.expressions else None
        return _VALUE if given is not None and _is_street_id(given) else ""
    return "" if side.find(exp.Column) else _VALUE


def _end_of_column(column: exp.Column, tenants: dict[str, str], around: dict[str, str]) -> str:
    if not column.table:
        return next(iter(tenants)) if len(tenants) == 1 and _is_street_id(column) else ""
    alias = column.table
    table = tenants.get(alias) or around.get(alias)
    if table is not None and column.name != ("id" if table == STREETS else "street_id"):
        return ""
    # Of a statement around this one, or of a part that is judged by itself: a value here.
    return alias if alias in tenants else _VALUE


def _is_street_id(side: exp.Expr) -> bool:
    return isinstance(side, exp.Column) and side.name == "street_id"


def _conditions(scope: exp.Expr, aliases: set[str]) -> Iterator[tuple[exp.EQ | exp.In, set[str]]]:
    """Equalities and INs of this statement's own WHERE and ON, below nothing but AND, with the aliases whose rows they
    hold: an outer join leaves the rows of its outer side as they are."""
    roots: list[tuple[exp.Expr, set[str]]] = []
    where = scope.args.get("where")
    if where is not None:
        roots.append((where.this, aliases))
    for join in scope.find_all(exp.Join):
        if join.find_ancestor(exp.Select, exp.Update, exp.Delete) is scope and join.args.get("on") is not None:
            roots.append((join.args["on"], _held_by(join, aliases)))
    while roots:
        node, binds = roots.pop()
        if isinstance(node, exp.And):
            roots += [(node.left, binds), (node.right, binds)]
        elif isinstance(node, exp.Paren):
            roots.append((node.this, binds))
        elif isinstance(node, exp.EQ | exp.In):
            yield node, binds


def _held_by(join: exp.Join, aliases: set[str]) -> set[str]:
    joined = {join.this.alias_or_name}
    sides = {"LEFT": joined, "RIGHT": aliases - joined, "FULL": set[str]()}
    return sides.get(str(join.args.get("side") or ""), aliases)


def _compared(comparison: exp.EQ | exp.In) -> list[exp.Expr]:
    """The two sides; of an IN what it looks for, and the statement or the first of the values."""
    if isinstance(comparison, exp.EQ):
        return _sides(comparison)
    among = comparison.args.get("query") or next(iter(comparison.expressions), None)
    return [comparison.this.unnest(), *([among] if among is not None else [])]


def _sides(comparison: exp.EQ) -> list[exp.Expr]:
    """Both sides without the brackets around them."""
    return [side.unnest() for side in (comparison.this, comparison.expression)]
