from django.db import migrations, models


class Migration(migrations.Migration):
    """What was called off with all that was kept of it lies there no more, and says why.

    Taken back only where nothing was recalled yet: the tables of before have no word for it, and what moved stays.
    """

    dependencies = [("shop", "0001_tables")]

    operations = [
        migrations.RemoveConstraint("movement", "shop_stock_moves_with_its_reason"),
        migrations.AlterField(
            "movement",
            "reason",
            models.CharField(
                choices=[
                    ("delivery", "进货"), ("donation", "捐赠"), ("handed_over", "领走"), ("transfer_out", "调出"),
                    ("transfer_in", "调入"), ("count", "盘点"), ("broken", "破损"), ("expired", "过期"),
                    ("lost", "短少"), ("recalled", "下架，不发了"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            "movement",
            models.CheckConstraint(
                name="shop_stock_moves_with_its_reason",
                condition=models.Q(reason="delivery", quantity__gt=0, cost_cents__gt=0, counted=None)
                | models.Q(reason__in=["donation", "transfer_in"], quantity__gt=0, cost_cents=None, counted=None)
                | models.Q(
                    reason__in=["handed_over", "transfer_out", "broken", "expired", "lost", "recalled"],
                    quantity__lt=0, cost_cents=None, counted=None,
                )
                | models.Q(reason="count", cost_cents=None, counted__isnull=False),
            ),
        ),
    ]  # fmt: skip
