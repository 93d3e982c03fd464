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
    r"|DECLARE|FETCH|CLOSE|COPY|NOTIFY|LISTEN|COMMENT)\b",
    re.IGNORECASE,
)


class StreetMissing(AssertionError):
    """A statement could read or write another street's rows."""


def guard(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """An `execute_wrapper` of Django: refuses a statement that leaves the street."""
    problem = judge(str(sql))
    if problem:
        raise StreetMissing(f"{problem}\n{sql}")
    return execute(sql, params, many, context)


@lru_cache(maxsize=20_000)
def judge(sql: str) -> str | None:
    """None if the statement stays in a street; else what it lacks."""
    if _SKIPPED.match(sql):
        return None
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
    tenants = {t.alias_or_name: t.name for t in _own_tables(scope) if t.name not in ctes and not is_global(t.name)}
    if not tenants:
        return
    bound = _bound(scope, tenants)
    for alias, table in tenants.items():
        if alias not in bound:
            yield f"{table} AS {alias} is not held to a street"


def _bound(scope: exp.Expr, tenants: dict[str, str]) -> set[str]:
    """Aliases whose street_id reaches a value, through any chain of equalities."""
    valued: set[str] = set()
    pairs: list[tuple[str, str]] = []
    for comparison in _conditions(scope):
        columns = [side for side in _sides(comparison) if isinstance(side, exp.Column) and side.name == "street_id"]
        aliases = [_alias(column, tenants) for column in columns]
        if isinstance(comparison, exp.In) or len(aliases) == 1:
            valued.update(aliases)
        elif len(aliases) == 2:
            # The alias of an outer statement is a value here.
            inner = [alias for alias in aliases if alias in tenants]
            if len(inner) == 1:
                valued.update(inner)
            else:
                pairs.append((aliases[0], aliases[1]))
    growing = True
    while growing:
        before = len(valued)
        for one, other in pairs:
            if one in valued or other in valued:
                valued |= {one, other}
        growing = len(valued) > before
    return valued


def _conditions(scope: exp.Expr) -> Iterator[exp.EQ | exp.In]:
    """Equalities and INs that always hold in this statement: in its own WHERE or ON, below nothing but AND."""
    roots: list[exp.Expr] = []
    where = scope.args.get("where")
    if where is not None:
        roots.append(where.this)
    for join in scope.find_all(exp.Join):
        if join.find_ancestor(exp.Select, exp.Update, exp.Delete) is scope and join.args.get("on") is not None:
            roots.append(join.args["on"])
    while roots:
        node = roots.pop()
        if isinstance(node, exp.And):
            roots += [node.left, node.right]
        elif isinstance(node, exp.Paren):
            roots.append(node.this)
        elif isinstance(node, exp.EQ | exp.In):
            yield node


def _sides(comparison: exp.EQ | exp.In) -> list[exp.Expr]:
    """Both sides without the brackets around them."""
    sides = (comparison.this, comparison.args.get("expression"))
    return [side.unnest() for side in sides if side is not None]


def _alias(column: exp.Column, tenants: dict[str, str]) -> str:
    if column.table:
        return str(column.table)
    return next(iter(tenants)) if len(tenants) == 1 else ""
