"""Finding rows that hold a day or a time that no calendar has.

PostgreSQL knows `infinity` and years before 1 and after 9999; Python does not, and could not read such a row at all.
No command writes one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.apps import apps
from django.db import connection, models

from huipai.streets import asking
from huipai.streets.models import Street, TenantModel

_UNREADABLE = """
SELECT {key}::text, '{name}', {column}::text FROM {table}
WHERE street_id = %(street)s AND ({column} < '0001-01-01' OR {column} >= '10000-01-01')
"""


def unreadable(street: Street) -> Iterator[str]:
    """A sentence for each row whose day or time cannot be read."""
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            # A time is a day too.
            columns = [str(one.column) for one in model._meta.concrete_fields if isinstance(one, models.DateField)]
            if columns:
                yield from _unreadable_of(street, model, columns)


def _unreadable_of(street: Street, model: type[TenantModel], columns: Sequence[str]) -> Iterator[str]:
    for id, column, found in asking.at_once([_statement(model, column) for column in columns], street):
        yield f"{model._meta.db_table} {id}: {column} is {found}, which no calendar has"


def _statement(model: type[TenantModel], column: str) -> str:
    quoted = connection.ops.quote_name
    key, table = str(model._meta.pk.column), model._meta.db_table
    return _UNREADABLE.format(key=quoted(key), name=column, column=quoted(column), table=quoted(table))
