from django.db import migrations

# Who handed a proposal in again is an author of every version that it was written into (0003), of those of before too.
AUTHORS = """
INSERT INTO rulebook_writer (id, street_id, version_id, person_id, since)
SELECT gen_random_uuid(), found.street_id, found.version_id, found.person_id, found.since
FROM (SELECT i.street_id, i.version_id, told.actor_id AS person_id, max(entered.happened_at) AS since
      FROM rulebook_pointitem AS i
      JOIN rulebook_rulebookversion AS v ON v.street_id = i.street_id AND v.id = i.version_id
      JOIN journal_entry AS entered ON entered.street_id = i.street_id AND entered.what = 'proposal.entered'
          AND entered.subject = 'proposal:' || i.admission_id AND entered.facts ->> 'version' = v.number::text
      JOIN journal_entry AS told ON told.street_id = i.street_id AND told.subject = entered.subject
          AND told.what = 'proposal.made' AND told.actor_id IS NOT NULL
      GROUP BY i.street_id, i.version_id, told.actor_id) AS found
ON CONFLICT DO NOTHING;
"""


class Migration(migrations.Migration):
    dependencies = [("rulebook", "0003_who_proposed_again_is_an_author")]

    operations = [migrations.RunSQL(AUTHORS, migrations.RunSQL.noop)]
