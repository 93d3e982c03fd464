from django.db import migrations

from huipai.streets.operations import append_only


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_case_type_editions")]
    operations = [append_only("cases_casetypeedition")]
