"""PostgreSQL as Django has it, with composite keys inside a street and READ COMMITTED asserted."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base

from huipai.streets.backend.schema import DatabaseSchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection whose isolation is READ COMMITTED; any other is refused.

        Lock-then-read is only right there: a REPEATABLE READ snapshot, taken before the lock, oversells.
        """
        connection = super().get_new_connection(conn_params)
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('default_transaction_isolation')")
            level = cursor.fetchone()[0]
        if not connection.autocommit:
            connection.rollback()
        if level != "read committed":
            connection.close()
            raise ImproperlyConfigured(f"the database's default isolation is {level}; it must be read committed")
        return connection
