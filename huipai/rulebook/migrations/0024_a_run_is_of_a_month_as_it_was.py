from typing import ClassVar

from django.db import migrations, models

from huipai.streets.operations import AddConstraint

GUARD = """
CREATE OR REPLACE FUNCTION rulebook_guard_dry_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state = 'done' OR NEW.content_hash <> OLD.content_hash
        OR NEW.version_id <> OLD.version_id{held} THEN
        RAISE EXCEPTION 'a dry run that is done stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rulebook_dry_run_stays', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rulebook", "0023_decided_after_asked")]

    operations: ClassVar = [
        migrations.AddField("dryrun", "held", models.CharField(blank=True, default="", max_length=64)),
        migrations.RemoveConstraint("dryrun", "rulebook_one_dry_run_a_content"),
        AddConstraint(
            model_name="dryrun",
            constraint=models.UniqueConstraint(
                fields=("street", "version", "content_hash", "held"), name="rulebook_one_dry_run_a_month_as_it_was"
            ),
        ),
        migrations.RunSQL(GUARD.format(held=" OR NEW.held <> OLD.held"), GUARD.format(held="")),
    ]
