"""Finding rows that hold a day or a time that no calendar has.

PostgreSQL knows `infinity` and years before 1 and after 9999; Python does not, and could not read such a row at all.
No command writes one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from huipai.streets.models import Street, TenantModel

_UNREADABLE = """
SELECT {key}::text, {column}::text FROM {table}
WHERE street_id = %(street)s AND ({column} < '0001-01-01' OR {column} >= '10000-01-01')
ORDER BY 1
"""


def unreadable(street: Street) -> Iterator[str]:
    """A sentence for each row whose day or time cannot be read."""
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            for field in model._meta.concrete_fields:
                if isinstance(field, models.DateField):  # a time is one too
                    yield from _unreadable_of(street, model, field)


def _unreadable_of(street: Street, model: type[TenantModel], field: models.DateField[Any, Any]) -> Iterator[str]:
    quoted = connection.ops.quote_name
    key, table = str(model._meta.pk.column), model._meta.db_table
    statement = _UNREADABLE.format(key=quoted(key), column=quoted(str(field.column)), table=quoted(table))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(statement, {"street": street.id})
        rows: list[tuple[str, str]] = cursor.fetchall()
    for id, found in rows:
        yield f"{table} {id}: {field.column} is {found}, which no calendar has"
