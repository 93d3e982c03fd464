"""Makes the constraint of a TenantKey composite: PostgreSQL itself refuses a row that points into another street."""

from typing import Any

from django.db.backends.ddl_references import Columns, Statement, Table
from django.db.backends.postgresql import schema


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    # Keys are made at the end of a migration, all by `_create_fk_sql`.
    sql_create_column_inline_fk: Any = None

    def _create_fk_sql(self, model: Any, field: Any, suffix: str) -> Statement:
        statement: Statement = super()._create_fk_sql(model, field, suffix)  # type: ignore[misc]
        if not getattr(field, "within_street", False):
            return statement
        target = field.target_field.model._meta
        statement.parts["column"] = Columns(model._meta.db_table, ["street_id", field.column], self.quote_name)
        statement.parts["to_table"] = Table(target.db_table, self.quote_name)
        statement.parts["to_column"] = Columns(
            target.db_table, ["street_id", field.target_field.column], self.quote_name
        )
        return statement
