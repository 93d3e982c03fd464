from django.db import migrations

from huipai.streets.operations import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("streets", "0002_invariants")]
    operations = [append_only("audit_disclosure")]
