"""Proving that every row that another row of its street names is there.

The database refuses to delete such a row; whoever switches its triggers off is not refused, and is found out here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db import connection, models

from huipai.streets import asking
from huipai.streets.keys import TenantKey
from huipai.streets.models import Street

# Each names its rows of this street; what it points at has to be in the same one.
_LOST = """
SELECT one.{key}::text, one.{column}, '{target_name}' FROM {table} AS one
WHERE one.street_id = %(street)s AND one.{column} IS NOT NULL AND NOT EXISTS (
    SELECT FROM {target} AS other WHERE other.street_id = one.street_id AND other.{target_key} = one.{column})
"""


def lost(street: Street) -> Iterator[str]:
    """A sentence for each row that names another which is not there."""
    for model in apps.get_models():
        fields = [field for field in model._meta.concrete_fields if isinstance(field, TenantKey)]
        if fields:
            yield from _lost_of(street, model, fields)


def _lost_of(street: Street, model: type[models.Model], fields: Sequence[TenantKey[Any, Any]]) -> Iterator[str]:
    for key, named, target in asking.at_once([_statement(model, field) for field in fields], street):
        yield f"{model._meta.db_table} {key}: the {target} {named} that it names is not there"


def _statement(model: type[models.Model], field: TenantKey[Any, Any]) -> str:
    target = field.related_model._meta
    quoted = connection.ops.quote_name
    return _LOST.format(
        table=quoted(model._meta.db_table), key=quoted(str(model._meta.pk.column)),
        column=quoted(str(field.column)), target=quoted(target.db_table), target_name=target.db_table,
        target_key=quoted(str(field.target_field.column)),
    )  # fmt: skip
