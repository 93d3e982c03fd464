from django.db import models
from django.db.migrations import Migration as Base

from huipai.streets.operations import AddIndex


class Migration(Base):
    dependencies = [("people", "0010_guardians_and_numbers")]

    operations = [
        AddIndex(
            model_name="account",
            index=models.Index(
                condition=models.Q(("leaves_in__isnull", False)),
                fields=["leaves_in"],
                name="people_numbers_on_their_way",
            ),
        ),
    ]
