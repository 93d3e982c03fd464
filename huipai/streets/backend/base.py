"""PostgreSQL as Django has it, with composite keys inside a street; READ COMMITTED and triggers in force asserted."""

from time import monotonic
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base

from huipai.streets.backend.schema import DatabaseSchemaEditor

# A connection that answered a moment ago is not asked again whether it still does.
_FRESH_S: Final = 1.0
_BEGINS_WITH: Final = (
    "SELECT current_setting('default_transaction_isolation'), current_setting('session_replication_role')"
)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    _answered_at = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection whose isolation is READ COMMITTED and which runs every trigger; any other is refused.

        Lock-then-read is only right there: a REPEATABLE READ snapshot, taken before the lock, oversells. Where triggers
        rest, as on a replica, nothing is append-only and no foreign key binds.
        """
        connection = super().get_new_connection(conn_params)
        with connection.cursor() as cursor:
            cursor.execute(_BEGINS_WITH)
            level, role = cursor.fetchone()
        if not connection.autocommit:
            connection.rollback()
        if level != "read committed":
            connection.close()
            raise ImproperlyConfigured(f"the database's default isolation is {level}; it must be read committed")
        if role == "replica":
            connection.close()
            raise ImproperlyConfigured("the database's session_replication_role is replica: no trigger would run")
        return connection

    def is_usable(self) -> bool:
        """Whether the server answers; asked at most once a second unless something failed, as it costs a round trip."""
        now = monotonic()
        if not self.errors_occurred and now - self._answered_at < _FRESH_S:
            return True
        usable: bool = super().is_usable()
        self._answered_at = now if usable else 0.0
        return usable

    def close(self) -> None:
        self._answered_at = 0.0
        super().close()
