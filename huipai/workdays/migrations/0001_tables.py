import django.db.models.deletion
from django.db import migrations, models

import huipai.kit.ids
from huipai.streets.operations import CreateModel
from huipai.workdays.migrations._before import BEFORE
from huipai.workdays.migrations._guards import GUARDS


class Migration(migrations.Migration):
    replaces = BEFORE
    dependencies = [("streets", "0001_tables")]

    operations = [
        CreateModel(
            name="CalendarYear",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("version", models.PositiveSmallIntegerField()),
                ("source", models.CharField(max_length=120)),
                ("content_hash", models.CharField(max_length=64)),
                ("imported_at", models.DateTimeField()),
                ("imported_by", models.UUIDField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("year", "version"), name="workdays_one_row_a_version"),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="workdays_versions_begin_at_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__range", (2004, 2199))), name="workdays_year_is_one_of_ours"
                    ),
                ],
            },
        ),
        CreateModel(
            name="SpecialDay",
            fields=[
                (
                    "id",
                    models.UUIDField(default=huipai.kit.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                ("day", models.DateField()),
                ("kind", models.CharField(choices=[("holiday", "休息"), ("workday", "上班")], max_length=8)),
                ("name", models.CharField(blank=True, max_length=20)),
                (
                    "calendar_year",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="workdays.calendaryear",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("calendar_year", "day"), name="workdays_a_day_is_said_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["holiday", "workday"])), name="workdays_kind_is_known"
                    ),
                ],
            },
        ),
        *GUARDS,
    ]
