from django.db import migrations, models

# How an area is stored: rings of four corners or more, each corner a longitude and a latitude. One that is not would
# end every look for a place, in the whole street.
BOUNDARY_HAS_RINGS = """
ALTER TABLE grid_gridnode ADD CONSTRAINT grid_boundary_has_rings CHECK (
    CASE boundary ->> 'type'
        WHEN 'Polygon' THEN coalesce(boundary @@ 'strict
            !exists($.coordinates ? (@.type() != "array" || @.size() < 1))
            && !exists($.coordinates[*] ? (@.type() != "array" || @.size() < 4))
            && !exists($.coordinates[*][*] ? (@.type() != "array" || @.size() != 2))
            && !exists($.coordinates[*][*][*] ? (@.type() != "number" || @ < -180 || @ > 180))', FALSE)
        WHEN 'MultiPolygon' THEN coalesce(boundary @@ 'strict
            !exists($.coordinates ? (@.type() != "array" || @.size() < 1))
            && !exists($.coordinates[*] ? (@.type() != "array" || @.size() < 1))
            && !exists($.coordinates[*][*] ? (@.type() != "array" || @.size() < 4))
            && !exists($.coordinates[*][*][*] ? (@.type() != "array" || @.size() != 2))
            && !exists($.coordinates[*][*][*][*] ? (@.type() != "number" || @ < -180 || @ > 180))', FALSE)
        ELSE TRUE
    END
)
"""


class Migration(migrations.Migration):
    dependencies = [("grid", "0001_tables")]

    operations = [
        migrations.RemoveConstraint(model_name="gridnode", name="grid_point_lies_on_earth"),
        migrations.AddConstraint(
            model_name="gridnode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lat", None), ("lng", None)),
                    models.Q(
                        ("lat__isnull", False),
                        ("lat__range", (-90, 90)),
                        ("lng__isnull", False),
                        ("lng__range", (-180, 180)),
                    ),
                    _connector="OR",
                ),
                name="grid_point_lies_on_earth",
            ),
        ),
        migrations.AddConstraint(
            model_name="gridnode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("succeeds", None),
                    models.Q(("succeeds", models.F("id")), _negated=True),
                    _connector="OR",
                ),
                name="grid_no_node_succeeds_itself",
            ),
        ),
        migrations.RunSQL(BOUNDARY_HAS_RINGS, "ALTER TABLE grid_gridnode DROP CONSTRAINT grid_boundary_has_rings"),
    ]
