from django.db import migrations

# Questions that stayed open when a worker said that it was done.
FORWARD = """
UPDATE cases_question AS question SET closed_at = now()
FROM cases_case AS c
WHERE c.street_id = question.street_id AND c.id = question.case_id AND question.closed_at IS NULL
  AND c.state IN ('responded', 'checking', 'confirming', 'closed', 'declined', 'not_filed', 'merged', 'voided');
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0029_guess_floor")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
