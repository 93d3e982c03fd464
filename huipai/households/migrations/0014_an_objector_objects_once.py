from typing import ClassVar

from django.db import migrations, models

from huipai.streets.operations import AddConstraint


class Migration(migrations.Migration):
    dependencies: ClassVar = [("households", "0013_publicity_stands_still")]
    operations: ClassVar = [
        AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                fields=("street", "assessment", "objector"), name="households_an_objector_objects_once"
            ),
        )
    ]
