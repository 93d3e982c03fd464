"""Operations for migrations."""

from django.db.migrations.operations import RunSQL


def append_only(table: str) -> RunSQL:
    """Rows of `table` are only ever added: the database refuses UPDATE, DELETE and TRUNCATE (SQLSTATE 23514)."""
    return RunSQL(
        f"""
        CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION streets_refuse_change();
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION streets_refuse_change();
        """,
        f"DROP TRIGGER {table}_append_only ON {table}; DROP TRIGGER {table}_no_truncate ON {table};",
    )
