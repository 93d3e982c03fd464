from typing import ClassVar

from django.db import migrations

# What was merged twice leads to the case that goes on, not to one that was merged away itself (commands/triage.py).
LEAD_ON = """
DO $$
BEGIN
    LOOP
        UPDATE cases_case AS gone SET merged_into_id = next.merged_into_id FROM cases_case AS next
        WHERE next.street_id = gone.street_id AND next.id = gone.merged_into_id AND next.merged_into_id IS NOT NULL;
        EXIT WHEN NOT FOUND;
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0034_all_who_said_it")]
    operations: ClassVar = [migrations.RunSQL(LEAD_ON, migrations.RunSQL.noop)]
