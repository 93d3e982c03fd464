from typing import ClassVar

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.functions.comparison
from django.db import migrations, models

from huipai.streets.operations import AddConstraint

# What is published stays as it is; only its last day may come earlier, where another takes its place.
GUARD = """
CREATE OR REPLACE FUNCTION shop_guard_budget() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decision CONSTANT text[] := '{approved_by_id,approved_at,ended_by_id,ended_at,end_reason}';
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.approved_at IS NOT NULL AND to_jsonb(NEW) - 'last_on' = to_jsonb(OLD) - 'last_on'
        AND NEW.last_on < coalesce(OLD.last_on, OLD.ends_on) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR OLD.approved_at IS NOT NULL OR OLD.ended_at IS NOT NULL
        OR to_jsonb(NEW) - decision <> to_jsonb(OLD) - decision THEN
        RAISE EXCEPTION 'a budget is decided once; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shop_budget_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
"""
BACK = """
CREATE OR REPLACE FUNCTION shop_guard_budget() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE decision CONSTANT text[] := '{approved_by_id,approved_at,ended_by_id,ended_at,end_reason}';
BEGIN
    IF TG_OP = 'DELETE' OR OLD.approved_at IS NOT NULL OR OLD.ended_at IS NOT NULL
        OR to_jsonb(NEW) - decision <> to_jsonb(OLD) - decision THEN
        RAISE EXCEPTION 'a budget is decided once; % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'shop_budget_is_frozen', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("shop", "0012_decided_after_asked")]

    operations: ClassVar = [
        migrations.AddField("budget", "last_on", models.DateField(null=True)),
        migrations.RemoveConstraint("budget", "shop_one_budget_at_a_time"),
        AddConstraint(
            model_name="budget",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                name="shop_one_budget_at_a_time",
                expressions=[
                    ("street", "="),
                    (
                        models.Func(
                            models.F("begins_on"),
                            django.db.models.functions.comparison.Coalesce("last_on", "ends_on"),
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                condition=models.Q(("approved_at__isnull", False))
                & models.Q(("last_on", None), ("last_on__gte", models.F("begins_on")), _connector="OR"),
            ),
        ),
        AddConstraint(
            model_name="budget",
            constraint=models.CheckConstraint(
                name="shop_a_budget_is_replaced_early",
                condition=models.Q(
                    ("last_on", None),
                    models.Q(("approved_at__isnull", False), ("last_on__lt", models.F("ends_on"))),
                    _connector="OR",
                ),
            ),
        ),
        migrations.RunSQL(GUARD, BACK),
    ]
