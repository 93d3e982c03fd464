from typing import ClassVar

from django.db import migrations

# The ledger's floor knows no incentives: by whose hands they came is added to its question.
GIVERS = """
ALTER FUNCTION points_givers(uuid, uuid) RENAME TO points_givers_of_people;
CREATE FUNCTION points_givers(of_street uuid, of_posting uuid) RETURNS SETOF uuid LANGUAGE sql STABLE AS $$
    SELECT points_givers_of_people(of_street, of_posting)
    UNION SELECT hand FROM households_assessment AS a
    LEFT JOIN households_objection AS o ON o.street_id = a.street_id AND o.assessment_id = a.id
    CROSS JOIN LATERAL unnest(ARRAY[a.proposed_by_id, a.decided_by_id, o.decided_by_id]) AS hand
    WHERE a.street_id = of_street AND a.posting_id = of_posting AND hand IS NOT NULL
$$;
"""
BACK = """
DROP FUNCTION points_givers(uuid, uuid);
ALTER FUNCTION points_givers_of_people(uuid, uuid) RENAME TO points_givers;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("households", "0015_nobody_objects_again"),
        ("points", "0037_who_gave_does_not_take_back"),
    ]
    operations: ClassVar = [migrations.RunSQL(GIVERS, BACK)]
