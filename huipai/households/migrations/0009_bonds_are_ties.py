from importlib import import_module

from django.db import migrations

# Guardian and ward, helper and elder judge each other no more than those of one home (grid.words.TIES_LAST).
BEFORE = import_module("huipai.households.migrations.0007_ties_last").TOO_CLOSE.format(
    since="(at - interval '90 days')"
)
BONDS = """
        OR EXISTS (SELECT FROM people_guardianship AS bond
                   JOIN people_person AS minor ON minor.street_id = bond.street_id AND minor.id = bond.minor_id
                   WHERE bond.street_id = of_street AND bond.valid_from <= at
                       AND ((bond.guardian_id = judge AND bond.minor_id = other)
                            OR (bond.guardian_id = other AND bond.minor_id = judge))
                       AND (bond.ended_at IS NULL OR bond.ended_at > at - interval '90 days')
                       AND extract(year FROM (at - interval '90 days') AT TIME ZONE 'Asia/Shanghai')
                           - minor.birth_year <= 18)
        OR EXISTS (SELECT FROM people_proxy AS help
                   WHERE help.street_id = of_street AND help.valid_from <= at AND help.accepted_at IS NOT NULL
                       AND ((help.elder_id = judge AND help.helper_id = other)
                            OR (help.elder_id = other AND help.helper_id = judge))
                       AND (help.ended_at IS NULL OR help.ended_at > at - interval '90 days')
                       AND help.valid_until > at - interval '90 days')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("households", "0008_incentives_take_two_homes"), ("people", "0010_guardians_and_numbers")]
    operations = [migrations.RunSQL(BEFORE.replace("$$;", BONDS.lstrip("\n")), BEFORE)]
