from django.db import migrations

from huipai.streets.operations import append_only


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_units_and_orders")]
    operations = [append_only("cases_orderstep"), append_only("cases_stagerecord")]
