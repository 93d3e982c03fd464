from django.db import migrations, models

from huipai.streets.operations import AddConstraint

# Form 3 binds what the version says of the scheme's end as well.
CONTENT_HASH = """
CREATE OR REPLACE FUNCTION rulebook_content_hash(of_street uuid, of_version uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(version.form
        || CASE version.form
            WHEN 1 THEN ''
            WHEN 2 THEN jsonb_build_array(version.note, version.struck)::text
            ELSE jsonb_build_array(version.note, version.struck, version.end_notice_days,
                                   version.end_redeem_days)::text END
        || coalesce(string_agg(E'\\n' || CASE version.form
        WHEN 1 THEN jsonb_build_array(
               item.code, item.port, item.title, item.description, item.points, item.earners, item.evidence,
               item.day_cap, item.month_cap, item.household_month_cap, item.cooldown_minutes, item.lot_months,
               item.under_14, item.owner, item.legal_ground, item.assessable, item.automatic, item.why)
        ELSE to_jsonb(item) - '{id,street_id,version_id}'::text[] END::text, '' ORDER BY item.code COLLATE "C"), ''),
        'UTF8')), 'hex')
    FROM rulebook_rulebookversion AS version
    LEFT JOIN rulebook_pointitem AS item ON item.street_id = version.street_id AND item.version_id = version.id
    WHERE version.street_id = of_street AND version.id = of_version
    GROUP BY version.form, version.note, version.struck, version.end_notice_days, version.end_redeem_days
$$;
"""
CONTENT_HASH_BACK = """
CREATE OR REPLACE FUNCTION rulebook_content_hash(of_street uuid, of_version uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(version.form
        || CASE version.form WHEN 1 THEN '' ELSE jsonb_build_array(version.note, version.struck)::text END
        || coalesce(string_agg(E'\\n' || CASE version.form
        WHEN 1 THEN jsonb_build_array(
               item.code, item.port, item.title, item.description, item.points, item.earners, item.evidence,
               item.day_cap, item.month_cap, item.household_month_cap, item.cooldown_minutes, item.lot_months,
               item.under_14, item.owner, item.legal_ground, item.assessable, item.automatic, item.why)
        ELSE to_jsonb(item) - '{id,street_id,version_id}'::text[] END::text, '' ORDER BY item.code COLLATE "C"), ''),
        'UTF8')), 'hex')
    FROM rulebook_rulebookversion AS version
    LEFT JOIN rulebook_pointitem AS item ON item.street_id = version.street_id AND item.version_id = version.id
    WHERE version.street_id = of_street AND version.id = of_version
    GROUP BY version.form, version.note, version.struck
$$;
"""
# A draft that nobody has been asked about yet holds the rule from now on; one that is laid open stays as it was shown.
DRAFTS = """
UPDATE rulebook_rulebookversion SET form = 3
WHERE published_at IS NULL AND ended_at IS NULL AND consulted_from IS NULL AND form = 2;
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0015_a_vote_is_personal"), ("streets", "0002_invariants")]
    operations = [
        migrations.AddField(
            model_name="rulebookversion",
            name="end_notice_days",
            field=models.PositiveSmallIntegerField(default=30),
        ),
        migrations.AddField(
            model_name="rulebookversion",
            name="end_redeem_days",
            field=models.PositiveSmallIntegerField(default=90),
        ),
        migrations.AddField(
            model_name="sheet",
            name="end_rule",
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name="rulebookversion",
            name="form",
            field=models.PositiveSmallIntegerField(default=3),
        ),
        AddConstraint(
            model_name="rulebookversion",
            constraint=models.CheckConstraint(
                name="rulebook_end_leaves_time",
                condition=models.Q(
                    ("end_notice_days__range", (30, 180)),
                    ("end_redeem_days__range", (90, 365)),
                    models.Q(
                        ("form__gte", 3),
                        models.Q(("end_notice_days", 30), ("end_redeem_days", 90)),
                        _connector="OR",
                    ),
                ),
            ),
        ),
        migrations.RunSQL(CONTENT_HASH, CONTENT_HASH_BACK),
        migrations.RunSQL(DRAFTS, migrations.RunSQL.noop),
    ]
