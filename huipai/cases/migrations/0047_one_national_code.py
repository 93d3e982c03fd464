from django.db import migrations, models

from huipai.streets.operations import AddConstraint

# Of several types in use under one code the first keeps it: which of them is meant nobody could say upward either. What
# each said stays in its editions.
FIRST_KEEPS_IT = """
UPDATE cases_casetype AS later SET national_code = ''
WHERE later.is_active AND later.national_code <> '' AND EXISTS (
    SELECT FROM cases_casetype AS first
    WHERE first.street_id = later.street_id AND first.national_code = later.national_code AND first.is_active
      AND (first.position, first.code) < (later.position, later.code));
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0046_additions_are_found")]

    operations = [
        migrations.RunSQL(FIRST_KEEPS_IT, migrations.RunSQL.noop),
        AddConstraint(
            model_name="casetype",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True), models.Q(("national_code", ""), _negated=True)),
                fields=("street", "national_code"),
                name="cases_one_type_a_national_code",
            ),
        ),
    ]
