"""What holds of the tree, whoever writes it."""

from django.db import migrations

from huipai.streets.operations import append_only

# Level, parent and path of a node agree, for every row and after every statement; so the tree has no cycle and a prefix
# search over paths is the subtree.
NODE_STANDS_RIGHT = """
CREATE FUNCTION grid_node_stands_right() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    over record;
    fits boolean;
BEGIN
    IF NEW.parent_id IS NULL THEN
        fits := NEW.path = NEW.id::text || '/';
    ELSE
        SELECT level, path INTO over FROM grid_gridnode WHERE street_id = NEW.street_id AND id = NEW.parent_id;
        IF NOT FOUND THEN
            RETURN NULL; -- the foreign key says so
        END IF;
        fits := NEW.path = over.path || NEW.id::text || '/';
        IF (over.level, NEW.level) NOT IN (
            ('street', 'community'), ('community', 'grid'), ('grid', 'micro_grid'), ('micro_grid', 'building'),
            ('building', 'entrance'), ('entrance', 'household'), ('building', 'household'))
        THEN
            RAISE EXCEPTION 'a % does not stand under a %', NEW.level, over.level
                USING ERRCODE = 'check_violation', CONSTRAINT = 'grid_level_fits_its_parent', TABLE = TG_TABLE_NAME;
        END IF;
    END IF;
    IF NOT fits OR EXISTS (
        SELECT 1 FROM grid_gridnode AS child
        WHERE child.street_id = NEW.street_id AND child.parent_id = NEW.id AND child.path <> NEW.path || child.id::text || '/')
    THEN
        RAISE EXCEPTION 'the path of % does not lead to it', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grid_path_leads_to_the_node', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grid_node_stands_right AFTER INSERT OR UPDATE OF street_id, parent_id, level, path ON grid_gridnode
    FOR EACH ROW EXECUTE FUNCTION grid_node_stands_right();
"""

# Whoever changes a drawn node, by whatever path, leaves a new stamp in the same transaction: see `grid.queries.locate`.
STAMP_TREE = """
CREATE FUNCTION grid_stamp_tree() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO grid_treeversion (id, street_id, stamp)
    SELECT gen_random_uuid(), street_id, gen_random_uuid()
    FROM (SELECT DISTINCT street_id FROM changed WHERE level IN ('street', 'community', 'grid', 'micro_grid') ORDER BY 1) AS streets
    ON CONFLICT (street_id) DO UPDATE SET stamp = excluded.stamp;
    RETURN NULL;
END $$;
CREATE TRIGGER grid_stamp_new AFTER INSERT ON grid_gridnode
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION grid_stamp_tree();
CREATE TRIGGER grid_stamp_changed AFTER UPDATE ON grid_gridnode
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION grid_stamp_tree();
CREATE TRIGGER grid_stamp_gone AFTER DELETE ON grid_gridnode
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION grid_stamp_tree();
"""

# People live in households, not in other nodes of the tree.
RESIDENCE_IS_A_HOUSEHOLD = """
CREATE FUNCTION grid_residence_is_a_household() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM grid_gridnode
        WHERE street_id = NEW.street_id AND id = NEW.household_id AND level <> 'household')
    THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'people live in households'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'grid_residence_is_a_household', TABLE = TG_TABLE_NAME;
END $$;
CREATE TRIGGER grid_residence_is_a_household AFTER INSERT OR UPDATE OF household_id ON grid_residence
    FOR EACH ROW EXECUTE FUNCTION grid_residence_is_a_household();
"""


GUARDS = [
    migrations.RunSQL(NODE_STANDS_RIGHT, "DROP FUNCTION grid_node_stands_right CASCADE;"),
    migrations.RunSQL(STAMP_TREE, "DROP FUNCTION grid_stamp_tree CASCADE;"),
    migrations.RunSQL(RESIDENCE_IS_A_HOUSEHOLD, "DROP FUNCTION grid_residence_is_a_household CASCADE;"),
    append_only("grid_family"),
]
