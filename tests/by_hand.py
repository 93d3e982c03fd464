"""What a superuser with psql can do: change rows behind the back of every trigger."""

from collections.abc import Sequence

from django.db import connection, transaction


def by_hand(statement: str, parameters: Sequence[object] = ()) -> int:
    """Run a statement with all triggers asleep; the number of rows that it touched.

    What was done before is checked first, as its commit would have done.
    """
    connection.check_constraints()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, list(parameters))
        touched: int = cursor.rowcount
        cursor.execute("SET LOCAL session_replication_role = origin")
    return touched
