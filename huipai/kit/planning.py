"""What PostgreSQL knows of our tables when it plans a statement."""

from django.db import connection
from django.db.models import Model


def count_rows() -> None:
    """Let it look at every table of ours: until it has, it plans for empty ones.

    Only at ours: of those that all databases of a server share, whoever looked first would keep the others waiting
    until their transaction ends.
    """
    _look_at(sorted(connection.introspection.django_table_names(only_existing=True, include_views=False)))


def count_rows_of(model: type[Model]) -> None:
    """Let it look at one table, in the middle of filling it: the triggers of its next rows are planned anew."""
    _look_at([model._meta.db_table])


def _look_at(tables: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(map(connection.ops.quote_name, tables)))
