from django.db import migrations, models

# What neighbours have left of their time moves also where a claimant was right against what was upheld.
_GUARD = """
CREATE OR REPLACE TRIGGER points_claim_guard_publicity BEFORE UPDATE ON points_claim
    FOR EACH ROW WHEN (OLD.state = NEW.state AND OLD.public_until IS DISTINCT FROM NEW.public_until
        OR OLD.object_until IS NOT NULL AND OLD.object_until IS DISTINCT FROM NEW.object_until
            AND (OLD.state NOT IN ('objection', 'upheld') OR NEW.state <> 'posted' OR NEW.object_until IS NULL
                 OR NEW.object_until < OLD.object_until))
    EXECUTE FUNCTION points_guard_publicity();
"""
_BACK = """
CREATE OR REPLACE TRIGGER points_claim_guard_publicity BEFORE UPDATE ON points_claim
    FOR EACH ROW WHEN (OLD.state = NEW.state AND OLD.public_until IS DISTINCT FROM NEW.public_until
        OR OLD.object_until IS NOT NULL AND OLD.object_until IS DISTINCT FROM NEW.object_until
            AND (OLD.state <> 'objection' OR NEW.state <> 'posted' OR NEW.object_until IS NULL
                 OR NEW.object_until < OLD.object_until))
    EXECUTE FUNCTION points_guard_publicity();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("points", "0033_objections_stop_their_clock"),
    ]

    operations = [
        migrations.AlterField(
            model_name="claimstep",
            name="action",
            field=models.CharField(
                choices=[
                    ("keep", "先存着"),
                    ("submit", "交上来"),
                    ("check", "自动核对"),
                    ("approve", "通过"),
                    ("refuse", "退回"),
                    ("refer", "请另一位再看"),
                    ("undo", "撤销刚才的决定"),
                    ("ask_second", "送第二位审"),
                    ("publicise", "开始公示"),
                    ("reject", "退回生效"),
                    ("post", "记分"),
                    ("leave_unpaid", "到了上限，没有记分"),
                    ("object", "提出异议"),
                    ("uphold", "异议成立"),
                    ("dismiss", "异议不成立，接着公示"),
                    ("dismiss_posted", "异议不成立，分不动"),
                    ("restore", "对异议的申诉成立，照旧记分"),
                    ("appeal", "申诉"),
                    ("check_appeal", "自动核对申诉"),
                    ("withdraw", "撤回"),
                    ("expire", "过期"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunSQL(_GUARD, _BACK),
    ]
