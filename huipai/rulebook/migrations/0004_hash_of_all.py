from django.db import migrations

# Form 1 reads the columns that there were then, form 2 reads every column: what is added later is bound too.
CONTENT_HASH = """
CREATE OR REPLACE FUNCTION rulebook_content_hash(of_street uuid, of_version uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(version.form || coalesce(string_agg(E'\\n' || CASE version.form
        WHEN 1 THEN jsonb_build_array(
               item.code, item.port, item.title, item.description, item.points, item.earners, item.evidence,
               item.day_cap, item.month_cap, item.household_month_cap, item.cooldown_minutes, item.lot_months,
               item.under_14, item.owner, item.legal_ground, item.assessable, item.automatic, item.why)
        ELSE to_jsonb(item) - '{id,street_id,version_id}'::text[] END::text, '' ORDER BY item.code COLLATE "C"), ''),
        'UTF8')), 'hex')
    FROM rulebook_rulebookversion AS version
    LEFT JOIN rulebook_pointitem AS item ON item.street_id = version.street_id AND item.version_id = version.id
    WHERE version.street_id = of_street AND version.id = of_version
    GROUP BY version.form
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0003_full_item")]
    operations = [migrations.RunSQL(CONTENT_HASH, migrations.RunSQL.noop)]
