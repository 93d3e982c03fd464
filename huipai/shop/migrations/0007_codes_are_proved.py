from django.db import migrations, models

from huipai.streets.operations import AddConstraint


class Migration(migrations.Migration):
    dependencies = [("shop", "0006_a_name_stands"), ("streets", "0002_invariants")]
    operations = [
        AddConstraint(
            model_name="reservation",
            constraint=models.CheckConstraint(
                name="shop_a_code_can_be_read_out", condition=models.Q(("code__regex", "^[A-Z0-9]{8}$"))
            ),
        ),
    ]
