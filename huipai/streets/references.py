"""Proving that every row that another row of its street names is there.

The database refuses to delete such a row; whoever switches its triggers off is not refused, and is found out here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction

from huipai.streets.keys import TenantKey
from huipai.streets.models import Street

# Each names its rows of this street; what it points at has to be in the same one.
_LOST = """
SELECT one.{key}, one.{column} FROM {table} AS one
WHERE one.street_id = %(street)s AND one.{column} IS NOT NULL AND NOT EXISTS (
    SELECT FROM {target} AS other WHERE other.street_id = one.street_id AND other.{target_key} = one.{column})
ORDER BY 1
"""


def lost(street: Street) -> Iterator[str]:
    """A sentence for each row that names another which is not there."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, TenantKey):
                yield from _lost_of(street, model, field)


def _lost_of(street: Street, model: type[models.Model], field: TenantKey[Any, Any]) -> Iterator[str]:
    target = field.related_model._meta
    quoted = connection.ops.quote_name
    statement = _LOST.format(
        table=quoted(model._meta.db_table), key=quoted(_key_of(model)), column=quoted(str(field.column)),
        target=quoted(target.db_table), target_key=quoted(str(field.target_field.column)),
    )  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(statement, {"street": street.id})
        rows: list[tuple[Any, UUID]] = cursor.fetchall()
    for key, named in rows:
        yield f"{model._meta.db_table} {key}: the {target.db_table} {named} that it names is not there"


def _key_of(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)
