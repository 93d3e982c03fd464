"""Hot statements: planned once for a connection, then only run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import psycopg
from django.db import connection

# Django leaves every statement unprepared. With a count that is never reached, only those asked for are prepared.
_NEVER_BY_ITSELF: Final = 2**31
# A hundred by itself: a proof asks more than that of every street, and would plan each of them anew.
_AS_MANY_AS_THERE_ARE: Final = 2**10


class _Preparing(psycopg.Cursor[tuple[Any, ...]]):
    """Binds its parameters on the server and prepares its statement."""

    def execute(
        self, query: Any, params: Any = None, *, prepare: bool | None = True, binary: bool | None = None
    ) -> Any:
        return super().execute(query, params, prepare=prepare, binary=binary)


def rows(statement: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement on Django's connection, in its transaction and through its execute-wrappers, and fetch all rows.

    Worth it where planning costs as much as running. A list or None wants its type: `%(ids)s::uuid[]`.
    """
    connection.ensure_connection()
    connection.connection.prepare_threshold = _NEVER_BY_ITSELF
    connection.connection.prepared_max = _AS_MANY_AS_THERE_ARE
    with connection._prepare_cursor(_Preparing(connection.connection)) as cursor:  # type: ignore[attr-defined]
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
