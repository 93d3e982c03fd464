from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("streets", "0001_initial")]
    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION streets_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
                    USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only', TABLE = TG_TABLE_NAME;
            END $$;
            """,
            "DROP FUNCTION streets_refuse_change();",
        ),
        migrations.RunSQL(
            "CREATE EXTENSION IF NOT EXISTS btree_gist; CREATE EXTENSION IF NOT EXISTS pg_trgm;", migrations.RunSQL.noop
        ),
    ]
