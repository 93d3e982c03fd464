"""What is only ever added to."""

from django.db import migrations

# Rows that are only ever added to: streets.operations.append_only puts it on a table.
REFUSE_CHANGE = """
CREATE FUNCTION streets_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only', TABLE = TG_TABLE_NAME;
END $$;
"""


GUARDS = [
    migrations.RunSQL(REFUSE_CHANGE, "DROP FUNCTION streets_refuse_change CASCADE;"),
]
