from django.db import migrations, models

from huipai.streets.operations import AddConstraint

# Of several types in use under one name the first keeps it; the code of each other stands behind its own, as nobody
# could tell them apart where one is chosen. What each said stays in its editions.
FIRST_KEEPS_IT = """
UPDATE cases_casetype AS later SET name = left(later.name, 13) || '（' || left(later.code, 15) || '）'
WHERE later.is_active AND EXISTS (
    SELECT FROM cases_casetype AS first
    WHERE first.street_id = later.street_id AND first.name = later.name AND first.is_active
      AND (first.position, first.code) < (later.position, later.code));
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0048_everyday_words")]

    operations = [
        migrations.RunSQL(FIRST_KEEPS_IT, migrations.RunSQL.noop),
        AddConstraint(
            model_name="casetype",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True)),
                fields=("street", "name"),
                name="cases_one_type_a_name",
            ),
        ),
    ]
