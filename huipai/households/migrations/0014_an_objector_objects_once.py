from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """Was a unique constraint, which a street where somebody had objected twice could not take; see the next one."""

    dependencies: ClassVar = [("households", "0013_publicity_stands_still")]
    operations: ClassVar = []
